/* PushSubscription (RFC 8620, 7.2) on the real program, with a push service of the test's own. */
#include "tests/server/visitor.h"

#include <string.h>

#define P256DH                                                                                     \
  "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"

static TlTestServer *server;
static SoupServer *service;
static GQueue pushes; /* of SoupServerMessage */
static guint answer = 201;

static void
take (SoupServer *self, SoupServerMessage *message, const char *path, GHashTable *query,
      gpointer data)
{
  soup_server_message_set_status (message, answer, NULL);
  g_queue_push_tail (&pushes, g_object_ref (message));
}

static char *
service_url (void)
{
  GSList *uris = soup_server_get_uris (service);
  char *url = g_strdup_printf ("http://127.0.0.1:%d/push", g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return url;
}

/* The next push; fails the test when none comes. */
static SoupServerMessage *
next_push (void)
{
  gint64 until = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (g_queue_is_empty (&pushes)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  }
  return g_queue_pop_head (&pushes);
}

static JsonObject *
body_of (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *text = g_strndup (body->data, (gsize)body->length);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  return json_node_dup_object (node);
}

static JsonObject *
next_object (const char *type)
{
  g_autoptr (SoupServerMessage) message = next_push ();
  JsonObject *object = body_of (message);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  g_assert_cmpstr (soup_server_message_get_method (message), ==, "POST");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Content-Type"), ==, "application/json");
  g_assert_true (
      g_str_has_prefix (soup_message_headers_get_one (headers, "Authorization"), "vapid t="));
  g_assert_cmpstr (json_object_get_string_member (object, "@type"), ==, type);
  return object;
}

static JsonObject *
set (Visitor *who, const char *format, ...)
{
  va_list args;
  g_autofree char *arguments = NULL;
  g_autofree char *call = NULL;

  va_start (args, format);
  arguments = g_strdup_vprintf (format, args);
  va_end (args);
  call = g_strdup_printf ("['PushSubscription/set',{%s},'c']", arguments);
  return visitor_call (who, call);
}

static char *
subscribe (Visitor *who, const char *more)
{
  g_autofree char *url = service_url ();
  g_autoptr (JsonObject) result =
      set (who, "'create':{'x':{'deviceClientId':'phone','url':'%s'%s}}", url, more);
  JsonObject *created = json_object_get_object_member (result, "created");

  g_assert_nonnull (created);
  g_assert_false (json_object_has_member (result, "accountId"));
  g_assert_nonnull (
      json_object_get_string_member (json_object_get_object_member (created, "x"), "expires"));
  return g_strdup (
      json_object_get_string_member (json_object_get_object_member (created, "x"), "id"));
}

static char *
verify (Visitor *who, const char *id)
{
  g_autoptr (JsonObject) verification = next_object ("PushVerification");
  char *code = g_strdup (json_object_get_string_member (verification, "verificationCode"));
  g_autoptr (JsonObject) result = NULL;

  g_assert_cmpstr (json_object_get_string_member (verification, "pushSubscriptionId"), ==, id);
  result = set (who, "'update':{'%s':{'verificationCode':'%s'}}", id, code);
  g_assert_true (json_object_get_null_member (result, "notUpdated"));
  return code;
}

static void
make_room (Visitor *who)
{
  json_object_unref (visitor_call (
      who, "['Room/set',{'accountId':'ACCOUNT','create':{'x':{'kind':'group','name':'P'}}},'c']"));
}

static JsonArray *
list (Visitor *who, const char *arguments)
{
  g_autofree char *call = g_strdup_printf ("['PushSubscription/get',{%s},'c']", arguments);
  g_autoptr (JsonObject) result = visitor_call (who, call);

  g_assert_false (json_object_has_member (result, "state"));
  return json_array_ref (json_object_get_array_member (result, "list"));
}

static void
destroy (Visitor *who, const char *id)
{
  g_autoptr (JsonObject) result = set (who, "'destroy':['%s']", id);

  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (result, "destroyed"), 0), ==,
      id);
}

