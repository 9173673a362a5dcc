/* EventSource (RFC 8620, 7.3) on the real program. */
#include "tests/server/caller.h"
#include "tests/server/visitor.h"

#include <string.h>

static TlTestServer *server;

typedef struct {
  int fd;
  GString *text; /* what came, chunk sizes among it */
} Stream;

static Stream *
stream_new (Visitor *who, const char *query, const char *last_id)
{
  Stream *self = g_new (Stream, 1);
  g_autofree char *known = last_id ? g_strdup_printf ("Last-Event-ID: %s\r\n", last_id) : NULL;
  g_autofree char *head = g_strdup_printf ("GET /jmap/eventsource?%s HTTP/1.1\r\nHost: x\r\n"
                                           "Authorization: Bearer %s\r\n%s\r\n",
                                           query, who->access, known ? known : "");

  self->fd = caller_connect ((guint)g_ascii_strtoull (strrchr (who->url, ':') + 1, NULL, 10));
  self->text = g_string_new (NULL);
  g_assert_true (caller_say (self->fd, head));
  return self;
}

static void
stream_free (Stream *self)
{
  caller_hang_up (self->fd);
  g_string_free (self->text, TRUE);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stream, stream_free)

/* Reads until `part` came; FALSE when the stream ended before. What came up to its end is forgotten. */
static gboolean
await (Stream *self, const char *part)
{
  char *found;
  char c;

  while (!(found = strstr (self->text->str, part))) {
    if (!caller_read (self->fd, &c, 1))
      return FALSE;
    g_string_append_c (self->text, c);
  }
  g_string_erase (self->text, 0, found - self->text->str + (gssize)strlen (part));
  return TRUE;
}

/* What stands up to the end of the line. */
static char *
rest_of_line (Stream *self)
{
  while (!strchr (self->text->str, '\n')) {
    char c;

    g_assert_true (caller_read (self->fd, &c, 1));
    g_string_append_c (self->text, c);
  }
  return g_strndup (self->text->str, (gsize)(strchr (self->text->str, '\n') - self->text->str));
}

static void
draft (Visitor *who)
{
  g_autoptr (JsonObject) result =
      visitor_call (who, "['Room/set',{'accountId':'ACCOUNT','create':{'x':{'kind':'group',"
                         "'name':'Pool'}}},'c']");

  g_assert_true (json_object_has_member (result, "created"));
}

static void
test_state (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Stream) stream = stream_new (ada, "types=*&closeafter=no&ping=0", NULL);

  g_assert_true (await (stream, "Content-Type: text/event-stream\r\n"));
  for (guint i = 0; i < 2; i++) {
    g_autofree char *id = NULL;
    g_autofree char *data = NULL;

    draft (ada);
    g_assert_true (await (stream, "event: state\nid: "));
    id = rest_of_line (stream);
    g_assert_true (await (stream, "data: "));
    data = rest_of_line (stream);
    g_assert_nonnull (strstr (data, "{\"@type\":\"StateChange\",\"changed\":{\""));
    g_assert_nonnull (strstr (data, ada->account));
    g_assert_nonnull (strstr (data, id));
  }
}

/* Only of the types asked for; and the response ends when it has told. */
static void
test_close (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Stream) articles =
      stream_new (ada, "types=Article,None&closeafter=state&ping=0", NULL);
  g_autoptr (Stream) rooms = stream_new (ada, "types=Room,Article&closeafter=state&ping=0", NULL);

  g_assert_true (await (articles, "\r\n\r\n"));
  g_assert_true (await (rooms, "\r\n\r\n"));
  draft (ada);
  g_assert_true (await (rooms, "event: state\n"));
  g_assert_true (await (rooms, "\"Room\":"));
  g_assert_true (await (rooms, "\r\n0\r\n"));
  g_assert_null (strstr (articles->text->str, "event"));
}

