/* deeds.c: a person who writes on one computer with the shipped library, one thing of each kind, each on the disk when
 * its name is printed: `deeds FOLDER LOGIN DEED…`, then it waits to be killed. Names are looked up in the replica, as a
 * person finds what they are about. */
#include "sync/actions-calendar.h"
#include "sync/actions-inbox.h"
#include "sync/actions-social.h"
#include "sync/actions.h"
#include "sync/outbox.h"
#include "sync/overlay.h"
#include "sync/uploads.h"

#include <stdio.h>
#include <unistd.h>

typedef struct {
  TlReplica *replica;
  gint64 me;
} Person;

/* --- finding ------------------------------------------------------------------------------------- */

static gpointer
read_key (TlDb *db, gpointer sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gint64 *key = g_new0 (gint64, 1);

  g_assert_cmpint (sqlite3_prepare_v2 (tl_db_handle (db), sql, -1, &statement, NULL), ==,
                   SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    *key = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return key;
}

static gint64
find (Person *self, const char *sql)
{
  g_autofree gint64 *key = dex_await_pointer (
      tl_replica_read (self->replica, read_key, (gpointer)sql, NULL, g_free), NULL);

  if (*key == 0)
    g_error ("nothing is found by %s", sql);
  return *key;
}

static void
must (DexFuture *future)
{
  g_autoptr (GError) error = NULL;

  dex_await (future, &error);
  g_assert_no_error (error);
}

static gint64
person (Person *self, const char *login)
{
  g_autofree char *sql = g_strdup_printf ("SELECT key FROM principal WHERE login = '%s'", login);
  return find (self, sql);
}

#define CREW "SELECT key FROM room WHERE name = 'Boat crew'"
#define SAID(words) "SELECT key FROM message WHERE body = '" words "'"
#define POSTED(words) "SELECT key FROM post WHERE text = '" words "'"
#define EVENT(title) "SELECT key FROM event WHERE title = '" title "'"

/* --- one operation as it is ---------------------------------------------------------------------- */

typedef struct {
  const TlType *type;
  TlVerb verb;
  gint64 key;
  JsonObject *body;
} Plain;

static gboolean
add_plain (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Plain *plain = data;
  return tl_outbox_add (db, changes, plain->type, plain->verb, &plain->key, plain->body, error);
}

static void
put (Person *self, const TlType *type, TlVerb verb, gint64 key, const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  Plain plain = { type, verb, key, json_node_dup_object (node) };

  must (tl_replica_write (self->replica, add_plain, &plain, NULL));
}

/* --- what comes before --------------------------------------------------------------------------- */

/* Inés: something to be answered, of each kind. */
static void
ask (Person *self)
{
  TlNewPost post = { .text = "Who has seen the long rope?", .visibility = "public" };
  g_autofree char *event = NULL;
  gint64 calendar;

  must (tl_action_send (self->replica, find (self, CREW), "The long rope is gone", 0));
  must (tl_action_post (self->replica, &post));
  calendar = dex_await_int64 (tl_action_new_calendar (self->replica, "Searches", "teal"), NULL);
  must (tl_action_share_calendar (self->replica, calendar, person (self, "robin"), "reader"));
  event = g_strdup_printf (
      "{\"calendarId\":\"#n%" G_GINT64_FORMAT "\",\"title\":\"Search of the shed\","
      "\"start\":\"2030-05-02T10:00:00\",\"duration\":\"PT1H\",\"participants\":"
      "{\"t%" G_GINT64_FORMAT "\":{\"name\":\"Robin\",\"participationStatus\":\"needs-action\"}}}",
      -calendar, person (self, "robin"));
  put (self, &tl_calendar_event_type, TL_OP_CREATE, 0, event);
}

static TlEventSketch
swim (Person *self)
{
  return (TlEventSketch){ .calendar = find (self, "SELECT key FROM calendar WHERE createdBy = "
                                                  "(SELECT key FROM principal WHERE login = "
                                                  "'robin') ORDER BY key"),
                          .title = "Swim",
                          .start = "2030-06-03T07:00:00",
                          .duration = "PT30M",
                          .time_zone = "Europe/Stockholm",
                          .repeat = TL_REPEAT_WEEKLY,
                          .reminder = TL_NO_REMINDER };
}

static void
series (Person *self)
{
  TlEventSketch sketch = swim (self);

  must (tl_action_new_event (self->replica, &sketch));
}

/* --- offline ------------------------------------------------------------------------------------- */

static GPtrArray *
keep (Person *self, const char *path)
{
  g_autofree char *whole = g_build_filename (g_getenv ("TIDELINE_SOURCE"), path, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (whole);
  g_autoptr (GError) error = NULL;
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_attachment_free);

  g_ptr_array_add (files, dex_await_boxed (tl_upload_keep_file (self->replica, file), &error));
  g_assert_no_error (error);
  return files;
}

static void
picture (Person *self)
{
  g_autoptr (GPtrArray) images = keep (self, "data/demo/art/board.jpg");
  TlNewPost post = { .text = "It hangs in the shed", .visibility = "public", .images = images };

  must (tl_action_post (self->replica, &post));
}

static void
reply (Person *self)
{
  TlNewPost post = { .text = "I have, behind the sails",
                     .visibility = "public",
                     .reply_to = find (self, POSTED ("Who has seen the long rope?")) };

  must (tl_action_post (self->replica, &post));
}

static void
react (Person *self)
{
  must (tl_action_react (self->replica, find (self, POSTED ("Who has seen the long rope?")),
                         self->me, "👀", TRUE));
  must (tl_action_react (self->replica, find (self, SAID ("The long rope is gone")), self->me, "😮",
                         TRUE));
}

static void
boost (Person *self)
{
  must (tl_action_boost (self->replica, find (self, POSTED ("Who has seen the long rope?")),
                         self->me, TRUE));
}

static void
save (Person *self)
{
  must (tl_action_save_post (self->replica, find (self, POSTED ("Who has seen the long rope?")),
                             TRUE));
}

static void
unfollow (Person *self)
{
  must (tl_action_follow (self->replica, person (self, "oskar"), self->me, FALSE));
}

static void
follow (Person *self)
{
  must (tl_action_follow (self->replica, person (self, "oskar"), self->me, TRUE));
}

static void
message (Person *self)
{
  g_autoptr (GPtrArray) files = keep (self, "README.md");

  must (tl_action_send_with (self->replica, find (self, CREW), "All that I know", 0, files, NULL));
}

static void
plan (Person *self)
{
  TlEventSketch sketch = swim (self);

  sketch.title = "Splice the rope";
  sketch.repeat = TL_REPEAT_NEVER;
  must (tl_action_new_event (self->replica, &sketch));
}

/* One of the series, to the afternoon. */
static void
move (Person *self)
{
  TlEventSketch sketch = swim (self);

  sketch.start = "2030-06-10T17:00:00";
  must (tl_action_edit_instance (self->replica, find (self, EVENT ("Swim")), "2030-06-10T07:00:00",
                                 &sketch));
}

static void
come (Person *self)
{
  must (tl_action_answer (self->replica, find (self, EVENT ("Search of the shed")), self->me,
                          "accepted"));
}

#define NTH_ARTICLE(n) "SELECT key FROM article ORDER BY key LIMIT 1 OFFSET " #n

static void
mark (Person *self)
{
  gint64 article = find (self, NTH_ARTICLE (1));

  must (tl_action_set_read (self->replica, &article, 1, TRUE));
  must (tl_action_set_starred (self->replica, article, TRUE));
  must (tl_action_set_later (self->replica, find (self, NTH_ARTICLE (2)), TRUE));
}

#define TOLD "SELECT key FROM notification WHERE kind = 'invitation' ORDER BY key DESC"

static void
archive (Person *self)
{
  must (tl_action_notification_done (self->replica, find (self, TOLD), TRUE));
}

static void
snooze (Person *self)
{
  must (tl_action_snooze (self->replica, find (self, NTH_ARTICLE (3)),
                          G_GINT64_CONSTANT (1900000000000)));
}

static void
set (Person *self)
{
  put (self, &tl_settings_type, TL_OP_UPDATE, self->me,
       "{\"secondTimeZone\":\"Asia/Tokyo\",\"weekStart\":7}");
}

static void
draft (Person *self)
{
  put (self, &tl_draft_type, TL_OP_CREATE, 0, "{\"place\":\"post\",\"text\":\"About knots\"}");
}

static void
filter (Person *self)
{
  put (self, &tl_content_filter_type, TL_OP_CREATE, 0,
       "{\"words\":\"splinters\",\"action\":\"hide\"}");
}

static void
file (Person *self)
{
  must (tl_action_edit_subscription (
      self->replica, find (self, "SELECT key FROM subscription ORDER BY key"), NULL, "Harbour"));
}

static void
introduce (Person *self)
{
  must (tl_action_edit_profile (self->replica, self->me, "Robin Adeyemi", "Finds ropes",
                                "Europe/Stockholm"));
}

static const struct {
  const char *name;
  void (*run) (Person *self);
} deeds[] = {
  { "ask", ask },         { "series", series },     { "picture", picture },
  { "reply", reply },     { "react", react },       { "boost", boost },
  { "save", save },       { "unfollow", unfollow }, { "follow", follow },
  { "message", message }, { "plan", plan },         { "move", move },
  { "come", come },       { "mark", mark },         { "archive", archive },
  { "snooze", snooze },   { "set", set },           { "draft", draft },
  { "filter", filter },   { "file", file },         { "introduce", introduce },
};

/* --- the program --------------------------------------------------------------------------------- */

static void
run_named (Person *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (g_str_equal (deeds[i].name, name)) {
      deeds[i].run (self);
      puts (name);
      fflush (stdout);
      return;
    }
  g_error ("there is no deed “%s”", name);
}

static DexFuture *
fiber (gpointer data)
{
  char **argv = data;
  g_autoptr (GError) error = NULL;
  Person self = { .replica = tl_replica_open (argv[1], &error) };

  g_assert_no_error (error);
  self.me = person (&self, argv[2]);
  for (guint i = 3; argv[i]; i++)
    run_named (&self, argv[i]);
  for (;;)
    pause ();
  return NULL;
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (argc, >, 3);
  dex_init ();
  dex_future_disown (dex_scheduler_spawn (NULL, 0, fiber, argv, NULL));
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
  return 0;
}
