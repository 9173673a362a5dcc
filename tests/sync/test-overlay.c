/* Random deltas and operations in any order, lost answers, refusals, reopened files: at every step each row is
 * what the server said with the pending operations over it, and in the end everybody agrees.
 *
 * The world is a plain model: a server with its log and the results it gave by opId, and `known`, what this
 * replica has heard. Objects are messages (by their text) and marks (by their flags). */
#include "tests/sync/fixture.h"

#include "sync/apply.h"
#include "sync/outbox.h"
#include "sync/overlay.h"
#include "sync/record-sql.h"

#define MARKED 5
#define STEPS 400

typedef struct {
  char *dir;
  TlDb *db;
  TlChanges *changes;
  GRand *rand;
  GHashTable *server;  /* key to JsonObject; marks have small keys */
  GHashTable *known;   /* likewise */
  GHashTable *told;    /* keys told since their operation went out */
  GHashTable *gone;    /* keys heard to be destroyed */
  GHashTable *results; /* opId to the key it made */
  GQueue log;          /* of Entry: what the server did and the replica has not heard */
  gint64 next_id;
  guint token;
  guint made; /* messages that reached the server */
} World;

typedef struct {
  gint64 key;
  JsonObject *object; /* NULL: destroyed */
} Entry;

static const TlType *
type_of (gint64 key)
{
  return key > 0 && key <= MARKED ? &tl_article_mark_type : &tl_message_type;
}

static gint64 *
box_key (gint64 key)
{
  return g_memdup2 (&key, sizeof key);
}

static void
put (GHashTable *table, gint64 key, JsonObject *object)
{
  if (object)
    g_hash_table_insert (table, box_key (key), object);
  else
    g_hash_table_remove (table, &key);
}

static JsonObject *
copy (JsonObject *object)
{
  return object ? tl_overlay_merge (NULL, object) : NULL;
}

static JsonObject *
identified (JsonObject *object, gint64 key)
{
  char id[TL_ID_MAX];

  json_object_set_string_member (object, "id", tl_id_format (key, id));
  return object;
}

/* --- what is shown, and what should be ----------------------------------------------------------- */

static char *
describe (gint64 key, JsonObject *object)
{
  if (object == NULL)
    return g_strdup ("nothing");
  if (type_of (key) == &tl_message_type)
    return g_strdup (json_object_get_string_member (object, "body"));
  return g_strdup_printf ("star %d later %d",
                          json_object_get_boolean_member_with_default (object, "isStarred", FALSE),
                          json_object_get_boolean_member_with_default (object, "isLater", FALSE));
}

static char *
describe_row (World *world, gint64 key)
{
  g_autoptr (GError) error = NULL;
  gpointer record = tl_record_load (world->db, type_of (key), key, &error);
  char *text;

  g_assert_no_error (error);
  if (record == NULL)
    return g_strdup ("nothing");
  if (type_of (key) == &tl_message_type)
    text = g_strdup (((TlMessage *)record)->body);
  else
    text = g_strdup_printf ("star %d later %d", ((TlArticleMark *)record)->is_starred == TL_TRUE,
                            ((TlArticleMark *)record)->is_later == TL_TRUE);
  tl_record_free (type_of (key), record);
  return text;
}

static JsonObject *
expected (World *world, gint64 key, GPtrArray *ops)
{
  JsonObject *object = copy (g_hash_table_lookup (world->known, &key));

  for (guint i = 0; i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];
    g_autoptr (JsonObject) body = tl_object_from_text (op->body);

    if (op->key != key || (op->status == TL_OP_REFUSED && op->verb != TL_OP_CREATE))
      continue;
    if (op->verb == TL_OP_DESTROY)
      g_clear_pointer (&object, json_object_unref);
    else if (op->verb == TL_OP_CREATE || object)
      object = tl_overlay_merge (object, body);
  }
  return object;
}

static void
check_key (World *world, gint64 key, GPtrArray *ops)
{
  g_autoptr (JsonObject) object = expected (world, key, ops);
  g_autofree char *should = describe (key, object), *is = describe_row (world, key);

  g_assert_cmpstr (is, ==, should);
}

static void
check (World *world)
{
  g_autoptr (GPtrArray) ops = tl_outbox_list (world->db, NULL);

  for (gint64 key = -(gint64)world->token - 1; key < world->next_id; key++)
    if (key != 0)
      check_key (world, key, ops);
}

