/* event-dialog.c: the widgets hold what is entered; it is checked when it is saved. A time without a zone of its own is
 * this computer's. Main thread. */
#include "ui/calendar/event-dialog.h"

#include "sync/actions-calendar.h"
#include "sync/wire/event-files.h"
#include "sync/wire/recurrence.h"
#include "ui/attachments/attachment-bar.h"
#include "ui/attachments/attachment-view.h"
#include "ui/calendar/calendar-choice.h"
#include "ui/calendar/clock-text.h"
#include "ui/calendar/day-button.h"
#include "ui/calendar/days.h"
#include "ui/draft-keeper.h"

#include <glib/gi18n-lib.h>

#define MOST_FILES 8
#define PICTURE_WIDTH 280

#define TL_TYPE_EVENT_DIALOG (tl_event_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlEventDialog, tl_event_dialog, TL, EVENT_DIALOG, AdwDialog)

struct _TlEventDialog {
  AdwDialog parent;
  AdwBanner *banner;
  AdwEntryRow *title, *location;
  AdwComboRow *calendar, *repeat, *reminder;
  AdwSwitchRow *all_day, *ends;
  AdwPreferencesGroup *repeat_group;
  AdwActionRow *start_row, *until_row;
  TlDayButton *start_day, *end_day, *until;
  GtkEditable *start_time, *end_time;
  GtkTextView *notes;
  AdwPreferencesGroup *files_group;
  GtkWidget *attach_button;
  TlAttachmentBar *files;
  TlAttachmentView *all_files; /* one instance has those of all */
  TlDraftOffer *offer;

  TlReplica *replica;
  TlMedia *media;
  gint64 me;
  TlKeyList *calendars;
  TlOccurrenceItem *item; /* NULL: a new one */
  TlDraftKeeper *draft;   /* of a new one, NULL when its words come from elsewhere */
  char *zone;
  char *links, *files_before; /* JSON, of what is there */
  gint64 wanted_calendar, made_of;
  gint64 last_start_day;
  TlEventExtent extent;
  guint shown_reminder; /* the choice nearest to what the event has */
  int minutes;          /* what it has */
};

G_DEFINE_FINAL_TYPE (TlEventDialog, tl_event_dialog, ADW_TYPE_DIALOG)

/* In the order of the choices; those of `repeat` are in the order of TlRepeat. */
static const int reminders[] = { TL_NO_REMINDER, 0, 5, 15, 30, 60, 1440 };

/* --- times --------------------------------------------------------------------------------------- */

static void
set_minutes (GtkEditable *entry, int minutes)
{
  g_autofree char *text = tl_clock_text_format (minutes);

  gtk_editable_set_text (entry, text);
}

static int
minutes_of (GtkEditable *entry)
{
  return tl_clock_text_parse (gtk_editable_get_text (entry));
}

static gboolean
is_all_day (TlEventDialog *self)
{
  return adw_switch_row_get_active (self->all_day);
}

/* The length as a Duration; NULL when the end is before the start. */
static char *
duration (TlEventDialog *self)
{
  gint64 days = tl_day_button_get (self->end_day) - tl_day_button_get (self->start_day);
  g_autofree char *from =
      tl_day_local (tl_day_button_get (self->start_day), MAX (0, minutes_of (self->start_time)));
  g_autofree char *to =
      tl_day_local (tl_day_button_get (self->end_day), MAX (0, minutes_of (self->end_time)));
  gint64 start, end;

  if (is_all_day (self))
    return days < 0 ? NULL : g_strdup_printf ("P%" G_GINT64_FORMAT "D", days + 1);
  if (!tl_local_to_ms (from, self->zone, &start) || !tl_local_to_ms (to, self->zone, &end))
    return NULL;
  return end < start ? NULL : tl_duration_from_ms (end - start);
}

/* --- what is shown ------------------------------------------------------------------------------- */

static void
update (TlEventDialog *self)
{
  gboolean repeats = adw_combo_row_get_selected (self->repeat) != TL_REPEAT_NEVER &&
                     adw_combo_row_get_selected (self->repeat) != TL_REPEAT_OTHER;

  gtk_widget_set_visible (GTK_WIDGET (self->start_time), !is_all_day (self));
  gtk_widget_set_visible (GTK_WIDGET (self->end_time), !is_all_day (self));
  gtk_widget_set_visible (GTK_WIDGET (self->ends), repeats);
  gtk_widget_set_visible (GTK_WIDGET (self->until_row),
                          repeats && adw_switch_row_get_active (self->ends));
  gtk_widget_set_visible (GTK_WIDGET (self->repeat_group), self->extent != TL_EXTENT_THIS);
  adw_banner_set_revealed (self->banner, FALSE);
}

