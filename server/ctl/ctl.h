/* ctl.h: what the commands of tidelinectl share: which server they are about, and its database.
 * One thread. */
#pragma once

#include "server/standalone/standalone.h"
#include "server/stores/pg.h"

#include <json-glib/json-glib.h>

typedef struct {
  char *config_file; /* --config FILE, or */
  char *dir;         /* --standalone DIR */
  TlConfig *config;
  TlStandalone *own; /* started for this command only */
  gboolean running;  /* the stand-alone server runs already */
  TlPg *pg;
} TlCtl;

/* What only looks gives PostgreSQL so many seconds. */
#define TL_CTL_PATIENCE 5

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
extern const TlCommand tl_command_user_role;
extern const TlCommand tl_command_user_list, tl_command_user_disable, tl_command_user_enable,
    tl_command_user_reset;
extern const TlCommand tl_command_invite, tl_command_invite_list, tl_command_invite_revoke;
extern const TlCommand tl_command_client_add, tl_command_client_list, tl_command_client_remove,
    tl_command_keys_rotate;
extern const TlCommand tl_command_user_link, tl_command_user_unlink;
extern const TlCommand tl_command_user_export, tl_command_user_delete;
extern const TlCommand tl_command_user_totp_off;
extern const TlCommand tl_command_jobs, tl_command_jobs_retry, tl_command_jobs_drop;
extern const TlCommand tl_command_deliveries, tl_command_deliveries_replay, tl_command_mail_test;
extern const TlCommand tl_command_backup, tl_command_restore, tl_command_reindex;
extern const TlCommand tl_command_storage_init, tl_command_storage_move, tl_command_storage_collect;
extern const TlCommand tl_command_feeds, tl_command_feeds_refresh, tl_command_feeds_pause,
    tl_command_feeds_resume;

/* Answers are JSON. */
extern gboolean tl_show_json;
#define TL_JSON_OPTION                                                                             \
  { "json", 0, 0, G_OPTION_ARG_NONE, &tl_show_json, "Answer in JSON, for scripts", NULL }
/* A table, or an array of objects. `none`: a sentence for when there is no row. */
void tl_show_rows (const PGresult *rows, const char *none);
/* What was built, whole. */
void tl_show_json_of (JsonBuilder *builder);
/* What was done: a sentence, or `row` as an object. */
void tl_show_done (const PGresult *row, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* From the first line of `file` ("-": standard input), or asked twice on the terminal; never from
 * the command line. Free with tl_password_free. */
char *tl_password_read (const char *file, GError **error);
/* 20 letters and digits that are not mistaken for each other. */
char *tl_password_generate (void);
void tl_password_free (char *password);
