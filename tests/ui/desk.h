/* desk.h: the real window over a replica with made-up content (tests/ui/content.json), and looking at it. Wants a
 * display (meson runs these under xvfb-run). Criticals are fatal. */
#pragma once

#include "app/session.h"
#include "ui/window.h"

typedef struct {
  AdwApplication *application;
  TlSecrets *secrets;
  TlAccount *account;
  TlSession *session;
  TlWindow *window;
  TlMainView *view;
} Desk;

/* A program whose tests `add_tests` adds; each gets the desk as its data. Its exit status. */
int desk_run (int argc, char **argv, void (*add_tests) (Desk *desk));
/* A window in News, 1200 wide, with its articles. */
void desk_open (Desk *desk);
void desk_open_at (Desk *desk, int width);
void desk_close (Desk *desk);

typedef gboolean (*DeskCondition) (Desk *desk, gconstpointer what);
/* Runs the main loop until it holds. */
void desk_await (Desk *desk, DeskCondition condition, gconstpointer what, const char *name);
#define DESK_AWAIT(condition, what) desk_await (desk, condition, what, #condition)

/* A text somewhere in the window. */
gboolean desk_shows (Desk *desk, gconstpointer text);
gboolean desk_shows_not (Desk *desk, gconstpointer text);
/* As the row shows it. */
gboolean desk_shows_read (Desk *desk, gconstpointer title);
gboolean desk_shows_unread (Desk *desk, gconstpointer title);
gboolean desk_has_width (Desk *desk, gconstpointer width);

/* The first mapped widget below `from` that matches, or NULL. */
typedef gboolean (*DeskMatch) (GtkWidget *widget, gconstpointer what);
GtkWidget *desk_find (GtkWidget *from, DeskMatch match, gconstpointer what);
gboolean desk_is_label (GtkWidget *widget, gconstpointer text);
gboolean desk_is_type (GtkWidget *widget, gconstpointer type);
/* Activates an action of the first widget of a type. */
void desk_activate (Desk *desk, GType type, const char *action);
