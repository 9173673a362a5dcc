/* caller.h: a client that says every byte itself, over TCP to the loopback: for tests of the edge.
 * Reading waits 20 s at most, then the test fails. */
#pragma once

#include <glib.h>

typedef struct {
  guint status; /* 0: the connection ended before an answer */
  char *head;
  char *body; /* NUL-terminated beyond `length` */
  gsize length;
} Answer;

/* -1 when nobody listens (any more). */
int caller_connect (guint port);
/* FALSE when the other side doesn't take it any more. */
gboolean caller_send (int fd, const void *bytes, gsize length);
gboolean caller_say (int fd, const char *text);
/* The next answer, its body as Content-Length says; `is_head`: without one. */
Answer *caller_hear (int fd, gboolean is_head);
/* All of `length`; FALSE when the connection ended first. */
gboolean caller_read (int fd, void *bytes, gsize length);
void caller_hang_up (int fd);
/* With a reset instead of a farewell. */
void caller_break_off (int fd);

/* One request on a connection of its own; `head` is what stands before the empty line. */
Answer *caller_ask (guint port, const char *head, const char *body);
char *answer_header (const Answer *answer, const char *name);
void answer_free (Answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)
