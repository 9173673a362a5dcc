/* Blobs that nothing names go, with their bytes and what they counted; what a post, message, event, avatar, draft or
 * smaller picture names stays. Two connections name, upload and collect at the same moment, in each order that there
 * is: a blob is kept, or who names it is told. Time passes by moving the dates of rows. */
#include "server/services/storage/collect.h"
#include "server/services/storage/storage.h"
#include "tests/server/words.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define ID G_GINT64_FORMAT
#define HOURS 24

typedef struct {
  Household *house, other; /* other: the same on a connection of its own */
  char *folder;
  char *blob; /* ada's, long since */
} Fixture;

static char *
upload (Household *house, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  char *blob = tl_storage_keep (&house->server, house->pg, house->ada, bytes, "image/png", &error);

  g_assert_no_error (error);
  return blob;
}

static void
hours_pass (Fixture *self, guint hours)
{
  g_free (household_sql (self->house->pg,
                         "UPDATE storage.blob SET touched_at = touched_at - interval '%u hours'",
                         hours));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  TlServer *server;

  self->house = household_new ();
  server = &self->house->server;
  self->folder = g_dir_make_tmp ("tideline-collect-XXXXXX", &error);
  g_assert_no_error (error);
  server->blobs = tl_blobs_dir_new (self->folder, &error);
  g_assert_no_error (error);
  server->config->grace_hours = HOURS;
  self->other = *self->house;
  self->other.pg = tl_pg_new (self->house->conninfo);
  self->blob = upload (self->house, "a picture");
  hours_pass (self, 2 * HOURS);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *remove = g_strdup_printf ("rm -r %s", self->folder);

  self->house->server.blobs->class->free (self->house->server.blobs);
  tl_pg_free (self->other.pg);
  household_free (self->house);
  g_assert_true (g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL));
  g_free (self->folder);
  g_free (self->blob);
}

/* --- words --------------------------------------------------------------------------------------- */

static gint64
collect_rows (TlPg *pg)
{
  TlCollected gone;
  g_autoptr (GError) error = NULL;

  tl_collect_rows (pg, HOURS, 100, &gone, &error);
  g_assert_no_error (error);
  return gone.files;
}

static void
collect_bytes (Fixture *self, TlPg *pg)
{
  g_autoptr (GError) error = NULL;

  tl_collect_bytes (pg, self->house->server.blobs, &error);
  g_assert_no_error (error);
}

/* How many went. */
static gint64
collect (Fixture *self)
{
  gint64 n = collect_rows (self->house->pg);

  collect_bytes (self, self->house->pg);
  return n;
}

static gboolean
has_bytes (Fixture *self, const char *blob)
{
  TlBlobs *blobs = self->house->server.blobs;
  gsize size;
  int fd = blobs->class->open (blobs, blob, &size, NULL);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

static gboolean
has_row (Fixture *self, const char *blob)
{
  return household_number (self->house->pg, "SELECT count(*) FROM storage.blob WHERE id = '%s'",
                           blob) == 1;
}

static void
assert_kept (Fixture *self, const char *blob)
{
  g_assert_true (has_row (self, blob));
  g_assert_true (has_bytes (self, blob));
}

static void
assert_gone (Fixture *self, const char *blob)
{
  g_assert_false (has_row (self, blob));
  g_assert_false (has_bytes (self, blob));
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM storage.removed"), ==,
                   0);
}

/* --- what goes and what stays -------------------------------------------------------------------- */

static void
test_unnamed (Fixture *self, gconstpointer data)
{
  static const char usage[] =
      "SELECT files * 1000 + octets FROM storage.usage WHERE account = %" ID;
  g_autofree char *fresh = upload (self->house, "another");
  TlCollected found;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (household_number (self->house->pg, usage, self->house->ada), ==, 2016);
  tl_collect_count (self->house->pg, HOURS, &found, &error);
  g_assert_no_error (error);
  g_assert_cmpint (found.files, ==, 1);
  g_assert_cmpint (found.octets, ==, 9);
  assert_kept (self, self->blob);
  g_assert_cmpint (collect (self), ==, 1);
  assert_gone (self, self->blob);
  assert_kept (self, fresh);
  g_assert_cmpint (household_number (self->house->pg, usage, self->house->ada), ==, 1007);
  g_free (upload (self->house, "a picture"));
  assert_kept (self, self->blob);
}

