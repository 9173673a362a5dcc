/* client.h: a person's replica and remote within the test's process, on a server with the demo's content; nothing is
 * synced unless the test does it. Main thread. */
#pragma once

#include "sync/remote.h"
#include "sync/replica.h"
#include "tests/fixtures/server.h"

#include <libdex.h>

typedef struct {
  char *folder;
  TlReplica *replica;
  TlSecrets *secrets;
  TlRemote *remote;
  gint64 me;
} Client;

extern TlTestServer *client_server;

/* As functions of g_test_add(): signed in as `login`, whose password is the demo's for "robin". */
void client_set_up (Client *client, gconstpointer login);
void client_tear_down (Client *client, gconstpointer login);

/* Takes the future; `value` NULL: it has to fail with TL_REMOTE_ERROR `code`. */
void client_await (DexFuture *future, GValue *value, int code);
