/* circle.c: one write of the replica that looks for something and does it, as an action does. Texts name people
 * now and then, so that notifications and threads come about. */
#include "tests/converge/circle.h"

#include "sync/outbox.h"
#include "sync/overlay.h"

typedef struct {
  TlDb *db;
  TlChanges *changes;
  GRand *random;
  gint64 me;
  GError **error;
  gboolean done;
} Scene;

/* A key of those that `sql` finds (one's own key is ?1), 0 for none. */
static gint64
any (Scene *self, const char *sql)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (tl_db_handle (self->db), sql, -1, &statement, NULL), ==,
                   SQLITE_OK);
  if (sqlite3_bind_parameter_count (statement) > 0)
    sqlite3_bind_int64 (statement, 1, self->me);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    gint64 key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  sqlite3_finalize (statement);
  return keys->len ? g_array_index (keys, gint64,
                                    (guint)g_rand_int_range (self->random, 0, (gint32)keys->len))
                   : 0;
}

static void
put (Scene *self, const TlType *type, TlVerb verb, gint64 key, JsonObject *body)
{
  self->done = tl_outbox_add (self->db, self->changes, type, verb, &key, body, self->error);
}

static void
set_ref (JsonObject *body, const char *name, gint64 key)
{
  char ref[TL_ID_MAX + 1];

  json_object_set_string_member (body, name, tl_ref_format (key, ref));
}

/* A new object about `key`, when there is one. Takes `body`. */
static void
make_about (Scene *self, const TlType *type, const char *name, gint64 key, JsonObject *body)
{
  if (key) {
    set_ref (body, name, key);
    put (self, type, TL_OP_CREATE, 0, body);
  } else {
    json_object_unref (body);
  }
}

static JsonObject *
words (Scene *self)
{
  static const char *const names[] = { "", "@alice ", "@bob ", "@nobody " };
  g_autofree char *text = g_strdup_printf (
      "%swords %08x", names[g_rand_int_range (self->random, 0, G_N_ELEMENTS (names))],
      g_rand_int (self->random));
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "text", text);
  return body;
}

static void
write_post (Scene *self)
{
  static const char *const visibilities[] = { "public", "public", "followers", "mentioned" };
  gint64 answered = g_rand_boolean (self->random) ? any (self, "SELECT key FROM post") : 0;
  JsonObject *body = words (self);

  json_object_set_string_member (
      body, "visibility",
      visibilities[g_rand_int_range (self->random, 0, G_N_ELEMENTS (visibilities))]);
  if (answered)
    set_ref (body, "replyToId", answered);
  put (self, &tl_post_type, TL_OP_CREATE, 0, body);
}

static void
boost (Scene *self)
{
  make_about (self, &tl_post_type, "boostOfId",
              any (self, "SELECT key FROM post WHERE visibility = 'public'"), json_object_new ());
}

static void
edit (Scene *self)
{
  put (self, &tl_post_type, TL_OP_UPDATE,
       any (self, "SELECT key FROM post WHERE authorId = ?1 AND boostOfId IS NULL"), words (self));
}

static void delete (Scene *self)
{
  put (self, &tl_post_type, TL_OP_DESTROY, any (self, "SELECT key FROM post WHERE authorId = ?1"),
       NULL);
}

static void
react (Scene *self)
{
  static const char *const emoji[] = { "👍", "❤️", "🎉" };
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "emoji",
                                 emoji[g_rand_int_range (self->random, 0, G_N_ELEMENTS (emoji))]);
  make_about (self, &tl_reaction_type, "subjectId",
              any (self, "SELECT key FROM post UNION ALL SELECT key FROM message"), body);
}

static void
take_back (Scene *self)
{
  put (self, &tl_reaction_type, TL_OP_DESTROY,
       any (self, "SELECT key FROM reaction WHERE principalId = ?1"), NULL);
}

static void
follow (Scene *self)
{
  gint64 following = any (self, "SELECT key FROM follow");

  if (following && g_rand_boolean (self->random))
    put (self, &tl_follow_type, TL_OP_DESTROY, following, NULL);
  else
    make_about (self, &tl_follow_type, "principalId",
                any (self, "SELECT key FROM principal WHERE key <> ?1"), json_object_new ());
}

