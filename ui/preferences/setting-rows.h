/* setting-rows.h: the rows that settings are made of. Main thread. */
#pragma once

#include <adwaita.h>

/* title, description: may be NULL. */
AdwPreferencesGroup *tl_settings_group (AdwPreferencesPage *page, const char *title,
                                        const char *description);
/* Words to be translated, NULL-terminated; NULL: a model is set later. */
GtkWidget *tl_choice_row (AdwPreferencesGroup *group, const char *title,
                          const char *const *choices);
GtkWidget *tl_switch_row (AdwPreferencesGroup *group, const char *title);
GtkWidget *tl_number_row (AdwPreferencesGroup *group, const char *title, const char *subtitle,
                          double least, double most, double step);
GtkWidget *tl_fact_row (AdwPreferencesGroup *group, const char *title, const char *fact);
/* A half hour of the day, as "22:00"; property "selected" is notified. */
GtkWidget *tl_time_row_new (const char *title);
char *tl_time_row_get (GtkWidget *row);
void tl_time_row_set (GtkWidget *row, const char *time);