/* Uploaded again, its time begins anew. */
static void
test_again (Fixture *self, gconstpointer data)
{
  g_free (upload (self->house, "a picture"));
  g_assert_cmpint (collect (self), ==, 0);
  assert_kept (self, self->blob);
}

static void
test_job (Fixture *self, gconstpointer data)
{
  TlJob job = { .key = "hourly", .payload = "{}" };
  gint64 next_run = 0;
  g_autoptr (GError) error = NULL;

  tl_collect_job.run (&self->house->server, self->house->pg, &job, &next_run, &error);
  g_assert_no_error (error);
  g_assert_cmpint (next_run, >, g_get_real_time ());
  assert_gone (self, self->blob);
  g_assert_cmpint (
      household_number (self->house->pg, "SELECT count(*) FROM sync.job WHERE kind = 'collect'"),
      ==, 1);
}

/* Named it stays as long as one likes; named no more it stays for the grace alone. */
static void
assert_holds (Fixture *self, const char *kind, gint64 id)
{
  hours_pass (self, 100 * HOURS);
  g_assert_cmpint (collect (self), ==, 0);
  assert_kept (self, self->blob);
  destroy (self->house, self->house->ada, kind, id);
  g_assert_cmpint (collect (self), ==, 0);
  hours_pass (self, HOURS - 1);
  g_assert_cmpint (collect (self), ==, 0);
  assert_kept (self, self->blob);
  hours_pass (self, 2);
  g_assert_cmpint (collect (self), ==, 1);
  assert_gone (self, self->blob);
}

static void
test_post (Fixture *self, gconstpointer data)
{
  assert_holds (self, "Post",
                make (self->house, self->house->ada, "Post",
                      "{'images':[{'blobId':'%s','type':'image/png'}]}", self->blob));
}

static void
test_message (Fixture *self, gconstpointer data)
{
  gint64 room = make (self->house, self->house->ada, "Room", "{'name':'Slip'}");

  assert_holds (self, "Message",
                make (self->house, self->house->ada, "Message",
                      "{'roomId':'t%" ID
                      "','body':'x','attachments':[{'blobId':'%s','type':'image/png'}]}",
                      room, self->blob));
}

static void
test_event (Fixture *self, gconstpointer data)
{
  gint64 calendar = make (self->house, self->house->ada, "Calendar", "{'name':'Tides'}");

  assert_holds (self, "CalendarEvent",
                make (self->house, self->house->ada, "CalendarEvent",
                      "{'calendarId':'t%" ID "','title':'Sail','start':'2026-11-23T12:30:00',"
                      "'links':{'f':{'@type':'Link','rel':'enclosure','href':'blob:x',"
                      "'blobId':'%s','title':'chart.png','contentType':'image/png'}}}",
                      calendar, self->blob));
}

static void
test_draft (Fixture *self, gconstpointer data)
{
  gint64 draft = make (self->house, self->house->ada, "Draft",
                       "{'place':'feed','text':'x','extra':{'more':{'images':[{'blobId':'%s'}]}}}",
                       self->blob);

  update (self->house, self->house->ada, "Draft", draft, "{'text':'y'}");
  assert_holds (self, "Draft", draft);
}

static void
test_draft_drops (Fixture *self, gconstpointer data)
{
  gint64 draft = make (self->house, self->house->ada, "Draft",
                       "{'place':'feed','extra':{'more':[{'blobId':'%s'}]}}", self->blob);

  update (self->house, self->house->ada, "Draft", draft, "{'extra':{'version':'2'}}");
  hours_pass (self, 2 * HOURS);
  g_assert_cmpint (collect (self), ==, 1);
  assert_gone (self, self->blob);
}

/* A stranger's draft that names it neither keeps it nor may read it. */
static void
test_strangers_draft (Fixture *self, gconstpointer data)
{
  make (self->house, self->house->ben, "Draft", "{'place':'feed','extra':{'more':'%s'}}",
        self->blob);
  g_assert_false (tl_storage_may_read (self->house->pg, self->house->ben, self->blob, NULL));
  g_assert_cmpint (collect (self), ==, 1);
}

static void
test_avatar (Fixture *self, gconstpointer data)
{
  g_autofree char *patch = g_strdup_printf ("{'avatarBlobId':'%s'}", self->blob);

  update (self->house, self->house->ada, "Principal", self->house->ada, patch);
  g_assert_cmpint (collect (self), ==, 0);
  assert_kept (self, self->blob);
  update (self->house, self->house->ada, "Principal", self->house->ada, "{'avatarBlobId':null}");
  hours_pass (self, 2 * HOURS);
  g_assert_cmpint (collect (self), ==, 1);
  assert_gone (self, self->blob);
}

