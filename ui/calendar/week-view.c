/* week-view.c: which days, where the cursor is, and what keys and the pointer do with blocks. Main thread. */
#include "ui/calendar/week-private.h"

#include "ui/calendar/days.h"

#include <glib/gi18n-lib.h>

enum { OPEN, NEW, MOVE, MOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlWeekPart, tl_week_part, GTK_TYPE_WIDGET)
G_DEFINE_FINAL_TYPE (TlWeekView, tl_week_view, ADW_TYPE_BIN)

static int
minutes_at (double y)
{
  return CLAMP ((int)(y * 60 / HOUR), 0, 24 * 60 - 1);
}

static int
snapped (int minutes)
{
  return (minutes + STEP / 2) / STEP * STEP;
}

static void
snapshot_part (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TlWeekPart *self = TL_WEEK_PART (widget);

  g_array_set_size (self->places, 0);
  (self->is_head ? tl_week_draw_head : tl_week_draw_grid) (self, snapshot);
}

static void
measure_part (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
              int *natural, int *minimum_baseline, int *natural_baseline)
{
  TlWeekPart *self = TL_WEEK_PART (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = 300, *natural = 900;
  else
    *minimum = *natural =
        self->is_head ? DATE_LINE + 4 + (int)tl_week_bar_lines (self->view) * BAR : 24 * HOUR;
}

static void
tl_week_part_finalize (GObject *object)
{
  g_array_unref (TL_WEEK_PART (object)->places);
  G_OBJECT_CLASS (tl_week_part_parent_class)->finalize (object);
}

static gboolean key_move (GtkWidget *widget, GVariant *args, gpointer data);
static gboolean key_shift (GtkWidget *widget, GVariant *args, gpointer data);
static gboolean key_stretch (GtkWidget *widget, GVariant *args, gpointer data);
static gboolean key_open (GtkWidget *widget, GVariant *args, gpointer data);
static gboolean key_new (GtkWidget *widget, GVariant *args, gpointer data);

static void
tl_week_part_class_init (TlWeekPartClass *class)
{
  static const struct {
    guint key;
    int days, minutes;
  } arrows[] = {
    { GDK_KEY_Left, -1, 0 }, { GDK_KEY_Right, 1, 0 }, { GDK_KEY_Up, 0, -1 }, { GDK_KEY_Down, 0, 1 }
  };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = tl_week_part_finalize;
  widget_class->snapshot = snapshot_part;
  widget_class->measure = measure_part;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++) {
    gtk_widget_class_add_binding (widget_class, arrows[i].key, 0, key_move, "(ii)", arrows[i].days,
                                  arrows[i].minutes * 60);
    gtk_widget_class_add_binding (widget_class, arrows[i].key, GDK_ALT_MASK, key_shift, "(ii)",
                                  arrows[i].days, arrows[i].minutes * STEP);
    if (arrows[i].minutes)
      gtk_widget_class_add_binding (widget_class, arrows[i].key, GDK_ALT_MASK | GDK_SHIFT_MASK,
                                    key_stretch, "i", arrows[i].minutes * STEP);
  }
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, key_open, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_n, 0, key_new, NULL);
}

static void
tl_week_part_init (TlWeekPart *self)
{
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
}

/* --- keys ---------------------------------------------------------------------------------------- */

static void
redraw (TlWeekView *self)
{
  gtk_widget_queue_resize (GTK_WIDGET (self->head));
  gtk_widget_queue_draw (GTK_WIDGET (self->grid));
}

/* The first item that fills the cursor's hour; a reference. */
static TlOccurrenceItem *
item_at_cursor (TlWeekView *self)
{
  for (guint i = 0; i < tl_week_n_items (self); i++) {
    TlOccurrenceItem *item = g_list_model_get_item (G_LIST_MODEL (self->agenda), i);
    int from, to;

    if (!tl_week_is_bar (item) && tl_week_minutes_on (item, self->cursor, &from, &to) &&
        from < self->cursor_minutes + 60 && MAX (to, from + 1) > self->cursor_minutes)
      return item;
    g_object_unref (item);
  }
  return NULL;
}

