/* walk.c: a walk through the real window over the desktop's replica, from inside: how long what a person asked for takes
 * to be painted, the frames of a scroll, and the longest turn of the main loop in all of it. A program of its own: the
 * account is the one that is signed in below XDG_DATA_HOME. Prints a figure a line: its id, its value in ms, and seconds
 * of CPU (0: not known). */
#include "tests/ui/desk.h"

#include "sync/actions.h"
#include "tests/bench/turns.h"
#include "ui/calendar/calendar-page.h"
#include "ui/chat/composer.h"
#include "ui/chat/room-page.h"
#include "ui/chat/rooms-page.h"
#include "ui/feed/feed-view.h"
#include "ui/news/news-list.h"
#include "ui/sidebar.h"

#include <stdio.h>

#define PATIENCE (10 * G_USEC_PER_SEC)
#define REST_US (900 * 1000) /* lists have grown by then */
#define ROOMS 10
#define FOLDERS 6
#define MONTHS 12
#define FRAMES 150
#define WHEEL 170 /* points a frame: a fast flick */

typedef struct {
  TlSession *session;
  TlWindow *window;
  TlMainView *view;
  gint64 painted;
  guint agendas;  /* answers of the calendar */
  GArray *frames; /* microseconds */
  double cpu;     /* seconds of the main thread for what was waited for last */
  gint64 frame_began;
} Walk;

/* --- waiting ------------------------------------------------------------------------------------- */

typedef gboolean (*Condition) (Walk *self, gconstpointer what);

