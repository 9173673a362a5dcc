/* A server that lies or never ends: the app says what is wrong, loses nothing of what a person did and of what it was
 * told before, and goes on when the truth comes. */
#include "tests/sync/pair.h"

#include "sync/round.h"

static const char *const nonsense[] = {
  "",
  "null",
  "[]",
  "{}",
  "5",
  "\"x\"",
  "<html>Please pay for the network</html>",
  "{\"methodResponses\":",
  "{\"methodResponses\":null}",
  "{\"methodResponses\":{}}",
  "{\"methodResponses\":[]}",
  "{\"methodResponses\":[5]}",
  "{\"methodResponses\":[[]]}",
  "{\"methodResponses\":[[1,2,3]]}",
  "{\"methodResponses\":[[\"x\",[],\"0\"]]}",
  "{\"methodResponses\":[[{},null,[]]]}",
  "{\"methodResponses\":[[\"error\",{\"type\":5,\"description\":[]},\"c4\"]]}",
  "{\"methodResponses\":[[\"Sync/changes\",{\"oldState\":\"y\",\"newState\":\"x\",\"objects\":{},"
  "\"destroyed\":{},\"states\":{}},\"c0\"]]}",
  "{\"methodResponses\":[[\"Message/set\",{\"updated\":5,\"notUpdated\":[]},\"0\"]]}",
  "{\"methodResponses\":[[\"Message/set\",{\"updated\":{\"t8\":null}},\"0\"]]}",
  "\xff\xfe\x80",
};

static void
test_nonsense (Pair *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    lie (self, 200, nonsense[i]);
    assert_sync_fails (self, TL_REMOTE_ERROR_PROTOCOL);
    assert_body (self, 7, "hi");
  }
  edit (self, "mine");
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    g_autoptr (GError) error = NULL;

    lie (self, 200, nonsense[i]);
    error = phone_fails (tl_engine_sync_once (self->phone->engine));
    g_assert_true (error->domain == TL_REMOTE_ERROR);
    assert_body (self, 7, "mine");
    assert_ops (self, "w");
  }
  liar_repent (self->liar);
  phone_sync (self->phone);
  assert_ops (self, "");
  assert_body (self, 7, "mine");
  g_assert_cmpstr (liar_done (self->liar), ==, "mine ");
}

static void
test_statuses (Pair *self, gconstpointer data)
{
  static const struct {
    guint status;
    int code;
  } cases[] = { { 400, TL_REMOTE_ERROR_PROTOCOL }, { 404, TL_REMOTE_ERROR_REFUSED },
                { 418, TL_REMOTE_ERROR_REFUSED },  { 429, TL_REMOTE_ERROR_BUSY },
                { 500, TL_REMOTE_ERROR_PROTOCOL }, { 503, TL_REMOTE_ERROR_BUSY },
                { 401, TL_REMOTE_ERROR_SIGN_IN } };

  edit (self, "mine");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    lie (self, cases[i].status, "{\"detail\":[]}");
    assert_survives (self, cases[i].code);
  }
  liar_repent (self->liar);
  phone_sync (self->phone);
  g_assert_cmpstr (liar_done (self->liar), ==, "mine ");
}

static void
test_large (Pair *self, gconstpointer data)
{
  static const gsize sizes[] = { 10 * 1000 * 1000, 65 * 1024 * 1024 };

  edit (self, "mine");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *nested = g_strnfill (sizes[i], '[');
    g_autofree char *text = g_strnfill (sizes[i], 'x');
    g_autofree char *quoted = g_strconcat ("\"", text, "\"", NULL);

    lie (self, 200, quoted);
    assert_survives (self, TL_REMOTE_ERROR_PROTOCOL);
    lie (self, 200, nested);
    assert_survives (self, TL_REMOTE_ERROR_PROTOCOL);
  }
}