static void
say (TlWeekView *self)
{
  g_autofree char *day = tl_day_format (self->cursor, "%A %-d %B");
  g_autoptr (TlOccurrenceItem) item = item_at_cursor (self);
  g_autofree char *text = g_strdup_printf ("%s, %02d:%02d%s%s", day, self->cursor_minutes / 60,
                                           self->cursor_minutes % 60, item ? ", " : "",
                                           item ? tl_week_title_of (item) : "");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static void
show_cursor (TlWeekView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double y = self->cursor_minutes * HOUR / 60.0;

  gtk_adjustment_clamp_page (adjustment, y, y + HOUR);
  say (self);
  redraw (self);
}

static gboolean
key_move (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlWeekView *self = TL_WEEK_PART (widget)->view;
  int days, minutes;

  g_variant_get (args, "(ii)", &days, &minutes);
  self->cursor_minutes = CLAMP (self->cursor_minutes + minutes, 0, 23 * 60);
  if (days != 0) {
    tl_week_view_show (self, self->cursor + days);
    g_signal_emit (self, signals[MOVED], 0, self->cursor);
  }
  show_cursor (self);
  return TRUE;
}

static void
want (TlWeekView *self, TlOccurrenceItem *item, gint64 day, int from, int to)
{
  if (item->is_writable)
    g_signal_emit (self, signals[MOVE], 0, item, day, from, to);
}

static gboolean
key_shift (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlWeekView *self = TL_WEEK_PART (widget)->view;
  g_autoptr (TlOccurrenceItem) item = item_at_cursor (self);
  int days, minutes, from, length;

  g_variant_get (args, "(ii)", &days, &minutes);
  if (item == NULL)
    return FALSE;
  from = tl_clock_minutes (item->start) + minutes;
  length = (int)((item->end - item->start) / 60000);
  want (self, item, tl_day_of (item->start) + days, CLAMP (from, 0, 1439),
        CLAMP (from, 0, 1439) + length);
  self->cursor += days;
  show_cursor (self);
  return TRUE;
}

static gboolean
key_stretch (GtkWidget *widget, GVariant *minutes, gpointer data)
{
  TlWeekView *self = TL_WEEK_PART (widget)->view;
  g_autoptr (TlOccurrenceItem) item = item_at_cursor (self);
  int from, length;

  if (item == NULL)
    return FALSE;
  from = tl_clock_minutes (item->start);
  length = (int)((item->end - item->start) / 60000) + g_variant_get_int32 (minutes);
  want (self, item, tl_day_of (item->start), from, from + MAX (length, STEP));
  return TRUE;
}

static gboolean
key_open (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlWeekView *self = TL_WEEK_PART (widget)->view;
  g_autoptr (TlOccurrenceItem) item = item_at_cursor (self);
  GdkRectangle area = { (int)tl_week_day_x (self->grid, (int)(self->cursor - self->first)),
                        self->cursor_minutes * HOUR / 60, (int)tl_week_day_width (self->grid),
                        HOUR };

  if (item == NULL)
    return key_new (widget, NULL, NULL);
  g_signal_emit (self, signals[OPEN], 0, item, widget, &area);
  return TRUE;
}

static gboolean
key_new (GtkWidget *widget, GVariant *args, gpointer data)
{
  TlWeekView *self = TL_WEEK_PART (widget)->view;

  g_signal_emit (self, signals[NEW], 0, self->cursor, self->cursor_minutes,
                 self->cursor_minutes + 60);
  return TRUE;
}

/* --- the pointer --------------------------------------------------------------------------------- */

static TlOccurrenceItem *
item_at (TlWeekPart *part, double x, double y, GdkRectangle *area)
{
  for (guint i = part->places->len; i > 0; i--) {
    const Place *place = &g_array_index (part->places, Place, i - 1);

    if (gdk_rectangle_contains_point (&place->area, (int)x, (int)y)) {
      *area = place->area;
      return g_list_model_get_item (G_LIST_MODEL (part->view->agenda), place->position);
    }
  }
  return NULL;
}

static void
clicked (GtkGestureClick *click, int presses, double x, double y, TlWeekPart *part)
{
  TlWeekView *self = part->view;
  GdkRectangle area;
  g_autoptr (TlOccurrenceItem) item = item_at (part, x, y, &area);

  if (part->is_head) {
    if (item)
      g_signal_emit (self, signals[OPEN], 0, item, part, &area);
    return;
  }
  gtk_widget_grab_focus (GTK_WIDGET (part));
  self->cursor = self->first + tl_week_column_at (part, x);
  self->cursor_minutes = minutes_at (y) / 60 * 60;
  say (self);
  redraw (self);
  if (item && !self->is_dragging)
    g_signal_emit (self, signals[OPEN], 0, item, part, &area);
  else if (presses == 2)
    key_new (GTK_WIDGET (part), NULL, NULL);
}

static void
drag_begin (GtkGestureDrag *drag, double x, double y, TlWeekPart *part)
{
  TlWeekView *self = part->view;
  GdkRectangle area;

  g_clear_object (&self->dragged);
  self->dragged = item_at (part, x, y, &area);
  if (self->dragged && !self->dragged->is_writable)
    g_clear_object (&self->dragged);
  self->is_stretching = self->dragged && y > area.y + area.height - 8;
  self->drag_day = self->first + tl_week_column_at (part, x);
  self->grab = minutes_at (y);
}

static void
drag_update (GtkGestureDrag *drag, double dx, double dy, TlWeekPart *part)
{
  TlWeekView *self = part->view;
  double x, y;
  int now, from, length;

  gtk_gesture_drag_get_start_point (drag, &x, &y);
  if (!self->is_dragging && ABS (dx) < 8 && ABS (dy) < 8)
    return;
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED); /* no click any more */
  self->is_dragging = TRUE;
  now = minutes_at (y + dy);
  if (self->dragged == NULL) {
    self->drag_from = snapped (MIN (self->grab, now));
    self->drag_to = MAX (snapped (MAX (self->grab, now)), self->drag_from + STEP);
  } else {
    from = tl_clock_minutes (self->dragged->start);
    length = (int)((self->dragged->end - self->dragged->start) / 60000);
    if (self->is_stretching) {
      self->drag_from = from;
      self->drag_to = MAX (snapped (now), from + STEP);
    } else {
      self->drag_day = self->first + tl_week_column_at (part, x + dx);
      self->drag_from = CLAMP (snapped (from + now - self->grab), 0, 24 * 60 - STEP);
      self->drag_to = self->drag_from + length;
    }
  }
  gtk_widget_queue_draw (GTK_WIDGET (part));
}

