/* event-popover.c: the facts from the item, the words from the event when it was read. Deleting one instance of many
 * asks which are meant. */
#include "ui/calendar/event-popover.h"

#include "sync/actions-calendar.h"
#include "sync/event-edit.h"
#include "sync/models/lists.h"
#include "sync/models/origin.h"
#include "sync/wire/event-files.h"
#include "ui/attachments/attachment-view.h"
#include "ui/calendar/calendar-colors.h"
#include "ui/calendar/calendar-files.h"
#include "ui/calendar/days.h"
#include "ui/face.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

#define MOST_FACES 6

typedef struct {
  TlReplica *replica;
  gint64 me;
  TlOccurrenceItem *item;
  TlEventEdit edit;
  gpointer data;
  TlAttachmentView *files;
  GtkLabel *notes, *answers;
  GtkBox *faces;
  GtkWidget *people, *origin;
  TlKeyList *invited;
  TlMedia *media;
} Context;

static void
context_free (gpointer data)
{
  Context *context = data;

  g_object_unref (context->replica);
  g_object_unref (context->item);
  g_clear_object (&context->invited);
  g_free (context);
}

static Context *
context_of (GtkWidget *widget)
{
  GtkWidget *popover = gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER);

  return g_object_get_data (G_OBJECT (popover), "context");
}

static void
close_around (GtkWidget *widget)
{
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER)));
}

/* --- words --------------------------------------------------------------------------------------- */

static char *
when_words (const TlOccurrenceItem *item)
{
  gint64 first = tl_day_of (item->start), last = tl_day_of (MAX (item->end - 1, item->start));
  g_autofree char *day = tl_day_format (first, _ ("%A %-d %B"));
  g_autofree char *until = tl_day_format (last, _ ("%A %-d %B"));
  g_autofree char *from = tl_words_clock (item->start);
  g_autofree char *to = tl_words_clock (item->end);

  if (item->is_all_day)
    return first == last ? g_strdup (day) : g_strdup_printf ("%s – %s", day, until);
  if (item->end == item->start)
    return g_strdup_printf ("%s, %s", day, from);
  return first == last ? g_strdup_printf ("%s, %s – %s", day, from, to)
                       : g_strdup_printf ("%s, %s – %s, %s", day, from, until, to);
}

static GtkWidget *
label_new (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 38);
  if (class)
    gtk_widget_add_css_class (label, class);
  return label;
}

static void
add_fact (GtkBox *box, const char *icon, const char *text)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);

  gtk_widget_set_valign (image, GTK_ALIGN_START);
  gtk_widget_add_css_class (image, "dimmed");
  gtk_box_append (GTK_BOX (line), image);
  gtk_box_append (GTK_BOX (line), label_new (text, NULL));
  gtk_box_append (box, line);
}

/* "3 going, 1 maybe". */
static char *
answer_words (const char *participants)
{
  guint going = 0, maybe = 0, not = 0, all = 0;
  g_autoptr (GString) words = g_string_new (NULL);

  tl_event_answers (participants, &going, &maybe, &not, &all);
  g_string_append_printf (words, ngettext ("%u going", "%u going", going), going);
  if (maybe > 0)
    g_string_append_printf (words, ngettext (", %u maybe", ", %u maybe", maybe), maybe);
  if (not> 0)
    g_string_append_printf (words, ngettext (", %u not", ", %u not", not), not);
  return all > 0 ? g_strdup (words->str) : NULL;
}

static void
show_faces (Context *context)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (context->invited));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (context->faces))))
    gtk_box_remove (context->faces, child);
  for (guint i = 0; i < MIN (n, MOST_FACES); i++) {
    g_autoptr (TlPersonItem) person = g_list_model_get_item (G_LIST_MODEL (context->invited), i);
    GtkWidget *avatar = adw_avatar_new (24, NULL, TRUE);

    tl_face_follow (ADW_AVATAR (avatar), context->media, person);
    g_object_bind_property (person, "name", avatar, "tooltip-text", G_BINDING_SYNC_CREATE);
    gtk_box_append (context->faces, avatar);
  }
}

static DexFuture *
origin_loaded (DexFuture *future, gpointer data)
{
  GtkWidget *button = data;
  const GValue *value = dex_future_get_value (future, NULL);
  TlOrigin *origin = value ? g_value_get_pointer (value) : NULL;
  g_autofree char *words = NULL;

  if (origin == NULL)
    return NULL;
  words = origin->room && origin->name ? g_strdup_printf (_ ("From “%s”"), origin->name)
          : origin->room               ? g_strdup (_ ("From a message"))
                                       : g_strdup_printf (_ ("About “%s”"), origin->name);
  gtk_button_set_label (GTK_BUTTON (button), words);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button),
                                  origin->room ? "app.open-message" : "app.open-article");
  gtk_actionable_set_action_target_value (
      GTK_ACTIONABLE (button), origin->room ? g_variant_new ("(xx)", origin->room, origin->key)
                                            : g_variant_new_int64 (origin->key));
  gtk_widget_set_visible (button, TRUE);
  tl_origin_free (origin);
  return NULL;
}

