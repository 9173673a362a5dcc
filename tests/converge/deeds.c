/* deeds.c: what a person does on a device, drawn from a seed: what the app's actions do, and any write of the other
 * kinds (scene.h). */
#include "tests/converge/deeds.h"

#include "sync/actions.h"
#include "sync/uploads.h"
#include "tests/converge/scene.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

/* --- looking into the replica ---------------------------------------------------------------- */

/* One's messages that begin with a token. */
#define COUNTED " WHERE senderId = ?1 AND body GLOB 'm[0-9a-f][0-9a-f][0-9a-f]*' ORDER BY key"

typedef struct {
  GArray *rooms; /* of gint64: those for good (crowd.c) */
  GArray *own;   /* of gint64: messages */
  GPtrArray *own_bodies;
  GArray *articles, *people, *subscriptions;
  gint64 newest_seq;
  gint64 room; /* whose newest_seq it is */
} View;

static void
view_free (gpointer data)
{
  View *view = data;

  g_array_unref (view->rooms);
  g_array_unref (view->own);
  g_ptr_array_unref (view->own_bodies);
  g_array_unref (view->articles);
  g_array_unref (view->people);
  g_array_unref (view->subscriptions);
  g_free (view);
}

static GArray *
read_keys (TlDb *db, const char *sql, gint64 me)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (tl_db_handle (db), sql, -1, &statement, NULL), ==,
                   SQLITE_OK);
  if (sqlite3_bind_parameter_count (statement) > 0)
    sqlite3_bind_int64 (statement, 1, me);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    gint64 key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  sqlite3_finalize (statement);
  return keys;
}

