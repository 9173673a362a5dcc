/* ctl.h: what the commands of tidelinectl share: which server they are about, and its database.
 * One thread. */
#pragma once

#include "server/standalone/standalone.h"
#include "server/stores/pg.h"

typedef struct {
  char *config_file; /* --config FILE, or */
  char *dir;         /* --standalone DIR */
  TlConfig *config;
  TlStandalone *own; /* started for this command only */
  gboolean running;  /* the stand-alone server runs already */
  TlPg *pg;
} TlCtl;

/* Reads the configuration, or finds the stand-alone server, starting it when it does not run. */
gboolean tl_ctl_open (TlCtl *self, GError **error);
void tl_ctl_close (TlCtl *self);

typedef struct {
  const char *words;     /* "user add" */
  const char *arguments; /* "NAME" */
  const char *summary;
  const GOptionEntry *options;
  guint n_arguments;
  /* TRUE: exit status 0. FALSE without an error: 1, and it has said why. */
  gboolean (*run) (TlCtl *ctl, char **arguments, GError **error);
} TlCommand;

extern const TlCommand tl_command_init, tl_command_user_add, tl_command_doctor, tl_command_status;

/* From the first line of `file` ("-": standard input), or asked twice on the terminal; never from
 * the command line. Free with tl_password_free. */
char *tl_password_read (const char *file, GError **error);
void tl_password_free (char *password);