static gboolean
tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
rest (gint64 microseconds)
{
  gint64 until = g_get_monotonic_time () + microseconds;
  guint beat = g_timeout_add (20, tick, NULL);

  while (g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (beat);
}

/* Milliseconds from `began` to the end of the first frame after it holds. */
static double
until_painted (Walk *self, gint64 began, Condition holds, gconstpointer what, const char *name)
{
  guint beat = g_timeout_add (20, tick, NULL);
  double cpu = turns_cpu ();
  gint64 held = 0;

  while (held == 0 || self->painted < held) {
    g_main_context_iteration (NULL, TRUE);
    if (held == 0 && holds (self, what))
      held = g_get_monotonic_time ();
    if (held && self->painted < held)
      gtk_widget_queue_draw (GTK_WIDGET (self->window));
    if (g_get_monotonic_time () - began > PATIENCE)
      g_error ("waited in vain for %s", name);
  }
  g_source_remove (beat);
  self->cpu = turns_cpu () - cpu;
  return (double)(self->painted - began) / 1000;
}

static void
say (const char *id, double value, double cpu)
{
  printf ("%s %f %f\n", id, value, cpu);
  fflush (stdout);
}

static GtkWidget *
page_of (Walk *self, GType type)
{
  return desk_find (GTK_WIDGET (self->window), desk_is_type, GSIZE_TO_POINTER (type));
}

static gboolean
says_in (Walk *self, GType type, const char *text)
{
  GtkWidget *page = page_of (self, type);

  return page && desk_find (page, desk_is_label, text);
}

/* --- sections ------------------------------------------------------------------------------------ */

typedef struct {
  const char *name;
  TlPlaceKind place;
  GType (*type) (void);
  const char *text;
} Section;

static gboolean
section_is_shown (Walk *self, gconstpointer what)
{
  const Section *section = what;

  return says_in (self, section->type (), section->text);
}

static void
walk_sections (Walk *self)
{
  static const Section sections[] = {
    { "news", TL_PLACE_NEWS, tl_news_list_get_type, "Entry " },
    { "feed", TL_PLACE_FEED, tl_feed_view_get_type, "boats are in" },
    { "chat", TL_PLACE_CHAT, tl_rooms_page_get_type, "Message " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sections); i++) {
    g_autofree char *id = g_strconcat ("app.first.", sections[i].name, NULL);
    gint64 began = g_get_monotonic_time ();
    double took;

    turns_step (id);
    tl_main_view_open_place (self->view, sections[i].place);
    took = until_painted (self, began, section_is_shown, &sections[i], id);
    say (id, took, self->cpu);
    rest (REST_US);
  }
}

/* --- rooms --------------------------------------------------------------------------------------- */

static double
median (GArray *values)
{
  double *all = (double *)(gpointer)values->data;

  turns_sort (all, values->len);
  return all[values->len / 2];
}

static gboolean
room_is_shown (Walk *self, gconstpointer what)
{
  return says_in (self, TL_TYPE_ROOM_PAGE, "Message ");
}

static void
walk_rooms (Walk *self)
{
  g_autoptr (TlKeyList) rooms =
      tl_room_list_new (self->session->replica, self->session->account->key);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  double cpu = 0;

  rest (REST_US);
  turns_step ("a room");
  for (guint i = 0; i < MIN (ROOMS, g_list_model_get_n_items (G_LIST_MODEL (rooms))); i++) {
    gint64 began = g_get_monotonic_time ();
    double took;

    tl_main_view_open_room (self->view, tl_key_list_key (rooms, i), 0);
    took = until_painted (self, began, room_is_shown, NULL, "a room");
    cpu += self->cpu;
    g_array_append_val (times, took);
    rest (REST_US / 2);
  }
  say ("app.switch.room", median (times), cpu / times->len);
}

/* --- folders ------------------------------------------------------------------------------------- */

static char *
first_title (Walk *self)
{
  GtkWidget *page = page_of (self, TL_TYPE_NEWS_LIST);
  GtkWidget *label = page ? desk_find (page, desk_is_label, "Entry ") : NULL;

  return g_strdup (label ? gtk_label_get_text (GTK_LABEL (label)) : "");
}

static gboolean
shows_other_articles (Walk *self, gconstpointer before)
{
  g_autofree char *title = first_title (self);

  return *title && g_strcmp0 (title, before) != 0;
}

static void
walk_folders (Walk *self)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  GtkWidget *list;
  GtkSelectionModel *rows;
  double cpu = 0;

  tl_main_view_open_place (self->view, TL_PLACE_NEWS);
  rest (REST_US);
  list = desk_find (page_of (self, TL_TYPE_SIDEBAR), desk_is_type,
                    GSIZE_TO_POINTER (GTK_TYPE_LIST_VIEW));
  rows = gtk_list_view_get_model (GTK_LIST_VIEW (list));
  turns_step ("a folder");
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (rows)) && times->len < FOLDERS;
       i++) {
    g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (rows), i);
    g_autofree char *before = first_title (self);
    gint64 began = g_get_monotonic_time ();
    double took;

    if (!TL_IS_FEED_ITEM (item) || !TL_FEED_ITEM (item)->is_folder)
      continue;
    gtk_selection_model_select_item (rows, i, TRUE);
    took = until_painted (self, began, shows_other_articles, before, "a folder");
    cpu += self->cpu;
    g_array_append_val (times, took);
    rest (REST_US / 2);
  }
  say ("app.switch.folder", median (times), cpu / times->len);
}

/* --- months -------------------------------------------------------------------------------------- */

static void
agenda_answered (Walk *self)
{
  self->agendas++;
}

static gboolean
has_answer (Walk *self, gconstpointer before)
{
  return self->agendas > GPOINTER_TO_UINT (before);
}

