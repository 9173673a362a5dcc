/* migrate.h: brings one of an account's files to this program's schema. */
#pragma once

#include "sync/db.h"

/* Opens `dir`/`name`.db on a connection of its own, checks it, applies the missing migrations
 * sql/`name`-NNN.sql (numbered by PRAGMA user_version, one transaction each) and closes it. */
gboolean tl_db_bring_up (const char *dir, const char *name, GError **error);
/* Says that something read damage: the next bring-up looks at every page. */
void tl_db_suspect (const char *dir);
/* `rc` of a connection to the file or folder `where` as an error. Always FALSE. */
gboolean tl_db_error (sqlite3 *handle, int rc, const char *where, GError **error);