/* --- a person ----------------------------------------------------------------------------------- */

static gint64
visible_message (World *world)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = NULL;
  gint64 key = 0;

  sqlite3_prepare_v2 (tl_db_handle (world->db), "SELECT key FROM message", -1, &statement, NULL);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  sqlite3_finalize (statement);
  return keys->len
             ? g_array_index (keys, gint64, g_rand_int_range (world->rand, 0, (gint32)keys->len))
             : 0;
}

static void
do_add (World *world, const TlType *type, TlVerb verb, gint64 key, JsonObject *body)
{
  g_autoptr (GError) error = NULL;

  tl_outbox_add (world->db, world->changes, type, verb, &key, body, &error);
  g_assert_no_error (error);
}

static JsonObject *
new_text (World *world)
{
  JsonObject *body = json_object_new ();
  g_autofree char *text = g_strdup_printf ("text %u", ++world->token);

  json_object_set_string_member (body, "body", text);
  return body;
}

static void
person_writes (World *world)
{
  JsonObject *body = new_text (world);
  gint64 other = visible_message (world);
  char ref[TL_ID_MAX + 1];

  json_object_set_string_member (body, "roomId", "t1");
  if (other != 0 && g_rand_boolean (world->rand))
    json_object_set_string_member (body, "replyToId", tl_ref_format (other, ref));
  do_add (world, &tl_message_type, TL_OP_CREATE, 0, body);
}

static void
person_edits (World *world)
{
  gint64 key = visible_message (world);

  if (key != 0)
    do_add (world, &tl_message_type, TL_OP_UPDATE, key, new_text (world));
}

static void
person_destroys (World *world)
{
  gint64 key = visible_message (world);

  if (key != 0)
    do_add (world, &tl_message_type, TL_OP_DESTROY, key, NULL);
}

static void
person_marks (World *world)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, g_rand_boolean (world->rand) ? "isStarred" : "isLater",
                                  g_rand_boolean (world->rand));
  do_add (world, &tl_article_mark_type, TL_OP_UPDATE, g_rand_int_range (world->rand, 1, MARKED + 1),
          body);
}

static void
person_decides (World *world)
{
  g_autoptr (GPtrArray) ops = tl_outbox_list (world->db, NULL);

  for (guint i = 0; i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];

    if (op->status != TL_OP_REFUSED || g_rand_boolean (world->rand))
      continue;
    if (g_rand_boolean (world->rand))
      g_assert_true (tl_outbox_retry (world->db, world->changes, op->id, NULL));
    else
      g_assert_true (tl_outbox_discard (world->db, world->changes, op->id, NULL));
    return; /* it may have taken others with it */
  }
}

/* --- the server --------------------------------------------------------------------------------- */

static void
happen (World *world, gint64 key, JsonObject *object)
{
  Entry *entry = g_new (Entry, 1);

  entry->key = key;
  entry->object = copy (object);
  g_queue_push_tail (&world->log, entry);
  put (world->server, key, object);
}

static void
others_act (World *world)
{
  gint64 key = g_rand_int_range (world->rand, 1, (gint32)world->next_id);
  JsonObject *there = g_hash_table_lookup (world->server, &key);

  if (type_of (key) == &tl_article_mark_type) {
    JsonObject *mark = there ? copy (there) : identified (json_object_new (), key);
    json_object_set_boolean_member (mark, "isStarred", g_rand_boolean (world->rand));
    happen (world, key, mark);
  } else if (there == NULL) {
    key = world->next_id++;
    happen (world, key, identified (new_text (world), key));
  } else if (g_rand_int_range (world->rand, 0, 3) == 0)
    happen (world, key, NULL);
  else {
    g_autoptr (JsonObject) text = new_text (world);
    happen (world, key, tl_overlay_merge (copy (there), text));
  }
}

static void
hear (World *world)
{
  Entry *entry = g_queue_pop_head (&world->log);
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;

  if (entry == NULL)
    return;
  if (entry->object) {
    g_autofree char *text = tl_object_to_text (entry->object);
    json = g_strdup_printf ("[%s]", text);
    tl_apply_objects (world->db, world->changes, type_of (entry->key), json, "$", &error);
  } else {
    json = g_strdup_printf ("[\"t%" G_GINT64_FORMAT "\"]", entry->key);
    g_hash_table_add (world->gone, box_key (entry->key));
    tl_apply_destroyed (world->db, world->changes, type_of (entry->key), json, "$", &error);
  }
  g_assert_no_error (error);
  g_hash_table_add (world->told, box_key (entry->key));
  put (world->known, entry->key, entry->object);
  g_free (entry);
}

