/* deeds.h: what a person does on a device. Awaits, so in a fiber. */
#pragma once

#include "sync/replica.h"

typedef struct {
  TlReplica *replica;
  gint64 me;
  const char *feeds; /* the address of a feed server */
  gboolean may_leave;
} Person;

/* What it was ("send TOKEN", "delete TOKEN", …); "nothing" when there was nothing to do it to. */
char *person_does (const Person *self, guint32 seed);
/* A message that is counted: "send TOKEN". */
char *person_says (const Person *self, guint32 seed);
/* A message or a post with files. */
char *person_sends_files (const Person *self, guint32 seed);
