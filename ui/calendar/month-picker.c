/* month-picker.c: labels in a grid, which is one stop for Tab: arrow keys move the cursor in it, Page Up and Down by
 * months, with Ctrl by years. Main thread. */
#include "ui/calendar/month-picker.h"

#include "ui/calendar/days.h"

#include <glib/gi18n-lib.h>

#define WEEKS 6

struct _TlMonthPicker {
  AdwBin parent;
  GtkLabel *month, *year;
  GtkWidget *grid;
  GtkLabel *names[7], *numbers[WEEKS], *cells[WEEKS * 7];
  gint64 day, cursor; /* the month of the cursor is shown */
  guint32 marks;
};

enum { PICKED, MONTH, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlMonthPicker, tl_month_picker, ADW_TYPE_BIN)

/* --- what is shown ------------------------------------------------------------------------------- */

gint64
tl_month_picker_first (TlMonthPicker *self, guint *n)
{
  int year, month, date;

  tl_day_to_date (self->cursor, &year, &month, &date);
  *n = g_date_get_days_in_month ((GDateMonth)month, (GDateYear)year);
  return self->cursor - date + 1;
}

static gint64
first_cell (TlMonthPicker *self)
{
  guint n;

  return tl_day_week_start (tl_month_picker_first (self, &n), tl_day_first_of_week ());
}

static void
set_class (GtkLabel *label, const char *name, gboolean has)
{
  if (has)
    gtk_widget_add_css_class (GTK_WIDGET (label), name);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (label), name);
}

static void
show_day (TlMonthPicker *self, guint i)
{
  GtkLabel *cell = self->cells[i];
  gint64 day = first_cell (self) + i;
  guint n;
  gint64 first = tl_month_picker_first (self, &n);
  gboolean is_of_month = day >= first && day < first + n;
  int year, month, date;
  g_autofree char *number = NULL;

  tl_day_to_date (day, &year, &month, &date);
  number = g_strdup_printf ("%d", date);
  gtk_label_set_label (cell, number);
  set_class (cell, "other", !is_of_month);
  set_class (cell, "today", day == tl_day_today ());
  set_class (cell, "picked", day == self->day);
  set_class (cell, "cursor", day == self->cursor);
  set_class (cell, "marked", is_of_month && self->marks & (1u << (day - first)));
}

static void
say (TlMonthPicker *self)
{
  g_autofree char *words = tl_day_format (self->cursor, _ ("%A %-d %B %Y"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  -1);
}

void
tl_month_picker_refresh (TlMonthPicker *self)
{
  g_autofree char *month = tl_day_format (self->cursor, "%OB");
  g_autofree char *year = tl_day_format (self->cursor, "%Y");
  gint64 first = first_cell (self);

  gtk_label_set_label (self->month, month);
  gtk_label_set_label (self->year, year);
  for (guint i = 0; i < 7; i++) {
    g_autofree char *name = tl_day_format (first + i, "%a");
    gtk_label_set_label (self->names[i], name);
  }
  for (guint i = 0; i < WEEKS; i++) {
    g_autofree char *number = g_strdup_printf ("%d", tl_day_week_number (first + i * 7 + 3));
    gtk_label_set_label (self->numbers[i], number);
    gtk_widget_set_visible (GTK_WIDGET (self->numbers[i]), tl_day_has_week_numbers ());
  }
  for (guint i = 0; i < G_N_ELEMENTS (self->cells); i++)
    show_day (self, i);
  say (self);
}

static void
move_to (TlMonthPicker *self, gint64 day)
{
  guint n;
  gint64 first = tl_month_picker_first (self, &n);
  gboolean is_another = day < first || day >= first + n;

  self->cursor = day;
  if (is_another)
    self->marks = 0;
  tl_month_picker_refresh (self);
  if (is_another)
    g_signal_emit (self, signals[MONTH], 0);
}

static void
move_months (TlMonthPicker *self, int months)
{
  move_to (self, tl_day_add_months (self->cursor, months));
}

void
tl_month_picker_mark (TlMonthPicker *self, guint32 days)
{
  self->marks = days;
  for (guint i = 0; i < G_N_ELEMENTS (self->cells); i++)
    show_day (self, i);
}

void
tl_month_picker_set_day (TlMonthPicker *self, gint64 day)
{
  self->day = day;
  move_to (self, day);
}

/* --- picking ------------------------------------------------------------------------------------- */

static void
pick (TlMonthPicker *self, gint64 day)
{
  tl_month_picker_set_day (self, day);
  g_signal_emit (self, signals[PICKED], 0, day);
}

static void
released (TlMonthPicker *self, int presses, double x, double y)
{
  GtkWidget *at = gtk_widget_pick (self->grid, x, y, GTK_PICK_DEFAULT);

  gtk_widget_grab_focus (self->grid);
  for (guint i = 0; i < G_N_ELEMENTS (self->cells); i++)
    if (at == GTK_WIDGET (self->cells[i])) {
      pick (self, first_cell (self) + i);
      return;
    }
}

static gboolean
key_pressed (TlMonthPicker *self, guint key, guint code, GdkModifierType modifiers)
{
  int forward = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? -1 : 1;
  int months = modifiers & GDK_CONTROL_MASK ? 12 : 1;

  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    move_to (self, self->cursor - forward);
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    move_to (self, self->cursor + forward);
  else if (key == GDK_KEY_Up || key == GDK_KEY_KP_Up)
    move_to (self, self->cursor - 7);
  else if (key == GDK_KEY_Down || key == GDK_KEY_KP_Down)
    move_to (self, self->cursor + 7);
  else if (key == GDK_KEY_Page_Up || key == GDK_KEY_KP_Page_Up)
    move_months (self, -months);
  else if (key == GDK_KEY_Page_Down || key == GDK_KEY_KP_Page_Down)
    move_months (self, months);
  else if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_space)
    pick (self, self->cursor);
  else
    return FALSE;
  return TRUE;
}