/* References must be to what the server knows, or was made before in the same request. */
static void
resolve (JsonObject *body, GHashTable *made)
{
  gint64 ref = tl_ref_parse (json_object_get_member (body, "replyToId")), *to;
  char id[TL_ID_MAX];

  if (ref >= 0)
    return;
  to = g_hash_table_lookup (made, &ref);
  g_assert_nonnull (to);
  json_object_set_string_member (body, "replyToId", tl_id_format (*to, id));
}

/* Returns the key of the object, 0 when it is refused. */
static gint64
serve (World *world, const TlOp *op, GHashTable *made, gboolean may_refuse)
{
  gint64 *before = g_hash_table_lookup (world->results, op->op_id), *local;
  gint64 key = op->key;
  g_autoptr (JsonObject) body = tl_object_from_text (op->body);
  JsonObject *there;

  if (before)
    return *before;
  if (key < 0 && op->verb != TL_OP_CREATE) {
    local = g_hash_table_lookup (made, &key);
    g_assert_nonnull (local);
    key = *local;
  }
  resolve (body, made);
  there = g_hash_table_lookup (world->server, &key);
  if ((may_refuse && g_rand_int_range (world->rand, 0, 8) == 0) ||
      (op->verb != TL_OP_CREATE && there == NULL))
    return 0;
  if (key < 0) {
    key = world->next_id++;
    world->made++;
  }
  happen (world, key,
          op->verb == TL_OP_DESTROY ? NULL
                                    : identified (tl_overlay_merge (copy (there), body), key));
  g_hash_table_insert (world->results, g_strdup (op->op_id), box_key (key));
  return key;
}

static void
answer (World *world, const TlOp *op, gint64 key, GHashTable *made)
{
  g_autoptr (JsonObject) reply = identified (json_object_new (), key);
  g_autoptr (JsonObject) body = tl_object_from_text (op->body);
  g_autoptr (GError) error = NULL;
  JsonObject *known = g_hash_table_lookup (world->known, &key);
  gboolean told = g_hash_table_contains (world->told, &key);

  tl_outbox_accept (world->db, world->changes, op, reply, &error);
  g_assert_no_error (error);
  if (op->key < 0 && op->verb == TL_OP_CREATE)
    told = known != NULL || g_hash_table_contains (world->gone, &key);
  if (told) {
    g_hash_table_add (world->told, box_key (key));
    return;
  }
  resolve (body, made);
  if (op->verb == TL_OP_DESTROY)
    put (world->known, key, NULL);
  else if (op->verb == TL_OP_CREATE || known)
    put (world->known, key, identified (tl_overlay_merge (copy (known), body), key));
}

/* What is heard from now on may have the operation in it, or not. */
static void
goes_out (World *world, const TlOp *op, GPtrArray *before)
{
  for (guint i = 0; i < before->len; i++) {
    const TlOp *other = before->pdata[i];

    if (other->key == op->key && other->attempts > 0 && other->status != TL_OP_REFUSED)
      return;
  }
  g_hash_table_remove (world->told, &op->key);
}

static void
engine_sends (World *world, gboolean faults)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) before = tl_outbox_list (world->db, NULL);
  g_autoptr (GPtrArray) ops =
      tl_outbox_take (world->db, (guint)g_rand_int_range (world->rand, 1, 6), &error);
  g_autoptr (GHashTable) made = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  gint32 fate = faults ? g_rand_int_range (world->rand, 0, 4) : 3; /* 0: not sent, 1: no answer */
  gint64 keys[8];

  g_assert_no_error (error);
  for (guint i = 0; i < ops->len; i++)
    goes_out (world, ops->pdata[i], before);
  for (guint i = 0; fate != 0 && i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];

    if (op->key < 0 && op->verb != TL_OP_CREATE && !g_hash_table_contains (made, &op->key)) {
      ops->len = i; /* its create was refused just now: the engine stops here */
      break;
    }
    keys[i] = serve (world, op, made, faults);
    if (keys[i] == 0 && op->verb == TL_OP_CREATE && op->key < 0)
      ops->len = i + 1;
    if (op->verb == TL_OP_CREATE)
      g_hash_table_insert (made, box_key (op->key), box_key (keys[i]));
  }
  if (faults && g_rand_boolean (world->rand))
    hear (world);
  for (guint i = 0; fate > 1 && i < ops->len; i++) {
    if (keys[i] > 0)
      answer (world, ops->pdata[i], keys[i], made);
    else
      g_assert_true (
          tl_outbox_refuse (world->db, world->changes, ops->pdata[i], "forbidden", "No.", NULL));
  }
  g_assert_true (tl_outbox_release (world->db, world->changes, NULL));
}

