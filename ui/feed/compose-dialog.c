/* compose-dialog.c: posting clears the draft in the same transaction. Ctrl+Enter posts. Main thread. */
#include "ui/feed/compose-dialog.h"

#include "sync/actions-social.h"
#include "ui/attachments/attachment-bar.h"
#include "ui/draft-keeper.h"
#include "ui/send-key.h"

#include <glib/gi18n-lib.h>

#define MOST_PICTURES 4
#define MOST_LETTERS 5000
/* From here on the counter is shown. */
#define MANY_LETTERS 400

struct _TlComposeDialog {
  AdwDialog parent;
  GtkTextView *text;
  GtkTextBuffer *buffer;
  GtkLabel *placeholder, *counter, *answered_name, *answered_text;
  GtkWidget *send, *answered, *attach, *emoji_button;
  GtkEntry *warning;
  GtkToggleButton *warn;
  GtkDropDown *visibility;
  GtkEmojiChooser *emoji;
  TlAttachmentBar *files;

  TlReplica *replica;
  TlPostItem *reply_to, *edited;
  TlDraftKeeper *draft; /* NULL: none is kept */
  TlDraftOffer *offer;
};

enum { POSTED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlComposeDialog, tl_compose_dialog, ADW_TYPE_DIALOG)

static const char *const visibilities[] = { "public", "followers", "mentioned" };

static guint
visibility_index (const char *visibility)
{
  for (guint i = 0; i < G_N_ELEMENTS (visibilities); i++)
    if (g_strcmp0 (visibilities[i], visibility) == 0)
      return i;
  return 0;
}

static char *
typed_text (TlComposeDialog *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

/* --- typing ------------------------------------------------------------------------------------- */

static void
update_send (TlComposeDialog *self)
{
  g_autofree char *text = typed_text (self);
  glong letters = g_utf8_strlen (text, -1);
  g_autofree char *rest = g_strdup_printf ("%ld", MOST_LETTERS - letters);
  gboolean has_files = tl_attachment_bar_count (self->files) > 0;
  gboolean has_text = g_strstrip (text)[0] != '\0';

  gtk_label_set_label (self->counter, letters >= MANY_LETTERS ? rest : "");
  if (letters > MOST_LETTERS)
    gtk_widget_add_css_class (GTK_WIDGET (self->counter), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->counter), "error");
  gtk_widget_set_sensitive (self->send, (has_text || has_files) && letters <= MOST_LETTERS &&
                                            !tl_attachment_bar_is_busy (self->files));
}

static void
text_changed (TlComposeDialog *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->placeholder),
                          gtk_text_buffer_get_char_count (self->buffer) == 0);
  update_send (self);
}

static void
warn_toggled (TlComposeDialog *self)
{
  gboolean is_on = gtk_toggle_button_get_active (self->warn);

  gtk_widget_set_visible (GTK_WIDGET (self->warning), is_on);
  gtk_widget_grab_focus (is_on ? GTK_WIDGET (self->warning) : GTK_WIDGET (self->text));
}

static void
emoji_picked (TlComposeDialog *self, const char *emoji)
{
  gtk_text_buffer_insert_at_cursor (self->buffer, emoji, -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

static void
pasted (TlComposeDialog *self)
{
  if (gtk_widget_get_visible (self->attach) &&
      tl_attachment_bar_paste (self->files, gtk_widget_get_clipboard (GTK_WIDGET (self))))
    g_signal_stop_emission_by_name (self->text, "paste-clipboard");
}

static void
attach_failed (TlComposeDialog *self, const char *sentence)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "window.tell", "s", sentence);
}

/* --- the draft ---------------------------------------------------------------------------------- */