/* The end goes along. */
static void
start_day_changed (TlEventDialog *self)
{
  gint64 day = tl_day_button_get (self->start_day);

  tl_day_button_set (self->end_day, tl_day_button_get (self->end_day) + day - self->last_start_day);
  self->last_start_day = day;
}

static void
choose_calendar (TlEventDialog *self)
{
  tl_calendar_choice_select (self->calendar, self->wanted_calendar);
}

/* --- saving -------------------------------------------------------------------------------------- */

static gboolean
complain (TlEventDialog *self, const char *sentence)
{
  adw_banner_set_title (self->banner, sentence);
  adw_banner_set_revealed (self->banner, TRUE);
  return FALSE;
}

static gboolean
check (TlEventDialog *self, const char *length)
{
  if (!is_all_day (self) && (minutes_of (self->start_time) < 0 || minutes_of (self->end_time) < 0))
    return complain (self, _ ("A time is written like 9:30"));
  if (length == NULL)
    return complain (self, _ ("It ends before it starts"));
  if (adw_combo_row_get_selected_item (self->calendar) == NULL)
    return complain (self, _ ("There is no calendar to put it into"));
  if (tl_attachment_bar_is_busy (self->files))
    return complain (self, _ ("A file is still being read"));
  return TRUE;
}

static char *
notes_text (TlEventDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->notes);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* NULL when the files are those that it had. */
static char *
changed_links (TlEventDialog *self)
{
  g_autofree char *now = tl_attachments_format (tl_attachment_bar_files (self->files));

  return g_strcmp0 (now, self->files_before) != 0 ? tl_event_files_put (self->links, now) : NULL;
}

static void
store (TlEventDialog *self, const TlEventSketch *sketch)
{
  if (self->item == NULL)
    dex_future_disown (tl_action_new_event (self->replica, sketch));
  else if (self->extent == TL_EXTENT_THIS)
    dex_future_disown (
        tl_action_edit_instance (self->replica, self->item->key, self->item->id, sketch));
  else if (self->extent == TL_EXTENT_FOLLOWING)
    dex_future_disown (
        tl_action_edit_following (self->replica, self->item->key, self->item->id, sketch));
  else
    dex_future_disown (tl_action_edit_event (self->replica, self->item->key, sketch));
}

static int
chosen_reminder (TlEventDialog *self)
{
  guint chosen = adw_combo_row_get_selected (self->reminder);

  return self->item && chosen == self->shown_reminder ? self->minutes : reminders[chosen];
}

static void
drop_draft (TlEventDialog *self)
{
  if (self->draft == NULL)
    return;
  tl_draft_keeper_sent (self->draft);
  dex_future_disown (tl_draft_drop (self->replica, tl_draft_keeper_place (self->draft)));
  g_clear_pointer (&self->draft, tl_draft_keeper_free);
}

static void
save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlEventDialog *self = TL_EVENT_DIALOG (widget);
  TlCalendarItem *calendar = adw_combo_row_get_selected_item (self->calendar);
  g_autofree char *length = duration (self);
  g_autofree char *start = NULL, *until = NULL, *notes = notes_text (self);
  g_autofree char *links = changed_links (self);
  TlEventSketch sketch = { 0 };

  if (!check (self, length))
    return;
  start = tl_day_local (tl_day_button_get (self->start_day),
                        is_all_day (self) ? 0 : minutes_of (self->start_time));
  if (adw_switch_row_get_active (self->ends))
    until = tl_day_local (tl_day_button_get (self->until), 23 * 60 + 59);
  sketch = (TlEventSketch){
    .calendar = calendar->key,
    .title = gtk_editable_get_text (GTK_EDITABLE (self->title)),
    .location = gtk_editable_get_text (GTK_EDITABLE (self->location)),
    .description = notes,
    .start = start,
    .duration = length,
    .time_zone = self->zone,
    .is_all_day = is_all_day (self),
    .repeat = (TlRepeat)adw_combo_row_get_selected (self->repeat),
    .until = until,
    .reminder = chosen_reminder (self),
    .links = links,
    .made_of = self->made_of,
    .draft = self->draft ? tl_draft_keeper_place (self->draft) : NULL,
  };
  store (self, &sketch);
  if (self->draft)
    tl_draft_keeper_sent (self->draft);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  drop_draft (TL_EVENT_DIALOG (widget));
  adw_dialog_close (ADW_DIALOG (widget));
}

