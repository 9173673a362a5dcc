/* What may come from outside and is wrong, to the real program: each gets an answer that names the thing,
 * and the server goes on. */
#include "server/services/user/tokens.h"
#include "tests/fixtures/server.h"
#include "tests/server/caller.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define CORE "\"urn:ietf:params:jmap:core\""
#define NEWS "\"https://tideline.org/jmap/news\""
#define CALLS(text) "{\"using\":[" CORE "," NEWS "],\"methodCalls\":" text "}"
#define URN "urn:ietf:params:jmap:error:"
#define JSON_TYPE "\r\nContent-Type: application/json"

static TlTestServer *server;
static guint port;
static char *token, *account;

/* --- asking ------------------------------------------------------------------------------------ */

static Answer *
ask (const char *line, const char *with_token, const char *headers, const char *body)
{
  g_autofree char *head = with_token ? g_strdup_printf ("%s HTTP/1.1\r\nAuthorization: Bearer %s%s",
                                                        line, with_token, headers)
                                     : g_strdup_printf ("%s HTTP/1.1%s", line, headers);

  return caller_ask (port, head, body);
}

static JsonObject *
parse (const Answer *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (answer->body, &error);

  g_assert_no_error (error);
  return json_node_dup_object (node);
}

/* A problem details object whose type is `type` and whose detail says `about`. */
static void
assert_problem (const Answer *answer, guint status, const char *type, const char *about)
{
  g_autofree char *media = answer_header (answer, "Content-Type");
  g_autoptr (JsonObject) problem = NULL;

  if (answer->status != status)
    g_error ("%u, not %u: %s", answer->status, status, answer->body);
  g_assert_cmpstr (media, ==, "application/problem+json");
  problem = parse (answer);
  g_assert_cmpstr (json_object_get_string_member (problem, "type"), ==, type);
  g_assert_cmpint (json_object_get_int_member (problem, "status"), ==, status);
  if (!strstr (json_object_get_string_member (problem, "detail"), about))
    g_error ("“%s” does not say “%s”", json_object_get_string_member (problem, "detail"), about);
}

static void
assert_lives (void)
{
  g_autoptr (Answer) answer =
      ask ("POST /jmap/api", token, JSON_TYPE, CALLS ("[[\"Core/echo\",{\"x\":1},\"c\"]]"));

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (strstr (answer->body, "{\"x\":1}"));
}

static void
sign_in (void)
{
  g_autoptr (Answer) answer = ask ("POST /auth/login", NULL, JSON_TYPE,
                                   "{\"login\":\"ada\",\"password\":\"" TL_TEST_PASSWORD "\"}");
  g_autoptr (JsonObject) object = parse (answer);

  token = g_strdup (json_object_get_string_member (object, "accessToken"));
  account = g_strdup (json_object_get_string_member (object, "accountId"));
}

/* --- JMAP requests ----------------------------------------------------------------------------- */

static void
test_requests (void)
{
  static const struct {
    const char *body, *type, *about;
  } wrong[] = {
    { "", URN "notJSON", "" },
    { "{", URN "notJSON", "" },
    { "nonsense", URN "notJSON", "" },
    { "/*\"*/{}", URN "notJSON", "" }, /* a comment would hide a quote */
    { "//\"\n{}", URN "notJSON", "" },
    { "{\"using\":[\"\xff\xfe\"]}", URN "notJSON", "UTF-8" },
    { "[]", URN "notRequest", "not an object" },
    { "7", URN "notRequest", "not an object" },
    { "{}", URN "notRequest", "using" },
    { "{\"using\":7}", URN "notRequest", "using" },
    { "{\"using\":[7],\"methodCalls\":[]}", URN "notRequest", "using" },
    { "{\"using\":[\"x:y\"],\"methodCalls\":[]}", URN "unknownCapability", "x:y" },
    { CALLS ("{}"), URN "notRequest", "methodCalls" },
    { CALLS ("[[]]"), URN "notRequest", "call 0" },
    { CALLS ("[[\"Core/echo\",{},\"a\"],[\"Core/echo\",[],\"b\"]]"), URN "notRequest", "call 1" },
    { CALLS ("[[7,{},\"c\"]]"), URN "notRequest", "call 0" },
    { CALLS ("[],\"createdIds\":[]"), URN "notRequest", "createdIds" },
    { CALLS ("[],\"createdIds\":{\"a\":{}}"), URN "notRequest", "createdIds" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (Answer) answer = ask ("POST /jmap/api", token, JSON_TYPE, wrong[i].body);

    assert_problem (answer, 400, wrong[i].type, wrong[i].about);
  }
  assert_lives ();
}

/* `n` times `begin`, then as often `end`. */
static char *
nest (const char *begin, const char *end, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, begin);
  for (guint i = 0; i < n; i++)
    g_string_append (text, end);
  return g_string_free_and_steal (text);
}