/* --- making -------------------------------------------------------------------------------------- */

static void
step_clicked (TlMonthPicker *self, GtkWidget *button)
{
  move_months (self, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "months")));
}

static GtkWidget *
step_new (TlMonthPicker *self, int months, const char *name)
{
  GtkWidget *button =
      gtk_button_new_from_icon_name (months < 0 ? "go-previous-symbolic" : "go-next-symbolic");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  g_object_set_data (G_OBJECT (button), "months", GINT_TO_POINTER (months));
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (step_clicked), self);
  return button;
}

static GtkWidget *
steps_new (TlMonthPicker *self, GtkLabel **label, int months, const char *before, const char *after)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  *label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_hexpand (GTK_WIDGET (*label), months == 1);
  gtk_box_append (GTK_BOX (box), step_new (self, -months, before));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (*label));
  gtk_box_append (GTK_BOX (box), step_new (self, months, after));
  return box;
}

static GtkLabel *
cell_new (TlMonthPicker *self, int column, int row, const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (label, class);
  gtk_widget_set_hexpand (label, column > 0);
  gtk_grid_attach (GTK_GRID (self->grid), label, column, row, 1, 1);
  return GTK_LABEL (label);
}

static GtkWidget *
grid_new (TlMonthPicker *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->grid = g_object_new (GTK_TYPE_GRID, "focusable", TRUE, "accessible-role",
                             GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  gtk_widget_add_css_class (self->grid, "month-days");
  for (int i = 0; i < 7; i++)
    self->names[i] = cell_new (self, i + 1, 0, "weekday");
  for (int i = 0; i < WEEKS; i++)
    self->numbers[i] = cell_new (self, 0, i + 1, "week-number");
  for (int i = 0; i < WEEKS * 7; i++)
    self->cells[i] = cell_new (self, i % 7 + 1, i / 7 + 1, "month-day");
  g_signal_connect_swapped (click, "released", G_CALLBACK (released), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed), self);
  gtk_widget_add_controller (self->grid, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (self->grid, keys);
  return self->grid;
}

static void
tl_month_picker_class_init (TlMonthPickerClass *class)
{
  signals[PICKED] = g_signal_new ("picked", TL_TYPE_MONTH_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[MONTH] = g_signal_new ("month", TL_TYPE_MONTH_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
tl_month_picker_init (TlMonthPicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *months = steps_new (self, &self->month, 1, _ ("Month before"), _ ("Month after"));

  self->day = self->cursor = tl_day_today ();
  gtk_widget_set_hexpand (months, TRUE);
  gtk_box_append (GTK_BOX (head), months);
  gtk_box_append (GTK_BOX (head),
                  steps_new (self, &self->year, 12, _ ("Year before"), _ ("Year after")));
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), grid_new (self));
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "month-picker");
  tl_month_picker_refresh (self);
}

GtkWidget *
tl_month_picker_new (void)
{
  return g_object_new (TL_TYPE_MONTH_PICKER, NULL);
}
