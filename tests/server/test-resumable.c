/* Uploads in pieces, on the real program: connections are cut anywhere (seeded), the server is killed in between, and
 * what comes back is what went; what is too large, not what was announced, or another's is refused. */
#include "tests/fixtures/s3.h"
#include "tests/fixtures/server.h"
#include "tests/server/caller.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define SIZE (3 * 1024 * 1024 + 12345)
#define PIECE_MIN 65536
#define PIECE_MAX (512 * 1024)
#define BUCKET "tideline-resumable"

typedef struct {
  char *token, *account;
} Person;

static TlTestServer *server;
static guint port;
static Person ada, ben;

/* --- words --------------------------------------------------------------------------------------- */

static char *
string_in (const Answer *answer, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (answer->body, &error);

  g_assert_no_error (error);
  return g_strdup (json_object_get_string_member (json_node_get_object (node), name));
}

static Person
person (const char *login)
{
  g_autofree char *body =
      g_strdup_printf ("{\"login\":\"%s\",\"password\":\"" TL_TEST_PASSWORD "\"}", login);
  g_autoptr (Answer) answer = caller_ask (port, "POST /auth/login HTTP/1.1", body);

  return (Person){ string_in (answer, "accessToken"), string_in (answer, "accountId") };
}

/* Each test begins with the same seed, but no two files are the same. */
static guint8 *
random_bytes (gsize size)
{
  static guint8 n_files;
  guint8 *bytes = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)g_test_rand_int ();
  bytes[0] = n_files++;
  return bytes;
}

static char *
digest_of (const void *bytes, gsize size)
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, bytes, (gssize)size);
  g_checksum_get_digest (checksum, digest, &length);
  g_checksum_free (checksum);
  return g_base64_encode (digest, length);
}

static Answer *
ask (const Person *who, const char *line, const char *headers)
{
  g_autofree char *head =
      g_strdup_printf ("%s HTTP/1.1\r\nAuthorization: Bearer %s%s", line, who->token, headers);

  return caller_ask (port, head, g_str_has_prefix (line, "POST") ? "" : NULL);
}

static Answer *
begin (const Person *who, guint64 size, const char *digest)
{
  g_autofree char *line = g_strdup_printf ("POST /jmap/upload/%s", who->account);
  g_autofree char *headers =
      g_strdup_printf ("\r\nContent-Type: image/png\r\nUpload-Complete: ?0\r\n"
                       "Upload-Length: %" G_GUINT64_FORMAT "\r\nRepr-Digest: sha-256=:%s:",
                       size, digest);

  return ask (who, line, headers);
}

/* The upload's address. */
static char *
begun (const Person *who, gsize size, const char *digest)
{
  g_autoptr (Answer) answer = begin (who, size, digest);

  g_assert_cmpuint (answer->status, ==, 201);
  return answer_header (answer, "Location");
}