static void
test_nesting (void)
{
  static const guint depths[] = { 500, 5000, 1000000 };

  /* a million is more values than a request may hold, whatever they are */
  for (guint i = 0; i < G_N_ELEMENTS (depths); i++) {
    const char *type = depths[i] > 250000 ? URN "limit" : URN "notJSON";
    g_autofree char *bare = nest ("[", "]", depths[i]);
    g_autofree char *object = nest ("{\"a\":", "", depths[i]);
    g_autofree char *within = g_strdup_printf (CALLS ("[[\"Core/echo\",{\"x\":%s},\"c\"]]"), bare);
    g_autoptr (Answer) first = ask ("POST /jmap/api", token, JSON_TYPE, bare);
    g_autoptr (Answer) second = ask ("POST /jmap/api", token, JSON_TYPE, object);
    g_autoptr (Answer) third = ask ("POST /jmap/api", token, JSON_TYPE, within);

    assert_problem (first, 400, depths[i] > 1000 ? type : URN "notRequest", "");
    assert_problem (second, 400, type, "");
    if (depths[i] > 1000)
      assert_problem (third, 400, type, "");
  }
  assert_lives ();
}

static void
test_too_much (void)
{
  GString *calls = g_string_new ("[[\"Core/echo\",{},\"c\"]");
  g_autofree char *body = NULL;
  g_autofree char *large = g_strnfill (10 * 1000 * 1000 + 1, ' ');

  for (guint i = 0; i < 128; i++)
    g_string_append (calls, ",[\"Core/echo\",{},\"c\"]");
  body = g_strdup_printf (CALLS ("%s]"), calls->str);
  g_string_free (calls, TRUE);
  g_autoptr (Answer) many = ask ("POST /jmap/api", token, JSON_TYPE, body);
  assert_problem (many, 400, URN "limit", "129");
  g_autoptr (Answer) long_one = ask ("POST /jmap/api", token, JSON_TYPE, large);
  assert_problem (long_one, 413, URN "limit", "larger");
  g_autoptr (Answer) sign_in_body = ask ("POST /auth/login", NULL, JSON_TYPE, large);
  g_assert_cmpuint (sign_in_body->status, ==, 413);
  assert_lives ();
}

/* Small values are few bytes each, and many times that once they are a tree; in a string they are text. */
static void
test_many_values (void)
{
  static const char *const values[] = { "1,", "[],", "{},", "\"\\\"\"," };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *many = nest (values[i], "", 250000);
    g_autofree char *body = g_strdup_printf (CALLS ("[[\"Core/echo\",{\"x\":[%s1]},\"c\"]]"), many);
    g_autoptr (Answer) answer = ask ("POST /jmap/api", token, JSON_TYPE, body);

    assert_problem (answer, 400, URN "limit", "250000 values");
    g_assert_nonnull (strstr (answer->body, "maxSizeRequest"));
  }
  g_autofree char *text = nest ("[{,:\\\"", "", 250000);
  g_autofree char *body = g_strdup_printf (CALLS ("[[\"Core/echo\",{\"x\":\"%s\"},\"c\"]]"), text);
  g_autoptr (Answer) fine = ask ("POST /jmap/api", token, JSON_TYPE, body);
  g_assert_cmpuint (fine->status, ==, 200);
  assert_lives ();
}

