/* preferences-dialog.c: the person's settings go through the outbox and come back with what their other devices set;
 * this device's go into its file. While the dialog takes over what stands, nothing is written. Main thread. */
#include "ui/preferences/preferences-dialog.h"

#include "sync/actions-calendar.h"
#include "sync/actions-social.h"
#include "sync/models/agenda.h"
#include "ui/preferences/devices-page.h"
#include "ui/preferences/filters-page.h"
#include "ui/preferences/letters-group.h"
#include "ui/preferences/setting-rows.h"

#include <glib/gi18n-lib.h>

static const struct {
  const char *kind, *title;
} kinds[] = {
  { "message", N_ ("Messages") },       { "mention", N_ ("Mentions") },
  { "reply", N_ ("Answers") },          { "reaction", N_ ("Reactions") },
  { "boost", N_ ("Boosts") },           { "follow", N_ ("New Followers") },
  { "invitation", N_ ("Invitations") }, { "words", N_ ("Show What Was Written") },
};
/* Not a kind, but how. */
#define WORDS (G_N_ELEMENTS (kinds) - 1)

/* In the order of the choices. */
static const int week_starts[] = { 0, 1, 7, 6 };
static const int reminders[] = { 0, -1, 5, 15, 30, 60, 1440 };

struct _TlPreferencesDialog {
  AdwPreferencesDialog parent;
  const TlSession *session;
  GtkWidget *tells[G_N_ELEMENTS (kinds)];
  GtkWidget *when_busy, *is_quiet, *from, *to, *week_start, *reminder, *calendar, *cache;
  TlKeyList *calendars;
  gboolean is_taking;
};

G_DEFINE_FINAL_TYPE (TlPreferencesDialog, tl_preferences_dialog, ADW_TYPE_PREFERENCES_DIALOG)

static AdwPreferencesPage *
page_new (TlPreferencesDialog *self, const char *name, const char *title, const char *icon)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());

  adw_preferences_page_set_name (page, name);
  adw_preferences_page_set_title (page, title);
  adw_preferences_page_set_icon_name (page, icon);
  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (self), page);
  return page;
}

/* --- this device -------------------------------------------------------------------------------- */

static void
add_appearance (TlPreferencesDialog *self, AdwPreferencesPage *page)
{
  static const char *const schemes[] = { N_ ("As the System"), N_ ("Light"), N_ ("Dark"), NULL };
  AdwPreferencesGroup *group = tl_settings_group (page, _ ("Appearance on This Device"), NULL);
  GtkWidget *style = tl_choice_row (group, _ ("Style"), schemes);
  GtkWidget *size =
      tl_number_row (group, _ ("Text Size of Articles"), _ ("In percent"), 80, 160, 10);

  g_object_bind_property (self->session->device, "appearance", style, "selected",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->session->device, "reader-size", size, "value",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

static void
show_cache (TlPreferencesDialog *self)
{
  g_autofree char *size = g_format_size (tl_media_size (self->session->media));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->cache), size);
}

static void
clear_cache (TlPreferencesDialog *self)
{
  tl_media_clear (self->session->media);
  show_cache (self);
}

static void
add_offline (TlPreferencesDialog *self, AdwPreferencesPage *page)
{
  AdwPreferencesGroup *group =
      tl_settings_group (page, _ ("Pictures on This Device"),
                         _ ("What is written is always here; pictures up to this much"));
  GtkWidget *most = tl_number_row (group, _ ("At Most"), _ ("In megabytes"), 32, 4096, 32);
  GtkWidget *clear = gtk_button_new_with_mnemonic (_ ("_Clear"));

  g_object_bind_property (self->session->device, "cache-megabytes", most, "value",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  self->cache = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->cache), _ ("Kept Now"));
  gtk_widget_set_valign (clear, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->cache), clear);
  adw_preferences_group_add (group, self->cache);
  g_signal_connect_object (clear, "clicked", G_CALLBACK (clear_cache), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session->device, "notify::cache-megabytes",
                           G_CALLBACK (show_cache), self, G_CONNECT_SWAPPED);
  show_cache (self);
}

