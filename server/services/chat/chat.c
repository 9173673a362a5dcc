/* chat.c: what the types of the chat service share: their statements, their words, and the two ends
 * of being in a room. Memberships decide who sees; rows of chat.room_member show who is there; both
 * change together, here. */
#include "server/services/chat/chat.h"

#include <string.h>

#define SQL "chat/chat.sql"
#define MAX_ARGS 4

PGresult *
tl_chat_query (TlWrite *write, const char *name, int n, const gint64 *args, GError **error)
{
  g_autofree char *prepared = g_strconcat ("chat.", name, NULL);
  char text[MAX_ARGS][24];
  const char *texts[MAX_ARGS];

  g_assert (n <= MAX_ARGS);
  for (int i = 0; i < n; i++) {
    g_snprintf (text[i], sizeof text[i], "%" G_GINT64_FORMAT, args[i]);
    texts[i] = text[i];
  }
  return tl_pg_query (write->pg, prepared, tl_sql (SQL, name), n, texts, error);
}

gboolean
tl_chat_refuse (GError **error, TlSetError code, const char *sentence)
{
  g_set_error_literal (error, TL_SET_ERROR, code, sentence);
  return FALSE;
}

gint64
tl_chat_id (JsonObject *object, const char *name)
{
  const char *text = json_object_get_string_member_with_default (object, name, NULL);
  gint64 id;

  return text && tl_id_parse (text, &id) ? id : 0;
}

void
tl_chat_set_id (JsonObject *object, const char *name, gint64 id)
{
  char text[TL_ID_MAX];

  json_object_set_string_member (object, name, tl_id_format (id, text));
}

void
tl_chat_set_now (JsonObject *object, const char *name)
{
  g_autofree char *now = tl_date_format (g_get_real_time () / 1000);

  json_object_set_string_member (object, name, now);
}

char *
tl_chat_trimmed (JsonObject *object, const char *name)
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
tl_chat_is_one_of (const char *word, const char *const *words)
{
  return word && g_strv_contains (words, word);
}

gint64
tl_chat_number (PGresult *result, int row, int column)
{
  return g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}

gboolean
tl_chat_find_room (TlWrite *write, gint64 id, TlChatRoom *room, GError **error)
{
  g_autoptr (PGresult) found = tl_chat_query (write, "room-lock", 1, &id, error);

  if (found == NULL)
    return FALSE;
  if (PQntuples (found) == 1) {
    room->scope = tl_chat_number (found, 0, 0);
    room->is_direct = g_str_equal (PQgetvalue (found, 0, 1), "direct");
    if (tl_write_role (write, room->scope))
      return TRUE;
  }
  return tl_chat_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "roomId: there is no such room that you are in");
}

gboolean
tl_chat_add_member (TlWrite *write, gint64 room, gint64 scope, gint64 principal, const char *role,
                    GError **error)
{
  int number = g_str_equal (role, "owner") ? 1 : g_str_equal (role, "moderator") ? 2 : 3;
  g_autoptr (PGresult) row = tl_chat_query (
      write, "member-add", 4, (const gint64[]){ scope, room, principal, number }, error);

  if (row == NULL || !tl_write_join (write, principal, scope, role, error))
    return FALSE;
  tl_write_log (write, scope, &tl_room_member_type, tl_chat_number (row, 0, 0), TL_CREATED, NULL);
  return TRUE;
}

gboolean
tl_chat_leave (TlWrite *write, gint64 room, gint64 scope, gint64 principal, GError **error)
{
  g_autoptr (PGresult) marker =
      tl_chat_query (write, "marker-delete", 2, (const gint64[]){ principal, room }, error);

  if (marker == NULL)
    return FALSE;
  if (PQntuples (marker) == 1)
    tl_write_log (write, tl_chat_number (marker, 0, 0), &tl_read_marker_type, room, TL_DESTROYED,
                  NULL);
  return tl_write_leave (write, principal, scope, error);
}

gboolean
tl_chat_empty_room (TlWrite *write, gint64 id, gint64 scope, GError **error)
{
  g_autoptr (PGresult) closed = tl_chat_query (write, "room-close", 1, &id, error);
  g_autoptr (PGresult) messages =
      closed ? tl_chat_query (write, "messages-delete", 1, &scope, error) : NULL;
  g_autoptr (PGresult) members =
      messages ? tl_chat_query (write, "members-delete", 1, &id, error) : NULL;

  if (members == NULL)
    return FALSE;
  for (int i = 0; i < PQntuples (messages); i++)
    tl_write_log (write, scope, &tl_message_type, tl_chat_number (messages, i, 0), TL_DESTROYED,
                  NULL);
  for (int i = 0; i < PQntuples (members); i++) {
    tl_write_log (write, scope, &tl_room_member_type, tl_chat_number (members, i, 0), TL_DESTROYED,
                  NULL);
    if (!tl_chat_leave (write, id, scope, tl_chat_number (members, i, 1), error))
      return FALSE;
  }
  return TRUE;
}