/* Who missed something is told at once, who did not waits. */
static void
test_last_event (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Stream) first = stream_new (ada, "types=*&closeafter=state&ping=0", "1.9:9:");
  g_autofree char *id = NULL;

  g_assert_true (await (first, "event: state\nid: "));
  id = rest_of_line (first);
  {
    g_autoptr (Stream) same = stream_new (ada, "types=*&closeafter=no&ping=0", id);

    g_assert_true (await (same, "\r\n\r\n"));
    draft (ada);
    g_assert_true (await (same, "event: state\nid: "));
    g_assert_false (g_str_has_prefix (same->text->str, id));
  }
}

/* It says the interval that it keeps to, and has no id. */
static void
test_ping (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Stream) stream = stream_new (ada, "types=*&closeafter=no&ping=1", NULL);

  g_assert_true (await (stream, "event: ping\ndata: {\"interval\":5}\n\n"));
}

static void
test_refused (void)
{
  static const char *const queries[] = {
    "",
    "?types=*",
    "?types=*&closeafter=never&ping=0",
    "?types=*&closeafter=no",
    "?types=*&closeafter=no&ping=-1",
    "?types=&closeafter=no&ping=0",
  };
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) nobody = visitor_new (server);
  guint status;

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    g_autofree char *path = g_strconcat ("/jmap/eventsource", queries[i], NULL);
    g_autoptr (JsonObject) problem = visitor_get (ada, path, &status);

    g_assert_cmpuint (status, ==, 400);
    g_assert_true (json_object_has_member (problem, "detail"));
  }
  json_object_unref (
      visitor_get (nobody, "/jmap/eventsource?types=*&closeafter=no&ping=0", &status));
  g_assert_cmpuint (status, ==, 401);
}

/* A stream ends with the session that it was opened in. */
static void
test_session (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Stream) stream = stream_new (ada, "types=*&closeafter=no&ping=0", NULL);
  g_autofree char *token = g_strdup_printf ("{'refreshToken':'%s'}", ada->refresh);
  guint status;

  g_assert_true (await (stream, "\r\n\r\n"));
  visitor_post (ada, "/auth/logout", token, &status);
  g_assert_cmpuint (status, ==, 204);
  g_assert_true (await (stream, "0\r\n\r\n"));
}

static void
test_address (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  guint status;
  g_autoptr (JsonObject) session = visitor_get (ada, "/jmap/session", &status);

  g_assert_true (
      g_str_has_suffix (json_object_get_string_member (session, "eventSourceUrl"),
                        "/jmap/eventsource?types={types}&closeafter={closeafter}&ping={ping}"));
}

/* Many wait without a thread each, and the server stops cleanly with all of them. */
static void
test_many (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify)stream_free);

  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (streams, stream_new (ada, "types=*&closeafter=no&ping=0", NULL));
  for (guint i = 0; i < 100; i++)
    g_assert_true (await (streams->pdata[i], "\r\n\r\n"));
  caller_break_off (((Stream *)streams->pdata[0])->fd);
  draft (ada);
  for (guint i = 1; i < 100; i++)
    g_assert_true (await (streams->pdata[i], "event: state\n"));
  tl_test_server_stop (server);
  for (guint i = 1; i < 100; i++)
    g_assert_false (await (streams->pdata[i], "event: never\n"));
  g_ptr_array_steal_index (streams, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  g_test_add_func ("/event-source/is-in-the-session", test_address);
  g_test_add_func ("/event-source/tells-states", test_state);
  g_test_add_func ("/event-source/of-some-types-and-ends", test_close);
  g_test_add_func ("/event-source/goes-on-after-the-last-event", test_last_event);
  g_test_add_func ("/event-source/pings-without-id", test_ping);
  g_test_add_func ("/event-source/says-what-is-wrong", test_refused);
  g_test_add_func ("/event-source/ends-with-its-session", test_session);
  g_test_add_func ("/event-source/many-wait-and-end-with-the-server", test_many);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
