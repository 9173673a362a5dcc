/* agenda-view.c: a list view; its sections are days, which GTK is told by a sorter over the order that is there. */
#include "ui/calendar/agenda-view.h"

#include "ui/calendar/calendar-colors.h"
#include "ui/calendar/days.h"
#include "ui/growing-list.h"
#include "ui/top-keeper.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlAgendaView {
  AdwBin parent;
  GtkStack *stack;
  GtkListView *list;
  GtkScrolledWindow *scroller;
  TlAgenda *agenda;
};

enum { OPEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlAgendaView, tl_agenda_view, ADW_TYPE_BIN)

/* --- rows ---------------------------------------------------------------------------------------- */

static char *
time_words (const TlOccurrenceItem *item)
{
  g_autofree char *from = tl_words_clock (item->start);
  g_autofree char *to = tl_words_clock (item->end);

  if (item->is_all_day)
    return g_strdup (_ ("All day"));
  return item->end > item->start ? g_strdup_printf ("%s – %s", from, to) : g_steal_pointer (&from);
}

static GtkWidget *
label_new (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (class)
    gtk_widget_add_css_class (label, class);
  return label;
}

static void
row_setup (TlAgendaView *self, GtkListItem *cell)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *stripe = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *time = label_new ("numeric");

  gtk_widget_set_size_request (time, 96, -1);
  gtk_widget_add_css_class (time, "dimmed");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), label_new ("heading"));
  gtk_box_append (GTK_BOX (texts), label_new ("caption"));
  gtk_box_append (GTK_BOX (row), stripe);
  gtk_box_append (GTK_BOX (row), time);
  gtk_box_append (GTK_BOX (row), texts);
  gtk_list_item_set_child (cell, row);
}

static void
row_bind (TlAgendaView *self, GtkListItem *cell)
{
  TlOccurrenceItem *item = gtk_list_item_get_item (cell);
  GtkWidget *stripe = gtk_widget_get_first_child (gtk_list_item_get_child (cell));
  GtkWidget *time = gtk_widget_get_next_sibling (stripe);
  GtkWidget *texts = gtk_widget_get_next_sibling (time);
  GtkWidget *title = gtk_widget_get_first_child (texts), *where = gtk_widget_get_last_child (texts);
  const char *classes[] = { "stripe", tl_calendar_class (item->color), NULL };
  g_autofree char *when = time_words (item);
  g_autofree char *place = item->location && *item->location
                               ? g_strdup_printf ("%s · %s", item->location, item->calendar_name)
                               : g_strdup (item->calendar_name);
  g_autofree char *sentence = NULL;
  const char *name = item->title && *item->title ? item->title : _ ("No title");

  gtk_widget_set_css_classes (stripe, classes);
  gtk_label_set_label (GTK_LABEL (time), when);
  gtk_label_set_label (GTK_LABEL (title), name);
  gtk_label_set_label (GTK_LABEL (where), item->is_unanswered ? _ ("Waits for your answer")
                                          : place             ? place
                                                              : "");
  gtk_widget_set_opacity (title, item->is_cancelled ? 0.5 : 1);
  sentence = g_strdup_printf ("%s, %s, %s", name, when, gtk_label_get_label (GTK_LABEL (where)));
  gtk_list_item_set_accessible_label (cell, sentence);
}

static void
header_setup (TlAgendaView *self, GtkListHeader *header)
{
  gtk_list_header_set_child (header, label_new ("caption-heading"));
}

static void
header_bind (TlAgendaView *self, GtkListHeader *header)
{
  TlOccurrenceItem *item = gtk_list_header_get_item (header);
  gint64 day = tl_day_of (item->start), today = tl_day_today ();
  g_autofree char *date = tl_day_format (day, _ ("%A %-d %B"));
  g_autofree char *text = day == today       ? g_strdup_printf (_ ("Today · %s"), date)
                          : day == today + 1 ? g_strdup_printf (_ ("Tomorrow · %s"), date)
                                             : g_steal_pointer (&date);

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), text);
}

static void
activated (TlAgendaView *self, guint position)
{
  GtkSelectionModel *model = gtk_list_view_get_model (self->list);
  g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (model), position);

  if (item)
    g_signal_emit (self, signals[OPEN], 0, item, GTK_WIDGET (self));
}

/* --- making -------------------------------------------------------------------------------------- */

