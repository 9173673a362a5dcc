/* filter-dialog.c: saving is one change in the outbox. What would do nothing cannot be chosen: nobody writes articles,
 * and what is only not notified of has no other place. Main thread. */
#include "ui/preferences/filter-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DAY_MS (G_GINT64_CONSTANT (86400000))

typedef struct {
  AdwDialog *dialog;
  TlReplica *replica;
  gint64 key; /* 0: a new one */
  gint64 expires_at;
  GtkEditable *words;
  AdwSwitchRow *places[4];
  AdwComboRow *action, *until, *person;
  GtkWidget *where;
  GPtrArray *people; /* of TlFilterPerson, behind "anybody"; NULL: not known yet */
  gint64 chosen;     /* the person that the filter has, until they are known */
  GtkWidget *save;
} Form;

/* In the order of the choices; the first one, when a filter has an end already, is that. */
static const int days[] = { 0, 1, 7, 30 };

enum { ARTICLES = 3 };

static void
form_free (gpointer data)
{
  Form *form = data;

  g_object_unref (form->replica);
  g_clear_pointer (&form->people, g_ptr_array_unref);
  g_free (form);
}

/* Phrases with commas between, a line each. */
static char *
lines_of (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; parts[i]; i++) {
    const char *part = g_strstrip (parts[i]);

    if (*part)
      g_string_append_printf (lines, "%s%s", lines->len ? "\n" : "", part);
  }
  return g_string_free_and_steal (g_steal_pointer (&lines));
}

static TlFilterAction
chosen_action (Form *form)
{
  return (TlFilterAction)adw_combo_row_get_selected (form->action);
}

static gint64
chosen_person (Form *form)
{
  guint selected = adw_combo_row_get_selected (form->person);

  if (form->people == NULL)
    return form->chosen;
  if (selected == 0 || selected > form->people->len)
    return 0;
  return ((TlFilterPerson *)form->people->pdata[selected - 1])->key;
}

static guint
chosen_places (Form *form)
{
  guint places = 0;

  if (chosen_action (form) == TL_FILTER_SILENCE)
    return TL_FILTER_NOTIFICATIONS;
  for (guint i = 0; i < G_N_ELEMENTS (form->places); i++)
    places |= adw_switch_row_get_active (form->places[i]) ? 1u << i : 0;
  if (chosen_person (form) && places != TL_FILTER_ALL)
    places &= (guint)~TL_FILTER_ARTICLES;
  return places;
}

static void
changed (Form *form)
{
  g_autofree char *words = lines_of (gtk_editable_get_text (form->words));

  gtk_widget_set_sensitive (form->save, (*words || chosen_person (form)) && chosen_places (form));
  gtk_widget_set_visible (form->where, chosen_action (form) != TL_FILTER_SILENCE);
  gtk_widget_set_visible (GTK_WIDGET (form->places[ARTICLES]), chosen_person (form) == 0);
}

static gint64
chosen_end (Form *form)
{
  guint selected = adw_combo_row_get_selected (form->until);

  if (selected == G_N_ELEMENTS (days)) /* as it was */
    return form->expires_at;
  return days[selected] ? g_get_real_time () / 1000 + days[selected] * DAY_MS : 0;
}

static void
save (Form *form)
{
  g_autofree char *words = lines_of (gtk_editable_get_text (form->words));
  TlFilterEdit edit = { words, chosen_places (form), chosen_action (form), chosen_end (form),
                        chosen_person (form) };

  if (!gtk_widget_get_sensitive (form->save))
    return;
  dex_future_disown (tl_action_set_filter (form->replica, form->key, &edit));
  adw_dialog_close (form->dialog);
}

static void
remove_filter (Form *form)
{
  dex_future_disown (tl_action_remove_filter (form->replica, form->key));
  adw_dialog_close (form->dialog);
}

/* --- making ------------------------------------------------------------------------------------- */

static AdwComboRow *
combo_new (const char *title, const char *const *choices)
{
  AdwComboRow *row = ADW_COMBO_ROW (adw_combo_row_new ());
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (guint i = 0; choices[i]; i++)
    gtk_string_list_append (list, _ (choices[i]));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (row, G_LIST_MODEL (list));
  return row;
}

static GtkWidget *
words_group (Form *form, TlFilterItem *item)
{
  GtkWidget *group = adw_preferences_group_new (), *row = adw_entry_row_new ();
  g_auto (GStrv) lines = g_strsplit (item && item->words ? item->words : "", "\n", -1);
  g_autofree char *text = g_strjoinv (", ", lines);

  form->words = GTK_EDITABLE (row);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Words or Phrases"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                         _ ("Several with commas between. Whole words are found, "
                                            "in any case, with or without accents."));
  gtk_editable_set_text (form->words, text);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (changed), form);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return group;
}