static gpointer
read_view (TlDb *db, gpointer data, GError **error)
{
  const Person *self = data;
  gint64 me = self->me;
  View *view = g_new0 (View, 1);
  sqlite3_stmt *statement = NULL;

  view->rooms = read_keys (db, "SELECT key FROM room WHERE name GLOB 'room *' ORDER BY key", 0);
  view->own = read_keys (db, "SELECT key FROM message" COUNTED, me);
  view->articles = read_keys (db, "SELECT key FROM article ORDER BY key LIMIT 40", 0);
  view->people = read_keys (db, "SELECT key FROM principal WHERE key <> ?1 ORDER BY key", me);
  view->subscriptions = read_keys (db, "SELECT key FROM subscription ORDER BY key", 0);
  view->own_bodies = g_ptr_array_new_with_free_func (g_free);
  sqlite3_prepare_v2 (tl_db_handle (db), "SELECT body FROM message" COUNTED, -1, &statement, NULL);
  sqlite3_bind_int64 (statement, 1, me);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_ptr_array_add (view->own_bodies, g_strdup ((const char *)sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  sqlite3_prepare_v2 (tl_db_handle (db),
                      "SELECT roomId, seq FROM message WHERE seq > 0 ORDER BY key DESC LIMIT 1", -1,
                      &statement, NULL);
  if (sqlite3_step (statement) == SQLITE_ROW) {
    view->room = sqlite3_column_int64 (statement, 0);
    view->newest_seq = sqlite3_column_int64 (statement, 1);
  }
  sqlite3_finalize (statement);
  return view;
}

/* --- what a person does ---------------------------------------------------------------------- */

static gint64
any_of (GRand *random, GArray *keys)
{
  return keys->len
             ? g_array_index (keys, gint64, (guint)g_rand_int_range (random, 0, (gint32)keys->len))
             : 0;
}

typedef char *(*Deed) (const Person *self, View *view, GRand *random, GError **error);

static char *
deed_send (const Person *self, View *view, GRand *random, GError **error)
{
  gint64 room = any_of (random, view->rooms);
  g_autofree char *token = g_strdup_printf ("m%08x%08x", g_rand_int (random), g_rand_int (random));

  if (room == 0 || !dex_await (tl_action_send (self->replica, room, token, 0), error))
    return NULL;
  return g_strdup_printf ("send %s", token);
}

static char *
deed_edit (const Person *self, View *view, GRand *random, GError **error)
{
  guint i = view->own->len ? (guint)g_rand_int_range (random, 0, (gint32)view->own->len) : 0;
  g_autofree char *body = NULL;
  g_auto (GStrv) words = NULL;

  if (view->own->len == 0)
    return NULL;
  /* The first word is the token; an edit keeps it. */
  words = g_strsplit (view->own_bodies->pdata[i], " ", 2);
  body = g_strdup_printf ("%s edited %u", words[0], g_rand_int (random));
  if (!dex_await (
          tl_action_edit_message (self->replica, g_array_index (view->own, gint64, i), body),
          error))
    return NULL;
  return g_strdup_printf ("edit %s", words[0]);
}

static char *
deed_delete (const Person *self, View *view, GRand *random, GError **error)
{
  guint i = view->own->len ? (guint)g_rand_int_range (random, 0, (gint32)view->own->len) : 0;
  g_auto (GStrv) words = NULL;

  if (view->own->len == 0)
    return NULL;
  words = g_strsplit (view->own_bodies->pdata[i], " ", 2);
  if (!dex_await (tl_action_delete_message (self->replica, g_array_index (view->own, gint64, i)),
                  error))
    return NULL;
  return g_strdup_printf ("delete %s", words[0]);
}

static char *
deed_mark (const Person *self, View *view, GRand *random, GError **error)
{
  gint64 article = any_of (random, view->articles);
  gboolean is_on = g_rand_boolean (random);
  DexFuture *future;

  if (article == 0)
    return NULL;
  switch (g_rand_int_range (random, 0, 3)) {
  case 0:
    future = tl_action_set_read (self->replica, &article, 1, is_on);
    break;
  case 1:
    future = tl_action_set_starred (self->replica, article, is_on);
    break;
  default:
    future = tl_action_set_later (self->replica, article, is_on);
  }
  return dex_await (future, error) ? g_strdup ("mark") : NULL;
}

static char *
deed_read_room (const Person *self, View *view, GRand *random, GError **error)
{
  if (view->room == 0 ||
      !dex_await (tl_action_room_read (self->replica, view->room, view->newest_seq), error))
    return NULL;
  return g_strdup ("read");
}

/* The first person is in every room that is for good. */
static char *
deed_new_room (const Person *self, View *view, GRand *random, GError **error)
{
  g_autofree char *name = g_strdup_printf ("room %08x", g_rand_int (random));
  gboolean is_direct = g_rand_int_range (random, 0, 4) == 0;
  gint64 people[2];

  if (view->rooms->len > 12 || view->people->len < 2)
    return NULL;
  people[0] = is_direct ? any_of (random, view->people) : g_array_index (view->people, gint64, 0);
  people[1] = g_array_index (view->people, gint64,
                             (guint)g_rand_int_range (random, 1, (gint32)view->people->len));
  return dex_await (
             tl_action_new_room (self->replica, is_direct ? NULL : name, people, is_direct ? 1 : 2),
             error)
             ? g_strdup ("room")
             : NULL;
}

static char *
deed_leave (const Person *self, View *view, GRand *random, GError **error)
{
  gint64 room = any_of (random, view->rooms);

  /* One person never leaves, so that every room goes on. */
  if (!self->may_leave || room <= 0 || view->rooms->len < 4 ||
      !dex_await (tl_action_leave_room (self->replica, room, self->me), error))
    return NULL;
  return g_strdup ("leave");
}

static char *
deed_follow (const Person *self, View *view, GRand *random, GError **error)
{
  static const char *const slugs[] = { "shoreline", "crumb", "civic", "ridge" };
  gint64 subscription = any_of (random, view->subscriptions);
  g_autofree char *url =
      g_strconcat (self->feeds, slugs[g_rand_int_range (random, 0, G_N_ELEMENTS (slugs))], NULL);

  if (view->subscriptions->len > 2 && g_rand_boolean (random))
    return dex_await (tl_action_unsubscribe (self->replica, subscription), error)
               ? g_strdup ("unfollow")
               : NULL;
  return dex_await (tl_action_subscribe (self->replica, url, "Folder"), error) ? g_strdup ("follow")
                                                                               : NULL;
}

static char *
deed_mark_all (const Person *self, View *view, GRand *random, GError **error)
{
  return dex_await (tl_action_mark_all_read (self->replica, 0, NULL,
                                             g_get_real_time () / 1000 -
                                                 g_rand_int_range (random, 0, 100000)),
                    error)
             ? g_strdup ("mark-all")
             : NULL;
}

/* --- files ----------------------------------------------------------------------------------- */

static GBytes *
make_picture (GRand *random)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 24, 24);
  char *data = NULL;
  gsize length = 0;

  gdk_pixbuf_fill (pixbuf, g_rand_int (random));
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "png", NULL, NULL));
  return g_bytes_new_take (data, length);
}