static char *
patch_head (const Person *who, const char *place, gsize at, gsize size, gboolean is_last)
{
  return g_strdup_printf ("PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                          "Content-Type: application/partial-upload\r\n"
                          "Upload-Offset: %" G_GSIZE_FORMAT "\r\nUpload-Complete: ?%d\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          place, who->token, at, is_last, size);
}

static Answer *
append (const Person *who, const char *place, gsize at, const void *bytes, gsize size,
        gboolean is_last)
{
  g_autofree char *head = patch_head (who, place, at, size, is_last);
  int fd = caller_connect (port);
  Answer *answer;

  g_assert_true (caller_say (fd, head));
  caller_send (fd, bytes, size);
  answer = caller_hear (fd, FALSE);
  caller_hang_up (fd);
  return answer;
}

/* Where it is, -1 when there is none. */
static gssize
look (const Person *who, const char *place)
{
  g_autofree char *head = g_strdup_printf ("HEAD %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                           "%s\r\n\r\n",
                                           place, who->token);
  int fd = caller_connect (port);
  g_autoptr (Answer) answer = NULL;
  g_autofree char *offset = NULL;

  g_assert_true (caller_say (fd, head));
  answer = caller_hear (fd, TRUE);
  caller_hang_up (fd);
  if (answer->status == 404)
    return -1;
  g_assert_cmpuint (answer->status, ==, 204);
  offset = answer_header (answer, "Upload-Offset");
  return (gssize)g_ascii_strtoll (offset, NULL, 10);
}

static void
assert_given (const Person *who, const char *blob, const void *bytes, gsize size)
{
  g_autofree char *line = g_strdup_printf ("GET /jmap/download/%s/%s/a.png", who->account, blob);
  g_autoptr (Answer) answer = ask (who, line, "");

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpmem (answer->body, answer->length, bytes, size);
}

/* --- through all that can happen ----------------------------------------------------------------- */

/* Says only a part of what it announced, and is gone. */
static void
break_off (const char *place, gsize at, const guint8 *bytes, gsize size)
{
  g_autofree char *head = patch_head (&ada, place, at, size, FALSE);
  int fd = caller_connect (port);

  g_assert_true (caller_say (fd, head));
  caller_send (fd, bytes, (gsize)g_test_rand_int_range (0, (gint32)size));
  caller_break_off (fd);
}

/* All is said, but the answer is not heard. */
static void
not_hear (const char *place, gsize at, const guint8 *bytes, gsize size)
{
  g_autofree char *head = patch_head (&ada, place, at, size, FALSE);
  int fd = caller_connect (port);

  g_assert_true (caller_say (fd, head));
  caller_send (fd, bytes, size);
  caller_hang_up (fd);
}

static void
kill_server (void)
{
  tl_test_server_kill (server);
  tl_test_server_start (server);
}

/* What befalls one piece. */
static void
send_piece (const char *place, gsize at, const guint8 *bytes, gsize size)
{
  g_autoptr (Answer) answer = NULL;

  switch (g_test_rand_int_range (0, 4)) {
  case 0:
    break_off (place, at, bytes, size);
    break;
  case 1:
    not_hear (place, at, bytes, size);
    break;
  default:
    answer = append (&ada, place, at, bytes, size, FALSE);
    g_assert_true (answer->status == 204 || answer->status == 409);
  }
}

static void
go_through (guint n_kills)
{
  g_autofree guint8 *bytes = random_bytes (SIZE);
  g_autofree char *digest = digest_of (bytes, SIZE);
  g_autofree char *place = begun (&ada, SIZE, digest);
  g_autofree char *blob = NULL;
  g_autoptr (Answer) last = NULL;
  gsize killed_at = 0;

  for (;;) {
    gssize at = look (&ada, place);
    gsize size = (gsize)g_test_rand_int_range (PIECE_MIN, PIECE_MAX);

    g_assert_cmpint (at, >=, 0);
    if ((gsize)at + size >= SIZE)
      break;
    send_piece (place, (gsize)at, bytes + at, size);
    if (n_kills > 0 && (gsize)at > killed_at + SIZE / 4) {
      kill_server ();
      killed_at = (gsize)at;
      n_kills--;
    }
  }
  do {
    gssize at = look (&ada, place);

    g_clear_pointer (&last, answer_free);
    last = append (&ada, place, (gsize)at, bytes + at, SIZE - (gsize)at, TRUE);
  } while (last->status == 409);
  g_assert_cmpuint (last->status, ==, 201);
  blob = string_in (last, "blobId");
  assert_given (&ada, blob, bytes, SIZE);
  g_assert_cmpint (look (&ada, place), ==, -1);
}

static void
test_cut (void)
{
  go_through (0);
}

static void
test_killed (void)
{
  go_through (2);
}

static void
test_bucket (void)
{
  static const char *const init[] = { "storage", "init", NULL };

  tl_test_server_stop (server);
  tl_test_s3_configure ("s3", BUCKET);
  tl_test_server_start (server);
  g_free (tl_test_server_ctl (server, init, NULL));
  go_through (1);
  tl_test_server_stop (server);
  tl_test_s3_configure ("folder", BUCKET);
  tl_test_server_start (server);
}

/* --- what is refused ----------------------------------------------------------------------------- */

static void
test_too_large (void)
{
  g_autofree char *digest = digest_of ("x", 1);
  g_autoptr (Answer) answer = begin (&ada, G_GUINT64_CONSTANT (10000000000), digest);

  g_assert_cmpuint (answer->status, ==, 413);
  g_assert_nonnull (strstr (answer->body, "maxSizeUpload"));
}

/* Room is reserved when it begins, and given back when it is given up. */
static void
test_reserves (void)
{
  g_autofree char *one = digest_of ("one", 3), *two = digest_of ("two", 3);
  g_autofree char *place = NULL, *line = NULL;
  g_autoptr (Answer) full = NULL, ended = NULL, again = NULL;

  tl_test_server_stop (server);
  g_setenv ("TIDELINE_BLOBS_BYTES_PER_PERSON", "1000000", TRUE);
  tl_test_server_start (server);
  place = begun (&ben, 600000, one);
  full = begin (&ben, 600000, two);
  g_assert_cmpuint (full->status, ==, 413);
  g_assert_nonnull (strstr (full->body, "quota"));
  line = g_strdup_printf ("DELETE %s", place);
  ended = ask (&ben, line, "");
  g_assert_cmpuint (ended->status, ==, 204);
  g_assert_cmpint (look (&ben, place), ==, -1);
  again = begin (&ben, 600000, two);
  g_assert_cmpuint (again->status, ==, 201);
  tl_test_server_stop (server);
  g_unsetenv ("TIDELINE_BLOBS_BYTES_PER_PERSON");
  tl_test_server_start (server);
}

static void
assert_refused (Answer *taken, guint status)
{
  g_autoptr (Answer) answer = taken;

  g_assert_cmpuint (answer->status, ==, status);
}

static void
test_wrong (void)
{
  gsize size = 200000;
  g_autofree guint8 *bytes = random_bytes (size);
  g_autofree char *digest = digest_of (bytes, size);
  g_autofree char *place = begun (&ada, size, digest);

  assert_refused (append (&ada, place, 7, bytes, 100000, FALSE), 409);
  assert_refused (append (&ada, place, 0, bytes, 1000, FALSE), 400);
  assert_refused (append (&ben, place, 0, bytes, 100000, FALSE), 404);
  assert_refused (append (&ada, place, 0, bytes, 100000, TRUE), 400);
  g_assert_cmpint (look (&ada, place), ==, 100000);
  g_assert_cmpint (look (&ben, place), ==, -1);
  assert_refused (append (&ada, place, 100000, bytes, 100000, TRUE), 400); /* other bytes */
  g_assert_cmpint (look (&ada, place), ==, -1);
}

/* Begun again, it goes on; what is here already is told at once. */
static void
test_again (void)
{
  gsize size = 200000;
  g_autofree guint8 *bytes = random_bytes (size);
  g_autofree char *digest = digest_of (bytes, size);
  g_autofree char *place = begun (&ada, size, digest);
  g_autofree char *same = NULL, *complete = NULL;
  g_autoptr (Answer) known = NULL;

  assert_refused (append (&ada, place, 0, bytes, 100000, FALSE), 204);
  same = begun (&ada, size, digest);
  g_assert_cmpstr (same, ==, place);
  g_assert_cmpint (look (&ada, same), ==, 100000);
  assert_refused (append (&ada, place, 100000, bytes + 100000, 100000, TRUE), 201);
  known = begin (&ada, size, digest);
  complete = answer_header (known, "Upload-Complete");
  g_assert_cmpuint (known->status, ==, 201);
  g_assert_cmpstr (complete, ==, "?1");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  tl_test_server_add_user (server, "ben", "Ben");
  port = (guint)g_ascii_strtoull (strrchr (tl_test_server_url (server), ':') + 1, NULL, 10);
  ada = person ("ada");
  ben = person ("ben");
  g_test_add_func ("/resumable/goes-on-after-cuts-anywhere", test_cut);
  g_test_add_func ("/resumable/goes-on-after-the-server-was-killed", test_killed);
  g_test_add_func ("/resumable/ends-in-a-bucket", test_bucket);
  g_test_add_func ("/resumable/too-large-is-refused-when-announced", test_too_large);
  g_test_add_func ("/resumable/room-is-reserved-and-given-back", test_reserves);
  g_test_add_func ("/resumable/what-is-wrong-is-refused", test_wrong);
  g_test_add_func ("/resumable/begun-again-goes-on", test_again);
  status = g_test_run ();
  tl_test_server_free (server);
  g_free (ada.token);
  g_free (ada.account);
  g_free (ben.token);
  g_free (ben.account);
  return status;
}