/* --- an event that is there ---------------------------------------------------------------------- */

static void
show_reminder (TlEventDialog *self, int minutes)
{
  guint nearest = 0;

  for (guint i = 0; minutes >= 0 && i < G_N_ELEMENTS (reminders); i++)
    if (reminders[i] >= 0 && reminders[i] <= minutes)
      nearest = i;
  self->minutes = minutes;
  self->shown_reminder = nearest;
  adw_combo_row_set_selected (self->reminder, nearest);
}

/* Times by the clock of the event's zone, as if they were UTC. */
static void
show_clock (TlEventDialog *self, gint64 start, gint64 end)
{
  const gint64 day = G_GINT64_CONSTANT (86400000);

  self->last_start_day = start / day;
  tl_day_button_set (self->start_day, start / day);
  set_minutes (self->start_time, (int)(start / 60000 % 1440));
  tl_day_button_set (self->end_day, end / day);
  set_minutes (self->end_time, (int)(end / 60000 % 1440));
}

/* All of them: the times are the first one's. */
static void
show_first (TlEventDialog *self, const TlCalendarEvent *event)
{
  const gint64 day = G_GINT64_CONSTANT (86400000);
  gint64 start, length = event->duration ? MAX (tl_duration_to_ms (event->duration), 0) : 0;

  if (self->item->is_all_day)
    length = MAX (length, day) - day;
  if (tl_local_to_ms (event->start, NULL, &start))
    show_clock (self, start, start + length);
}

static gint64
clock_in (gint64 ms, const char *zone)
{
  char local[TL_LOCAL_DATE_TIME_MAX];
  gint64 clock = ms;

  tl_local_from_ms (ms, zone, local);
  tl_local_to_ms (local, NULL, &clock);
  return clock;
}

/* The times are the zone's own; it says which when it is another than here. */
static void
show_zone (TlEventDialog *self, const char *zone)
{
  if (g_strcmp0 (zone, self->zone) == 0)
    return;
  g_set_str (&self->zone, zone);
  adw_action_row_set_subtitle (self->start_row, zone);
  show_clock (self, clock_in (self->item->start, zone), clock_in (self->item->end, zone));
}

static void
show_until (TlEventDialog *self, const char *rules)
{
  g_autofree char *until = tl_repeat_until (rules);
  gint64 ms;

  if (until && tl_local_to_ms (until, NULL, &ms)) {
    tl_day_button_set (self->until, ms / 86400000);
    adw_switch_row_set_active (self->ends, TRUE);
  }
}

static void
show_files (TlEventDialog *self, const char *links)
{
  g_autofree char *files = tl_event_files_of (links);
  g_autoptr (GPtrArray) attachments = tl_attachments_parse (files);

  if (self->extent == TL_EXTENT_THIS) {
    tl_attachment_view_show (self->all_files, self->media, files, PICTURE_WIDTH);
    gtk_widget_set_visible (GTK_WIDGET (self->files_group), files != NULL);
    return;
  }
  self->links = g_strdup (links);
  self->files_before = tl_attachments_format (attachments);
  tl_attachment_bar_put (self->files, g_steal_pointer (&attachments));
}

static void
show_event (TlEventDialog *self, const TlCalendarEvent *event)
{
  show_files (self, event->links);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->notes),
                            event->description ? event->description : "", -1);
  adw_combo_row_set_selected (self->repeat, tl_repeat_of (event->recurrence_rules));
  show_until (self, event->recurrence_rules);
  show_reminder (self, tl_reminder_of (event->alerts));
  if (event->time_zone && !self->item->is_all_day)
    show_zone (self, event->time_zone);
  self->wanted_calendar = event->calendar_id;
  choose_calendar (self);
  if (self->extent == TL_EXTENT_ALL && self->item->is_recurring)
    show_first (self, event);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "event.save", TRUE);
  update (self);
}

static DexFuture *
loaded (DexFuture *future, gpointer data)
{
  TlEventDialog *self = data;
  const GValue *value = dex_future_get_value (future, NULL);
  TlCalendarEvent *event = value ? g_value_get_pointer (value) : NULL;

  if (event == NULL) {
    complain (self, _ ("The event is not there any more"));
    return NULL;
  }
  show_event (self, event);
  tl_record_free (&tl_calendar_event_type, event);
  return NULL;
}