static void
walk_months (Walk *self)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 began = g_get_monotonic_time ();
  double took, cpu = 0;
  GtkWidget *page;

  turns_step ("app.first.calendar");
  tl_main_view_show_calendar (self->view, "month", NULL);
  page = page_of (self, TL_TYPE_CALENDAR_PAGE);
  g_signal_connect_swapped (tl_calendar_page_agenda (TL_CALENDAR_PAGE (page)), "items-changed",
                            G_CALLBACK (agenda_answered), self);
  took = until_painted (self, began, has_answer, NULL, "the calendar");
  say ("app.first.calendar", took, self->cpu);
  rest (REST_US);
  turns_step ("a month");
  for (guint i = 1; i <= MONTHS; i++) {
    g_autofree char *date = g_strdup_printf ("2025-%02u-15", i);
    guint before = self->agendas;

    began = g_get_monotonic_time ();
    tl_main_view_show_calendar (self->view, NULL, date);
    took = until_painted (self, began, has_answer, GUINT_TO_POINTER (before), "a month");
    cpu += self->cpu;
    g_array_append_val (times, took);
    rest (REST_US / 3);
  }
  say ("app.switch.month", median (times), cpu / times->len);
}

/* --- scrolling ----------------------------------------------------------------------------------- */

typedef struct {
  GtkAdjustment *adjustment;
  int step;
  guint left;
} Scroll;

static gboolean
scroll_on (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Scroll *scroll = data;

  gtk_adjustment_set_value (scroll->adjustment,
                            gtk_adjustment_get_value (scroll->adjustment) + scroll->step);
  return --scroll->left > 0;
}

static void
walk_scroll (Walk *self, const char *id, GType page, int step)
{
  GtkWidget *list =
      desk_find (page_of (self, page), desk_is_type, GSIZE_TO_POINTER (GTK_TYPE_LIST_VIEW));
  GtkWidget *scroller = gtk_widget_get_ancestor (list, GTK_TYPE_SCROLLED_WINDOW);
  Scroll scroll = { gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)), step,
                    FRAMES };

  rest (REST_US);
  turns_step (id);
  g_array_set_size (self->frames, 0);
  gtk_widget_add_tick_callback (list, scroll_on, &scroll, NULL);
  while (scroll.left > 0)
    g_main_context_iteration (NULL, TRUE);
  say (id, turns_percentile (self->frames, 0.95) / 1000, 0);
}

static void
walk_scrolls (Walk *self)
{
  tl_main_view_open_place (self->view, TL_PLACE_NEWS);
  walk_scroll (self, "app.scroll.articles", TL_TYPE_NEWS_LIST, WHEEL);
  tl_main_view_open_place (self->view, TL_PLACE_FEED);
  walk_scroll (self, "app.scroll.posts", TL_TYPE_FEED_VIEW, WHEEL);
  tl_main_view_open_place (self->view, TL_PLACE_CHAT);
  walk_scroll (self, "app.scroll.messages", TL_TYPE_ROOM_PAGE, -WHEEL);
}

/* --- typing -------------------------------------------------------------------------------------- */

static double
search_for (Walk *self, TlKeyList *hits, const char *text)
{
  gint64 began = g_get_monotonic_time ();
  g_autoptr (DexFuture) ready = NULL;

  tl_search_list_ask (hits, text, 0);
  ready = tl_key_list_when_ready (hits);
  while (dex_future_is_pending (ready))
    g_main_context_iteration (NULL, TRUE);
  return (double)(g_get_monotonic_time () - began);
}

/* Letter by letter, as they are typed. */
static void
walk_search (Walk *self)
{
  static const char *const words[] = { "harbour",      "drying nets",       "coralra",
                                       "message 4711", "\"so it is said\"", "event pier",
                                       "person1" };
  g_autoptr (TlKeyList) hits =
      tl_search_list_new (self->session->replica, self->session->account->key);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  turns_step ("a search");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    for (const char *end = words[i] + 1; end[-1]; end++) {
      g_autofree char *typed = g_strndup (words[i], (gsize)(end - words[i]));
      gint64 took = (gint64)search_for (self, hits, typed);

      g_array_append_val (times, took);
    }
  say ("app.search.p50", turns_percentile (times, 0.5) / 1000, 0);
  say ("app.search.p95", turns_percentile (times, 0.95) / 1000, 0);
}