/* Each call's arguments, the error's type, and what its description names. */
static void
test_calls (void)
{
  static const struct {
    const char *method, *args, *type, *about;
  } wrong[] = {
    { "Nonsense/get", "", "unknownMethod", "Nonsense/get" },
    { "Article/explode", "", "unknownMethod", "Article/explode" },
    { "Message/get", "", "unknownMethod", "Message/get" }, /* its capability is not used */
    { "Article/get", ",\"ids\":7", "invalidArguments", "ids" },
    { "Article/get", ",\"ids\":[{}]", "invalidArguments", "ids" },
    { "Article/get", ",\"properties\":[\"nonsense\"]", "invalidArguments", "nonsense" },
    { "Article/get", ",\"#ids\":7", "invalidArguments", "#ids" },
    { "Article/get", ",\"#ids\":{\"resultOf\":\"x\",\"name\":\"y\",\"path\":\"/z\"}",
      "invalidResultReference", "" },
    { "Article/changes", "", "invalidArguments", "sinceState" },
    { "Article/changes", ",\"sinceState\":\"'; DROP TABLE\"", "cannotCalculateChanges", "" },
    { "Article/changes", ",\"sinceState\":\"1.9:9:\",\"maxChanges\":-1", "invalidArguments",
      "maxChanges" },
    { "Article/query", ",\"filter\":{\"nonsense\":1}", "unsupportedFilter", "nonsense" },
    { "Article/query", ",\"filter\":7", "invalidArguments", "filter" },
    { "Article/query", ",\"sort\":[{\"property\":\"nonsense\"}]", "unsupportedSort", "nonsense" },
    { "Article/query", ",\"position\":\"x\"", "invalidArguments", "position" },
    { "ArticleMark/set", ",\"create\":[]", "invalidArguments", "create" },
    { "ArticleMark/set", ",\"update\":{\"t1\":7}", "invalidArguments", "" },
    { "ArticleMark/set", ",\"destroy\":{}", "invalidArguments", "destroy" },
    { "ArticleMark/set", ",\"ifInState\":7", "invalidArguments", "ifInState" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *body = g_strdup_printf (CALLS ("[[\"%s\",{\"accountId\":\"%s\"%s},\"c\"]]"),
                                             wrong[i].method, account, wrong[i].args);
    g_autoptr (Answer) answer = ask ("POST /jmap/api", token, JSON_TYPE, body);
    g_autofree char *type = g_strdup_printf ("\"type\":\"%s\"", wrong[i].type);

    g_assert_cmpuint (answer->status, ==, 200);
    if (!strstr (answer->body, type) || !strstr (answer->body, wrong[i].about))
      g_error ("%s%s: %s", wrong[i].method, wrong[i].args, answer->body);
  }
  assert_lives ();
}

static void
test_media_types (void)
{
  static const char *const types[] = {
    "",
    "\r\nContent-Type: text/plain",
    "\r\nContent-Type: application/x-www-form-urlencoded",
    "\r\nContent-Type: application/jsonp",
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (Answer) answer =
        ask ("POST /jmap/api", token, types[i], CALLS ("[[\"Core/echo\",{},\"c\"]]"));

    assert_problem (answer, 400, URN "notJSON", "application/json");
  }
  g_autoptr (Answer) fine =
      ask ("POST /jmap/api", token, "\r\nContent-Type: Application/JSON; charset=utf-8",
           CALLS ("[[\"Core/echo\",{},\"c\"]]"));
  g_assert_cmpuint (fine->status, ==, 200);
}

/* --- tokens ------------------------------------------------------------------------------------ */

static char *
token_from (const char *folder, gint64 of, guint seconds)
{
  g_autofree char *secret = g_build_filename (folder, "secret", NULL);
  g_autoptr (GError) error = NULL;
  TlTokens *tokens = tl_tokens_new (secret, &error);
  guint8 session[TL_SESSION_BYTES] = { 0 };
  char *made;

  g_assert_no_error (error);
  made = tl_tokens_make (tokens, of, session, seconds);
  tl_tokens_free (tokens);
  return made;
}

static void
test_tokens (void)
{
  static const char *const doors[] = {
    "GET /jmap/session",
    "POST /jmap/api",
    "GET /jmap/ws",
    "GET /jmap/download/t1/b1/x",
    "POST /jmap/upload/t1",
    "GET /media/0000000000000000000000000000000000000000000000000000000000000000",
  };
  gint64 own = g_ascii_strtoll (account + 1, NULL, 10);
  g_autofree char *other_place = g_dir_make_tmp ("tideline-other-XXXXXX", NULL);
  g_autofree char *good = token_from (tl_test_server_folder (server), own, 60);
  g_autofree char *expired = token_from (tl_test_server_folder (server), own, 0);
  g_autofree char *foreign = token_from (other_place, own, 60);
  g_autofree char *shortened = g_strndup (good, strlen (good) - 1);
  g_autofree char *lengthened = g_strconcat (good, "AAAA", NULL);
  g_autofree char *endless = g_strnfill (8000, 'A');
  const char *bad[] = { NULL, "", "x", expired, foreign, shortened, lengthened, endless, "%00" };

  for (guint d = 0; d < G_N_ELEMENTS (doors); d++)
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
      g_autoptr (Answer) answer =
          ask (doors[d], bad[i], JSON_TYPE, g_str_has_prefix (doors[d], "POST") ? "{}" : NULL);
      g_autofree char *wants = answer_header (answer, "WWW-Authenticate");

      assert_problem (answer, 401, "about:blank", "");
      g_assert_cmpstr (wants, ==, "Bearer");
    }
  g_autoptr (Answer) basic =
      ask ("GET /jmap/session", NULL, "\r\nAuthorization: Basic YWRhOmFkYQ==", NULL);
  g_assert_cmpuint (basic->status, ==, 401);
  g_autoptr (Answer) fine = ask ("GET /jmap/session", good, "", NULL);
  g_assert_cmpuint (fine->status, ==, 200);
}