static void
show_times (TlEventDialog *self, gint64 start, gint64 end, gboolean all_day)
{
  gint64 last = all_day ? MAX (end - 1, start) : end;

  self->last_start_day = tl_day_of (start);
  tl_day_button_set (self->start_day, self->last_start_day);
  tl_day_button_set (self->end_day, tl_day_of (last));
  set_minutes (self->start_time, all_day ? 9 * 60 : tl_clock_minutes (start));
  set_minutes (self->end_time, all_day ? 10 * 60 : tl_clock_minutes (end));
  adw_switch_row_set_active (self->all_day, all_day);
  tl_day_button_set (self->until, self->last_start_day + 90);
}

/* --- the draft of a new one ---------------------------------------------------------------------- */

/* Its words: when it is, is where one began it. */
static GHashTable *
get_more (gpointer owner)
{
  TlEventDialog *self = owner;
  GtkEditable *entries[] = { GTK_EDITABLE (self->title), GTK_EDITABLE (self->location) };
  static const char *const names[] = { "title", "location" };
  GHashTable *more = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (*gtk_editable_get_text (entries[i]))
      g_hash_table_insert (more, (gpointer)names[i], g_strdup (gtk_editable_get_text (entries[i])));
  return more;
}

static void
put_more (gpointer owner, GHashTable *kept)
{
  TlEventDialog *self = owner;
  const char *title = g_hash_table_lookup (kept, "title");
  const char *location = g_hash_table_lookup (kept, "location");

  gtk_editable_set_text (GTK_EDITABLE (self->title), title ? title : "");
  gtk_editable_set_text (GTK_EDITABLE (self->location), location ? location : "");
}

static const TlDraftMore more = { get_more, put_more };

static void
words_changed (TlEventDialog *self)
{
  if (self->draft)
    tl_draft_keeper_changed (self->draft);
}

static void
keep_draft (TlEventDialog *self)
{
  self->draft = tl_draft_keeper_new (self->replica, gtk_text_view_get_buffer (self->notes),
                                     "event:new", self->offer);
  tl_draft_keeper_set_more (self->draft, &more, self);
  g_signal_connect_swapped (self->title, "changed", G_CALLBACK (words_changed), self);
  g_signal_connect_swapped (self->location, "changed", G_CALLBACK (words_changed), self);
}

/* --- files --------------------------------------------------------------------------------------- */

static void
attach (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tl_attachment_bar_pick (TL_EVENT_DIALOG (widget)->files);
}

static void
pasted (TlEventDialog *self)
{
  if (tl_attachment_bar_paste (self->files, gtk_widget_get_clipboard (GTK_WIDGET (self))))
    g_signal_stop_emission_by_name (self->notes, "paste-clipboard");
}

/* --- making -------------------------------------------------------------------------------------- */

static void
tl_event_dialog_dispose (GObject *object)
{
  TlEventDialog *self = TL_EVENT_DIALOG (object);

  g_clear_pointer (&self->draft, tl_draft_keeper_free);
  if (self->calendars)
    g_signal_handlers_disconnect_by_data (self->calendars, self);
  g_clear_object (&self->calendars);
  g_clear_object (&self->replica);
  g_clear_object (&self->item);
  g_clear_pointer (&self->zone, g_free);
  g_clear_pointer (&self->links, g_free);
  g_clear_pointer (&self->files_before, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_EVENT_DIALOG);
  G_OBJECT_CLASS (tl_event_dialog_parent_class)->dispose (object);
}

static void
tl_event_dialog_class_init (TlEventDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_event_dialog_dispose;
  g_type_ensure (TL_TYPE_ATTACHMENT_BAR);
  g_type_ensure (TL_TYPE_ATTACHMENT_VIEW);
  g_type_ensure (TL_TYPE_DAY_BUTTON);
  g_type_ensure (TL_TYPE_DRAFT_OFFER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/tideline/Tideline/ui/calendar/event-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlEventDialog, name)
  CHILD (banner);
  CHILD (title);
  CHILD (location);
  CHILD (calendar);
  CHILD (repeat);
  CHILD (reminder);
  CHILD (all_day);
  CHILD (ends);
  CHILD (repeat_group);
  CHILD (start_row);
  CHILD (until_row);
  CHILD (start_day);
  CHILD (end_day);
  CHILD (until);
  CHILD (start_time);
  CHILD (end_time);
  CHILD (notes);
  CHILD (files_group);
  CHILD (attach_button);
  CHILD (files);
  CHILD (all_files);
  CHILD (offer);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "event.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "event.cancel", NULL, cancel);
  gtk_widget_class_install_action (widget_class, "event.attach", NULL, attach);
}

