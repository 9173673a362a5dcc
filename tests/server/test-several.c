/* Two processes of tidelined on one database: one with Redis, one without. What is written at either is told at both,
 * and pushed once. */
#include "tests/server/visitor.h"

#include <gio/gio.h>
#include <string.h>

static TlTestServer *server;
static char *other_url; /* the one without Redis */
static SoupServer *service;
static GQueue pushes; /* of char *: bodies */

static char *
line_of (const char *path, guint n)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, n);
  return g_strdup (lines[n]);
}

static GSubprocess *
start_other (const char *folder)
{
  const char *data = tl_test_server_folder (server);
  g_autofree char *lock = g_build_filename (data, "lock", NULL);
  g_autofree char *connection = line_of (lock, 2);
  g_autofree char *path = g_build_filename (folder, "tidelined.conf", NULL);
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "server", "tidelined", NULL);
  g_autofree char *config =
      g_strdup_printf ("[server]\nlisten=127.0.0.1:0\nsecret-file=%s/secret\n"
                       "[postgresql]\nconnection=%s\n[redis]\naddress=\n[blobs]\nfolder=%s/blobs\n"
                       "[news]\nallow-private-addresses=true\n",
                       data, connection, data);
  g_autoptr (GDataInputStream) output = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  GSubprocess *process;

  g_assert_true (g_file_set_contents (path, config, -1, NULL));
  process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--config", path, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_nonnull (strstr (line, "http://"));
  other_url = g_strdup (strstr (line, "http://"));
  return process;
}

static Visitor *
visit (gboolean other)
{
  Visitor *self = visitor_new_as (server, "ada");

  if (other)
    self->url = other_url;
  return self;
}

static char *
make_room (Visitor *who)
{
  g_autoptr (JsonObject) result = visitor_call (
      who, "['Room/set',{'accountId':'ACCOUNT','create':{'x':{'kind':'group','name':'P'}}},'c']");

  return g_strdup (json_object_get_string_member (
      json_object_get_object_member (json_object_get_object_member (result, "created"), "x"),
      "id"));
}

/* Written at one, heard at the other, both ways. */
static void
test_heard (void)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Visitor) listener = visit (i == 0);
    g_autoptr (Visitor) writer = visit (i == 1);
    g_autofree char *room = NULL;
    gboolean is_told = FALSE;

    visitor_open_socket (listener);
    visitor_send (listener, "{'@type':'WebSocketPushEnable','dataTypes':['Room']}");
    json_object_unref (visitor_next (listener, "StateChange"));
    room = make_room (writer);
    while (!is_told) {
      g_autoptr (JsonObject) change = visitor_next (listener, "StateChange");
      JsonObject *types = json_object_get_object_member (
          json_object_get_object_member (change, "changed"), listener->account);

      is_told = json_object_has_member (types, "Room");
    }
  }
}

/* A state of one process is one of the other. */
static void
test_states (void)
{
  g_autoptr (Visitor) one = visit (FALSE);
  g_autoptr (Visitor) other = visit (TRUE);
  g_autoptr (JsonObject) before =
      visitor_call (one, "['Room/get',{'accountId':'ACCOUNT','ids':[]},'c']");
  g_autofree char *room = make_room (other);
  g_autofree char *call =
      g_strdup_printf ("['Room/changes',{'accountId':'ACCOUNT','sinceState':'%s'},'c']",
                       json_object_get_string_member (before, "state"));

  for (guint i = 0; i < 2; i++) {
    g_autoptr (JsonObject) changes = visitor_call (i ? one : other, call);
    JsonArray *created = json_object_get_array_member (changes, "created");

    g_assert_cmpuint (json_array_get_length (created), ==, 1);
    g_assert_cmpstr (json_array_get_string_element (created, 0), ==, room);
  }
}

static void
take (SoupServer *self, SoupServerMessage *message, const char *path, GHashTable *query,
      gpointer data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  soup_server_message_set_status (message, 201, NULL);
  g_queue_push_tail (&pushes, g_strndup (body->data, (gsize)body->length));
}

static char *
next_push (void)
{
  gint64 until = g_get_monotonic_time () + 40 * G_USEC_PER_SEC;

  while (g_queue_is_empty (&pushes)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  }
  return g_queue_pop_head (&pushes);
}

static void
subscribe (Visitor *who)
{
  GSList *uris = soup_server_get_uris (service);
  g_autofree char *create =
      g_strdup_printf ("['PushSubscription/set',{'create':{'x':{'deviceClientId':'d','url':"
                       "'http://127.0.0.1:%d/','types':['Room']}}},'c']",
                       g_uri_get_port (uris->data));
  g_autoptr (JsonObject) made = visitor_call (who, create);
  g_autofree char *push = next_push ();
  g_autoptr (JsonNode) node = json_from_string (push, NULL);
  JsonObject *verification = json_node_get_object (node);
  g_autofree char *update =
      g_strdup_printf ("['PushSubscription/set',{'update':{'%s':{'verificationCode':'%s'}}},'c']",
                       json_object_get_string_member (verification, "pushSubscriptionId"),
                       json_object_get_string_member (verification, "verificationCode"));
  g_autoptr (JsonObject) done = visitor_call (who, update);

  g_assert_true (json_object_get_null_member (done, "notUpdated"));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
}

/* No process has a push to make. */
static void
settle (void)
{
  g_autofree char *left = NULL;

  do {
    g_clear_pointer (&left, g_free);
    g_main_context_iteration (NULL, FALSE);
    left = tl_test_server_sql (server, "SELECT count(*) FROM sync.job WHERE kind LIKE 'push%'");
  } while (!g_str_equal (left, "0"));
}

static void
test_pushed_once (void)
{
  g_autoptr (Visitor) one = visit (FALSE);
  g_autoptr (Visitor) other = visit (TRUE);

  subscribe (one);
  for (guint i = 0; i < 4; i++) {
    g_free (make_room (i % 2 ? one : other));
    g_free (next_push ());
    settle ();
    g_assert_true (g_queue_is_empty (&pushes));
  }
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("tideline-several-XXXXXX", NULL);
  g_autoptr (GSubprocess) other = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("TIDELINE_NEWS_ALLOW_PRIVATE_ADDRESSES", "true", TRUE);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  other = start_other (folder);
  service = soup_server_new (NULL, NULL);
  soup_server_add_handler (service, NULL, take, NULL, NULL);
  g_assert_true (soup_server_listen_local (service, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  g_test_add_func ("/several/what-is-written-at-one-is-heard-at-the-other", test_heard);
  g_test_add_func ("/several/states-are-of-all", test_states);
  g_test_add_func ("/several/pushes-are-made-once", test_pushed_once);
  status = g_test_run ();
  g_subprocess_send_signal (other, SIGTERM);
  g_assert_true (g_subprocess_wait_check (other, NULL, NULL));
  tl_test_server_free (server);
  return status;
}
