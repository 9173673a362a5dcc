/* Everything of a person as an archive, by tidelinectl and as they ask for it themselves: it is opened, and compared with
 * what JMAP says. */
#include "tests/server/visitor.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#define WAIT_SECONDS 100
#define WORDS "heron on the pier"

static TlTestServer *server;

/* --- an archive, opened ------------------------------------------------------------------------ */

/* Name to GBytes of each entry. */
static GHashTable *
open_archive (const void *bytes, gsize length)
{
  GHashTable *entries =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;

  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_memory (archive, bytes, length), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK) {
    GByteArray *content = g_byte_array_new ();
    char part[4096];
    la_ssize_t n;

    while ((n = archive_read_data (archive, part, sizeof part)) > 0)
      g_byte_array_append (content, (guint8 *)part, (guint)n);
    g_assert_cmpint (n, ==, 0);
    g_assert_true (g_hash_table_insert (entries, g_strdup (archive_entry_pathname (entry)),
                                        g_byte_array_free_to_bytes (content)));
  }
  g_assert_cmpint (archive_read_free (archive), ==, ARCHIVE_OK);
  return entries;
}

static JsonNode *
json_of (GHashTable *entries, const char *name)
{
  GBytes *bytes = g_hash_table_lookup (entries, name);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  gsize length;

  if (!bytes)
    g_error ("there is no %s", name);
  json_parser_load_from_data (parser, g_bytes_get_data (bytes, &length),
                              (gssize)g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static const char *
text_of (JsonNode *object, const char *name)
{
  return json_object_get_string_member_with_default (json_node_get_object (object), name, NULL);
}

/* --- and compared ------------------------------------------------------------------------------ */

static const struct {
  const char *type, *by; /* by: whose it is, NULL: all that one sees is in it */
} types[] = {
  { "Principal", "id" },         { "Message", "senderId" },  { "Post", "authorId" },
  { "Reaction", "principalId" }, { "Room", NULL },           { "RoomMember", NULL },
  { "Calendar", NULL },          { "CalendarMember", NULL }, { "CalendarEvent", NULL },
  { "Settings", NULL },          { "Draft", NULL },          { "Filter", NULL },
  { "Notification", NULL },      { "PostMark", NULL },       { "ReadMarker", NULL },
};

static JsonNode *
find (JsonArray *list, const char *id)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    if (g_strcmp0 (text_of (json_array_get_element (list, i), "id"), id) == 0)
      return json_array_get_element (list, i);
  return NULL;
}

static void
assert_type (Visitor *who, GHashTable *entries, const char *type, const char *by)
{
  g_autofree char *call =
      g_strdup_printf ("['%s/get',{'accountId':'ACCOUNT','ids':null},'c']", type);
  g_autofree char *name = g_strconcat (type, ".json", NULL);
  g_autoptr (JsonObject) answer = visitor_call (who, call);
  JsonArray *list = json_object_get_array_member (answer, "list");
  g_autoptr (JsonNode) root = json_of (entries, name);
  JsonArray *exported = json_node_get_array (root);
  guint expected = 0;

  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonNode *object = json_array_get_element (list, i);
    JsonNode *found = find (exported, text_of (object, "id"));
    gboolean is_own = !by || g_strcmp0 (text_of (object, by), who->account) == 0;

    g_assert_cmpint (found != NULL, ==, is_own);
    g_assert_true (!found || json_node_equal (found, object));
    expected += is_own;
  }
  g_assert_cmpuint (json_array_get_length (exported), ==, expected);
}

static void
assert_whole (Visitor *ada, GHashTable *entries, const char *blob)
{
  g_autofree char *file = g_strconcat ("files/", blob, NULL);
  g_autoptr (JsonNode) account = json_of (entries, "account.json");
  g_autoptr (JsonNode) files = json_of (entries, "files.json");
  GBytes *bytes = g_hash_table_lookup (entries, file);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    assert_type (ada, entries, types[i].type, types[i].by);
  g_assert_cmpstr (text_of (account, "login"), ==, "ada");
  g_assert_cmpstr (text_of (account, "accountId"), ==, ada->account);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (files)), ==, 1);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, strlen (WORDS));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), strlen (WORDS), WORDS, strlen (WORDS));
}