/* What is shown to a person is a sentence, however long the server talks. */
static void
test_long_words (Pair *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (10 * 1000 * 1000, 'x');
  g_autofree char *detail = g_strconcat ("{\"detail\":\"", text, "\"}", NULL);
  g_autofree char *wait = g_strdup_printf ("{\"methodResponses\":[[\"error\",{\"type\":"
                                           "\"serverFail\",\"description\":\"%s\"},\"0\"]]}",
                                           text);

  lie (self, 200, wait);
  assert_sync_fails (self, TL_REMOTE_ERROR_PROTOCOL);
  edit (self, "mine");
  lie (self, 503, detail);
  assert_survives (self, TL_REMOTE_ERROR_BUSY);
  lie (self, 200, wait);
  liar_lie_about (self->liar, "/set");
  assert_survives (self, TL_REMOTE_ERROR_BUSY);
}

static void
test_broken_off (Pair *self, gconstpointer data)
{
  static const gsize cuts[] = { 1, 30, 5000 };
  g_autofree char *padding = g_strnfill (10000, ' ');
  g_autofree char *text = g_strconcat (
      "{\"methodResponses\":[[\"Message/set\",{\"updated\":{\"t7\":null}},\"0\"]]}", padding, NULL);

  edit (self, "mine");
  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++) {
    lie (self, 200, text);
    liar_break_off (self->liar, cuts[i]);
    assert_survives (self, TL_REMOTE_ERROR_OFFLINE);
  }
}

/* --- answers that are nearly right --------------------------------------------------------------- */

static const char *twisted; /* the method */
static const char *member;
static const char *value;

static gboolean
is_it (const char *method)
{
  return g_str_equal (method, twisted);
}

static gboolean
replace_member (const char *method, JsonObject *asked, JsonObject *answer)
{
  if (answer == NULL || !is_it (method))
    return FALSE;
  json_object_remove_member (answer, member);
  if (value)
    json_object_set_member (answer, member, json_from_string (value, NULL));
  return FALSE;
}

static void
twist (Pair *self, const char *method, const char *name, const char *json)
{
  twisted = method;
  member = name;
  value = json;
  liar_twist (self->liar, replace_member);
}