/* A smaller picture stays with its original, and goes after it. */
static void
test_scaled (Fixture *self, gconstpointer data)
{
  gint64 post = make (self->house, self->house->ada, "Post",
                      "{'images':[{'blobId':'%s','type':'image/png'}]}", self->blob);
  g_autofree char *small = upload (self->house, "small");

  g_free (household_sql (self->house->pg,
                         "INSERT INTO storage.scaled (blob, size, scaled) VALUES ('%s', 160, '%s')",
                         self->blob, small));
  hours_pass (self, 2 * HOURS);
  g_assert_cmpint (collect (self), ==, 0);
  assert_kept (self, small);
  destroy (self->house, self->house->ada, "Post", post);
  hours_pass (self, 2 * HOURS);
  g_assert_cmpint (collect (self), ==, 1);
  g_assert_cmpint (collect (self), ==, 1);
  assert_gone (self, self->blob);
  assert_gone (self, small);
}

/* --- at the same moment -------------------------------------------------------------------------- */

static void
begin (TlPg *pg)
{
  g_assert_true (tl_pg_begin (pg, NULL));
}

static void
commit (TlPg *pg)
{
  g_autoptr (GError) error = NULL;

  tl_pg_commit (pg, &error);
  g_assert_no_error (error);
}

/* Until another connection waits for a lock. A transaction would see the same of the others again and again. */
static void
await_waiting (Fixture *self)
{
  do
    g_free (household_sql (self->house->pg, "SELECT pg_stat_clear_snapshot()::text"));
  while (household_number (self->house->pg, "SELECT count(*) FROM pg_stat_activity "
                                            "WHERE datname = current_database() "
                                            "AND wait_event_type = 'Lock'") == 0);
}

static gpointer
post_by_other (gpointer data)
{
  Fixture *self = data;

  make (&self->other, self->house->ada, "Post", "{'images':[{'blobId':'%s','type':'image/png'}]}",
        self->blob);
  return NULL;
}

static gpointer
post_in_vain (gpointer data)
{
  Fixture *self = data;
  g_autofree char *post =
      g_strdup_printf ("{'images':[{'blobId':'%s','type':'image/png'}]}", self->blob);

  refuse_create (&self->other, self->house->ada, "Post", post, "invalidProperties", "images: ");
  return NULL;
}

static gpointer
upload_by_other (gpointer data)
{
  Fixture *self = data;

  g_free (upload (&self->other, "a picture"));
  return NULL;
}

/* Who names it looked first: it is not waited for, and stays. */
static void
test_named_first (Fixture *self, gconstpointer data)
{
  g_autofree char *account = g_strdup_printf ("%" ID, self->house->ada);
  const char *args[] = { account, self->blob };
  g_autoptr (PGresult) may = NULL;

  begin (self->other.pg);
  may =
      tl_pg_query (self->other.pg, NULL, tl_sql ("storage/storage.sql", "may-name"), 2, args, NULL);
  g_assert_cmpstr (PQgetvalue (may, 0, 0), ==, "t");
  g_assert_cmpint (collect (self), ==, 0);
  g_free (household_sql (self->other.pg,
                         "INSERT INTO storage.blob_scope (scope, blob, object) "
                         "VALUES (%" ID ", '%s', 1)",
                         self->house->directory, self->blob));
  g_assert_cmpint (collect (self), ==, 0);
  commit (self->other.pg);
  g_assert_cmpint (collect (self), ==, 0);
  assert_kept (self, self->blob);
}

/* It goes first: who names it waits, and is told. */
static void
test_collected_first (Fixture *self, gconstpointer data)
{
  GThread *thread;

  begin (self->house->pg);
  g_assert_cmpint (collect_rows (self->house->pg), ==, 1);
  thread = g_thread_new ("post", post_in_vain, self);
  await_waiting (self);
  commit (self->house->pg);
  g_thread_join (thread);
  collect_bytes (self, self->house->pg);
  assert_gone (self, self->blob);
}

/* It was to go, and did not. */
static void
test_collector_fails (Fixture *self, gconstpointer data)
{
  GThread *thread;

  begin (self->house->pg);
  g_assert_cmpint (collect_rows (self->house->pg), ==, 1);
  thread = g_thread_new ("post", post_by_other, self);
  await_waiting (self);
  tl_pg_rollback (self->house->pg);
  g_thread_join (thread);
  g_assert_cmpint (collect (self), ==, 0);
  assert_kept (self, self->blob);
}

