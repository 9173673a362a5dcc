/* mentions.c: finds logins in a text. A login may end in what also ends a sentence ("@ines."), so each
 * ending is a candidate, and the longest that is somebody's counts. */
#include "server/services/notify/mentions.h"

#include <string.h>

#define SQL "notify/notify.sql"
#define MAX_MENTIONS 50
#define LOGIN_MAX 64
#define LOGIN_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@"

static gboolean
is_word (gunichar letter)
{
  return g_unichar_isalnum (letter) || letter == '_';
}

/* How long the login behind an @ can be at most; 0 when there is none. */
static gsize
login_length (const char *text, const char *at)
{
  gsize length = strspn (at + 1, LOGIN_LETTERS);

  if (at > text && (at[-1] == '@' || at[-1] == '.' || at[-1] == '-' ||
                    is_word (g_utf8_get_char (g_utf8_prev_char (at)))))
    return 0;
  return length <= LOGIN_MAX && !is_word (g_utf8_get_char (at + 1 + length)) ? length : 0;
}

/* What may be meant by each mention: its endings, longest first. Lower case. */
static GPtrArray *
candidates (const char *text)
{
  GPtrArray *mentions = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);

  for (const char *at = strchr (text, '@'); at && mentions->len < MAX_MENTIONS;) {
    gsize length = login_length (text, at);
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
    const char *next = at + 1 + length;

    for (; length > 0; length--) {
      g_strv_builder_take (builder, g_ascii_strdown (at + 1, (gssize)length));
      if (g_ascii_isalnum (at[length]))
        break;
    }
    if (next > at + 1)
      g_ptr_array_add (mentions, g_strv_builder_end (builder));
    at = strchr (next, '@');
  }
  return mentions;
}

/* Logins have no letter that would need escaping in an array. */
static char *
login_array (GPtrArray *mentions)
{
  GString *array = g_string_new ("{");

  for (guint i = 0; i < mentions->len; i++)
    for (char **login = mentions->pdata[i]; *login; login++)
      g_string_append_printf (array, "%s\"%s\"", array->len > 1 ? "," : "", *login);
  g_string_append_c (array, '}');
  return g_string_free_and_steal (array);
}

gboolean
tl_mentions_has (const GArray *people, gint64 account)
{
  for (guint i = 0; i < people->len; i++)
    if (g_array_index (people, gint64, i) == account)
      return TRUE;
  return FALSE;
}

static void
add_first_known (GArray *people, char **logins, PGresult *known)
{
  for (; *logins; logins++)
    for (int row = 0; row < PQntuples (known); row++) {
      gint64 id = tl_hook_number (known, row, 0);

      if (!g_str_equal (PQgetvalue (known, row, 1), *logins))
        continue;
      if (!tl_mentions_has (people, id))
        g_array_append_val (people, id);
      return;
    }
}

GArray *
tl_mentions_find (TlWrite *write, const char *text, GError **error)
{
  g_autoptr (GArray) people = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) mentions = text ? candidates (text) : NULL;
  g_autoptr (PGresult) known = NULL;
  g_autofree char *array = NULL;

  if (mentions == NULL || mentions->len == 0)
    return g_steal_pointer (&people);
  array = login_array (mentions);
  known = tl_pg_query (write->pg, SQL ".named", tl_sql (SQL, "named"), 1,
                       (const char *const[]){ array }, error);
  if (known == NULL)
    return NULL;
  for (guint i = 0; i < mentions->len; i++)
    add_first_known (people, mentions->pdata[i], known);
  return g_steal_pointer (&people);
}

gboolean
tl_mentions_tell (TlWrite *write, const GArray *people, const GArray *told, gint64 scope,
                  const TlType *type, gint64 subject, const char *preview, GError **error)
{
  for (guint i = 0; i < people->len; i++) {
    gint64 person = g_array_index (people, gint64, i);
    gboolean sees;

    if (told && tl_mentions_has (told, person))
      continue;
    if (!tl_hook_sees (write, person, scope, &sees, error) ||
        (sees &&
         !tl_notify (write, person, "mention", type, subject, write->account, preview, error)))
      return FALSE;
  }
  return TRUE;
}