/* --- what there is ----------------------------------------------------------------------------- */

G_GNUC_PRINTF (3, 4)
static char *
make (Visitor *who, const char *type, const char *format, ...)
{
  g_autofree char *object = NULL, *call = NULL;
  g_autoptr (JsonObject) answer = NULL;
  va_list args;

  va_start (args, format);
  object = g_strdup_vprintf (format, args);
  va_end (args);
  call = g_strdup_printf ("['%s/set',{'accountId':'ACCOUNT','create':{'x':%s}},'c']", type, object);
  answer = visitor_call (who, call);
  if (!json_object_has_member (answer, "created"))
    g_error ("%s was refused", call);
  return g_strdup (json_object_get_string_member (
      json_object_get_object_member (json_object_get_object_member (answer, "created"), "x"),
      "id"));
}

/* Its blob. */
static char *
upload (Visitor *who)
{
  g_autoptr (JsonObject) answer = visitor_call (
      who, "['Blob/upload',{'accountId':'ACCOUNT','create':{'b':{'data':[{'data:asText':'" WORDS
           "'}],'type':'text/plain'}}},'c']");

  return g_strdup (json_object_get_string_member (
      json_object_get_object_member (json_object_get_object_member (answer, "created"), "b"),
      "id"));
}

static void
live (Visitor *ada, Visitor *ben)
{
  g_autofree char *room = make (ada, "Room", "{'name':'Quay','members':['%s']}", ben->account);
  g_autofree char *hers = make (ada, "Message", "{'roomId':'%s','body':'Ahoy'}", room);
  g_autofree char *his = make (ben, "Message", "{'roomId':'%s','body':'Aye'}", room);
  g_autofree char *post = make (ada, "Post", "{'text':'Sails, slowly'}");
  g_autofree char *other = make (ben, "Post", "{'text':'Mine, @ada'}");
  g_autofree char *reaction = make (ada, "Reaction", "{'subjectId':'%s','emoji':'⛵'}", other);
  g_autofree char *back = make (ben, "Reaction", "{'subjectId':'%s','emoji':'⚓'}", post);
  g_autofree char *mark = make (ada, "PostMark", "{'postId':'%s','isSaved':true}", other);
  g_autofree char *draft = make (ada, "Draft", "{'place':'post:new','text':'Soon'}");
  g_autofree char *filter = make (ada, "Filter", "{'words':'rain'}");

  for (guint i = 0; i < 3; i++) {
    g_autofree char *calendar = make (ada, "Calendar", "{'name':'Tides %u'}", i);
    g_autofree char *event =
        make (ada, "CalendarEvent",
              "{'calendarId':'%s','title':'High','start':'2026-05-0%uT08:00:00'}", calendar, i + 1);
  }
}

static Visitor *ada, *ben;
static char *blob;