/* Who may see it is worth keeping only with something that is seen. */
static GHashTable *
get_more (gpointer owner)
{
  TlComposeDialog *self = owner;
  const char *warning = gtk_editable_get_text (GTK_EDITABLE (self->warning));
  gboolean is_behind = gtk_toggle_button_get_active (self->warn) && *warning;
  char *images = tl_attachments_format (tl_attachment_bar_files (self->files));
  guint visibility = gtk_drop_down_get_selected (self->visibility);
  GHashTable *more = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  if (is_behind)
    g_hash_table_insert (more, "warning", g_strdup (warning));
  if (images)
    g_hash_table_insert (more, "images", images);
  if (visibility != 0 && !self->reply_to && gtk_text_buffer_get_char_count (self->buffer) > 0)
    g_hash_table_insert (more, "visibility", g_strdup (visibilities[visibility]));
  return more;
}

static void
put_more (gpointer owner, GHashTable *kept)
{
  TlComposeDialog *self = owner;
  const char *warning = g_hash_table_lookup (kept, "warning");
  const char *images = g_hash_table_lookup (kept, "images");
  const char *visibility = g_hash_table_lookup (kept, "visibility");

  gtk_toggle_button_set_active (self->warn, warning != NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->warning), warning ? warning : "");
  g_ptr_array_unref (tl_attachment_bar_take (self->files));
  if (images)
    tl_attachment_bar_put (self->files, tl_attachments_parse (images));
  if (visibility)
    gtk_drop_down_set_selected (self->visibility, visibility_index (visibility));
}

static const TlDraftMore more = { get_more, put_more };

static void
more_changed (TlComposeDialog *self)
{
  if (self->draft)
    tl_draft_keeper_changed (self->draft);
}

/* --- posting ------------------------------------------------------------------------------------ */

static void
post (TlComposeDialog *self)
{
  g_autofree char *text = g_strstrip (typed_text (self));
  g_autoptr (GPtrArray) files = NULL;
  gboolean is_behind = gtk_toggle_button_get_active (self->warn);
  TlNewPost new_post = {
    .text = text,
    .warning = is_behind ? gtk_editable_get_text (GTK_EDITABLE (self->warning)) : NULL,
    .visibility = visibilities[gtk_drop_down_get_selected (self->visibility)],
    .reply_to = self->reply_to ? self->reply_to->key : 0,
    .draft = self->draft ? tl_draft_keeper_place (self->draft) : NULL,
  };

  if (!gtk_widget_get_sensitive (self->send))
    return;
  if (self->edited) {
    dex_future_disown (
        tl_action_edit_post (self->replica, self->edited->key, text, new_post.warning));
  } else {
    new_post.images = files = tl_attachment_bar_take (self->files);
    if (self->draft)
      tl_draft_keeper_sent (self->draft);
    dex_future_disown (tl_action_post (self->replica, &new_post));
  }
  g_signal_emit (self, signals[POSTED], 0);
  adw_dialog_close (ADW_DIALOG (self));
}

static gboolean
post_by_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  post (data);
  return TRUE;
}

/* --- making ------------------------------------------------------------------------------------- */

static void
tl_compose_dialog_dispose (GObject *object)
{
  TlComposeDialog *self = TL_COMPOSE_DIALOG (object);

  g_clear_pointer (&self->draft, tl_draft_keeper_free);
  g_clear_object (&self->replica);
  g_clear_object (&self->reply_to);
  g_clear_object (&self->edited);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_COMPOSE_DIALOG);
  G_OBJECT_CLASS (tl_compose_dialog_parent_class)->dispose (object);
}

