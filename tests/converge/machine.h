/* machine.h: a server, a proxy that breaks things, and the devices of three people; and what was written with them.
 * Main thread. */
#pragma once

#include "tests/converge/coverage.h"
#include "tests/converge/device.h"
#include "tests/converge/proxy.h"
#include "tests/fixtures/server.h"

#define N_DEVICES 5

typedef struct {
  TlTestServer *server;
  TlProxy *proxy;
  DeviceWorld world;
  char *folder, *clock;
  Device devices
      [N_DEVICES]; /* the first two are alice's, the last is a program of another make (plain.py) */
  GHashTable *written; /* a message's token -> its fate: "here", "deleted", "perhaps" */
  char *kept;          /* tokens that the backup has */
  Coverage *coverage;
  guint operations;
  GString *story; /* of this history, for whoever has to find out */
} Machine;

void machine_start (Machine *self);
void machine_stop (Machine *self);

/* A line of the story. */
void machine_tell (Machine *self, const Device *device, const char *what, const char *result);
/* A deed; `what` is a command of client.c that takes a seed. */
void machine_do (Machine *self, Device *device, const char *what, GRand *random);
/* A round; FALSE when it could not. */
gboolean machine_sync (Machine *self, Device *device);
/* The same of an answer that was waited for elsewhere. */
gboolean machine_hear_sync (Machine *self, Device *device);
/* The message's fate from now on. */
void machine_set_fate (Machine *self, const char *token, const char *fate);
/* How many of a thousand steps are `what`: as usual, or as CONVERGE_OFTEN=WHAT:NUMBER says. */
guint machine_share (const char *what, guint usual);
