/* setting-rows.c: see the header. */
#include "ui/preferences/setting-rows.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#define HALF_HOURS 48

AdwPreferencesGroup *
tl_settings_group (AdwPreferencesPage *page, const char *title, const char *description)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  if (title)
    adw_preferences_group_set_title (group, title);
  if (description)
    adw_preferences_group_set_description (group, description);
  adw_preferences_page_add (page, group);
  return group;
}

static GtkWidget *
titled (GtkWidget *row, const char *title)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  return row;
}

static GtkWidget *
added (AdwPreferencesGroup *group, GtkWidget *row, const char *title)
{
  adw_preferences_group_add (group, titled (row, title));
  return row;
}

GtkWidget *
tl_choice_row (AdwPreferencesGroup *group, const char *title, const char *const *choices)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (guint i = 0; choices && choices[i]; i++)
    gtk_string_list_append (list, _ (choices[i]));
  if (choices)
    adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  return added (group, row, title);
}

GtkWidget *
tl_switch_row (AdwPreferencesGroup *group, const char *title)
{
  return added (group, adw_switch_row_new (), title);
}

GtkWidget *
tl_number_row (AdwPreferencesGroup *group, const char *title, const char *subtitle, double least,
               double most, double step)
{
  GtkWidget *row = adw_spin_row_new_with_range (least, most, step);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  return added (group, row, title);
}

GtkWidget *
tl_fact_row (AdwPreferencesGroup *group, const char *title, const char *fact)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), fact);
  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), TRUE);
  gtk_widget_add_css_class (row, "property");
  return added (group, row, title);
}

/* --- a time of the day -------------------------------------------------------------------------- */

GtkWidget *
tl_time_row_new (const char *title)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (guint i = 0; i < HALF_HOURS; i++) {
    g_autofree char *time = g_strdup_printf ("%02u:%02u", i / 2, i % 2 * 30);
    gtk_string_list_append (list, time);
  }
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  return titled (row, title);
}

char *
tl_time_row_get (GtkWidget *row)
{
  guint i = adw_combo_row_get_selected (ADW_COMBO_ROW (row));

  return g_strdup_printf ("%02u:%02u", i / 2 % 24, i % 2 * 30);
}

void
tl_time_row_set (GtkWidget *row, const char *time)
{
  guint hour = 0, minute = 0;

  if (sscanf (time, "%2u:%2u", &hour, &minute) == 2 && hour < 24)
    adw_combo_row_set_selected (ADW_COMBO_ROW (row), hour * 2 + minute / 30 % 2);
}
