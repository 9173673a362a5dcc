/* feeds.h: a tiny HTTP server in a thread: Atom feeds of 100 entries of 2.4 kB at /feed/<number>. */
#pragma once

#include <glib.h>

#define FEED_ENTRIES 100

typedef struct _Feeds Feeds;

/* Serves the feeds 0 to n - 1. */
Feeds *feeds_start (guint n);
guint feeds_port (Feeds *self);
void feeds_stop (Feeds *self);