/* --- notifications ------------------------------------------------------------------------------ */

static void
tells_changed (TlPreferencesDialog *self, GParamSpec *spec, GtkWidget *row)
{
  const char *kind = g_object_get_data (G_OBJECT (row), "kind");

  if (!self->is_taking)
    dex_future_disown (tl_action_notify_of (self->session->preferences, self->session->replica,
                                            kind,
                                            adw_switch_row_get_active (ADW_SWITCH_ROW (row))));
}

static void
hours_changed (TlPreferencesDialog *self)
{
  gboolean is_on = adw_expander_row_get_enable_expansion (ADW_EXPANDER_ROW (self->is_quiet));
  g_autofree char *from = tl_time_row_get (self->from), *to = tl_time_row_get (self->to);

  if (!self->is_taking)
    dex_future_disown (tl_action_quiet_hours (self->session->replica, self->session->account->key,
                                              is_on ? from : NULL, to));
}

static void
when_busy_changed (TlPreferencesDialog *self)
{
  if (!self->is_taking)
    dex_future_disown (
        tl_action_quiet_when_busy (self->session->replica, self->session->account->key,
                                   adw_switch_row_get_active (ADW_SWITCH_ROW (self->when_busy))));
}

static void
add_notifications (TlPreferencesDialog *self)
{
  AdwPreferencesPage *page = page_new (self, "notifications", _ ("Notifications"),
                                       "preferences-system-notifications-symbolic");
  AdwPreferencesGroup *group = tl_settings_group (page, _ ("Notify Of"), NULL);
  AdwPreferencesGroup *quiet = tl_settings_group (page, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    self->tells[i] = tl_switch_row (i == WORDS ? quiet : group, _ (kinds[i].title));
    g_object_set_data (G_OBJECT (self->tells[i]), "kind", (gpointer)kinds[i].kind);
    g_signal_connect_object (self->tells[i], "notify::active", G_CALLBACK (tells_changed), self,
                             G_CONNECT_SWAPPED);
  }
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->tells[WORDS]),
                               _ ("Otherwise only who it is from"));
  self->when_busy = tl_switch_row (quiet, _ ("Quiet While You Are Busy"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->when_busy),
                               _ ("By your calendar; reminders come all the same"));
  g_signal_connect_object (self->when_busy, "notify::active", G_CALLBACK (when_busy_changed), self,
                           G_CONNECT_SWAPPED);
  self->is_quiet = adw_expander_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->is_quiet), _ ("Quiet Hours"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self->is_quiet),
                                 _ ("Every day, by this computer's clock"));
  adw_expander_row_set_show_enable_switch (ADW_EXPANDER_ROW (self->is_quiet), TRUE);
  self->from = tl_time_row_new (_ ("From"));
  self->to = tl_time_row_new (_ ("To"));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->is_quiet), self->from);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->is_quiet), self->to);
  adw_preferences_group_add (quiet, self->is_quiet);
  g_signal_connect_object (self->is_quiet, "notify::enable-expansion", G_CALLBACK (hours_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->from, "notify::selected", G_CALLBACK (hours_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->to, "notify::selected", G_CALLBACK (hours_changed), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_page_add (page, tl_letters_group_new (self->session));
}

/* --- calendar ----------------------------------------------------------------------------------- */

static void
week_changed (TlPreferencesDialog *self)
{
  guint choice = adw_combo_row_get_selected (ADW_COMBO_ROW (self->week_start));

  if (!self->is_taking && choice < G_N_ELEMENTS (week_starts))
    dex_future_disown (tl_action_week_start (self->session->replica, self->session->account->key,
                                             week_starts[choice]));
}

static void
reminder_changed (TlPreferencesDialog *self)
{
  guint choice = adw_combo_row_get_selected (ADW_COMBO_ROW (self->reminder));

  if (!self->is_taking && choice < G_N_ELEMENTS (reminders))
    dex_future_disown (tl_action_reminder_minutes (self->session->replica,
                                                   self->session->account->key, reminders[choice]));
}

static void
calendar_chosen (TlPreferencesDialog *self)
{
  guint choice = adw_combo_row_get_selected (ADW_COMBO_ROW (self->calendar));
  g_autoptr (TlCalendarItem) item = g_list_model_get_item (G_LIST_MODEL (self->calendars), choice);

  if (!self->is_taking && item && !item->is_default)
    dex_future_disown (tl_action_default_calendar (self->session->replica, item->key));
}

/* Their names, once they are all known. */
static void
take_calendars (TlPreferencesDialog *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->calendars)), chosen = 0;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < n; i++) {
    g_autoptr (TlCalendarItem) item = g_list_model_get_item (G_LIST_MODEL (self->calendars), i);

    if (!item->loaded) {
      g_signal_connect_object (item, "notify::loaded", G_CALLBACK (take_calendars), self,
                               G_CONNECT_SWAPPED);
      return;
    }
    gtk_string_list_append (names, item->name ? item->name : "");
    chosen = item->is_default ? i : chosen;
  }
  self->is_taking = TRUE;
  adw_combo_row_set_model (ADW_COMBO_ROW (self->calendar), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->calendar), chosen);
  self->is_taking = FALSE;
}

