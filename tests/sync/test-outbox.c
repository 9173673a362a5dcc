/* What a person did and the server has not acknowledged: few operations, in order, shown at once, and the truth
 * when the server says no. */
#include "tests/sync/fixture.h"

#include "sync/apply.h"
#include "sync/deliver.h"
#include "sync/outbox.h"
#include "sync/record-sql.h"

typedef struct {
  char *dir;
  TlDb *db;
  TlChanges *changes;
} Box;

static void
set_up (Box *box, gconstpointer data)
{
  box->dir = fixture_dir ();
  box->db = fixture_db (box->dir);
  box->changes = tl_changes_new ();
}

static void
tear_down (Box *box, gconstpointer data)
{
  tl_changes_free (box->changes);
  tl_db_close (box->db);
  fixture_remove (box->dir);
}

static JsonObject *
object (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_assert_nonnull (node);
  return json_node_dup_object (node);
}

static gint64
add (Box *box, const TlType *type, TlVerb verb, gint64 key, const char *json)
{
  g_autoptr (GError) error = NULL;

  tl_outbox_add (box->db, box->changes, type, verb, &key, json ? object (json) : NULL, &error);
  g_assert_no_error (error);
  return key;
}

static void
told (Box *box, const TlType *type, const char *list)
{
  g_autoptr (GError) error = NULL;

  tl_apply_objects (box->db, box->changes, type, list, "$", &error);
  g_assert_no_error (error);
}

static void
gone (Box *box, const TlType *type, const char *list)
{
  g_autoptr (GError) error = NULL;

  tl_apply_destroyed (box->db, box->changes, type, list, "$", &error);
  g_assert_no_error (error);
}

static GPtrArray *
take (Box *box)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *ops = tl_outbox_take (box->db, 100, &error);

  g_assert_no_error (error);
  return ops;
}

static void
release (Box *box)
{
  g_assert_true (tl_outbox_release (box->db, box->changes, NULL));
}

static void
accept (Box *box, const TlOp *op, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = json ? object (json) : NULL;

  tl_outbox_accept (box->db, box->changes, op, answer, &error);
  g_assert_no_error (error);
}

static void
refuse (Box *box, const TlOp *op)
{
  g_autoptr (GError) error = NULL;

  tl_outbox_refuse (box->db, box->changes, op, "forbidden", "You may not.", &error);
  g_assert_no_error (error);
}

