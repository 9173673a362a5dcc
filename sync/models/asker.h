/* asker.h: one question asked of the replica again and again: one read in flight, at most one to
 * follow. */
#pragma once

#include "sync/replica.h"

typedef struct {
  /* main thread: what to ask now, for `read`; NULL: nothing, after all */
  gpointer (*begin) (gpointer owner);
  GDestroyNotify free_asked;
  TlReadFunc read;
  /* main thread: takes the result; or hears why there is none */
  void (*answer) (gpointer owner, gpointer result);
  void (*fail) (gpointer owner, const GError *error);
  GDestroyNotify free_result;
  gboolean can_wait; /* totals: what lists show is read first */
} TlQuestion;

typedef struct _TlAsker TlAsker;

/* The owner frees it, and hears nothing from then on. */
TlAsker *tl_asker_new (TlReplica *replica, const TlQuestion *question, gpointer owner);
void tl_asker_free (TlAsker *self);
void tl_asker_ask (TlAsker *self);
/* Is a read in flight? */
gboolean tl_asker_is_asking (TlAsker *self);
/* What is in flight is of no use any more: drops it and asks. */
void tl_asker_ask_anew (TlAsker *self);