static DexFuture *
people_read (DexFuture *future, gpointer data)
{
  AdwDialog *dialog = data;
  Form *form = g_object_get_data (G_OBJECT (dialog), "form");
  const GValue *value = dex_future_get_value (future, NULL);
  GtkStringList *names = GTK_STRING_LIST (adw_combo_row_get_model (form->person));
  guint selected = 0;

  form->people = g_value_dup_boxed (value);
  for (guint i = 0; i < form->people->len; i++) {
    const TlFilterPerson *person = form->people->pdata[i];

    gtk_string_list_append (names, person->name);
    if (person->key == form->chosen)
      selected = i + 1;
  }
  adw_combo_row_set_selected (form->person, selected);
  changed (form);
  return NULL;
}

static GtkWidget *
person_group (Form *form, TlFilterItem *item, gint64 me)
{
  static const char *const anybody[] = { N_ ("Anybody"), NULL };
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr (GtkExpression) name =
      gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  form->chosen = item ? item->person : 0;
  form->person = combo_new (_ ("Written By"), anybody);
  adw_combo_row_set_expression (form->person, name);
  adw_combo_row_set_enable_search (form->person, TRUE);
  adw_preferences_group_set_description (
      ADW_PREFERENCES_GROUP (group),
      _ ("Without words, all that comes from them. Articles are nobody’s."));
  g_signal_connect_swapped (form->person, "notify::selected", G_CALLBACK (changed), form);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (form->person));
  dex_future_disown (dex_future_then (tl_filter_people (form->replica, me), people_read,
                                      g_object_ref (form->dialog), g_object_unref));
  return group;
}

static GtkWidget *
places_group (Form *form, TlFilterItem *item)
{
  static const char *const titles[] = { N_ ("Home"), N_ ("Everyone"), N_ ("Notifications"),
                                        N_ ("Articles") };
  GtkWidget *group = adw_preferences_group_new ();

  form->where = group;
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Where"));
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++) {
    GtkWidget *row = adw_switch_row_new ();

    form->places[i] = ADW_SWITCH_ROW (row);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (titles[i]));
    adw_switch_row_set_active (form->places[i], item == NULL || item->places & 1u << i);
    g_signal_connect_swapped (row, "notify::active", G_CALLBACK (changed), form);
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  }
  return group;
}

static GtkWidget *
action_group (Form *form, TlFilterItem *item)
{
  static const char *const actions[] = { N_ ("Hide"), N_ ("Fold, to Open It by Hand"),
                                         N_ ("Show, but Never Notify"), NULL };
  static const char *const ends[] = { N_ ("I Remove It"), N_ ("Tomorrow"), N_ ("In a Week"),
                                      N_ ("In a Month"), NULL };
  GtkWidget *group = adw_preferences_group_new ();

  form->action = combo_new (_ ("What Happens"), actions);
  form->until = combo_new (_ ("Until"), ends);
  if (item && item->expires_at > 0) {
    g_autoptr (GDateTime) end = g_date_time_new_from_unix_local (item->expires_at / 1000);
    g_autofree char *text = g_date_time_format (end, "%x");

    form->expires_at = item->expires_at;
    gtk_string_list_append (GTK_STRING_LIST (adw_combo_row_get_model (form->until)), text);
    adw_combo_row_set_selected (form->until, G_N_ELEMENTS (days));
  }
  adw_combo_row_set_selected (form->action, item ? item->action : TL_FILTER_HIDE);
  g_signal_connect_swapped (form->action, "notify::selected", G_CALLBACK (changed), form);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (form->action));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (form->until));
  return group;
}

static GtkWidget *
removal_group (Form *form)
{
  GtkWidget *group = adw_preferences_group_new (), *row = adw_button_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Remove Filter"));
  gtk_widget_add_css_class (row, "destructive-action");
  g_signal_connect_swapped (row, "activated", G_CALLBACK (remove_filter), form);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return group;
}

static GtkWidget *
header (Form *form, gboolean is_new)
{
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));

  form->save = gtk_button_new_with_mnemonic (is_new ? _ ("_Add") : _ ("_Save"));
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), form->save);
  gtk_widget_add_css_class (form->save, "suggested-action");
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (adw_dialog_close), form->dialog);
  g_signal_connect_swapped (form->save, "clicked", G_CALLBACK (save), form);
  return bar;
}

AdwDialog *
tl_filter_dialog_new (TlReplica *replica, gint64 me, TlFilterItem *item)
{
  Form *form = g_new0 (Form, 1);
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  GtkWidget *view = adw_toolbar_view_new ();

  form->dialog = adw_dialog_new ();
  form->replica = g_object_ref (replica);
  form->key = item ? item->key : 0;
  g_object_set_data_full (G_OBJECT (form->dialog), "form", form, form_free);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), header (form, item == NULL));
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (words_group (form, item)));
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (person_group (form, item, me)));
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (action_group (form, item)));
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (places_group (form, item)));
  if (item)
    adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (removal_group (form)));
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), GTK_WIDGET (page));
  adw_dialog_set_child (form->dialog, view);
  adw_dialog_set_title (form->dialog, item ? _ ("Edit Filter") : _ ("New Filter"));
  adw_dialog_set_content_width (form->dialog, 440);
  adw_dialog_set_default_widget (form->dialog, form->save);
  adw_dialog_set_focus (form->dialog, GTK_WIDGET (form->words));
  changed (form);
  return form->dialog;
}
