/* device.h: a device, a process of its own that is told what to do by lines (client.c, plain.py). Main thread. */
#pragma once

#include <gio/gio.h>

typedef struct {
  const char *login;
  const char *program; /* of tests/converge: "converge-client", or "plain.py" */
  char *folder, *clock;
  GSubprocess *process;
  GOutputStream *input;
  GDataInputStream *output;
} Device;

/* In `folder`, which is taken, with a wall clock of its own. */
void device_init (Device *self, const char *login, const char *program, char *folder);
void device_clear (Device *self);

typedef struct {
  const char *url, *password_file, *feeds;
} DeviceWorld;

void device_start (Device *self, const DeviceWorld *world);
/* By SIGKILL, wherever it is; otherwise it must end well. */
void device_end (Device *self, gboolean by_force);

void device_tell (Device *self, const char *command);
/* The next answer. */
char *device_hear (Device *self);
char *device_ask (Device *self, const char *command);