static void
drag_end (GtkGestureDrag *drag, double dx, double dy, TlWeekPart *part)
{
  TlWeekView *self = part->view;

  if (self->is_dragging) {
    if (self->dragged)
      want (self, self->dragged, self->drag_day, self->drag_from, self->drag_to);
    else
      g_signal_emit (self, signals[NEW], 0, self->drag_day, self->drag_from, self->drag_to);
  }
  self->is_dragging = FALSE;
  g_clear_object (&self->dragged);
  gtk_widget_queue_draw (GTK_WIDGET (part));
}

/* --- from outside -------------------------------------------------------------------------------- */

void
tl_week_view_show (TlWeekView *self, gint64 day)
{
  self->cursor = day;
  self->first = self->days == 7 ? tl_day_week_start (day, tl_day_first_of_week ()) : day;
  say (self);
  redraw (self);
}

void
tl_week_view_range (TlWeekView *self, gint64 *first, guint *n)
{
  *first = self->first;
  *n = self->days;
}

void
tl_week_view_set_days (TlWeekView *self, guint days)
{
  self->days = days;
  tl_week_view_show (self, self->cursor);
}

static void
go_to_now (gpointer data)
{
  g_autoptr (TlWeekView) self = data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double hour = tl_clock_minutes (g_get_real_time () / 1000) / 60.0;

  gtk_adjustment_set_value (adjustment, MAX (0, MIN (hour - 2, 8)) * HOUR);
}

void
tl_week_view_scroll_to_now (TlWeekView *self)
{
  g_timeout_add_once (50, go_to_now, g_object_ref (self));
}

void
tl_week_view_set_agenda (TlWeekView *self, TlAgenda *agenda)
{
  g_set_object (&self->agenda, agenda);
  g_signal_connect_object (agenda, "items-changed", G_CALLBACK (redraw), self, G_CONNECT_SWAPPED);
}

/* --- making -------------------------------------------------------------------------------------- */

static gboolean
minute_passed (gpointer data)
{
  gtk_widget_queue_draw (GTK_WIDGET (TL_WEEK_VIEW (data)->grid));
  return G_SOURCE_CONTINUE;
}

static void
tl_week_view_dispose (GObject *object)
{
  TlWeekView *self = TL_WEEK_VIEW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->agenda);
  g_clear_object (&self->dragged);
  G_OBJECT_CLASS (tl_week_view_parent_class)->dispose (object);
}

static void
tl_week_view_class_init (TlWeekViewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = tl_week_view_dispose;
  signals[OPEN] =
      g_signal_new ("open", TL_TYPE_WEEK_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                    3, TL_TYPE_OCCURRENCE_ITEM, GTK_TYPE_WIDGET, GDK_TYPE_RECTANGLE);
  signals[NEW] = g_signal_new ("new", TL_TYPE_WEEK_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_INT, G_TYPE_INT);
  signals[MOVE] =
      g_signal_new ("move", TL_TYPE_WEEK_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                    4, TL_TYPE_OCCURRENCE_ITEM, G_TYPE_INT64, G_TYPE_INT, G_TYPE_INT);
  signals[MOVED] = g_signal_new ("moved", TL_TYPE_WEEK_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_INT64);
}

static TlWeekPart *
part_new (TlWeekView *view, gboolean is_head)
{
  TlWeekPart *part = g_object_new (TL_TYPE_WEEK_PART, NULL);
  GtkGesture *click = gtk_gesture_click_new ();

  part->view = view;
  part->is_head = is_head;
  g_signal_connect (click, "released", G_CALLBACK (clicked), part);
  gtk_widget_add_controller (GTK_WIDGET (part), GTK_EVENT_CONTROLLER (click));
  if (!is_head) {
    GtkGesture *drag = gtk_gesture_drag_new ();

    gtk_widget_set_focusable (GTK_WIDGET (part), TRUE);
    g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin), part);
    g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update), part);
    g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end), part);
    gtk_widget_add_controller (GTK_WIDGET (part), GTK_EVENT_CONTROLLER (drag));
  }
  return part;
}

static void
tl_week_view_init (TlWeekView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->days = 7;
  self->cursor_minutes = 9 * 60;
  self->head = part_new (self, TRUE);
  self->grid = part_new (self, FALSE);
  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (self->scroller, GTK_WIDGET (self->grid));
  gtk_widget_set_vexpand (GTK_WIDGET (self->scroller), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->head));
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->scroller));
  adw_bin_set_child (ADW_BIN (self), box);
  self->timer = g_timeout_add_seconds (30, minute_passed, self);
  tl_week_view_show (self, tl_day_today ());
}