static void
tl_compose_dialog_class_init (TlComposeDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_compose_dialog_dispose;
  g_type_ensure (TL_TYPE_ATTACHMENT_BAR);
  g_type_ensure (TL_TYPE_DRAFT_OFFER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/feed/compose-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlComposeDialog, name)
  CHILD (text);
  CHILD (buffer);
  CHILD (placeholder);
  CHILD (counter);
  CHILD (answered);
  CHILD (answered_name);
  CHILD (answered_text);
  CHILD (send);
  CHILD (attach);
  CHILD (warning);
  CHILD (warn);
  CHILD (visibility);
  CHILD (emoji);
  CHILD (emoji_button);
  CHILD (files);
  CHILD (offer);
#undef CHILD
  signals[POSTED] = g_signal_new ("posted", TL_TYPE_COMPOSE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
tl_compose_dialog_init (TlComposeDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tl_send_key_add (self->text, post_by_key, self);
  g_signal_connect_swapped (self->buffer, "changed", G_CALLBACK (text_changed), self);
  g_signal_connect_swapped (self->send, "clicked", G_CALLBACK (post), self);
  g_signal_connect_swapped (self->warn, "toggled", G_CALLBACK (warn_toggled), self);
  g_signal_connect_swapped (self->emoji, "emoji-picked", G_CALLBACK (emoji_picked), self);
  g_signal_connect_swapped (self->text, "paste-clipboard", G_CALLBACK (pasted), self);
  g_signal_connect_swapped (self->attach, "clicked", G_CALLBACK (tl_attachment_bar_pick),
                            self->files);
  g_signal_connect_swapped (self->files, "changed", G_CALLBACK (update_send), self);
  g_signal_connect_swapped (self->files, "changed", G_CALLBACK (more_changed), self);
  g_signal_connect_swapped (self->warning, "changed", G_CALLBACK (more_changed), self);
  g_signal_connect_swapped (self->visibility, "notify::selected", G_CALLBACK (more_changed), self);
  g_signal_connect_swapped (self->files, "failed", G_CALLBACK (attach_failed), self);
}

static TlComposeDialog *
dialog_new (const TlSession *session)
{
  TlComposeDialog *self = g_object_new (TL_TYPE_COMPOSE_DIALOG, NULL);

  self->replica = g_object_ref (session->replica);
  tl_attachment_bar_set_up (self->files, session->replica, session->media, TRUE, MOST_PICTURES);
  tl_attachment_bar_accept_drops (self->files, GTK_WIDGET (self->text));
  return self;
}

static void
show_answered (TlComposeDialog *self, TlPostItem *item)
{
  const char *text = item->warning ? item->warning : item->text;

  self->reply_to = g_object_ref (item);
  adw_dialog_set_title (ADW_DIALOG (self), _ ("Reply"));
  gtk_button_set_label (GTK_BUTTON (self->send), _ ("_Reply"));
  gtk_label_set_label (self->answered_name, item->author_name);
  gtk_label_set_label (self->answered_text, text ? text : "");
  gtk_widget_set_visible (self->answered, TRUE);
  gtk_label_set_label (self->placeholder, _ ("Your answer"));
  /* An answer is seen by those who see what it answers. */
  gtk_drop_down_set_selected (self->visibility, visibility_index (item->visibility));
  gtk_widget_set_visible (GTK_WIDGET (self->visibility),
                          g_strcmp0 (item->visibility, "public") == 0);
}

AdwDialog *
tl_compose_dialog_new (const TlSession *session, TlPostItem *reply_to)
{
  TlComposeDialog *self = dialog_new (session);
  g_autofree char *place = NULL;

  if (reply_to)
    show_answered (self, reply_to);
  place =
      reply_to ? g_strdup_printf ("reply:%" G_GINT64_FORMAT, reply_to->key) : g_strdup ("post:new");
  self->draft = tl_draft_keeper_new (self->replica, self->buffer, place, self->offer);
  tl_draft_keeper_set_more (self->draft, &more, self);
  return ADW_DIALOG (self);
}

AdwDialog *
tl_compose_dialog_new_edit (const TlSession *session, TlPostItem *item)
{
  TlComposeDialog *self = dialog_new (session);

  self->edited = g_object_ref (item);
  adw_dialog_set_title (ADW_DIALOG (self), _ ("Edit Post"));
  gtk_button_set_label (GTK_BUTTON (self->send), _ ("_Save"));
  gtk_widget_set_visible (self->attach, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->visibility), FALSE);
  if (item->warning) {
    gtk_toggle_button_set_active (self->warn, TRUE);
    gtk_editable_set_text (GTK_EDITABLE (self->warning), item->warning);
  }
  gtk_text_buffer_set_text (self->buffer, item->text ? item->text : "", -1);
  return ADW_DIALOG (self);
}