/* Nothing is pushed before the code came back; then what was asked for. */
static void
test_verified (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autofree char *id = subscribe (ada, ",'types':['Room']");
  g_autoptr (JsonObject) wrong = set (ada, "'update':{'%s':{'verificationCode':'guessed'}}", id);
  g_autoptr (JsonObject) told = NULL;
  JsonObject *changed;

  g_assert_true (json_object_get_null_member (wrong, "updated"));
  make_room (ada);
  g_free (verify (ada, id));
  g_assert_true (g_queue_is_empty (&pushes));
  make_room (ada);
  told = next_object ("StateChange");
  changed =
      json_object_get_object_member (json_object_get_object_member (told, "changed"), ada->account);
  g_assert_cmpuint (json_object_get_size (changed), ==, 1);
  g_assert_true (json_object_has_member (changed, "Room"));
  destroy (ada, id);
}

/* The key that clients subscribe with is the one that signs. */
static void
assert_signer (Visitor *who, const char *authorization)
{
  guint status;
  g_autoptr (JsonObject) session = visitor_get (who, "/jmap/session", &status);
  JsonObject *push =
      json_object_get_object_member (json_object_get_object_member (session, "capabilities"),
                                     "urn:ietf:params:jmap:webpush-vapid");

  g_assert_true (g_str_has_suffix (authorization,
                                   json_object_get_string_member (push, "applicationServerKey")));
}

static void
test_encrypted (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autofree char *id =
      subscribe (ada, ",'keys':{'p256dh':'" P256DH "','auth':'BTBZMqHH6r4Tts7J_aSIgg'}");
  g_autoptr (SoupServerMessage) push = next_push ();
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (push);

  g_assert_cmpstr (soup_message_headers_get_one (headers, "Content-Encoding"), ==, "aes128gcm");
  g_assert_cmpint (soup_server_message_get_request_body (push)->length, >, 86);
  assert_signer (ada, soup_message_headers_get_one (headers, "Authorization"));
  g_assert_null (memmem (soup_server_message_get_request_body (push)->data,
                         (gsize)soup_server_message_get_request_body (push)->length,
                         "PushVerification", strlen ("PushVerification")));
  destroy (ada, id);
}

/* A session sees its own, and neither where it points nor its keys. */
static void
test_get (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) tablet = visitor_new_as (server, "ada");
  g_autofree char *id = subscribe (ada, ",'expires':'2100-01-01T00:00:00Z'");
  g_autofree char *code = verify (ada, id);
  g_autoptr (JsonArray) mine = list (ada, "'ids':null");
  g_autoptr (JsonArray) others = list (tablet, "");
  g_autoptr (JsonObject) url =
      visitor_call (ada, "['PushSubscription/get',{'properties':['url']},'c']");
  JsonObject *one = json_array_get_object_element (mine, 0);

  g_assert_cmpuint (json_array_get_length (mine), ==, 1);
  g_assert_cmpuint (json_array_get_length (others), ==, 0);
  g_assert_cmpstr (json_object_get_string_member (one, "verificationCode"), ==, code);
  g_assert_cmpstr (json_object_get_string_member (one, "deviceClientId"), ==, "phone");
  g_assert_cmpstr (json_object_get_string_member (one, "expires"), <, "2100");
  g_assert_false (json_object_has_member (one, "url"));
  g_assert_cmpstr (json_object_get_string_member (url, "type"), ==, "forbidden");
  destroy (ada, id);
}

