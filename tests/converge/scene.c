/* scene.c: see the header. */
#include "tests/converge/scene.h"

#include "sync/overlay.h"

int
scene_draw (Scene *self, int n)
{
  return g_rand_int_range (self->random, 0, n);
}

static sqlite3_stmt *
prepare (Scene *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (tl_db_handle (self->db), sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (tl_db_handle (self->db)));
  return statement;
}

gint64
scene_any (Scene *self, const char *sql)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = prepare (self, sql);

  if (sqlite3_bind_parameter_count (statement) > 0)
    sqlite3_bind_int64 (statement, 1, self->me);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    gint64 key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  sqlite3_finalize (statement);
  return keys->len ? g_array_index (keys, gint64, (guint)scene_draw (self, (int)keys->len)) : 0;
}

char *
scene_text (Scene *self, const char *sql, gint64 key)
{
  sqlite3_stmt *statement = prepare (self, sql);
  char *text = NULL;

  sqlite3_bind_int64 (statement, 1, key);
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *)sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return text;
}

void
scene_put (Scene *self, const TlType *type, TlVerb verb, gint64 key, JsonObject *body)
{
  if (key != 0 || verb == TL_OP_CREATE)
    self->done = tl_outbox_add (self->db, self->changes, type, verb, &key, body, self->error);
  else
    g_clear_pointer (&body, json_object_unref);
}

void
scene_update (Scene *self, const TlType *type, const char *sql, JsonObject *body)
{
  scene_put (self, type, TL_OP_UPDATE, scene_any (self, sql), body);
}

void
scene_destroy (Scene *self, const TlType *type, const char *sql)
{
  scene_put (self, type, TL_OP_DESTROY, scene_any (self, sql), NULL);
}

void
scene_set_ref (JsonObject *body, const char *name, gint64 key)
{
  char ref[TL_ID_MAX + 1];

  json_object_set_string_member (body, name, tl_ref_format (key, ref));
}

void
scene_make_about (Scene *self, const TlType *type, const char *name, gint64 key, JsonObject *body)
{
  if (key) {
    scene_set_ref (body, name, key);
    scene_put (self, type, TL_OP_CREATE, 0, body);
  } else {
    json_object_unref (body);
  }
}

JsonObject *
scene_words (Scene *self, const char *name)
{
  static const char *const names[] = { "", "@alice ", "@bob ", "@carol ", "@nobody " };
  g_autofree char *text =
      g_strdup_printf ("%swords %08x", scene_word (self, names), g_rand_int (self->random));
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, name, text);
  return body;
}

JsonObject *
scene_flag (Scene *self, const char *name)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, name, g_rand_boolean (self->random));
  return body;
}

/* --- the write ----------------------------------------------------------------------------------- */

typedef struct {
  gint64 me;
  guint32 seed;
  SceneDeed deed;
  GPtrArray *files;
} Play;

static gboolean
run (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  const Play *play = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (play->seed);
  Scene scene = { .db = db,
                  .changes = changes,
                  .random = random,
                  .me = play->me,
                  .files = play->files,
                  .error = error };

  play->deed (&scene);
  if (!scene.done && *error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is nothing of this kind");
  return scene.done;
}

gboolean
scene_play (TlReplica *replica, gint64 me, guint32 seed, SceneDeed deed, GPtrArray *files,
            GError **error)
{
  Play play = { me, seed, deed, files };

  return dex_await (tl_replica_write (replica, run, &play, NULL), error);
}