/* The operations as text: "create Room -1 {…}; …", with "!" for refused ones. */
static void
assert_ops (Box *box, const char *expected)
{
  static const char *const verbs[] = { "create", "update", "destroy" };
  g_autoptr (GPtrArray) ops = tl_outbox_list (box->db, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];
    g_string_append_printf (text, "%s%s%s %s %" G_GINT64_FORMAT " %s", i ? "; " : "",
                            op->status == TL_OP_REFUSED ? "!" : "", verbs[op->verb], op->type->name,
                            op->key, op->body);
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static TlMessage *
message (Box *box, gint64 key)
{
  return tl_record_load (box->db, &tl_message_type, key, NULL);
}

static void
assert_body (Box *box, gint64 key, const char *body)
{
  TlMessage *found = message (box, key);

  g_assert_cmpstr (found ? found->body : NULL, ==, body);
  tl_record_free (&tl_message_type, found);
}

static TlTristate
starred (Box *box, gint64 article)
{
  TlArticleMark *mark = tl_record_load (box->db, &tl_article_mark_type, article, NULL);
  TlTristate value = mark ? mark->is_starred : TL_NULL;

  tl_record_free (&tl_article_mark_type, mark);
  return value;
}

static gint64
count_bases (Box *box)
{
  sqlite3_stmt *statement = NULL;
  gint64 n;

  sqlite3_prepare_v2 (tl_db_handle (box->db), "SELECT count(*) FROM base", -1, &statement, NULL);
  sqlite3_step (statement);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

#define MESSAGE                                                                                    \
  "[{\"id\":\"t7\",\"roomId\":\"t3\",\"senderId\":\"t1\",\"body\":\"old\",\"replyToId\":null,"     \
  "\"seq\":4,\"sentAt\":\"2026-10-01T08:30:00Z\",\"editedAt\":null}]"

static void
test_edits_are_one_patch (Box *box, gconstpointer data)
{
  told (box, &tl_message_type, MESSAGE);
  for (guint i = 0; i < 10; i++) {
    g_autofree char *json = g_strdup_printf ("{\"body\":\"edit %u\"}", i);
    add (box, &tl_message_type, TL_OP_UPDATE, 7, json);
  }
  assert_ops (box, "update Message 7 {\"body\":\"edit 9\"}");
  assert_body (box, 7, "edit 9");
  add (box, &tl_message_type, TL_OP_UPDATE, 7, "{\"body\":\"old\"}");
  assert_ops (box, "");
  assert_body (box, 7, "old");
  g_assert_cmpint (count_bases (box), ==, 0);
}

static void
test_star_unstar (Box *box, gconstpointer data)
{
  add (box, &tl_article_mark_type, TL_OP_UPDATE, 5, "{\"isStarred\":true}");
  assert_ops (box, "create ArticleMark 5 {\"isStarred\":true,\"articleId\":\"t5\"}");
  g_assert_cmpint (starred (box, 5), ==, TL_TRUE);
  add (box, &tl_article_mark_type, TL_OP_UPDATE, 5, "{\"isStarred\":false}");
  assert_ops (box, "");
  g_assert_cmpint (starred (box, 5), ==, TL_NULL);
  told (box, &tl_article_mark_type,
        "[{\"id\":\"t5\",\"articleId\":\"t5\",\"isRead\":true,\"isStarred\":true,\"isLater\":false}"
        "]");
  add (box, &tl_article_mark_type, TL_OP_UPDATE, 5, "{\"isStarred\":false}");
  add (box, &tl_article_mark_type, TL_OP_UPDATE, 5, "{\"isStarred\":true}");
  assert_ops (box, "");
}

static void
test_create_edit_destroy (Box *box, gconstpointer data)
{
  gint64 key =
      add (box, &tl_message_type, TL_OP_CREATE, 0, "{\"roomId\":\"t3\",\"body\":\"helo\"}");

  g_assert_cmpint (key, ==, -1);
  add (box, &tl_message_type, TL_OP_UPDATE, key, "{\"body\":\"hello\"}");
  assert_ops (box, "create Message -1 {\"roomId\":\"t3\",\"body\":\"hello\"}");
  assert_body (box, key, "hello");
  add (box, &tl_message_type, TL_OP_DESTROY, key, NULL);
  assert_ops (box, "");
  assert_body (box, key, NULL);
  g_assert_cmpint (count_bases (box), ==, 0);
}

/* Both were sent: the one is refused, and of the other the server knows nothing. */
static void
test_refused_and_destroyed (Box *box, gconstpointer data)
{
  gint64 key = add (box, &tl_message_type, TL_OP_CREATE, 0, "{\"roomId\":\"t3\",\"body\":\"a\"}");
  g_autoptr (GPtrArray) sent = take (box);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;

  release (box);
  add (box, &tl_message_type, TL_OP_DESTROY, key, NULL);
  again = take (box);
  g_assert_cmpuint (again->len, ==, 2);
  g_assert_true (tl_outbox_gone (box->db, box->changes, again->pdata[1], &error));
  g_assert_no_error (error); /* it may still come about */
  assert_ops (box, "create Message -1 {\"roomId\":\"t3\",\"body\":\"a\"}; destroy Message -1 {}");
  refuse (box, again->pdata[0]);
  g_assert_true (tl_outbox_gone (box->db, box->changes, again->pdata[1], &error));
  g_assert_no_error (error);
  assert_ops (box, "");
  assert_body (box, key, NULL);
}

static void
test_sent_is_left_alone (Box *box, gconstpointer data)
{
  g_autoptr (GPtrArray) sent = NULL, again = NULL;
  const TlOp *first;

  told (box, &tl_message_type, MESSAGE);
  add (box, &tl_message_type, TL_OP_UPDATE, 7, "{\"body\":\"one\"}");
  sent = take (box);
  g_assert_cmpuint (sent->len, ==, 1);
  first = sent->pdata[0];
  add (box, &tl_message_type, TL_OP_UPDATE, 7, "{\"body\":\"two\"}");
  add (box, &tl_message_type, TL_OP_UPDATE, 7, "{\"body\":\"three\"}");
  assert_ops (box, "update Message 7 {\"body\":\"one\"}; update Message 7 {\"body\":\"three\"}");
  again = take (box);
  g_assert_cmpuint (again->len, ==, 0); /* in order on one object */
  release (box);
  add (box, &tl_message_type, TL_OP_UPDATE, 7, "{\"body\":\"four\"}");
  assert_ops (box, "update Message 7 {\"body\":\"one\"}; update Message 7 {\"body\":\"four\"}");
  accept (box, first, NULL);
  assert_ops (box, "update Message 7 {\"body\":\"four\"}");
  assert_body (box, 7, "four");
  g_clear_pointer (&again, g_ptr_array_unref);
  again = take (box);
  refuse (box, again->pdata[0]);
  assert_body (box, 7, "one");
}

static void
test_room_and_message (Box *box, gconstpointer data)
{
  gint64 room =
      add (box, &tl_room_type, TL_OP_CREATE, 0, "{\"name\":\"Boats\",\"kind\":\"group\"}");
  gint64 said =
      add (box, &tl_message_type, TL_OP_CREATE, 0, "{\"roomId\":\"#n1\",\"body\":\"#n1\"}");
  g_autoptr (GPtrArray) ops = NULL;
  TlMessage *found;
  const TlRekey *rekey;

  add (box, &tl_read_marker_type, TL_OP_UPDATE, room, "{\"upTo\":3}");
  found = message (box, said);
  g_assert_cmpint (found->room_id, ==, room);
  g_assert_cmpint (found->sent_at, >, 0);
  tl_record_free (&tl_message_type, found);
  ops = take (box);
  g_assert_cmpuint (ops->len, ==, 3);
  accept (box, ops->pdata[0], "{\"id\":\"t40\",\"createdBy\":\"t1\"}");
  assert_ops (box, "create Message -2 {\"roomId\":\"t40\",\"body\":\"#n1\"}; "
                   "create ReadMarker 40 {\"upTo\":3,\"roomId\":\"t40\"}");
  found = message (box, said);
  g_assert_cmpint (found->room_id, ==, 40);
  tl_record_free (&tl_message_type, found);
  rekey = &g_array_index (box->changes->rekeyed, TlRekey, 0);
  g_assert_cmpint (rekey->from, ==, room);
  g_assert_cmpint (rekey->to, ==, 40);
  accept (box, ops->pdata[1], "{\"id\":\"t41\",\"seq\":1,\"sentAt\":\"2026-10-01T08:30:00Z\"}");
  accept (box, ops->pdata[2], NULL);
  assert_ops (box, "");
  assert_body (box, said, NULL);
  assert_body (box, 41, "#n1");
  g_assert_cmpint (count_bases (box), ==, 0);
}

static gint64
count_invited (Box *box)
{
  sqlite3_stmt *statement = NULL;
  gint64 n;

  sqlite3_prepare_v2 (
      tl_db_handle (box->db),
      "SELECT count(*) FROM room_member WHERE roomId = -1 AND principalId IN (8, 9)", -1,
      &statement, NULL);
  sqlite3_step (statement);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

static void
test_invited (Box *box, gconstpointer data)
{
  g_autoptr (GPtrArray) ops = NULL;

  add (box, &tl_room_type, TL_OP_CREATE, 0, "{\"kind\":\"group\",\"members\":[\"t8\",\"t9\"]}");
  add (box, &tl_room_type, TL_OP_UPDATE, -1, "{\"topic\":\"tides\"}");
  g_assert_cmpint (count_invited (box), ==, 2);
  ops = take (box);
  accept (box, ops->pdata[0], "{\"id\":\"t40\"}");
  g_assert_cmpint (count_invited (box), ==, 0);
}

/* The server has no object of them: what is done to their rows is done to the room's create. */
static void
test_uninvited (Box *box, gconstpointer data)
{
  gint64 room =
      add (box, &tl_room_type, TL_OP_CREATE, 0, "{\"name\":\"Crew\",\"members\":[\"t7\",\"t9\"]}");
  gint64 member = (-(G_GINT64_CONSTANT (1) << 40)) + room * 1000;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ops = NULL;

  g_assert_false (tl_outbox_add (box->db, box->changes, &tl_room_member_type, TL_OP_UPDATE, &member,
                                 object ("{\"role\":\"owner\"}"), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  add (box, &tl_room_member_type, TL_OP_DESTROY, member, NULL);
  assert_ops (box, "create Room -1 {\"name\":\"Crew\",\"members\":[\"t9\"]}");

  ops = take (box);
  g_assert_false (tl_outbox_add (box->db, box->changes, &tl_room_member_type, TL_OP_DESTROY,
                                 &member, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
}

static void
test_waits_for_its_room (Box *box, gconstpointer data)
{
  gint64 room = add (box, &tl_room_type, TL_OP_CREATE, 0, "{\"name\":\"Boats\"}");
  g_autoptr (GPtrArray) ops = NULL, more = NULL, all = NULL;
  gint64 id;

  add (box, &tl_message_type, TL_OP_CREATE, 0, "{\"roomId\":\"#n1\",\"body\":\"in it\"}");
  add (box, &tl_message_type, TL_OP_CREATE, 0, "{\"roomId\":\"t3\",\"body\":\"elsewhere\"}");
  ops = tl_outbox_take (box->db, 1, NULL);
  g_assert_cmpuint (ops->len, ==, 1);
  refuse (box, ops->pdata[0]);
  more = take (box);
  g_assert_cmpuint (more->len, ==, 1);
  g_assert_cmpint (((TlOp *)more->pdata[0])->key, ==, -3);
  accept (box, more->pdata[0], "{\"id\":\"t9\"}");
  assert_body (box, -2, "in it"); /* still shown, and so is the refused room */
  all = tl_outbox_list (box->db, NULL);
  id = ((TlOp *)all->pdata[0])->id;
  g_assert_cmpint (((TlOp *)all->pdata[0])->key, ==, room);
  g_assert_true (tl_outbox_retry (box->db, box->changes, id, NULL));
  g_clear_pointer (&more, g_ptr_array_unref);
  more = take (box);
  g_assert_cmpuint (more->len, ==, 2);
  g_assert_cmpstr (((TlOp *)more->pdata[0])->op_id, !=, ((TlOp *)ops->pdata[0])->op_id);
  refuse (box, more->pdata[0]);
  g_assert_true (tl_outbox_discard (box->db, box->changes, id, NULL));
  assert_ops (box, "");
  assert_body (box, -2, NULL);
  g_assert_cmpint (count_bases (box), ==, 0);
}

static void
test_refusal_shows_the_truth (Box *box, gconstpointer data)
{
  g_autoptr (GPtrArray) ops = NULL;

  told (box, &tl_message_type, MESSAGE);
  add (box, &tl_message_type, TL_OP_DESTROY, 7, NULL);
  assert_body (box, 7, NULL);
  ops = take (box);
  refuse (box, ops->pdata[0]);
  assert_body (box, 7, "old");
  g_assert_cmpint (count_bases (box), ==, 0);
  add (box, &tl_message_type, TL_OP_UPDATE, 7,
       "{\"body\":\"mine\"}"); /* replaces what was refused */
  assert_ops (box, "update Message 7 {\"body\":\"mine\"}");
}

static void
test_deltas_go_beneath (Box *box, gconstpointer data)
{
  g_autoptr (GPtrArray) ops = NULL;

  told (box, &tl_message_type, MESSAGE);
  add (box, &tl_message_type, TL_OP_UPDATE, 7, "{\"body\":\"mine\"}");
  told (box, &tl_message_type,
        "[{\"id\":\"t7\",\"roomId\":\"t3\",\"senderId\":\"t1\",\"body\":\"theirs\",\"seq\":5}]");
  assert_body (box, 7, "mine");
  ops = take (box);
  refuse (box, ops->pdata[0]);
  assert_body (box, 7, "theirs");
  gone (box, &tl_message_type, "[\"t7\"]");
  assert_body (box, 7, NULL);
}

/* The server told of a later change before it answered: its word stays. */
static void
test_late_answer (Box *box, gconstpointer data)
{
  g_autoptr (GPtrArray) ops = NULL;

  told (box, &tl_message_type, MESSAGE);
  add (box, &tl_message_type, TL_OP_UPDATE, 7, "{\"body\":\"mine\"}");
  ops = take (box);
  told (box, &tl_message_type, "[{\"id\":\"t7\",\"roomId\":\"t3\",\"body\":\"moderated\"}]");
  accept (box, ops->pdata[0], NULL);
  assert_body (box, 7, "moderated");
  g_assert_cmpint (count_bases (box), ==, 0);
}

static void
test_delta_before_answer (Box *box, gconstpointer data)
{
  g_autoptr (GPtrArray) ops = NULL;

  add (box, &tl_message_type, TL_OP_CREATE, 0, "{\"roomId\":\"t3\",\"body\":\"old\"}");
  ops = take (box);
  told (box, &tl_message_type, MESSAGE);
  accept (box, ops->pdata[0], "{\"id\":\"t7\"}");
  assert_body (box, -1, NULL);
  assert_body (box, 7, "old");
  g_assert_cmpint (count_bases (box), ==, 0);
}

static void
test_new_replica (Box *box, gconstpointer data)
{
  g_autofree char *replica = g_build_filename (box->dir, "replica.db", NULL);

  told (box, &tl_message_type, MESSAGE);
  add (box, &tl_message_type, TL_OP_UPDATE, 7, "{\"body\":\"mine\"}");
  add (box, &tl_message_type, TL_OP_CREATE, 0, "{\"roomId\":\"t3\",\"body\":\"new\"}");
  fixture_commit (box->db);
  tl_db_close (box->db);
  g_remove (replica);
  box->db = fixture_db (box->dir);
  g_assert_true (tl_outbox_recover (box->db, box->changes, NULL));
  assert_body (box, -1, "new");
  assert_body (box, 7, NULL);
  told (box, &tl_message_type, MESSAGE);
  assert_body (box, 7, "mine");
}

/* A power cut took the replica back to before the acknowledgement, or local.db's half of one was lost. */
static void
test_half_accepted (Box *box, gconstpointer data)
{
  g_autoptr (GPtrArray) ops = NULL;
  g_autofree char *local = g_build_filename (box->dir, "local.db", NULL);
  g_autofree char *before = NULL;
  gsize size;

  add (box, &tl_room_type, TL_OP_CREATE, 0, "{\"name\":\"Boats\"}");
  add (box, &tl_message_type, TL_OP_CREATE, 0, "{\"roomId\":\"#n1\",\"body\":\"in it\"}");
  ops = take (box);
  fixture_commit (box->db);
  tl_db_close (box->db);
  g_assert_true (g_file_get_contents (local, &before, &size, NULL));
  box->db = fixture_db (box->dir);
  accept (box, ops->pdata[0], "{\"id\":\"t40\"}");
  fixture_commit (box->db);
  tl_db_close (box->db);
  g_assert_true (g_file_set_contents (local, before, (gssize)size, NULL));
  box->db = fixture_db (box->dir);
  g_assert_true (tl_outbox_recover (box->db, box->changes, NULL));
  assert_ops (box, "create Message -2 {\"roomId\":\"t40\",\"body\":\"in it\"}");
  {
    TlMessage *found = message (box, -2);
    TlRoom *ghost = tl_record_load (box->db, &tl_room_type, -1, NULL);
    g_assert_cmpint (found->room_id, ==, 40);
    g_assert_null (ghost);
    tl_record_free (&tl_message_type, found);
  }
}

static void
test_bad_bodies (Box *box, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 key = 99;

  g_assert_false (tl_outbox_add (box->db, box->changes, &tl_message_type, TL_OP_UPDATE, &key,
                                 object ("{\"body\":null}"), &error));
  g_assert_cmpstr (error->message, ==, "body: cannot be null");
  g_clear_error (&error);
  g_assert_false (tl_outbox_add (box->db, box->changes, &tl_message_type, TL_OP_UPDATE, &key,
                                 object ("{\"body\":\"x\"}"), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

#define TEST(path, func) g_test_add ("/outbox/" path, Box, NULL, set_up, func, tear_down)

#define EVENT(title)                                                                               \
  "[{\"id\":\"t60\",\"calendarId\":\"t50\",\"uid\":\"u\",\"title\":\"" title                       \
  "\",\"start\":\"2026-07-01T10:00:00\",\"location\":null,\"createdBy\":\"t1\"}]"

static void
assert_title (Box *box, gint64 key, const char *title)
{
  TlCalendarEvent *event = tl_record_load (box->db, &tl_calendar_event_type, key, NULL);

  g_assert_cmpstr (event ? event->title : NULL, ==, title);
  tl_record_free (&tl_calendar_event_type, event);
}

/* An edit of an event that somebody else edited meanwhile: asked for with the state that it was made on, and
 * refused by the server's answer. Gives the operation. */
static gint64
get_into_conflict (Box *box)
{
  g_autoptr (GPtrArray) sent = NULL;
  g_autoptr (JsonNode) request = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;
  TlDelivered out;
  g_autofree char *text = NULL;
  const char *json =
      "{\"methodResponses\":[[\"CalendarEvent/set\",{\"updated\":null,\"notUpdated\":{\"t60\":{"
      "\"type\":\"conflict\",\"description\":\"x\",\"current\":{\"title\":\"Theirs\"}}}},\"0\"]]}";

  tl_replica_set_meta (box->db, "state:CalendarEvent", "1.9:9:", &error);
  g_assert_no_error (error);
  told (box, &tl_calendar_event_type, EVENT ("Ours"));
  add (box, &tl_calendar_event_type, TL_OP_UPDATE, 60, "{\"title\":\"Mine\"}");
  sent = take (box);
  request = tl_deliver_request (1, sent);
  text = json_to_string (request, FALSE);
  g_assert_nonnull (strstr (text, "\"ifUnchangedSince\":{\"t60\":\"1.9:9:\"}"));
  answer = g_bytes_new_static (json, strlen (json));
  tl_deliver_apply (box->db, box->changes, sent, answer, &out, &error);
  g_assert_no_error (error);
  told (box, &tl_calendar_event_type, EVENT ("Theirs"));
  assert_title (box, 60, "Theirs");
  assert_ops (box, "!update CalendarEvent 60 {\"title\":\"Mine\"}");
  return ((TlOp *)sent->pdata[0])->id;
}

static void
test_conflict_mine (Box *box, gconstpointer data)
{
  gint64 op = get_into_conflict (box);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *text = NULL;

  g_assert_true (tl_outbox_retry (box->db, box->changes, op, NULL));
  assert_title (box, 60, "Mine");
  again = take (box);
  request = tl_deliver_request (1, again);
  text = json_to_string (request, FALSE);
  g_assert_null (strstr (text, "ifUnchangedSince"));
}

static void
test_conflict_theirs (Box *box, gconstpointer data)
{
  gint64 op = get_into_conflict (box);

  g_assert_true (tl_outbox_discard (box->db, box->changes, op, NULL));
  assert_title (box, 60, "Theirs");
  assert_ops (box, "");
  g_assert_false (tl_outbox_keep_both (box->db, box->changes, op, NULL));
}

static void
test_conflict_both (Box *box, gconstpointer data)
{
  gint64 op = get_into_conflict (box);

  g_assert_true (tl_outbox_keep_both (box->db, box->changes, op, NULL));
  assert_title (box, 60, "Theirs");
  assert_title (box, -1, "Mine");
  assert_ops (box, "create CalendarEvent -1 {\"calendarId\":\"t50\",\"title\":\"Mine\","
                   "\"start\":\"2026-07-01T10:00:00\"}");
}

/* What was pushed and seen before its state came is no conflict. */
static void
test_pushed_is_seen (Box *box, gconstpointer data)
{
  g_autoptr (GPtrArray) sent = NULL;

  tl_replica_set_meta (box->db, "state:CalendarEvent", "1.9:9:", NULL);
  told (box, &tl_calendar_event_type, EVENT ("Theirs"));
  g_assert_true (tl_apply_unconfirmed (box->db, &tl_calendar_event_type, 60, NULL));
  add (box, &tl_calendar_event_type, TL_OP_UPDATE, 60, "{\"title\":\"Mine\"}");
  sent = take (box);
  g_assert_false (tl_op_asks_first (sent->pdata[0]));
}

/* Who answers an invitation does not undo anything, and is not held back. */
static void
test_answers_ask_not (Box *box, gconstpointer data)
{
  g_autoptr (GPtrArray) sent = NULL;

  tl_replica_set_meta (box->db, "state:CalendarEvent", "1.9:9:", NULL);
  told (box, &tl_calendar_event_type, EVENT ("Ours"));
  add (box, &tl_calendar_event_type, TL_OP_UPDATE, 60,
       "{\"participants\":{\"t1\":{\"participationStatus\":\"accepted\"}}}");
  sent = take (box);
  g_assert_cmpuint (sent->len, ==, 1);
  g_assert_false (tl_op_asks_first (sent->pdata[0]));
}

/* A pointer changes what it leads to, whatever others changed beside it meanwhile. */
static void
test_pointers (Box *box, gconstpointer data)
{
  TlCalendarEvent *event;

  told (box, &tl_calendar_event_type,
        "[{\"id\":\"t7\",\"title\":\"Supper\",\"start\":\"2026-11-04T18:00:00\",\"participants\":"
        "{\"t1\":{\"participationStatus\":\"needs-action\"},"
        "\"t2\":{\"participationStatus\":\"needs-action\"}}}]");
  add (box, &tl_calendar_event_type, TL_OP_UPDATE, 7,
       "{\"participants/t1/participationStatus\":\"tentative\"}");
  add (box, &tl_calendar_event_type, TL_OP_UPDATE, 7,
       "{\"participants/t1/participationStatus\":\"accepted\"}");
  assert_ops (box, "update CalendarEvent 7 {\"participants/t1/participationStatus\":\"accepted\"}");
  told (box, &tl_calendar_event_type,
        "[{\"id\":\"t7\",\"title\":\"Supper\",\"start\":\"2026-11-04T18:00:00\",\"participants\":"
        "{\"t1\":{\"participationStatus\":\"needs-action\"},"
        "\"t2\":{\"participationStatus\":\"declined\"}}}]");
  event = tl_record_load (box->db, &tl_calendar_event_type, 7, NULL);
  g_assert_cmpstr (event->participants, ==,
                   "{\"t1\":{\"participationStatus\":\"accepted\"},"
                   "\"t2\":{\"participationStatus\":\"declined\"}}");
  tl_record_free (&tl_calendar_event_type, event);
  add (box, &tl_calendar_event_type, TL_OP_UPDATE, 7, "{\"participants\":null}");
  assert_ops (box, "update CalendarEvent 7 {\"participants\":null}");
  add (box, &tl_calendar_event_type, TL_OP_UPDATE, 7,
       "{\"participants/t1/participationStatus\":\"declined\"}");
  event = tl_record_load (box->db, &tl_calendar_event_type, 7, NULL);
  g_assert_null (event->participants);
  tl_record_free (&tl_calendar_event_type, event);
}

/* What is large goes in several requests, in its order. */
static void
test_large (Box *box, gconstpointer data)
{
  g_autofree char *text = g_strnfill (600 * 1000, 'w');
  g_autofree char *body = g_strdup_printf ("{\"title\":\"Regatta\",\"start\":\"2026-11-04T18:00:"
                                           "00\",\"calendarId\":\"t5\",\"ical\":\"%s\"}",
                                           text);
  gint64 one = add (box, &tl_calendar_event_type, TL_OP_CREATE, 0, body);
  gint64 other = add (box, &tl_calendar_event_type, TL_OP_CREATE, 0, body);
  g_autoptr (GPtrArray) first = take (box);
  g_autoptr (GPtrArray) second = take (box);

  g_assert_cmpuint (first->len, ==, 1);
  g_assert_cmpuint (second->len, ==, 1);
  g_assert_cmpint (((TlOp *)first->pdata[0])->key, ==, one);
  g_assert_cmpint (((TlOp *)second->pdata[0])->key, ==, other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("ten-edits-are-one-patch", test_edits_are_one_patch);
  TEST ("star-and-unstar-are-nothing", test_star_unstar);
  TEST ("pointers-leave-what-is-beside-them", test_pointers);
  TEST ("what-is-large-goes-in-several-requests", test_large);
  TEST ("edits-go-into-an-unsent-create-and-a-destroy-removes-it", test_create_edit_destroy);
  TEST ("what-was-refused-and-is-destroyed-goes", test_refused_and_destroyed);
  TEST ("what-was-sent-is-left-alone", test_sent_is_left_alone);
  TEST ("a-new-room-gets-its-id-everywhere", test_room_and_message);
  TEST ("a-new-room-shows-whom-it-invites", test_invited);
  TEST ("who-is-invited-to-a-new-room-is-taken-out-again", test_uninvited);
  TEST ("what-needs-a-refused-create-waits", test_waits_for_its_room);
  TEST ("a-refusal-shows-the-truth", test_refusal_shows_the_truth);
  TEST ("deltas-go-beneath-operations", test_deltas_go_beneath);
  TEST ("a-late-answer-hides-no-later-change", test_late_answer);
  TEST ("a-delta-before-the-answer-makes-no-double", test_delta_before_answer);
  TEST ("operations-show-over-a-new-replica", test_new_replica);
  TEST ("half-an-acknowledgement-is-finished", test_half_accepted);
  TEST ("bodies-that-do-not-fit-are-refused", test_bad_bodies);
  TEST ("of-a-conflict-mine-is-sent", test_conflict_mine);
  TEST ("of-a-conflict-theirs-stays", test_conflict_theirs);
  TEST ("of-a-conflict-both-are-kept", test_conflict_both);
  TEST ("what-was-pushed-and-seen-is-no-conflict", test_pushed_is_seen);
  TEST ("answers-to-invitations-are-not-held-back", test_answers_ask_not);
  return g_test_run ();
}
