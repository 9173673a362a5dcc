/* letters-group.c: while the group takes over what stands, nothing is written. Main thread. */
#include "ui/preferences/letters-group.h"

#include "ui/preferences/setting-rows.h"

#include <glib/gi18n-lib.h>

static const struct {
  const char *kind, *title;
} kinds[] = {
  { "message", N_ ("Direct Messages") },
  { "mention", N_ ("Mentions") },
  { "reply", N_ ("Answers") },
  { "reaction", N_ ("Reactions") },
  { "boost", N_ ("Boosts") },
  { "follow", N_ ("New Followers") },
  { "invitation", N_ ("Invitations") },
};

/* In the order of the choices. */
static const char *const whens[] = { "each", "daily", "never" };

typedef struct {
  const TlSession *session;
  AdwPreferencesGroup *group;
  GtkWidget *when, *hour, *what;
  GtkWidget *of[G_N_ELEMENTS (kinds)];
  gboolean is_taking;
} Group;

static Group *
group_of (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "group");
}

static void
when_changed (AdwPreferencesGroup *widget)
{
  Group *self = group_of (widget);
  guint choice = adw_combo_row_get_selected (ADW_COMBO_ROW (self->when));
  guint hour = (guint)adw_spin_row_get_value (ADW_SPIN_ROW (self->hour));

  if (!self->is_taking && choice < G_N_ELEMENTS (whens))
    dex_future_disown (
        tl_action_mail (self->session->preferences, self->session->replica, whens[choice], hour));
}

static void
kind_changed (AdwPreferencesGroup *widget, GParamSpec *spec, GtkWidget *row)
{
  Group *self = group_of (widget);

  if (!self->is_taking)
    dex_future_disown (tl_action_mail_of (self->session->preferences, self->session->replica,
                                          g_object_get_data (G_OBJECT (row), "kind"),
                                          adw_switch_row_get_active (ADW_SWITCH_ROW (row))));
}

static void
take (AdwPreferencesGroup *widget)
{
  Group *self = group_of (widget);
  guint hour;
  const char *when = tl_preferences_mails (self->session->preferences, &hour);

  self->is_taking = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (whens); i++)
    if (g_str_equal (when, whens[i]))
      adw_combo_row_set_selected (ADW_COMBO_ROW (self->when), i);
  adw_spin_row_set_value (ADW_SPIN_ROW (self->hour), hour);
  gtk_widget_set_visible (self->hour, g_str_equal (when, "daily"));
  gtk_widget_set_visible (self->what, !g_str_equal (when, "never"));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    adw_switch_row_set_active (ADW_SWITCH_ROW (self->of[i]),
                               tl_preferences_mails_of (self->session->preferences, kinds[i].kind));
  self->is_taking = FALSE;
}

static void
add_kinds (Group *self)
{
  self->what = adw_expander_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->what), _ ("Letters About"));
  adw_preferences_group_add (self->group, self->what);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    self->of[i] = adw_switch_row_new ();
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->of[i]), _ (kinds[i].title));
    g_object_set_data (G_OBJECT (self->of[i]), "kind", (gpointer)kinds[i].kind);
    adw_expander_row_add_row (ADW_EXPANDER_ROW (self->what), self->of[i]);
    g_signal_connect_object (self->of[i], "notify::active", G_CALLBACK (kind_changed), self->group,
                             G_CONNECT_SWAPPED);
  }
}

AdwPreferencesGroup *
tl_letters_group_new (const TlSession *session)
{
  static const char *const choices[] = { N_ ("Each Time"), N_ ("Once a Day"), N_ ("Never"), NULL };
  Group *self = g_new0 (Group, 1);

  self->session = session;
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_object_set_data_full (G_OBJECT (self->group), "group", self, g_free);
  adw_preferences_group_set_title (self->group, _ ("By E-Mail"));
  adw_preferences_group_set_description (
      self->group, _ ("What nobody read on a device, to the address of your account"));
  self->when = tl_choice_row (self->group, _ ("Letters"), choices);
  self->hour = tl_number_row (self->group, _ ("At"), _ ("The hour of the day"), 0, 23, 1);
  add_kinds (self);
  g_signal_connect_object (self->when, "notify::selected", G_CALLBACK (when_changed), self->group,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->hour, "notify::value", G_CALLBACK (when_changed), self->group,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session->preferences, "changed", G_CALLBACK (take), self->group,
                           G_CONNECT_SWAPPED);
  take (self->group);
  return self->group;
}
