/* account.h: a signed-in person on a server, and the folder that is theirs.
 *
 * <user data>/tideline/<login>@<host>/ holds account.json (no secret), local.db, replica.db, lock, wake,
 * media/. Who holds the lock syncs; another process enqueues and touches `wake`. */
#pragma once

#include <gio/gio.h>

typedef struct {
  char *dir;
  char *server; /* "http://127.0.0.1:8480" */
  char *login;
  char *name;
  gint64 key; /* the account's and principal's number */
} TlAccount;

/* Every account that is signed in on this computer, the last used first, then by name; of TlAccount. */
GPtrArray *tl_accounts_list (void);
/* Makes the folder (0700) and account.json, or updates it, and uses it. */
TlAccount *tl_account_save (const char *server, const char *login, const char *name, gint64 key,
                            GError **error);
/* The folder's name, by which the keyring knows it, too; free. */
char *tl_account_id (const TlAccount *self);
/* The last used one from now on. */
gboolean tl_account_use (const TlAccount *self, GError **error);
/* Signed out: it is listed again when it is saved again, with what is in its folder by then. */
gboolean tl_account_put_away (const TlAccount *self, GError **error);
TlAccount *tl_account_copy (const TlAccount *self);
void tl_account_free (TlAccount *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlAccount, tl_account_free)

/* A descriptor that holds the lock until closed; -1 with G_IO_ERROR_BUSY when another process syncs. */
int tl_account_lock (TlAccount *self, GError **error);
/* Tells the process that syncs that something was written. */
void tl_account_wake (TlAccount *self);
/* `woken` when another process wrote. */
GFileMonitor *tl_account_watch (TlAccount *self, void (*woken) (gpointer data), gpointer data);