/* Uploaded again while its row goes: it has a row anew, and its bytes. */
static void
test_uploaded_while_row_goes (Fixture *self, gconstpointer data)
{
  GThread *thread;

  begin (self->house->pg);
  g_assert_cmpint (collect_rows (self->house->pg), ==, 1);
  thread = g_thread_new ("upload", upload_by_other, self);
  await_waiting (self);
  commit (self->house->pg);
  g_thread_join (thread);
  collect_bytes (self, self->house->pg);
  assert_kept (self, self->blob);
}

/* Its bytes were there and stored again, its row not yet: the bytes are left, and kept from then on. */
static void
test_uploaded_before_bytes_go (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a picture", 9);

  g_assert_cmpint (collect_rows (self->house->pg), ==, 1);
  g_assert_true (
      tl_storage_begin_put (&self->house->server, self->other.pg, self->blob, bytes, NULL));
  collect_bytes (self, self->house->pg);
  g_assert_true (has_bytes (self, self->blob));
  g_free (household_sql (self->other.pg,
                         "SELECT storage.keep(%" ID ", '%s', 9, 'image/png', 9, 900)",
                         self->house->ada, self->blob));
  collect_bytes (self, self->house->pg);
  commit (self->other.pg);
  collect_bytes (self, self->house->pg);
  assert_kept (self, self->blob);
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM storage.removed"), ==,
                   0);
}

/* The bytes go: who uploads waits, and stores them anew. */
static void
test_uploaded_while_bytes_go (Fixture *self, gconstpointer data)
{
  TlBlobs *blobs = self->house->server.blobs;
  GThread *thread;
  g_autoptr (PGresult) is_ours = NULL;

  g_assert_cmpint (collect_rows (self->house->pg), ==, 1);
  begin (self->house->pg);
  is_ours = tl_pg_query (self->house->pg, NULL, tl_sql ("storage/storage.sql", "take"), 1,
                         (const char *const[]){ self->blob }, NULL);
  g_assert_cmpstr (PQgetvalue (is_ours, 0, 0), ==, "t");
  thread = g_thread_new ("upload", upload_by_other, self);
  await_waiting (self);
  g_assert_true (blobs->class->remove (blobs, self->blob, NULL));
  commit (self->house->pg);
  g_thread_join (thread);
  collect_bytes (self, self->house->pg);
  assert_kept (self, self->blob);
}

/* A collector that died between row and bytes left a note. */
static void
test_goes_on (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (collect_rows (self->house->pg), ==, 1);
  g_assert_true (has_bytes (self, self->blob));
  g_assert_cmpint (collect (self), ==, 0);
  assert_gone (self, self->blob);
}

/* As long as a backup reads, bytes stay. */
static void
test_backup (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  tl_pg_run (self->other.pg, NULL, tl_sql ("ctl/backup.sql", "hold-bytes"), 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (collect (self), ==, 1);
  g_assert_true (has_bytes (self, self->blob));
  g_free (household_sql (self->other.pg, "SELECT pg_advisory_unlock_all()::text"));
  g_assert_cmpint (collect (self), ==, 0);
  assert_gone (self, self->blob);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/collect/unnamed-goes-and-gives-its-room-back", test_unnamed },
    { "/collect/uploaded-again-stays-a-while", test_again },
    { "/collect/a-job-does-it", test_job },
    { "/collect/a-post-holds", test_post },
    { "/collect/a-message-holds", test_message },
    { "/collect/an-event-holds", test_event },
    { "/collect/a-draft-holds", test_draft },
    { "/collect/a-draft-lets-go", test_draft_drops },
    { "/collect/a-strangers-draft-holds-nothing", test_strangers_draft },
    { "/collect/an-avatar-holds", test_avatar },
    { "/collect/sizes-go-after-their-original", test_scaled },
    { "/collect/named-first-stays", test_named_first },
    { "/collect/collected-first-is-told", test_collected_first },
    { "/collect/a-collector-that-fails-takes-nothing", test_collector_fails },
    { "/collect/uploaded-while-its-row-goes", test_uploaded_while_row_goes },
    { "/collect/uploaded-before-its-bytes-go", test_uploaded_before_bytes_go },
    { "/collect/uploaded-while-its-bytes-go", test_uploaded_while_bytes_go },
    { "/collect/goes-on-where-it-died", test_goes_on },
    { "/collect/a-backup-is-waited-for", test_backup },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
