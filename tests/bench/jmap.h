/* jmap.h: requests as the app makes them, and as little of the answers as the rows look at. */
#pragma once

#include "tests/bench/bench.h"
#include "tests/bench/http-load.h"

#include <json-glib/json-glib.h>

/* A request of `calls`, JSON text of the methodCalls array. */
GBytes *jmap_request (const BenchPerson *person, const char *calls);
/* What the app sends to catch up on every type since `state`. */
GBytes *jmap_pull (const BenchPerson *person, const char *state);
/* Message/set: one message of `body` in `room`, with an operation id. */
GBytes *jmap_send (const BenchPerson *person, gint64 room, const char *body);
/* The same of `n` messages. */
GBytes *jmap_send_many (const BenchPerson *person, gint64 room, guint n);
/* Message/changes since `state`; with what was created when `whole`. */
GBytes *jmap_messages_since (const BenchPerson *person, const char *state, gboolean whole);
/* ArticleMark/set of one article. */
GBytes *jmap_star (const BenchPerson *person, gint64 article, gboolean create, gboolean starred);

/* A room of `owner` and `n` others; 0 and why when it is not made. */
gint64 jmap_make_room (HttpLine *line, const BenchPerson *owner, const BenchPerson *others, guint n,
                       char **why);
/* The text of the first member `name` of an answer, a string; NULL when there is none. */
char *jmap_member (const char *answer, gsize length, const char *name);
/* The state of everything now; NULL when the server does not tell. */
char *jmap_state (HttpLine *line, const BenchPerson *person);
/* Sends `request` (taken) and looks whether it was done; FALSE with what came in *why. */
gboolean jmap_done (HttpLine *line, GBytes *request, char **why);
/* Bytes of the objects of an answer to jmap_pull(), as compact JSON; and how many. */
gsize jmap_objects (const char *answer, gsize length, guint *n);