static void
test_refused (void)
{
  static const char *const wrong[][2] = {
    { "'deviceClientId':'x'", "url" },
    { "'url':'https://push.example/'", "deviceClientId" },
    { "'deviceClientId':'x','url':'ftp://push.example/'", "url" },
    { "'deviceClientId':'x','url':'https://push.example/','keys':{'p256dh':'x','auth':'y'}",
      "keys" },
    { "'deviceClientId':'x','url':'https://push.example/','expires':'2001-01-01T00:00:00Z'",
      "expires" },
    { "'deviceClientId':'x','url':'https://push.example/','verificationCode':'x'",
      "verificationCode" },
    { "'deviceClientId':'x','url':'https://push.example/','types':[7]", "types" },
    { "'deviceClientId':'x','url':'https://push.example/','more':7", "more" },
  };
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (JsonObject) unknown = set (ada, "'update':{'t1':{}},'destroy':['t1']");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (JsonObject) result = set (ada, "'create':{'x':{%s}}", wrong[i][0]);
    JsonObject *refusal =
        json_object_get_object_member (json_object_get_object_member (result, "notCreated"), "x");

    g_assert_cmpstr (json_object_get_string_member (refusal, "type"), ==, "invalidProperties");
    g_assert_cmpstr (
        json_array_get_string_element (json_object_get_array_member (refusal, "properties"), 0), ==,
        wrong[i][1]);
  }
  g_assert_true (
      json_object_has_member (json_object_get_object_member (unknown, "notUpdated"), "t1"));
  g_assert_true (
      json_object_has_member (json_object_get_object_member (unknown, "notDestroyed"), "t1"));
}

static void
await_none (Visitor *who)
{
  guint n;

  do {
    g_autoptr (JsonArray) left = list (who, "");

    n = json_array_get_length (left);
    g_main_context_iteration (NULL, FALSE);
  } while (n > 0);
}

/* What the push service no longer knows is forgotten. */
static void
test_gone (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autofree char *id = subscribe (ada, "");

  g_free (verify (ada, id));
  answer = 410;
  make_room (ada);
  g_object_unref (next_push ());
  await_none (ada);
  answer = 201;
}

/* With its session a subscription is silent. */
static void
test_session (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) phone = visitor_new_as (server, "ada");
  g_autofree char *id = subscribe (phone, "");
  g_autofree char *mine = subscribe (ada, "");
  g_autofree char *token = g_strdup_printf ("{'refreshToken':'%s'}", phone->refresh);
  g_autofree char *first = NULL;
  guint status;

  for (guint i = 0; i < 2; i++) {
    g_autoptr (JsonObject) verification = next_object ("PushVerification");
    const char *to = json_object_get_string_member (verification, "pushSubscriptionId");
    g_autoptr (JsonObject) done =
        set (g_str_equal (to, id) ? phone : ada, "'update':{'%s':{'verificationCode':'%s'}}", to,
             json_object_get_string_member (verification, "verificationCode"));

    g_assert_true (json_object_get_null_member (done, "notUpdated"));
  }
  visitor_post (phone, "/auth/logout", token, &status);
  g_assert_cmpuint (status, ==, 204);
  make_room (ada);
  json_object_unref (next_object ("StateChange"));
  make_room (ada);
  json_object_unref (next_object ("StateChange"));
  g_assert_true (g_queue_is_empty (&pushes));
  destroy (ada, mine);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("TIDELINE_NEWS_ALLOW_PRIVATE_ADDRESSES", "true", TRUE);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  service = soup_server_new (NULL, NULL);
  soup_server_add_handler (service, NULL, take, NULL, NULL);
  soup_server_listen_local (service, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  g_test_add_func ("/subscription/nothing-before-it-is-verified", test_verified);
  g_test_add_func ("/subscription/with-keys-it-is-encrypted", test_encrypted);
  g_test_add_func ("/subscription/is-seen-by-its-session", test_get);
  g_test_add_func ("/subscription/says-what-is-wrong", test_refused);
  g_test_add_func ("/subscription/is-forgotten-when-the-service-says-so", test_gone);
  g_test_add_func ("/subscription/is-silent-after-its-session", test_session);
  status = g_test_run ();
  g_object_unref (service);
  tl_test_server_free (server);
  return status;
}