static int
compare_days (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 one = tl_day_of (TL_OCCURRENCE_ITEM ((gpointer)a)->start);
  gint64 other = tl_day_of (TL_OCCURRENCE_ITEM ((gpointer)b)->start);

  return one < other ? -1 : one > other;
}

static int
keep_order (gconstpointer a, gconstpointer b, gpointer data)
{
  const TlOccurrenceItem *one = a, *other = b;

  return one->start < other->start ? -1 : one->start > other->start;
}

static void
count_changed (TlAgendaView *self, guint position, guint removed, guint added, GListModel *model)
{
  gtk_stack_set_visible_child_name (self->stack,
                                    g_list_model_get_n_items (model) > 0 ? "rows" : "empty");
  tl_top_keeper_rows_changed (self->scroller);
}

/* While another view shows the agenda, no rows follow it. */
static void
hidden (TlAgendaView *self)
{
  gtk_list_view_set_model (self->list, NULL);
}

static void
shown (TlAgendaView *self)
{
  GtkSorter *order, *days;
  GtkSortListModel *sections;
  g_autoptr (GtkNoSelection) selection = NULL;

  if (self->agenda == NULL)
    return;
  order = GTK_SORTER (gtk_custom_sorter_new (keep_order, NULL, NULL));
  days = GTK_SORTER (gtk_custom_sorter_new (compare_days, NULL, NULL));
  sections = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->agenda)), order);
  gtk_sort_list_model_set_section_sorter (sections, days);
  g_object_unref (days);
  selection = gtk_no_selection_new (tl_growing_list_new (G_LIST_MODEL (sections), self->list));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_signal_connect_object (selection, "items-changed", G_CALLBACK (count_changed), self,
                           G_CONNECT_SWAPPED);
  count_changed (self, 0, 0, 0, G_LIST_MODEL (selection));
}

void
tl_agenda_view_set_agenda (TlAgendaView *self, TlAgenda *agenda)
{
  g_set_object (&self->agenda, agenda);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    shown (self);
}

static void
tl_agenda_view_dispose (GObject *object)
{
  g_clear_object (&TL_AGENDA_VIEW (object)->agenda);
  G_OBJECT_CLASS (tl_agenda_view_parent_class)->dispose (object);
}

static void
tl_agenda_view_class_init (TlAgendaViewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = tl_agenda_view_dispose;
  signals[OPEN] = g_signal_new ("open", TL_TYPE_AGENDA_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, TL_TYPE_OCCURRENCE_ITEM, GTK_TYPE_WIDGET);
}

static GtkListItemFactory *
factory_new (TlAgendaView *self, GCallback setup, GCallback bind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", setup, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", bind, self, G_CONNECT_SWAPPED);
  return factory;
}

static void
tl_agenda_view_init (TlAgendaView *self)
{
  g_autoptr (GtkListItemFactory) headers =
      factory_new (self, G_CALLBACK (header_setup), G_CALLBACK (header_bind));
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_scrollable_new ();
  GtkWidget *empty = adw_status_page_new ();

  self->stack = GTK_STACK (gtk_stack_new ());
  self->list = GTK_LIST_VIEW (
      gtk_list_view_new (NULL, factory_new (self, G_CALLBACK (row_setup), G_CALLBACK (row_bind))));
  gtk_list_view_set_header_factory (self->list, headers);
  gtk_list_view_set_single_click_activate (self->list, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "item-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Agenda"), -1);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (activated), self, G_CONNECT_SWAPPED);
  adw_clamp_scrollable_set_maximum_size (ADW_CLAMP_SCROLLABLE (clamp), 760);
  adw_clamp_scrollable_set_child (ADW_CLAMP_SCROLLABLE (clamp), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  self->scroller = GTK_SCROLLED_WINDOW (scroller);
  tl_top_keeper_attach (self->scroller);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (empty), "x-office-calendar-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (empty), _ ("Nothing Planned"));
  adw_status_page_set_description (ADW_STATUS_PAGE (empty), _ ("Press N to plan something"));
  gtk_stack_add_named (self->stack, empty, "empty");
  gtk_stack_add_named (self->stack, scroller, "rows");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
  g_signal_connect (self, "map", G_CALLBACK (shown), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (hidden), NULL);
}

GtkWidget *
tl_agenda_view_new (void)
{
  return g_object_new (TL_TYPE_AGENDA_VIEW, NULL);
}
