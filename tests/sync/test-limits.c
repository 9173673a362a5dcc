/* A server that takes less at once than one has: requests become smaller, what is too large by itself is refused for
 * good, and who is told to wait waits and hears the news. */
#include "tests/sync/pair.h"

#define NEWS "{\"Message\":[{\"id\":\"t8\",\"roomId\":\"t3\",\"seq\":2,\"body\":\"news\"}]}"
#define LIMIT(name) "{\"type\":\"urn:ietf:params:jmap:error:limit\",\"limit\":\"" name "\"}"

static void
test_halves (Pair *self, gconstpointer data)
{
  static const struct {
    guint status;
    const char *body;
  } cases[] = { { 413, "" },
                { 400, LIMIT ("maxSizeRequest") },
                { 400, LIMIT ("maxObjectsInSet") },
                { 400, LIMIT ("maxCallsInRequest") } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Pair own;

    set_up (&own, NULL);
    send_messages (&own, 9);
    phone_do (tl_action_send (own.phone->replica, 3, "huge", 0));
    send_messages (&own, 9);
    lie (&own, cases[i].status, cases[i].body);
    liar_lie_about (own.liar, "huge");
    phone_sync (own.phone);
    assert_ops (&own, "rtooLarge");
    assert_body (&own, -10, "huge");
    g_assert_cmpstr (liar_done (own.liar), ==,
                     "m0 m1 m2 m3 m4 m5 m6 m7 m8 m0 m1 m2 m3 m4 m5 m6 m7 m8 ");
    g_assert_cmpuint (liar_count (own.liar, API), <, 20);
    tear_down (&own, NULL);
  }
}

static gboolean
takes_three (const char *method, JsonObject *asked, JsonObject *answer)
{
  JsonObject *create =
      g_str_equal (method, "Message/set") && json_object_has_member (asked, "create")
          ? json_object_get_object_member (asked, "create")
          : NULL;
  gboolean is_huge = create && json_object_has_member (create, "n4");

  if (create == NULL || (json_object_get_size (create) <= 3 && !is_huge))
    return FALSE;
  if (answer)
    json_object_set_string_member (answer, "type", "requestTooLarge");
  return TRUE;
}

/* By the method itself: in threes, and the fourth never. */
static void
test_too_many (Pair *self, gconstpointer data)
{
  send_messages (self, 10);
  liar_twist (self->liar, takes_three);
  phone_sync (self->phone);
  assert_ops (self, "rtooLarge");
  g_assert_cmpstr (liar_done (self->liar), ==, "m0 m1 m2 m4 m5 m6 m7 m8 m9 ");
}

static gboolean
is_slowing (const char *method, JsonObject *asked, JsonObject *answer)
{
  if (g_str_equal (method, "Sync/changes") && answer)
    json_object_set_member (answer, "objects", json_from_string (NEWS, NULL));
  if (!g_str_equal (method, "Message/set"))
    return FALSE;
  if (answer)
    json_object_set_string_member (answer, "type", "rateLimit");
  return TRUE;
}

/* Who is told to wait waits, and hears the news meanwhile. */
static void
test_rate (Pair *self, gconstpointer data)
{
  edit (self, "mine");
  liar_twist (self->liar, is_slowing);
  assert_survives (self, TL_REMOTE_ERROR_BUSY);
  assert_body (self, 8, "news");
  lie (self, 429, LIMIT ("maxConcurrentRequests"));
  assert_survives (self, TL_REMOTE_ERROR_BUSY);
  lie (self, 400, LIMIT ("maxConcurrentRequests"));
  assert_survives (self, TL_REMOTE_ERROR_BUSY);
  liar_repent (self->liar);
  phone_sync (self->phone);
  g_assert_cmpstr (liar_done (self->liar), ==, "mine ");
}

#define TEST(path, func) g_test_add ("/limits/" path, Pair, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* There is no keyring here. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  dex_init ();
  TEST ("a-batch-refused-for-its-size-is-halved", test_halves);
  TEST ("more-objects-than-are-taken-go-in-parts", test_too_many);
  TEST ("who-must-wait-hears-the-news", test_rate);
  return g_test_run ();
}