static void
test_wrong_members (Pair *self, gconstpointer data)
{
  static const struct {
    const char *method, *member, *value;
  } cases[] = {
    { "Sync/changes", "newState", NULL },
    { "Sync/changes", "newState", "5" },
    { "Sync/changes", "newState", "null" },
    { "Sync/changes", "oldState", NULL },
    { "Sync/changes", "oldState", "\"1.9:9:\"" },
    { "Sync/changes", "states", NULL },
    { "Sync/changes", "states", "[]" },
    { "Sync/changes", "states", "{\"Message\":-1}" },
    { "Sync/changes", "states", "{\"Message\":\"1.1:1:\"}" }, /* more, at the same state */
    { "Sync/changes", "destroyed", "[]" },
    { "Sync/changes", "destroyed", NULL },
    { "Sync/changes", "destroyed", "{\"Message\":\"t7\"}" },
    { "Sync/changes", "objects", NULL },
    { "Sync/changes", "objects", "[{\"id\":\"t9\"}]" },
    { "Sync/changes", "objects", "{\"Message\":{\"id\":\"t9\"}}" },
    { "Sync/changes", "objects", "{\"Message\":-5}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    twist (self, cases[i].method, cases[i].member, cases[i].value);
    assert_sync_fails (self, TL_REMOTE_ERROR_PROTOCOL);
    assert_body (self, 7, "hi");
  }
  liar_repent (self->liar);
  phone_sync (self->phone);
}

/* Objects that make no sense hurt none of the others. */
static void
test_wrong_objects (Pair *self, gconstpointer data)
{
  twist (self, "Sync/changes", "objects",
         "{\"Nothing\":[{\"id\":\"t3\"}],\"Message\":[5,null,\"x\",[],{},{\"id\":5},{\"id\":\"t-"
         "5\"},{\"id\":\"t0\"},{\"id\":\"#n1\"},"
         "{\"id\":\"t99999999999999999999\",\"body\":\"x\"},"
         "{\"id\":\"t8\",\"body\":{\"a\":[1]},\"roomId\":5,\"senderId\":\"me\",\"seq\":\"x\","
         "\"sentAt\":\"never\",\"attachments\":\"x\",\"card\":[1],\"mentions\":{}},"
         "{\"id\":\"t9\",\"roomId\":\"t3\",\"senderId\":\"t5\",\"seq\":-2,\"body\":\"yes\","
         "\"sentAt\":\"2026-11-04T19:00:00Z\"}]}");
  phone_sync (self->phone);
  assert_body (self, 7, "hi");
  assert_body (self, 8, "{\"a\":[1]}");
  assert_body (self, 9, "yes");
  twist (self, "Sync/changes", "destroyed",
         "{\"Message\":[5,null,{},\"x\",\"t9\",\"t-7\",\"\"],\"\":[]}");
  phone_sync (self->phone);
  assert_body (self, 9, NULL);
  assert_body (self, 7, "hi");
}

/* A long text is a text. */
static void
test_long_text (Pair *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (10 * 1000 * 1000, 'x');
  g_autofree char *list = g_strdup_printf (
      "{\"Message\":[{\"id\":\"t8\",\"roomId\":\"t3\",\"seq\":2,\"body\":\"%s\"}]}", text);

  twist (self, "Sync/changes", "objects", list);
  phone_sync (self->phone);
  assert_body (self, 8, text);
}

static void
test_wrong_results (Pair *self, gconstpointer data)
{
  static const char *const created[] = { "{\"n1\":{\"id\":\"t-3\"}}",
                                         "{\"n1\":{\"id\":\"#n1\"}}",
                                         "{\"n1\":null}",
                                         "{\"n1\":{}}",
                                         "{\"n1\":5}",
                                         "[\"n1\"]" };

  send_messages (self, 1);
  for (guint i = 0; i < G_N_ELEMENTS (created); i++) {
    twist (self, "Message/set", "created", created[i]);
    assert_sync_fails (self, TL_REMOTE_ERROR_BUSY);
    assert_body (self, -1, "m0");
    assert_ops (self, "w");
  }
  liar_repent (self->liar);
  phone_sync (self->phone);
  assert_ops (self, "");
  assert_body (self, 40, "m0");
  g_assert_cmpstr (liar_done (self->liar), ==, "m0 ");
}

/* --- without an end ------------------------------------------------------------------------------ */

static guint serial;

/* There is always more to tell of messages. */
static gboolean
never_ends (const char *method, JsonObject *asked, JsonObject *answer)
{
  g_autofree char *state = g_strdup_printf ("1.%u:1:", ++serial);
  JsonObject *states;

  if (answer == NULL || !g_str_equal (method, "Sync/changes"))
    return FALSE;
  states = json_object_new ();
  json_object_set_string_member (states, "Message", state);
  json_object_set_object_member (answer, "states", states);
  return FALSE;
}

static void
test_endless_changes (Pair *self, gconstpointer data)
{
  guint before = liar_count (self->liar, API);

  liar_twist (self->liar, never_ends);
  edit (self, "mine"); /* what one does is not kept waiting by it */
  assert_sync_fails (self, TL_REMOTE_ERROR_PROTOCOL);
  g_assert_cmpuint (liar_count (self->liar, API) - before, <=, 1001);
  assert_ops (self, "");
  g_assert_cmpstr (liar_done (self->liar), ==, "mine ");
}

static gboolean
forgets (const char *method, JsonObject *asked, JsonObject *answer)
{
  if (!g_str_has_suffix (method, "/changes"))
    return FALSE;
  if (answer)
    json_object_set_string_member (answer, "type", "cannotCalculateChanges");
  return TRUE;
}

static gboolean
snapshot_never_ends (const char *method, JsonObject *asked, JsonObject *answer)
{
  g_autofree char *cursor = g_strdup_printf ("page %u", ++serial);

  if (answer && g_str_equal (method, "Snapshot/fetch")) {
    json_object_set_string_member (answer, "cursor", value ? value : cursor);
    json_object_remove_member (answer, "objects");
    json_object_set_object_member (answer, "objects", json_object_new ());
  }
  return forgets (method, asked, answer);
}

static void
test_endless_snapshots (Pair *self, gconstpointer data)
{
  guint before = liar_count (self->liar, API);

  liar_twist (self->liar, forgets);
  assert_sync_fails (self, TL_REMOTE_ERROR_PROTOCOL);
  assert_body (self, 7, "hi");
  liar_twist (self->liar, snapshot_never_ends);
  for (guint i = 0; i < 2; i++) {
    value = i ? "the same page" : NULL;
    assert_sync_fails (self, TL_REMOTE_ERROR_PROTOCOL);
    assert_body (self, 7, "hi");
  }
  g_assert_cmpuint (liar_count (self->liar, API) - before, <, 150);
  liar_repent (self->liar);
  phone_sync (self->phone);
  assert_body (self, 7, "hi");
}

/* --- elsewhere ----------------------------------------------------------------------------------- */

/* Neither the password nor a token nor what one wrote goes to another server. */
static void
test_elsewhere (Pair *self, gconstpointer data)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };
  static const char *const paths[] = { API, "/auth/refresh", "/auth/login" };
  g_autoptr (Liar) other = liar_new ();
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  edit (self, "mine");
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    for (guint k = 0; k < G_N_ELEMENTS (paths); k++) {
      g_autofree char *header = g_strconcat ("Location: ", liar_url (other), paths[k], NULL);
      g_autoptr (GError) error = NULL;

      liar_lie (self->liar, paths[k], statuses[i], header, nothing);
      if (k == 0)
        assert_survives (self, TL_REMOTE_ERROR_PROTOCOL);
      else if (k == 2)
        error = phone_fails (tl_remote_sign_in (self->phone->remote, "ana", "secret", "test"));
    }
  g_assert_cmpstr (liar_heard (other), ==, "");
  for (guint k = 0; k < G_N_ELEMENTS (paths); k++)
    g_assert_cmpuint (liar_count (other, paths[k]), ==, 0);
}