/* Who has no token may not even send a large body. */
static void
test_strange_bodies (void)
{
  static const char *const doors[] = { "POST /jmap/api", "POST /jmap/upload/t1" };

  for (guint i = 0; i < G_N_ELEMENTS (doors); i++) {
    g_autofree char *text =
        g_strdup_printf ("%s HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n", doors[i]);
    int fd = caller_connect (port);
    g_autoptr (Answer) answer = NULL;

    caller_say (fd, text);
    answer = caller_hear (fd, FALSE);
    assert_problem (answer, 401, "about:blank", "Sign in first");
    caller_hang_up (fd);
  }
}

static void
test_paths (void)
{
  static const struct {
    const char *line;
    guint status;
  } lines[] = {
    { "GET /nothing", 404 },
    { "GET /", 404 },
    { "DELETE /jmap/api", 405 },
    { "GET /auth/login", 405 },
    { "GET /jmap/download/", 404 },
    { "GET /media/../../etc/passwd", 404 },
    { "GET /media/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404 },
    { "GET /demo/art/%2e%2e%2f%2e%2e%2f%2e%2e%2fsecret", 404 },
    { "GET /jmap/session%00", 404 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (Answer) answer = ask (lines[i].line, token, "", NULL);

    assert_problem (answer, lines[i].status, "about:blank", "");
  }
  assert_lives ();
}

/* --- starting ---------------------------------------------------------------------------------- */

/* Runs tidelined until it ends by itself; its exit status, and what it said on standard error. */
G_GNUC_NULL_TERMINATED
static int
run_server (char **said, const char *argument, ...)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "server/tidelined", NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  va_list args;

  g_ptr_array_add (argv, program);
  va_start (args, argument);
  for (; argument; argument = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer)argument);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *)argv->pdata,
                               G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, said, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  return g_subprocess_get_exit_status (process);
}

static void
test_port (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tideline-second-XXXXXX", NULL);
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", port);
  g_autofree char *expected = g_strdup_printf ("%s is in use by another program", address);
  g_autofree char *said = NULL;
  const char *remove[] = { "rm", "-rf", folder, NULL };

  g_assert_cmpint (run_server (&said, "--standalone", folder, "--listen", address, NULL), ==, 1);
  if (!strstr (said, expected))
    g_error ("%s", said);
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  assert_lives ();
}