/* The popover may be gone by then. */
static DexFuture *
loaded (DexFuture *future, gpointer popover)
{
  Context *context = g_object_get_data (popover, "context");
  const GValue *value = dex_future_get_value (future, NULL);
  TlCalendarEvent *event = value ? g_value_get_pointer (value) : NULL;
  g_autofree char *answers = NULL, *files = NULL;

  if (event == NULL)
    return NULL;
  files = tl_event_files_of (event->links);
  tl_attachment_view_show (context->files, context->media, files, 280);
  gtk_label_set_label (context->notes, event->description ? event->description : "");
  gtk_widget_set_visible (GTK_WIDGET (context->notes), event->description && *event->description);
  answers = answer_words (event->participants);
  gtk_label_set_label (context->answers, answers ? answers : "");
  gtk_widget_set_visible (context->people, answers != NULL);
  if (event->made_of_id)
    dex_future_disown (dex_future_finally (tl_origin_load (context->replica, event->made_of_id),
                                           origin_loaded, g_object_ref (context->origin),
                                           g_object_unref));
  tl_record_free (&tl_calendar_event_type, event);
  return NULL;
}

/* --- what can be done ---------------------------------------------------------------------------- */

static void
edit_clicked (GtkWidget *button)
{
  Context *context = context_of (button);
  g_autoptr (TlOccurrenceItem) item = g_object_ref (context->item);
  TlEventEdit edit = context->edit;
  gpointer data = context->data;

  close_around (button);
  edit (item, data);
}

static void
delete_all (TlReplica *replica, TlOccurrenceItem *item)
{
  dex_future_disown (tl_action_delete_event (replica, item->key));
}

typedef struct {
  TlReplica *replica;
  TlOccurrenceItem *item;
} Deletion;

static void
which_chosen (AdwAlertDialog *dialog, const char *response, gpointer data)
{
  Deletion *deletion = data;

  if (g_str_equal (response, "this"))
    dex_future_disown (
        tl_action_delete_instance (deletion->replica, deletion->item->key, deletion->item->id));
  else if (g_str_equal (response, "following"))
    dex_future_disown (
        tl_action_delete_following (deletion->replica, deletion->item->key, deletion->item->id));
  else if (g_str_equal (response, "all"))
    delete_all (deletion->replica, deletion->item);
}

static void
deletion_free (gpointer data, GClosure *closure)
{
  Deletion *deletion = data;

  g_object_unref (deletion->replica);
  g_object_unref (deletion->item);
  g_free (deletion);
}

/* One of many, or all of them? A single event asks, too: it is gone for everybody. */
static void
ask_which (GtkWidget *parent, TlReplica *replica, TlOccurrenceItem *item)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Delete Event?"), NULL);
  Deletion *deletion = g_new (Deletion, 1);

  *deletion = (Deletion){ g_object_ref (replica), g_object_ref (item) };
  adw_alert_dialog_format_body (
      ADW_ALERT_DIALOG (dialog),
      item->is_recurring ? _ ("“%s” repeats. It goes for everybody who sees “%s”.")
                         : _ ("“%s” goes for everybody who sees “%s”."),
      item->title ? item->title : "", item->calendar_name ? item->calendar_name : "");
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"));
  if (item->is_recurring)
    adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "this", _ ("_This Day Only"),
                                    "following", _ ("This and _Following"), NULL);
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "all",
                                 item->is_recurring ? _ ("_All of Them") : _ ("_Delete"));
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "all",
                                            ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (which_chosen), deletion, deletion_free, 0);
  adw_dialog_present (dialog, parent);
}

static void
delete_clicked (GtkWidget *button)
{
  Context *context = context_of (button);
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);

  ask_which (gtk_widget_get_parent (popover), context->replica, context->item);
  close_around (button);
}

static void
answer_clicked (GtkWidget *button)
{
  Context *context = context_of (button);

  dex_future_disown (tl_action_answer (context->replica, context->item->key, context->me,
                                       g_object_get_data (G_OBJECT (button), "answer")));
  close_around (button);
}

static void
save_clicked (GtkWidget *button)
{
  Context *context = context_of (button);
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);
  TlCalendarWish wish = { context->replica,   context->media,      context->me, 0,
                          context->item->key, context->item->title };

  tl_calendar_export (gtk_widget_get_parent (popover), &wish);
  close_around (button);
}

static GtkWidget *
button_new (const char *label, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect (button, "clicked", clicked, NULL);
  return button;
}

static void
add_answers (GtkBox *box)
{
  static const struct {
    const char *answer, *label;
  } answers[] = { { "accepted", N_ ("_Going") },
                  { "tentative", N_ ("_Maybe") },
                  { "declined", N_ ("_Can’t Go") } };
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    GtkWidget *button = button_new (_ (answers[i].label), G_CALLBACK (answer_clicked));

    g_object_set_data (G_OBJECT (button), "answer", (gpointer)answers[i].answer);
    if (i == 0)
      gtk_widget_add_css_class (button, "suggested-action");
    gtk_box_append (GTK_BOX (line), button);
  }
  gtk_box_append (box, line);
}