/* Some are long enough to be cut on their way, some are the same as somebody else's. */
static GBytes *
make_text (GRand *random)
{
  gsize length = g_rand_int_range (random, 0, 4) ? 4000 : 400 * 1000;
  GString *text = g_string_sized_new (length + 16);
  g_autoptr (GRand) words = g_rand_new_with_seed (
      g_rand_boolean (random) ? (guint32)g_rand_int_range (random, 0, 9) : g_rand_int (random));

  while (text->len < length)
    g_string_append_printf (text, "%08x\n", g_rand_int (words));
  return g_string_free_to_bytes (text);
}

char *
person_sends_files (const Person *self, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_attachment_free);
  gboolean is_picture = g_rand_boolean (random);

  for (int n = g_rand_int_range (random, 1, 3); n > 0; n--) {
    g_autoptr (GBytes) bytes = is_picture ? make_picture (random) : make_text (random);
    g_autoptr (GError) error = NULL;
    TlAttachment *kept = dex_await_boxed (
        tl_upload_keep (self->replica, bytes, is_picture ? "Picture.png" : "Words.txt"), &error);

    g_assert_no_error (error);
    g_ptr_array_add (files, kept);
  }
  return scene_play (self->replica, self->me, g_rand_int (random), files_deed, files, NULL)
             ? g_strdup ("files")
             : g_strdup ("nothing");
}

static char *
deed_files (const Person *self, View *view, GRand *random, GError **error)
{
  return person_sends_files (self, g_rand_int (random));
}

/* --- one of them ----------------------------------------------------------------------------- */

static char *
play (const Person *self, GRand *random, SceneDeed deed, GError **error)
{
  return scene_play (self->replica, self->me, g_rand_int (random), deed, NULL, error)
             ? g_strdup ("scene")
             : NULL;
}

static char *
deed_circle (const Person *self, View *view, GRand *random, GError **error)
{
  return play (self, random, circle_deed, error);
}

static char *
deed_crowd (const Person *self, View *view, GRand *random, GError **error)
{
  return play (self, random, crowd_deed, error);
}

static char *
deed_dates (const Person *self, View *view, GRand *random, GError **error)
{
  return play (self, random, dates_deed, error);
}

static char *
deed_own (const Person *self, View *view, GRand *random, GError **error)
{
  return play (self, random, own_deed, error);
}

static const struct {
  Deed deed;
  int weight;
} deeds[] = {
  { deed_send, 24 },     { deed_edit, 8 },     { deed_delete, 4 },  { deed_mark, 10 },
  { deed_read_room, 6 }, { deed_new_room, 2 }, { deed_leave, 2 },   { deed_follow, 5 },
  { deed_mark_all, 2 },  { deed_files, 6 },    { deed_circle, 24 }, { deed_crowd, 20 },
  { deed_dates, 30 },    { deed_own, 24 },
};

static View *
look (const Person *self)
{
  g_autoptr (GError) error = NULL;
  View *view = dex_await_pointer (
      tl_replica_read (self->replica, read_view, (gpointer)self, NULL, view_free), &error);

  g_assert_no_error (error);
  return view;
}

char *
person_says (const Person *self, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  View *view = look (self);
  char *what = deed_send (self, view, random, NULL);

  view_free (view);
  return what ? what : g_strdup ("nothing");
}

char *
person_does (const Person *self, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GError) error = NULL;
  View *view = look (self);
  int total = 0, draw;
  char *what = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    total += deeds[i].weight;
  draw = g_rand_int_range (random, 0, total);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++) {
    draw -= deeds[i].weight;
    if (draw < 0) {
      what = deeds[i].deed (self, view, random, &error);
      break;
    }
  }
  view_free (view);
  /* A deed may be refused with a reason (what is followed already cannot be followed again): nothing was done. */
  return what ? what : g_strdup ("nothing");
}