static void
add_calendar (TlPreferencesDialog *self)
{
  static const char *const starts[] = { N_ ("As the Region Has It"), N_ ("Monday"), N_ ("Sunday"),
                                        N_ ("Saturday"), NULL };
  static const char *const befores[] = { N_ ("As Usual"),          N_ ("None"),
                                         N_ ("5 Minutes Before"),  N_ ("15 Minutes Before"),
                                         N_ ("30 Minutes Before"), N_ ("1 Hour Before"),
                                         N_ ("1 Day Before"),      NULL };
  AdwPreferencesPage *page =
      page_new (self, "calendar", _ ("Calendar"), "x-office-calendar-symbolic");
  AdwPreferencesGroup *group = tl_settings_group (page, NULL, NULL);
  AdwPreferencesGroup *events = tl_settings_group (page, _ ("New Events"), NULL);
  g_autofree char *home = tl_agenda_home_zone ();
  GtkWidget *numbers;

  self->week_start = tl_choice_row (group, _ ("Week Begins On"), starts);
  numbers = tl_switch_row (group, _ ("Week Numbers"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (numbers), _ ("On this device"));
  g_object_bind_property (self->session->device, "week-numbers", numbers, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  tl_fact_row (events, _ ("Time Zone"), home);
  self->calendar = tl_choice_row (events, _ ("Calendar"), NULL);
  self->reminder = tl_choice_row (events, _ ("Reminder"), befores);
  self->calendars = tl_calendar_list_new (self->session->replica, self->session->account->key);
  g_signal_connect_object (self->calendars, "items-changed", G_CALLBACK (take_calendars), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->week_start, "notify::selected", G_CALLBACK (week_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reminder, "notify::selected", G_CALLBACK (reminder_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->calendar, "notify::selected", G_CALLBACK (calendar_chosen), self,
                           G_CONNECT_SWAPPED);
}

/* --- account ------------------------------------------------------------------------------------ */

static void
add_account (TlPreferencesDialog *self, AdwPreferencesPage *page)
{
  const TlAccount *account = self->session->account;
  AdwPreferencesGroup *group = tl_settings_group (page, _ ("Account"), NULL);
  AdwPreferencesGroup *end = tl_settings_group (page, NULL, NULL);
  GtkWidget *out = adw_button_row_new ();

  tl_fact_row (group, _ ("Name"), account->name);
  tl_fact_row (group, _ ("Signed In As"), account->login);
  tl_fact_row (group, _ ("Server"), account->server);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (out), _ ("Sign Out…"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (out), "app.sign-out");
  gtk_widget_add_css_class (out, "destructive-action");
  adw_preferences_group_add (end, out);
}

/* --- as it stands ------------------------------------------------------------------------------- */

static guint
index_of (const int *values, guint n, gint64 value, guint otherwise)
{
  for (guint i = 0; i < n; i++)
    if (values[i] == value)
      return i;
  return otherwise;
}

static void
take (TlPreferencesDialog *self)
{
  const TlSettings *settings = tl_preferences_get (self->session->preferences);
  g_autofree char *from = NULL, *to = NULL;
  gboolean is_quiet = tl_preferences_hours (self->session->preferences, &from, &to);

  self->is_taking = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    adw_switch_row_set_active (ADW_SWITCH_ROW (self->tells[i]),
                               tl_preferences_tells (self->session->preferences, kinds[i].kind));
  adw_switch_row_set_active (ADW_SWITCH_ROW (self->when_busy),
                             settings->quiet_when_busy == TL_TRUE);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (self->is_quiet), is_quiet);
  tl_time_row_set (self->from, is_quiet ? from : "22:00");
  tl_time_row_set (self->to, is_quiet ? to : "07:00");
  adw_combo_row_set_selected (
      ADW_COMBO_ROW (self->week_start),
      index_of (week_starts, G_N_ELEMENTS (week_starts), settings->week_start, 0));
  adw_combo_row_set_selected (
      ADW_COMBO_ROW (self->reminder),
      index_of (reminders, G_N_ELEMENTS (reminders), settings->reminder_minutes, 0));
  self->is_taking = FALSE;
}

static void
tl_preferences_dialog_finalize (GObject *object)
{
  g_clear_object (&TL_PREFERENCES_DIALOG (object)->calendars);
  G_OBJECT_CLASS (tl_preferences_dialog_parent_class)->finalize (object);
}

static void
tl_preferences_dialog_class_init (TlPreferencesDialogClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tl_preferences_dialog_finalize;
}

static void
tl_preferences_dialog_init (TlPreferencesDialog *self)
{
}

static void
add_filters (TlPreferencesDialog *self)
{
  AdwPreferencesPage *page =
      tl_filters_page_new (self->session->replica, self->session->account->key);

  adw_preferences_page_set_name (page, "filters");
  adw_preferences_page_set_title (page, _ ("Filters"));
  adw_preferences_page_set_icon_name (page, "view-conceal-symbolic");
  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (self), page);
}

static void
add_devices (TlPreferencesDialog *self)
{
  AdwPreferencesPage *page = tl_devices_page_new (self->session->remote);

  adw_preferences_page_set_name (page, "devices");
  adw_preferences_page_set_title (page, _ ("Account"));
  adw_preferences_page_set_icon_name (page, "avatar-default-symbolic");
  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (self), page);
}

AdwDialog *
tl_preferences_dialog_new (const TlSession *session, const char *page)
{
  TlPreferencesDialog *self = g_object_new (TL_TYPE_PREFERENCES_DIALOG, NULL);
  AdwPreferencesPage *general;

  self->session = session;
  adw_dialog_set_content_width (ADW_DIALOG (self), 720);
  general = page_new (self, "general", _ ("General"), "preferences-system-symbolic");
  add_appearance (self, general);
  add_offline (self, general);
  add_account (self, general);
  add_notifications (self);
  add_calendar (self);
  add_filters (self);
  add_devices (self);
  take (self);
  g_signal_connect_object (session->preferences, "changed", G_CALLBACK (take), self,
                           G_CONNECT_SWAPPED);
  if (*page)
    adw_preferences_dialog_set_visible_page_name (ADW_PREFERENCES_DIALOG (self), page);
  return ADW_DIALOG (self);
}
