/* device.h: one computer of one person, for tests: a home, a session bus and a keyring of its own, on which
 * `tideline` runs as a command line. Main thread. */
#pragma once

#include "tests/fixtures/server.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct {
  char *home;
  char *account; /* the account's folder, once signed in */
  char *out, *err;
  GSubprocessLauncher *launcher;
  GSubprocess *bus, *keyring;
} Device;

/* With `keyring` FALSE there is no secret service. */
Device *device_new (gboolean keyring);
void device_free (Device *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Device, device_free)
/* A new one on which `login` signed in and synced once. */
Device *device_new_as (TlTestServer *server, const char *login);

/* Runs `tideline` with a command line as a shell takes it apart: its exit status; what it printed is in `out`
 * and `err`. Dying by a signal fails the test. */
int device_run (Device *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same with text on standard input. */
int device_feed (Device *self, const char *input, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* The same; any status but 0 fails the test. */
void device_do (Device *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* What `tideline … --json` prints. */
JsonNode *device_ask (Device *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Started only: to be killed, or waited for. */
GSubprocess *device_spawn (Device *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