static void
reopen (World *world)
{
  g_autoptr (GError) error = NULL;

  fixture_commit (world->db);
  tl_db_close (world->db);
  world->db = fixture_db (world->dir);
  tl_outbox_recover (world->db, world->changes, &error);
  g_assert_no_error (error);
}

/* --- the test ----------------------------------------------------------------------------------- */

static void
step (World *world)
{
  static void (*const steps[]) (
      World *) = { person_writes,  person_edits, person_marks, person_marks, person_destroys,
                   person_decides, others_act,   others_act,   hear,         hear };
  gint32 which = g_rand_int_range (world->rand, 0, 14);

  if (which < (gint32)G_N_ELEMENTS (steps))
    steps[which](world);
  else if (which < 13)
    engine_sends (world, TRUE);
  else
    reopen (world);
}

/* No more faults: all is sent, all is heard. */
static void
settle (World *world)
{
  for (guint rounds = 0; rounds < 1000; rounds++) {
    g_autoptr (GPtrArray) ops = tl_outbox_list (world->db, NULL);

    if (ops->len == 0 && g_queue_is_empty (&world->log))
      return;
    for (guint i = 0; i < ops->len; i++)
      if (((TlOp *)ops->pdata[i])->status == TL_OP_REFUSED) {
        tl_outbox_discard (world->db, world->changes, ((TlOp *)ops->pdata[i])->id, NULL);
        break;
      }
    engine_sends (world, FALSE);
    while (!g_queue_is_empty (&world->log))
      hear (world);
    check (world);
  }
  g_assert_not_reached ();
}

static void
check_agreement (World *world)
{
  g_autoptr (GPtrArray) none = tl_outbox_take (world->db, 1, NULL); /* the outbox tidies up */
  sqlite3_stmt *statement = NULL;

  for (gint64 key = 1; key < world->next_id; key++) {
    g_autofree char *should = describe (key, g_hash_table_lookup (world->server, &key));
    g_autofree char *is = describe_row (world, key);
    g_assert_cmpstr (is, ==, should);
  }
  sqlite3_prepare_v2 (
      tl_db_handle (world->db),
      "SELECT (SELECT count(*) FROM base) + (SELECT count(*) FROM message WHERE key < 0)", -1,
      &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpint (sqlite3_column_int (statement, 0), ==, 0);
  sqlite3_finalize (statement);
}

static void
run_world (guint32 seed)
{
  World world = { .dir = fixture_dir (), .changes = tl_changes_new (), .next_id = MARKED + 1 };

  world.db = fixture_db (world.dir);
  world.rand = g_rand_new_with_seed (seed);
  world.server = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                        (GDestroyNotify)json_object_unref);
  world.known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify)json_object_unref);
  world.told = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  world.gone = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  world.results = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < STEPS; i++) {
    step (&world);
    check (&world);
  }
  settle (&world);
  check_agreement (&world);
  g_hash_table_unref (world.server);
  g_hash_table_unref (world.known);
  g_hash_table_unref (world.told);
  g_hash_table_unref (world.gone);
  g_hash_table_unref (world.results);
  g_rand_free (world.rand);
  tl_changes_free (world.changes);
  tl_db_close (world.db);
  fixture_remove (world.dir);
}

static void
test_any_order (void)
{
  for (guint i = 0; i < 6; i++) {
    guint32 seed = (guint32)g_test_rand_int ();

    g_test_message ("world %u", seed);
    run_world (seed);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/overlay/rows-are-base-and-operations-in-any-order", test_any_order);
  return g_test_run ();
}