static void
test_sign_in (Pair *self, gconstpointer data)
{
  static const char *const lasts[] = { "-1", "9223372036854775807", "\"soon\"", "{}", "1e300" };

  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    g_autoptr (GBytes) body = g_bytes_new (nonsense[i], strlen (nonsense[i]));
    g_autoptr (GError) error = NULL;

    liar_lie (self->liar, "/auth/login", 200, NULL, body);
    error = phone_fails (tl_remote_sign_in (self->phone->remote, "ana", "secret", "test"));
    g_assert_error (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL);
  }
  for (guint i = 0; i < G_N_ELEMENTS (lasts); i++) {
    g_autofree char *text =
        g_strdup_printf ("{\"login\":\"robin\",\"accessToken\":\"a\",\"refreshToken\":\"r\","
                         "\"accountId\":[],\"expiresIn\":%s}",
                         lasts[i]);
    g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

    liar_lie (self->liar, "/auth/login", 200, NULL, body);
    phone_do (tl_remote_sign_in (self->phone->remote, "ana", "secret", "test"));
    phone_sync (self->phone);
  }
}

/* --- pushes ---------------------------------------------------------------------------------------- */

typedef struct {
  TlRound *round;
  const char *frame;
} Push;

static DexFuture *
push_fiber (gpointer data)
{
  Push *push = data;
  g_autoptr (GError) error = NULL;

  g_assert_true (tl_round_push (push->round, push->frame, &error) == (error == NULL));
  return dex_future_new_for_boolean (TRUE);
}

