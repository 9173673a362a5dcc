/* outbox-row.c: the words for each action are one table; a new action is one row of it. */
#include "ui/outbox/outbox-row.h"

#include "sync/wire/types.h"

#include <glib/gi18n-lib.h>

struct _TlOutboxRow {
  AdwBin parent;
  GtkImage *icon, *state_icon;
  GtkLabel *subject, *state;
  GtkWidget *answers, *retry, *discard, *both;
  GtkListItem *cell;
  TlOutboxItem *item;
};

enum { RETRY, DISCARD, KEEP_BOTH, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlOutboxRow, tl_outbox_row, ADW_TYPE_BIN)

/* `words` with %s for the subject; `many` with %u when the row stands for several. */
static const struct {
  const char *action, *words, *many;
} actions[] = {
  { "send-message", N_ ("“%s”"), NULL },
  { "edit-message", N_ ("Edited “%s”"), NULL },
  { "delete-message", N_ ("Deleted “%s”"), NULL },
  { "mark-read", N_ ("“%s” marked as read"), N_ ("%u articles marked as read") },
  { "mark-unread", N_ ("“%s” marked as unread"), N_ ("%u articles marked as unread") },
  { "star", N_ ("Starred “%s”"), N_ ("%u articles starred") },
  { "unstar", N_ ("No longer starred: “%s”"), N_ ("%u articles no longer starred") },
  { "later", N_ ("“%s” kept for later"), N_ ("%u articles kept for later") },
  { "not-later", N_ ("“%s” no longer kept for later"),
    N_ ("%u articles no longer kept for later") },
  { "mark-all-read", N_ ("“%s” read up to now"), N_ ("%u feeds read up to now") },
  { "read-room", N_ ("“%s” read"), N_ ("%u rooms read") },
  { "subscribe", N_ ("Follow %s"), NULL },
  { "unsubscribe", N_ ("No longer follow “%s”"), NULL },
  { "edit-subscription", N_ ("Changed “%s”"), NULL },
  { "new-room", N_ ("New room “%s”"), NULL },
  { "edit-room", N_ ("Changed the room “%s”"), NULL },
  { "delete-room", N_ ("Delete the room “%s”"), NULL },
  { "invite", N_ ("Invite %s"), NULL },
  { "change-role", N_ ("Changed the role of %s"), NULL },
  { "leave-room", N_ ("Leave “%s”"), NULL },
  { "post", N_ ("“%s”"), NULL },
  { "reply", N_ ("Reply “%s”"), NULL },
  { "edit-post", N_ ("Edited “%s”"), NULL },
  { "delete-post", N_ ("Deleted “%s”"), NULL },
  { "boost", N_ ("Boosted “%s”"), NULL },
  { "unboost", N_ ("No longer boosted: “%s”"), NULL },
  { "react", N_ ("Reacted with %s"), N_ ("%u reactions") },
  { "unreact", N_ ("Took back %s"), N_ ("%u reactions taken back") },
  { "follow", N_ ("Follow %s"), NULL },
  { "unfollow", N_ ("No longer follow %s"), NULL },
  { "save-post", N_ ("“%s” saved"), N_ ("%u posts saved") },
  { "unsave-post", N_ ("“%s” no longer saved"), N_ ("%u posts no longer saved") },
  { "read-feed", N_ ("Feed read up to here"), NULL },
  { "edit-profile", N_ ("Changed your profile"), NULL },
  { "settings", N_ ("Changed your preferences"), NULL },
  { "draft", N_ ("Draft “%s”"), N_ ("%u drafts") },
  { "add-filter", N_ ("New filter “%s”"), NULL },
  { "edit-filter", N_ ("Changed the filter “%s”"), NULL },
  { "remove-filter", N_ ("Removed the filter “%s”"), NULL },
};

static char *
subject_text (TlOutboxItem *item)
{
  const char *subject = item->subject ? item->subject : "";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_strcmp0 (item->action, actions[i].action) == 0)
      return item->count > 1 && actions[i].many ? g_strdup_printf (_ (actions[i].many), item->count)
                                                : g_strdup_printf (_ (actions[i].words), subject);
#pragma GCC diagnostic pop
  return g_strdup (subject);
}

static void
show_state (TlOutboxRow *self, const char *icon, const char *words, const char *class)
{
  const char *all[] = { class, NULL };
  const char *label[] = { "caption", class, NULL };

  gtk_image_set_from_icon_name (self->state_icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_icon), all);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state), label);
  gtk_label_set_label (self->state, words);
}