static void
tl_event_dialog_init (TlEventDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->all_day, "notify::active", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->ends, "notify::active", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->repeat, "notify::selected", G_CALLBACK (update), self);
}

static TlEventDialog *
dialog_new (TlReplica *replica, gint64 me)
{
  TlEventDialog *self = g_object_new (TL_TYPE_EVENT_DIALOG, NULL);

  self->replica = g_object_ref (replica);
  self->me = me;
  self->zone = tl_agenda_home_zone ();
  self->calendars = tl_calendar_list_new (replica, me);
  tl_calendar_choice_set_up (self->calendar, self->calendars);
  g_signal_connect_object (adw_combo_row_get_model (self->calendar), "items-changed",
                           G_CALLBACK (choose_calendar), self, G_CONNECT_SWAPPED);
  return self;
}

AdwDialog *
tl_event_dialog_new (TlReplica *replica, gint64 me, gint64 day, int minutes, gboolean all_day)
{
  TlEventDialog *self = dialog_new (replica, me);
  gint64 now = g_get_real_time () / 1000;
  gint64 start = tl_day_start (day);

  if (minutes < 0)
    minutes = MIN ((tl_clock_minutes (now) / 60 + 1) * 60, 22 * 60);
  start += minutes * G_GINT64_CONSTANT (60000);
  show_times (self, start, start + 3600000, FALSE);
  adw_switch_row_set_active (self->all_day, all_day);
  adw_combo_row_set_selected (self->reminder, 3);
  g_signal_connect_swapped (self->start_day, "notify::day", G_CALLBACK (start_day_changed), self);
  update (self);
  keep_draft (self);
  return ADW_DIALOG (self);
}

void
tl_event_dialog_set_reminder (AdwDialog *dialog, int minutes)
{
  TlEventDialog *self = TL_EVENT_DIALOG (dialog);

  for (guint i = 0; i < G_N_ELEMENTS (reminders); i++)
    if (reminders[i] == (minutes < 0 ? TL_NO_REMINDER : minutes))
      adw_combo_row_set_selected (self->reminder, i);
}

AdwDialog *
tl_event_dialog_new_for (TlReplica *replica, gint64 me, TlOccurrenceItem *item,
                         TlEventExtent extent)
{
  TlEventDialog *self = dialog_new (replica, me);

  self->item = g_object_ref (item);
  self->wanted_calendar = item->calendar_key;
  self->extent = item->is_recurring ? extent : TL_EXTENT_ALL;
  adw_dialog_set_title (ADW_DIALOG (self), self->extent == TL_EXTENT_THIS
                                               ? _ ("This Day of the Event")
                                               : _ ("Edit Event"));
  gtk_editable_set_text (GTK_EDITABLE (self->title), item->title ? item->title : "");
  gtk_editable_set_text (GTK_EDITABLE (self->location), item->location ? item->location : "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->calendar), FALSE);
  show_times (self, item->start, item->end, item->is_all_day);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "event.save", FALSE);
  g_signal_connect_swapped (self->start_day, "notify::day", G_CALLBACK (start_day_changed), self);
  update (self);
  dex_future_disown (dex_future_finally (tl_event_load (replica, item->key), loaded,
                                         g_object_ref (self), g_object_unref));
  return ADW_DIALOG (self);
}

void
tl_event_dialog_set_words (AdwDialog *dialog, const char *title, const char *notes, gint64 made_of)
{
  TlEventDialog *self = TL_EVENT_DIALOG (dialog);

  g_clear_pointer (&self->draft, tl_draft_keeper_free);
  gtk_editable_set_text (GTK_EDITABLE (self->title), title ? title : "");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->notes), notes ? notes : "", -1);
  self->made_of = made_of;
}

void
tl_event_dialog_set_media (AdwDialog *dialog, TlMedia *media)
{
  TlEventDialog *self = TL_EVENT_DIALOG (dialog);

  self->media = media;
  if (self->extent == TL_EXTENT_THIS) {
    gtk_widget_set_visible (self->attach_button, FALSE);
    adw_preferences_group_set_description (self->files_group,
                                           _ ("Every day of the event has them"));
    return;
  }
  tl_attachment_bar_set_up (self->files, self->replica, media, FALSE, MOST_FILES);
  tl_attachment_bar_accept_drops (self->files, GTK_WIDGET (self));
  g_signal_connect_object (self->files, "failed", G_CALLBACK (complain), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->notes, "paste-clipboard", G_CALLBACK (pasted), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self->files_group), TRUE);
}
