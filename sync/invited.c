/* invited.c: the people of a room that the server has not made yet, so that it can be named by them.
 *
 * They are part of the room's create, not operations: rows under keys far below all local ones, which go when
 * the room gets its id and come back from the server as members. Writer thread. */
#include "sync/apply.h"
#include "sync/op.h"
#include "sync/overlay.h"

#define SQL "sql/apply.sql"
#define FIRST_KEY (-(G_GINT64_CONSTANT (1) << 40))
#define AT_MOST 1000

static gboolean
add_invited (TlDb *db, TlChanges *changes, gint64 room, guint n, gint64 person, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "invited-add");
  gint64 key = FIRST_KEY + room * AT_MOST - n;

  sqlite3_bind_int64 (statement, 1, key);
  sqlite3_bind_int64 (statement, 2, room);
  sqlite3_bind_int64 (statement, 3, person);
  tl_changes_add (changes, &tl_room_member_type, key);
  return tl_db_run (db, statement, error);
}

gboolean
tl_overlay_show_invited (TlDb *db, TlChanges *changes, gint64 room, JsonObject *object,
                         GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "invited-remove");
  JsonNode *members = object ? json_object_get_member (object, "members") : NULL;
  JsonArray *people =
      members && JSON_NODE_HOLDS_ARRAY (members) ? json_node_get_array (members) : NULL;

  sqlite3_bind_int64 (statement, 1, room);
  sqlite3_bind_int64 (statement, 2, FIRST_KEY);
  if (!tl_db_run (db, statement, error))
    return FALSE;
  for (guint i = 0; people && i < MIN (json_array_get_length (people), AT_MOST); i++)
    if (!add_invited (db, changes, room, i, tl_ref_parse (json_array_get_element (people, i)),
                      error))
      return FALSE;
  return TRUE;
}

gboolean
tl_overlay_is_invited (const TlType *type, gint64 key)
{
  return type == &tl_room_member_type && key < FIRST_KEY;
}

/* The create that the row is part of, when it can still be changed; NULL also without an error. */
static TlOp *
find_create (TlDb *db, gint64 room, GError **error)
{
  g_autoptr (GPtrArray) ops = tl_outbox_of (db, &tl_room_type, room, error);
  const TlOp *first = ops && ops->len > 0 ? ops->pdata[0] : NULL;

  return first && first->verb == TL_OP_CREATE && tl_op_is_unsent (first)
             ? g_ptr_array_steal_index (ops, 0)
             : NULL;
}

gboolean
tl_overlay_uninvite (TlDb *db, TlChanges *changes, gint64 key, GError **error)
{
  gint64 place = FIRST_KEY - key, room = -(place / AT_MOST);
  g_autoptr (GError) failed = NULL;
  g_autoptr (TlOp) create = find_create (db, room, &failed);
  g_autoptr (JsonObject) body = create ? tl_object_from_text (create->body) : NULL;

  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  if (create == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING,
                         "The room is on its way to the server; try again in a moment");
    return FALSE;
  }
  json_array_remove_element (json_object_get_array_member (body, "members"),
                             (guint)(place % AT_MOST));
  return tl_op_set_body (db, create->id, body, error) &&
         tl_apply_overlay (db, changes, &tl_room_type, room, error);
}