/* After a conflict it is mine, theirs, or both. */
static void
show_answers (TlOutboxRow *self)
{
  gboolean is_conflict = self->item->is_conflict;

  gtk_widget_set_visible (self->answers, self->item->state == TL_OUTBOX_REFUSED);
  gtk_button_set_label (GTK_BUTTON (self->retry), is_conflict ? _ ("Keep Mine") : _ ("Retry"));
  gtk_button_set_label (GTK_BUTTON (self->discard),
                        is_conflict ? _ ("Keep Theirs") : _ ("Discard"));
  gtk_widget_set_visible (self->both, is_conflict);
}

static const char *
kind_of (const TlType *type, const char **icon)
{
  static const struct {
    const char *schema, *kind, *icon;
  } kinds[] = {
    { "chat", "chat", "chat-message-new-symbolic" },
    { "social", "feed", "system-users-symbolic" },
    { "people", "feed", "system-users-symbolic" },
  };

  *icon = "application-rss+xml-symbolic";
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (type && g_str_equal (type->schema, kinds[i].schema)) {
      *icon = kinds[i].icon;
      return kinds[i].kind;
    }
  return "news";
}

static void
update (TlOutboxRow *self)
{
  TlOutboxItem *item = self->item;
  const TlType *type = tl_type_by_number (item->type);
  g_autofree char *subject = NULL;
  g_autofree char *sentence = NULL;
  const char *icon, *kind[] = { "kind", "lead", kind_of (type, &icon), NULL };

  if (!item->loaded)
    return;
  subject = subject_text (item);
  gtk_label_set_label (self->subject, subject);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subject), item->place);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), kind);
  show_answers (self);
  switch (item->state) {
  case TL_OUTBOX_REFUSED:
    show_state (self, "dialog-error-symbolic", item->error ? item->error : _ ("Refused"), "error");
    break;
  case TL_OUTBOX_SENDING:
    show_state (self, "send-to-symbolic", _ ("Sending"), "dimmed");
    break;
  case TL_OUTBOX_WAITING:
    show_state (self, "document-open-recent-symbolic", _ ("Waiting for the network"), "dimmed");
    break;
  }
  sentence = g_strjoin (", ", subject, gtk_label_get_label (self->state), NULL);
  gtk_list_item_set_accessible_label (self->cell, sentence);
}

void
tl_outbox_row_bind (TlOutboxRow *self, GtkListItem *cell)
{
  if (self->item)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  self->cell = cell;
  g_set_object (&self->item, cell ? gtk_list_item_get_item (cell) : NULL);
  if (cell == NULL)
    return;
  g_signal_connect_object (self->item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
retry_clicked (TlOutboxRow *self)
{
  g_signal_emit (self, signals[RETRY], 0, self->item->key);
}

static void
discard_clicked (TlOutboxRow *self)
{
  g_signal_emit (self, signals[DISCARD], 0, self->item->key);
}

static void
both_clicked (TlOutboxRow *self)
{
  g_signal_emit (self, signals[KEEP_BOTH], 0, self->item->key);
}

static void
tl_outbox_row_dispose (GObject *object)
{
  tl_outbox_row_bind (TL_OUTBOX_ROW (object), NULL);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_OUTBOX_ROW);
  G_OBJECT_CLASS (tl_outbox_row_parent_class)->dispose (object);
}

static void
tl_outbox_row_class_init (TlOutboxRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_outbox_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/outbox/outbox-row.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlOutboxRow, name)
  CHILD (icon);
  CHILD (state_icon);
  CHILD (subject);
  CHILD (state);
  CHILD (answers);
  CHILD (retry);
  CHILD (discard);
  CHILD (both);
#undef CHILD
  signals[RETRY] = g_signal_new ("retry", TL_TYPE_OUTBOX_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[DISCARD] = g_signal_new ("discard", TL_TYPE_OUTBOX_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[KEEP_BOTH] = g_signal_new ("keep-both", TL_TYPE_OUTBOX_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
tl_outbox_row_init (TlOutboxRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->retry, "clicked", G_CALLBACK (retry_clicked), self);
  g_signal_connect_swapped (self->discard, "clicked", G_CALLBACK (discard_clicked), self);
  g_signal_connect_swapped (self->both, "clicked", G_CALLBACK (both_clicked), self);
}

GtkWidget *
tl_outbox_row_new (void)
{
  return g_object_new (TL_TYPE_OUTBOX_ROW, NULL);
}