static void
add_actions (GtkBox *box, gboolean is_writable)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *save = gtk_button_new_from_icon_name ("document-save-symbolic");

  g_signal_connect (save, "clicked", G_CALLBACK (save_clicked), NULL);
  gtk_widget_add_css_class (save, "flat");
  gtk_widget_set_tooltip_text (save, _ ("Save as a Calendar File…"));
  gtk_widget_set_halign (line, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (line), save);
  if (is_writable) {
    gtk_box_append (GTK_BOX (line), button_new (_ ("_Delete…"), G_CALLBACK (delete_clicked)));
    gtk_box_append (GTK_BOX (line), button_new (_ ("_Edit…"), G_CALLBACK (edit_clicked)));
  }
  gtk_box_append (box, line);
}

static GtkWidget *
people_new (Context *context)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *image = gtk_image_new_from_icon_name ("system-users-symbolic");
  GtkWidget *faces = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  GtkWidget *answers = label_new (NULL, "caption");

  gtk_widget_add_css_class (image, "dimmed");
  gtk_widget_add_css_class (answers, "dimmed");
  gtk_widget_set_valign (answers, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), image);
  gtk_box_append (GTK_BOX (line), faces);
  gtk_box_append (GTK_BOX (line), answers);
  gtk_widget_set_visible (line, FALSE);
  context->faces = GTK_BOX (faces);
  context->answers = GTK_LABEL (answers);
  context->people = line;
  return line;
}

static GtkWidget *
origin_new (Context *context)
{
  context->origin = gtk_button_new ();
  gtk_widget_add_css_class (context->origin, "flat");
  gtk_widget_set_halign (context->origin, GTK_ALIGN_START);
  gtk_widget_set_visible (context->origin, FALSE);
  g_signal_connect (context->origin, "clicked", G_CALLBACK (close_around), NULL);
  return context->origin;
}

static GtkWidget *
content_new (Context *context)
{
  TlOccurrenceItem *item = context->item;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *dot = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  const char *classes[] = { "kind-dot", tl_calendar_class (item->color), NULL };
  g_autofree char *when = when_words (item);
  GtkWidget *notes = label_new (NULL, NULL);

  gtk_widget_set_css_classes (dot, classes);
  gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (head), dot);
  gtk_box_append (
      GTK_BOX (head),
      label_new (item->title && *item->title ? item->title : _ ("No title"), "title-3"));
  gtk_box_append (GTK_BOX (box), head);
  add_fact (GTK_BOX (box), "alarm-symbolic", when);
  if (item->is_recurring)
    add_fact (GTK_BOX (box), "media-playlist-repeat-symbolic", _ ("Repeats"));
  if (item->location && *item->location)
    add_fact (GTK_BOX (box), "mark-location-symbolic", item->location);
  add_fact (GTK_BOX (box), "x-office-calendar-symbolic",
            item->calendar_name ? item->calendar_name : "");
  if (item->op)
    add_fact (GTK_BOX (box), "document-open-recent-symbolic", _ ("Waiting for the network"));
  gtk_box_append (GTK_BOX (box), people_new (context));
  gtk_box_append (GTK_BOX (box), origin_new (context));
  gtk_widget_set_visible (notes, FALSE);
  gtk_label_set_lines (GTK_LABEL (notes), 8);
  gtk_label_set_ellipsize (GTK_LABEL (notes), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), notes);
  context->files = TL_ATTACHMENT_VIEW (tl_attachment_view_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (context->files));
  if (item->is_unanswered)
    add_answers (GTK_BOX (box));
  add_actions (GTK_BOX (box), item->is_writable);
  context->notes = GTK_LABEL (notes);
  return box;
}

static void
faces_changed (GtkWidget *popover)
{
  show_faces (g_object_get_data (G_OBJECT (popover), "context"));
}

static void
unparent (gpointer popover)
{
  if (gtk_widget_get_parent (popover))
    gtk_widget_unparent (popover);
  g_object_unref (popover);
}

/* What made it close may still look at it. */
static void
closed (GtkPopover *popover)
{
  g_idle_add_once (unparent, g_object_ref (popover));
}

GtkPopover *
tl_event_popover_new (TlReplica *replica, TlMedia *media, gint64 me, TlOccurrenceItem *item,
                      TlEventEdit edit, gpointer data)
{
  GtkWidget *popover = gtk_popover_new ();
  Context *context = g_new0 (Context, 1);
  GtkWidget *box;

  *context = (Context){ .replica = g_object_ref (replica),
                        .me = me,
                        .item = g_object_ref (item),
                        .edit = edit,
                        .data = data,
                        .invited = tl_person_list_new (replica, item->key),
                        .media = media };
  g_object_set_data_full (G_OBJECT (popover), "context", context, context_free);
  box = content_new (context);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_signal_connect (popover, "closed", G_CALLBACK (closed), NULL);
  g_signal_connect_object (context->invited, "items-changed", G_CALLBACK (faces_changed), popover,
                           G_CONNECT_SWAPPED);
  dex_future_disown (dex_future_finally (tl_event_load (replica, item->key), loaded,
                                         g_object_ref (popover), g_object_unref));
  return GTK_POPOVER (popover);
}