static void
test_config (void)
{
  static const struct {
    const char *text, *line, *about;
  } wrong[] = {
    { "# first\n[server]\n\nlisten=7\n", ":4: ", "[server] listen: “7” is not an address" },
    { "[server]\nlisten=127.0.0.1:1\nnonsense = 3\n",
      ":3: ", "[server] nonsense: there is no such option" },
    { "[server]\n\n[postgres]\n", ":3: ", "[postgres]: there is no such group" },
    { "[server]\nworkers=many\n", ":2: ", "[server] workers: is not a number" },
    { "[server]\nmax-request=1\n", ":2: ", "[server] max-request: is not a number of bytes" },
    { "[news]\n\n# x\nallow-private-addresses=yes\n", ":4: ", "is neither true nor false" },
    { "[server]\nlisten\n", ":2: ", "listen" },
    { "listen=1\n[server]\n", ":1: ", "" },
    { "[server]\npublic-url=ftp://x\nsecret-file=/tmp/x\n",
      ":2: ", "[server] public-url: “ftp://x”" },
    { "[server]\nsecret-file=/nowhere/at/all\n", ":2: ", "[server] secret-file: /nowhere/at/all" },
    { "[server]\nsecret-file=/tmp/s\n[postgresql]\nconnection=x\n[blobs]\nfolder=/nowhere\n",
      ":6: ", "[blobs] folder: /nowhere is not a folder" },
    { "", "", "[server] secret-file: is missing" },
  };
  g_autofree char *folder = g_dir_make_tmp ("tideline-config-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "tidelined.conf", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *place =
        *wrong[i].line ? g_strconcat (path, wrong[i].line, NULL) : g_strdup ("tidelined: ");
    g_autofree char *said = NULL;

    g_assert_true (g_file_set_contents (path, wrong[i].text, -1, NULL));
    g_assert_cmpint (run_server (&said, "--config", path, "--check-config", NULL), ==, 1);
    if (!strstr (said, place) || !strstr (said, wrong[i].about))
      g_error ("“%s” should name %s and %s", said, place, wrong[i].about);
  }
  g_autofree char *none = NULL;
  g_assert_cmpint (run_server (&none, "--standalone", folder, "--listen", "localhost", NULL), ==,
                   1);
  g_assert_nonnull (strstr (none, "--listen: [server] listen: “localhost”"));
}

/* The example that administrators start from is whole and right, but for the folders of this machine. */
static void
test_example (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("TIDELINE_SOURCE"), "data", "tidelined.conf", NULL);
  g_autofree char *folder = g_dir_make_tmp ("tideline-example-XXXXXX", NULL);
  g_autofree char *secret = g_build_filename (folder, "secret", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *said = NULL;
  const char *group, *key;

  g_setenv ("TIDELINE_SERVER_SECRET_FILE", secret, TRUE);
  g_setenv ("TIDELINE_BLOBS_FOLDER", folder, TRUE);
  g_assert_cmpint (run_server (&said, "--config", path, "--check-config", NULL), ==, 0);
  g_unsetenv ("TIDELINE_SERVER_SECRET_FILE");
  g_unsetenv ("TIDELINE_BLOBS_FOLDER");
  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  for (guint i = 0; tl_config_option (i, &group, &key); i++)
    if (!g_str_equal (group, "demo") && !g_key_file_has_key (file, group, key, NULL))
      g_error ("%s does not say [%s] %s", path, group, key);
  g_rmdir (folder);
}

/* Last: the server is another one afterwards. */
static void
test_newer_schema (void)
{
  g_autofree char *said = NULL;

  g_free (tl_test_server_sql (
      server, "INSERT INTO public.tideline_migration (number, name) VALUES (999, 'future')"));
  tl_test_server_stop (server);
  g_assert_cmpint (run_server (&said, "--standalone", tl_test_server_folder (server), "--listen",
                               "127.0.0.1:0", NULL),
                   ==, 1);
  if (!strstr (said, "was written by a newer Tideline (schema 999"))
    g_error ("%s", said);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  port = (guint)g_ascii_strtoull (strrchr (tl_test_server_url (server), ':') + 1, NULL, 10);
  sign_in ();
  g_test_add_func ("/bad-input/requests-that-are-none", test_requests);
  g_test_add_func ("/bad-input/deep-nesting", test_nesting);
  g_test_add_func ("/bad-input/more-than-the-limits", test_too_much);
  g_test_add_func ("/bad-input/more-values-than-memory-should-hold", test_many_values);
  g_test_add_func ("/bad-input/methods-and-arguments", test_calls);
  g_test_add_func ("/bad-input/other-content-types", test_media_types);
  g_test_add_func ("/bad-input/tokens-missing-foreign-expired-broken", test_tokens);
  g_test_add_func ("/bad-input/strangers-send-no-bodies", test_strange_bodies);
  g_test_add_func ("/bad-input/paths-that-lead-nowhere", test_paths);
  g_test_add_func ("/bad-input/a-port-in-use", test_port);
  g_test_add_func ("/bad-input/a-configuration-names-file-line-and-key", test_config);
  g_test_add_func ("/bad-input/the-example-configuration-is-good", test_example);
  g_test_add_func ("/bad-input/a-folder-of-a-newer-version", test_newer_schema);
  status = g_test_run ();
  tl_test_server_free (server);
  g_free (token);
  g_free (account);
  return status;
}
