/* scene.c: finding what to do it to, and the draw of a deed. */
#include "tests/converge/scene.h"

gint64
scene_any (Scene *self, const char *sql)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (tl_db_handle (self->db), sql, -1, &statement, NULL), ==,
                   SQLITE_OK);
  if (sqlite3_bind_parameter_count (statement) > 0)
    sqlite3_bind_int64 (statement, 1, self->me);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    gint64 key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  sqlite3_finalize (statement);
  return keys->len ? g_array_index (keys, gint64,
                                    (guint)g_rand_int_range (self->random, 0, (gint32)keys->len))
                   : 0;
}

void
scene_put (Scene *self, const TlType *type, TlVerb verb, gint64 key, JsonObject *body)
{
  self->done = tl_outbox_add (self->db, self->changes, type, verb, &key, body, self->error);
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

const char *
scene_one_of (Scene *self, const char *const *strings)
{
  return strings[g_rand_int_range (self->random, 0, (gint32)g_strv_length ((char **)strings))];
}

typedef struct {
  gint64 me;
  guint32 seed;
} Act;

static gboolean
run (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  static const Deed *const sorts[] = { circle_deeds, circle_deeds, own_deeds, member_deeds };
  Act *act = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (act->seed);
  Scene scene = { .db = db, .changes = changes, .random = random, .me = act->me, .error = error };
  const Deed *deeds = sorts[g_rand_int_range (random, 0, G_N_ELEMENTS (sorts))];
  gint32 n = 0;

  while (deeds[n])
    n++;
  deeds[g_rand_int_range (random, 0, n)](&scene);
  return scene.done;
}

char *
scene_play (TlReplica *replica, gint64 me, guint32 seed, GError **error)
{
  Act *act = g_new0 (Act, 1);

  act->me = me;
  act->seed = seed;
  return dex_await (tl_replica_write (replica, run, act, g_free), error) ? g_strdup ("scene")
                                                                         : NULL;
}