static void
save (Scene *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, "isSaved", g_rand_boolean (self->random));
  make_about (self, &tl_post_mark_type, "postId", any (self, "SELECT key FROM post"), body);
}

/* --- calendars ----------------------------------------------------------------------------------- */

static void
open_calendar (Scene *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "name", "Crew");
  put (self, &tl_calendar_type, TL_OP_CREATE, 0, body);
}

static void
share_calendar (Scene *self)
{
  static const char *const roles[] = { "owner", "member", "reader" };
  gint64 person = any (self, "SELECT key FROM principal WHERE key <> ?1");
  JsonObject *body = json_object_new ();

  if (person)
    set_ref (body, "principalId", person);
  json_object_set_string_member (body, "role", roles[g_rand_int_range (self->random, 0, 3)]);
  make_about (self, &tl_calendar_member_type, "calendarId", any (self, "SELECT key FROM calendar"),
              body);
}

static void
leave_calendar (Scene *self)
{
  put (self, &tl_calendar_member_type, TL_OP_DESTROY,
       any (self, "SELECT key FROM calendar_member WHERE principalId = ?1"), NULL);
}

static JsonObject *
appointment (Scene *self)
{
  static const char *const rules[] = { "null", "[{\"frequency\":\"weekly\"}]",
                                       "[{\"frequency\":\"daily\",\"count\":9}]" };
  g_autofree char *start =
      g_strdup_printf ("2026-11-%02dT%02d:30:00", g_rand_int_range (self->random, 1, 31),
                       g_rand_int_range (self->random, 0, 24));
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "title", "Row");
  json_object_set_string_member (body, "start", start);
  json_object_set_string_member (body, "duration", "PT1H");
  json_object_set_string_member (body, "timeZone", "Europe/Stockholm");
  json_object_set_member (
      body, "recurrenceRules",
      json_from_string (rules[g_rand_int_range (self->random, 0, G_N_ELEMENTS (rules))], NULL));
  return body;
}

static void
plan (Scene *self)
{
  make_about (self, &tl_calendar_event_type, "calendarId", any (self, "SELECT key FROM calendar"),
              appointment (self));
}

static void
move (Scene *self)
{
  put (self, &tl_calendar_event_type, TL_OP_UPDATE, any (self, "SELECT key FROM event"),
       appointment (self));
}

static void
call_off (Scene *self)
{
  put (self, &tl_calendar_event_type, TL_OP_DESTROY, any (self, "SELECT key FROM event"), NULL);
}

/* Only of what the server has: a mark of an event that was refused waits with it. */
static void
mark (Scene *self)
{
  JsonObject *body = json_object_new ();

  if (g_rand_boolean (self->random)) {
    json_object_set_boolean_member (body, "isDefault", TRUE);
    make_about (self, &tl_calendar_mark_type, "calendarId", any (self, "SELECT key FROM calendar"),
                body);
  } else {
    json_object_set_string_member (body, "acknowledgedAt", "2026-11-23T12:00:00Z");
    make_about (self, &tl_event_mark_type, "eventId",
                any (self, "SELECT key FROM event WHERE key > 0"), body);
  }
}

/* --- one of them --------------------------------------------------------------------------------- */

typedef struct {
  gint64 me;
  guint32 seed;
} Act;

static gboolean
run (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  static void (*const deeds[]) (Scene *self) = {
    write_post, write_post, write_post, react,    react,         boost,          edit,
    delete,     take_back,  follow,     save,     open_calendar, share_calendar, leave_calendar,
    plan,       plan,       move,       call_off, mark
  };
  Act *act = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (act->seed);
  Scene scene = { .db = db, .changes = changes, .random = random, .me = act->me, .error = error };

  deeds[g_rand_int_range (random, 0, G_N_ELEMENTS (deeds))](&scene);
  return scene.done;
}

char *
circle_deed (TlReplica *replica, gint64 me, guint32 seed, GError **error)
{
  Act *act = g_new0 (Act, 1);

  act->me = me;
  act->seed = seed;
  return dex_await (tl_replica_write (replica, run, act, g_free), error) ? g_strdup ("circle")
                                                                         : NULL;
}