static void
test_by_admin (void)
{
  g_autofree char *path = g_build_filename (tl_test_server_folder (server), "ada.zip", NULL);
  g_autofree char *said =
      tl_test_server_ctl (server, (const char *[]){ "user", "export", "ADA", path, NULL }, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GHashTable) entries = NULL;
  GStatBuf st;
  gsize length;

  g_assert_nonnull (strstr (said, path));
  g_assert_no_errno (g_stat (path, &st));
  g_assert_cmpuint (st.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  entries = open_archive (bytes, length);
  assert_whole (ada, entries, blob);
}

static JsonObject *
await_ready (Visitor *who)
{
  gint64 until = g_get_monotonic_time () + WAIT_SECONDS * G_TIME_SPAN_SECOND;
  guint status;

  for (;;) {
    g_autoptr (JsonObject) answer = visitor_get (who, "/auth/export", &status);

    g_assert_cmpuint (status, ==, 200);
    if (g_str_equal (json_object_get_string_member (answer, "state"), "ready"))
      return g_steal_pointer (&answer);
    g_assert_cmpstr (json_object_get_string_member (answer, "state"), ==, "working");
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (50000);
  }
}

static GBytes *
download (Visitor *who, const char *account, const char *id, guint *status)
{
  g_autofree char *url = g_strdup_printf ("%s/jmap/download/%s/%s/mine.zip", who->url, account, id);
  g_autofree char *bearer = g_strconcat ("Bearer ", who->access, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                bearer);
  bytes = soup_session_send_and_read (who->session, message, NULL, &error);
  g_assert_no_error (error);
  *status = soup_message_get_status (message);
  return bytes;
}

static void
ask (Visitor *who, const char *password, guint expected)
{
  g_autofree char *json = g_strdup_printf ("{'password':'%s'}", password);
  guint status;
  g_autoptr (JsonObject) answer = visitor_post (who, "/auth/export", json, &status);

  g_assert_cmpuint (status, ==, expected);
}

static void
test_by_oneself (void)
{
  g_autoptr (JsonObject) ready = NULL;
  g_autoptr (GHashTable) entries = NULL;
  g_autoptr (GBytes) bytes = NULL, others = NULL, foreign = NULL;
  const char *id;
  guint status;
  gsize length;

  ask (ada, "not it", 403);
  ask (ada, TL_TEST_PASSWORD, 202);
  ask (ada, TL_TEST_PASSWORD, 202); /* the one that is being made will do */
  ready = await_ready (ada);
  id = json_object_get_string_member (ready, "blobId");
  bytes = download (ada, ada->account, id, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==,
                    (guint64)json_object_get_int_member (ready, "size"));
  entries = open_archive (g_bytes_get_data (bytes, &length), g_bytes_get_size (bytes));
  assert_whole (ada, entries, blob);
  others = download (ben, ben->account, id, &status);
  g_assert_cmpuint (status, ==, 404);
  foreign = download (ben, ada->account, id, &status);
  g_assert_cmpuint (status, >=, 400);
}

/* A new one takes the place of the one before; a week later nothing of either is left. */
static void
test_forgotten (void)
{
  g_autoptr (JsonObject) first = await_ready (ada), second = NULL;
  const char *before = json_object_get_string_member (first, "blobId");
  const char *after;
  g_autofree char *select = NULL, *count = NULL;
  gint64 until = g_get_monotonic_time () + WAIT_SECONDS * G_TIME_SPAN_SECOND;
  g_autoptr (GBytes) gone = NULL;
  guint status;

  ask (ada, TL_TEST_PASSWORD, 202);
  second = await_ready (ada);
  after = json_object_get_string_member (second, "blobId");
  g_assert_cmpstr (before, !=, after);
  gone = download (ada, ada->account, before, &status);
  g_assert_cmpuint (status, ==, 404);
  g_free (
      tl_test_server_sql (server, "UPDATE people.export SET made_at = now() - interval '8 days'"));
  g_free (tl_test_server_sql (server,
                              "UPDATE sync.job SET run_at = now() WHERE kind = 'person.export'"));
  ask (ben, TL_TEST_PASSWORD, 202); /* has the jobs looked at */
  select = g_strdup_printf ("SELECT (SELECT count(*) FROM people.export WHERE account = %s) + "
                            "(SELECT count(*) FROM storage.blob WHERE id = '%s') + (SELECT "
                            "count(*) FROM sync.job WHERE kind = 'person.export' AND key = '%s')",
                            ada->account + 1, after, ada->account + 1);
  do {
    g_free (count);
    g_usleep (50000);
    count = tl_test_server_sql (server, select);
    g_assert_cmpint (g_get_monotonic_time (), <, until);
  } while (!g_str_equal (count, "0"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada Lovelace");
  tl_test_server_add_user (server, "ben", "Ben");
  ada = visitor_new_as (server, "ada");
  ben = visitor_new_as (server, "ben");
  live (ada, ben);
  blob = upload (ada);
  g_test_add_func ("/export/by-the-administrator-has-all-of-it", test_by_admin);
  g_test_add_func ("/export/one-s-own-wants-the-password-and-is-one-s-own", test_by_oneself);
  g_test_add_func ("/export/is-forgotten-after-a-week", test_forgotten);
  status = g_test_run ();
  visitor_free (ada);
  visitor_free (ben);
  g_free (blob);
  tl_test_server_free (server);
  return status;
}