static void
test_pushes (Pair *self, gconstpointer data)
{
  static const char *const frames[] = {
    "{\"@type\":\"SyncPush\"",
    "{\"@type\":\"SyncPush\"}",
    "{\"@type\":\"SyncPush\",\"objects\":5,\"destroyed\":\"x\"}",
    "{\"@type\":\"SyncPush\",\"objects\":{\"Message\":{},\"Nothing\":[{}],\"Room\":[5,null,\"x\"]}"
    "}",
    "{\"@type\":\"SyncPush\",\"objects\":{\"Message\":[{\"id\":\"t0\"},{\"id\":\"t-1\"},{\"id\":5},"
    "{\"id\":\"t99999999999999999999\"},{\"id\":\"t1x\"}]}}",
    "{\"@type\":\"SyncPush\",\"destroyed\":{\"Message\":[\"t0\",\"\",5,null,{},\"t-7\"]}}",
  };
  TlRound round;

  tl_round_init (&round, self->phone->replica, self->phone->remote, 1);
  edit (self, "mine");
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    Push push = { &round, frames[i] };

    phone_do (dex_scheduler_spawn (NULL, 0, push_fiber, &push, NULL));
    assert_body (self, 7, "mine");
  }
  phone_sync (self->phone);
  g_assert_cmpstr (liar_done (self->liar), ==, "mine ");
  tl_round_clear (&round);
}

/* --- the loop ------------------------------------------------------------------------------------- */

static char *
message_of (TlEngine *engine)
{
  char *message;

  g_object_get (engine, "message", &message, NULL);
  return message;
}

/* Left alone it tries again, says meanwhile what is wrong, and nothing any more when all is well. */
static void
test_goes_on (Pair *self, gconstpointer data)
{
  TlEngine *engine = self->phone->engine;
  g_autofree char *said = NULL;
  g_autofree char *silent = NULL;

  edit (self, "mine");
  lie (self, 200, "[]");
  dex_future_disown (tl_engine_start (engine));
  while (tl_engine_state (engine) != TL_SYNC_OFFLINE || (said = message_of (engine)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (said, ==, "The server's answer to the outbox is not JMAP");
  liar_repent (self->liar);
  while (tl_engine_state (engine) != TL_SYNC_SYNCED)
    g_main_context_iteration (NULL, TRUE);
  silent = message_of (engine);
  g_assert_null (silent);
  assert_ops (self, "");
  g_assert_cmpstr (liar_done (self->liar), ==, "mine ");
  phone_do (tl_engine_stop (engine));
}

#define TEST(path, func) g_test_add ("/hostile-server/" path, Pair, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* There is no keyring here. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  dex_init ();
  TEST ("nonsense-changes-nothing", test_nonsense);
  TEST ("every-status-is-said-in-words", test_statuses);
  TEST ("what-is-large-or-nested-is-refused", test_large);
  TEST ("words-are-no-longer-than-a-sentence", test_long_words);
  TEST ("a-reply-that-breaks-off-is-none", test_broken_off);
  TEST ("wrong-members-are-named", test_wrong_members);
  TEST ("wrong-objects-hurt-no-others", test_wrong_objects);
  TEST ("a-long-text-is-a-text", test_long_text);
  TEST ("wrong-results-keep-what-one-did", test_wrong_results);
  TEST ("changes-without-an-end-are-ended", test_endless_changes);
  TEST ("snapshots-without-an-end-are-ended", test_endless_snapshots);
  TEST ("nothing-goes-elsewhere", test_elsewhere);
  TEST ("wrong-tokens-are-named", test_sign_in);
  TEST ("wrong-pushes-leave-no-trace", test_pushes);
  TEST ("the-loop-goes-on-by-itself", test_goes_on);
  return g_test_run ();
}