static char *
load_draft (Walk *self, const char *place)
{
  g_autoptr (DexFuture) loaded = tl_draft_load (self->session->replica, place);

  while (dex_future_is_pending (loaded))
    g_main_context_iteration (NULL, TRUE);
  return g_value_dup_string (dex_future_get_value (loaded, NULL));
}

/* From a letter in the composer to a draft that another reader finds in the file. */
static void
walk_keystroke (Walk *self)
{
  GtkWidget *composer = page_of (self, TL_TYPE_COMPOSER);
  GtkWidget *text = desk_find (composer, desk_is_type, GSIZE_TO_POINTER (GTK_TYPE_TEXT_VIEW));
  g_autofree char *place =
      g_strdup_printf ("room:%" G_GINT64_FORMAT, tl_main_view_room (self->view));
  g_autofree char *typed = g_uuid_string_random (); /* another draft than of the last time */
  gint64 began = g_get_monotonic_time ();

  turns_step ("a letter");
  gtk_text_buffer_insert_at_cursor (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), typed, -1);
  for (;;) {
    g_autofree char *draft = load_draft (self, place);

    if (draft && g_str_has_suffix (draft, typed))
      break;
    if (g_get_monotonic_time () - began > PATIENCE)
      g_error ("no draft was kept");
    rest (5000);
  }
  say ("app.keystroke", (double)(g_get_monotonic_time () - began) / 1000, 0);
}

/* --- the walk ------------------------------------------------------------------------------------ */

static void
before_paint (GdkFrameClock *clock, Walk *self)
{
  self->frame_began = g_get_monotonic_time ();
}

static void
after_paint (GdkFrameClock *clock, Walk *self)
{
  gint64 took;

  self->painted = g_get_monotonic_time ();
  took = self->painted - self->frame_began;
  g_array_append_val (self->frames, took);
}

static void
open_window (Walk *self, GtkApplication *application)
{
  g_autoptr (GPtrArray) accounts = tl_accounts_list ();
  g_autoptr (TlSecrets) secrets = tl_secrets_new ();
  g_autoptr (GError) error = NULL;
  GdkFrameClock *clock;

  if (accounts->len == 0)
    g_error ("nobody is signed in");
  self->session = tl_session_open (accounts->pdata[0], NULL, secrets, &error);
  if (self->session == NULL)
    g_error ("%s", error->message);
  self->window = tl_window_new (application);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1280, 840);
  self->view = tl_window_show_session (self->window, self->session);
  gtk_window_present (GTK_WINDOW (self->window));
  clock = gdk_surface_get_frame_clock (gtk_native_get_surface (GTK_NATIVE (self->window)));
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint), self);
}

/* As it is left by a person: a replica that was not closed is read whole at the next start. */
static void
close_window (Walk *self)
{
  g_autoptr (DexFuture) closed = NULL;

  gtk_window_destroy (GTK_WINDOW (self->window));
  closed = tl_session_close (self->session);
  while (dex_future_is_pending (closed))
    g_main_context_iteration (NULL, TRUE);
}

static void
walk (GtkApplication *application, gpointer data)
{
  Walk self = { .frames = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  const char *step;
  double cpu, longest;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  open_window (&self, application);
  rest (2 * REST_US);
  turns_watch ();
  walk_sections (&self);
  walk_rooms (&self);
  walk_folders (&self);
  walk_months (&self);
  walk_scrolls (&self);
  walk_search (&self);
  walk_keystroke (&self);
  longest = turns_longest (&step, &cpu);
  say ("app.block", longest, cpu);
  fprintf (stderr, "the longest turn of the main loop was in %s\n", step);
  close_window (&self);
  g_array_unref (self.frames);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;

  dex_init ();
  application = ADW_APPLICATION (g_object_new (
      ADW_TYPE_APPLICATION, "application-id", "org.tideline.Tideline.Walk", "flags",
      G_APPLICATION_NON_UNIQUE, "resource-base-path", "/org/tideline/Tideline", NULL));
  g_signal_connect (application, "activate", G_CALLBACK (walk), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
