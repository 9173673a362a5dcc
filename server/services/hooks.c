/* hooks.c: small things that every service's hooks need. */
#include "server/services/hooks.h"

#include <string.h>

#define MAX_ARGS 6

PGresult *
tl_hook_query (TlWrite *write, const char *file, const char *name, int n, const gint64 *args,
               GError **error)
{
  g_autofree char *prepared = g_strconcat (file, ".", name, NULL);
  char text[MAX_ARGS][24];
  const char *texts[MAX_ARGS];

  g_assert (n <= MAX_ARGS);
  for (int i = 0; i < n; i++) {
    g_snprintf (text[i], sizeof text[i], "%" G_GINT64_FORMAT, args[i]);
    texts[i] = text[i];
  }
  return tl_pg_query (write->pg, prepared, tl_sql (file, name), n, texts, error);
}

gboolean
tl_hook_sees (TlWrite *write, gint64 account, gint64 scope, gboolean *sees, GError **error)
{
  g_autoptr (PGresult) member =
      tl_hook_query (write, "hooks.sql", "sees", 2, (const gint64[]){ account, scope }, error);

  *sees = member && PQntuples (member) == 1;
  return member != NULL;
}

gboolean
tl_hook_may (TlWrite *write, TlDeed deed, gboolean *may, GError **error)
{
  g_autoptr (PGresult) role = tl_hook_query (write, "hooks.sql", "role", 1, &write->account, error);

  *may = role && PQntuples (role) == 1 && tl_role_may (PQgetvalue (role, 0, 0), deed, NULL);
  return role != NULL;
}

gboolean
tl_hook_take_turns (TlWrite *write, gint64 account, gint64 id, GError **error)
{
  g_autoptr (PGresult) lock =
      tl_hook_query (write, "hooks.sql", "take-turns", 2, (const gint64[]){ account, id }, error);

  return lock != NULL;
}

gboolean
tl_hook_refuse (GError **error, TlSetError code, const char *sentence)
{
  g_set_error_literal (error, TL_SET_ERROR, code, sentence);
  return FALSE;
}

gint64
tl_hook_id (JsonObject *object, const char *name)
{
  const char *text = json_object_get_string_member_with_default (object, name, NULL);
  gint64 id;

  return text && tl_id_parse (text, &id) ? id : 0;
}

void
tl_hook_set_id (JsonObject *object, const char *name, gint64 id)
{
  char text[TL_ID_MAX];

  json_object_set_string_member (object, name, tl_id_format (id, text));
}

void
tl_hook_set_now (JsonObject *object, const char *name)
{
  g_autofree char *now = tl_date_format (g_get_real_time () / 1000);

  json_object_set_string_member (object, name, now);
}

const char *
tl_hook_string (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

char *
tl_hook_trimmed (JsonObject *object, const char *name)
{
  const char *start = json_object_get_string_member_with_default (object, name, NULL);
  const char *end;

  if (start == NULL)
    return NULL;
  while (g_unichar_isspace (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  end = start + strlen (start);
  while (end > start) {
    const char *last = g_utf8_prev_char (end);

    if (!g_unichar_isspace (g_utf8_get_char (last)))
      break;
    end = last;
  }
  return end > start ? g_strndup (start, (gsize)(end - start)) : NULL;
}

gboolean
tl_hook_is_one_of (const char *word, const char *const *words)
{
  return word && g_strv_contains (words, word);
}

gint64
tl_hook_number (PGresult *result, int row, int column)
{
  return g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}

gboolean
tl_hook_create_own (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  *scope = 0;
  return TRUE;
}

gboolean
tl_hook_update_own (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
                    GError **error)
{
  return TRUE;
}

gboolean
tl_hook_destroy_own (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  return TRUE;
}
