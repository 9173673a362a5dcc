/* people.c: adds a person: principal, account, private scope, place in the directory, change log.
 *
 * All in one transaction; the password is hashed before it begins. Any thread, on its connection. */
#include "server/services/user/people.h"

#include <sodium.h>
#include <string.h>

#define SQL "user/people.sql"
#define LOGIN_MAX 64
#define NAME_MAX_BYTES 200
#define LOGIN_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@"

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, sentence);
  return FALSE;
}

/* Joins letters or sign and sign; whatever else is not seen may make one name look like another. */
static gboolean
is_joiner (gunichar c)
{
  return c == 0x200C || c == 0x200D;
}

gboolean
tl_people_is_name (const char *text)
{
  gboolean is_seen = FALSE;

  if (strlen (text) > NAME_MAX_BYTES || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);
    GUnicodeType type = g_unichar_type (c);

    if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
        type == G_UNICODE_PARAGRAPH_SEPARATOR || (type == G_UNICODE_FORMAT && !is_joiner (c)))
      return FALSE;
    is_seen |= g_unichar_isgraph (c) && !is_joiner (c);
  }
  return is_seen;
}

gboolean
tl_people_is_role (const char *role)
{
  static const char *const roles[] = { "admin", "moderator", "member", NULL };

  return g_strv_contains (roles, role);
}

static gboolean
check_password (const char *password, GError **error)
{
  if (strlen (password) < TL_PASSWORD_MIN || strlen (password) > TL_PASSWORD_MAX)
    return refuse (error, "A password has 8 to 1024 bytes");
  return TRUE;
}

gboolean
tl_people_check (const char *login, const char *name, const char *password, const char *role,
                 GError **error)
{
  gsize length = strlen (login);

  if (length < 1 || length > LOGIN_MAX || strspn (login, LOGIN_LETTERS) != length)
    return refuse (error, "A login has 1 to 64 letters a-z, digits, and . _ - @");
  if (!tl_people_is_name (name))
    return refuse (error, "A name is a line of 1 to 200 bytes of UTF-8");
  if (!check_password (password, error))
    return FALSE;
  if (!tl_people_is_role (role))
    return refuse (error, "A role is admin, moderator or member");
  return TRUE;
}

char *
tl_people_hash (const char *password, GError **error)
{
  char text[crypto_pwhash_STRBYTES];

  if (sodium_init () >= 0 &&
      crypto_pwhash_str (text, password, strlen (password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                         crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0)
    return g_strdup (text);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               "There is not enough memory to hash a password");
  return NULL;
}

gboolean
tl_people_lock_directory (TlPg *pg, GError **error)
{
  return tl_pg_run (pg, "people-lock-directory", tl_sql (SQL, "lock-directory"), 0, NULL, error);
}

static char *
find_directory (TlPg *pg, GError **error)
{
  g_autoptr (PGresult) found = NULL;
  g_autoptr (PGresult) made = NULL;

  if (!tl_people_lock_directory (pg, error))
    return NULL;
  found = tl_pg_query (pg, "people-find-directory", tl_sql (SQL, "find-directory"), 0, NULL, error);
  if (!found)
    return NULL;
  if (PQntuples (found) > 0)
    return g_strdup (PQgetvalue (found, 0, 0));
  made = tl_pg_query (pg, "people-make-directory", tl_sql (SQL, "make-directory"), 0, NULL, error);
  return made ? g_strdup (PQgetvalue (made, 0, 0)) : NULL;
}

static gint64
add (TlPg *pg, const char *login, const char *name, const char *hashed, const char *role,
     GError **error)
{
  g_autofree char *directory = find_directory (pg, error);
  const char *args[] = { directory, login, name, hashed, role };
  g_autoptr (PGresult) row = NULL;

  if (!directory)
    return 0;
  row = tl_pg_query (pg, "people-add", tl_sql (SQL, "add"), G_N_ELEMENTS (args), args, error);
  if (!row)
    return 0;
  const char *joins[] = { PQgetvalue (row, 0, 0), PQgetvalue (row, 0, 1), directory };
  if (!tl_pg_run (pg, "people-join", tl_sql (SQL, "join"), G_N_ELEMENTS (joins), joins, error) ||
      !tl_pg_run (pg, "people-first-calendar", tl_sql (SQL, "first-calendar"), 2, joins, error))
    return 0;
  return g_ascii_strtoll (joins[0], NULL, 10);
}

gint64
tl_people_add_within (TlPg *pg, const char *login, const char *name, const char *hashed,
                      const char *role, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gint64 account = add (pg, login, name, hashed, role, &failure);

  if (g_error_matches (failure, TL_PG_ERROR, TL_PG_ERROR_UNIQUE))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "There is somebody with the login “%s”",
                 login);
  else if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return account;
}

gint64
tl_people_add (TlPg *pg, const char *login, const char *name, const char *password,
               const char *role, GError **error)
{
  g_autofree char *hashed = NULL;
  gint64 account;

  if (!tl_people_check (login, name, password, role, error))
    return 0;
  hashed = tl_people_hash (password, error);
  if (!hashed || !tl_pg_begin (pg, error))
    return 0;
  account = tl_people_add_within (pg, login, name, hashed, role, error);
  if (account && tl_pg_commit (pg, error))
    return account;
  tl_pg_rollback (pg);
  return 0;
}

gboolean
tl_people_reset (TlPg *pg, const char *login, const char *password, GError **error)
{
  g_autofree char *hashed =
      check_password (password, error) ? tl_people_hash (password, error) : NULL;
  const char *args[] = { login, hashed };
  g_autoptr (PGresult) row = NULL;

  if (!hashed)
    return FALSE;
  row = tl_pg_query (pg, "people-reset", tl_sql (SQL, "reset"), G_N_ELEMENTS (args), args, error);
  if (row && PQntuples (row) == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is nobody with the login “%s”",
                 login);
  return row && PQntuples (row) > 0;
}

gboolean
tl_people_change_password (TlPg *pg, gint64 account, const char *session, const char *kept,
                           const char *password, GError **error)
{
  g_autofree char *hashed =
      check_password (password, error) ? tl_people_hash (password, error) : NULL;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  const char *args[] = { number, session, kept, hashed };
  g_autoptr (PGresult) row = NULL;

  if (!hashed)
    return FALSE;
  row = tl_pg_query (pg, "people-change-password", tl_sql (SQL, "change-password"),
                     G_N_ELEMENTS (args), args, error);
  if (row && PQntuples (row) == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "The password of account %s was changed meanwhile", number);
  return row && PQntuples (row) > 0;
}
