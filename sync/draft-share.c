/* draft-share.c: how drafts of several devices come together (drafts.h). A version is a random word; `seen` has those
 * that the text here follows. Writer thread. */
#include "sync/draft-private.h"
#include "sync/outbox.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Older versions are forgotten: who was away for longer is asked. */
#define MOST_SEEN 64
#define WORD 9 /* letters of a version and its space */
#define GONE_MS (30 * G_GINT64_CONSTANT (86400000))

typedef struct {
  gint64 key; /* 0: there is none */
  char *text, *version, *over, *more;
} Shared;

static void
shared_clear (Shared *shared)
{
  g_free (shared->text);
  g_free (shared->version);
  g_free (shared->over);
  g_free (shared->more);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shared, shared_clear)

static char *
column (sqlite3_stmt *row, int index)
{
  return g_strdup ((const char *)sqlite3_column_text (row, index));
}

static gboolean
load_shared (TlDb *db, const char *place, Shared *shared, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_DRAFTS_SQL, "shared");
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_text (statement, 1, place, -1, SQLITE_STATIC);
  if (tl_db_step (db, statement, &failed)) {
    shared->key = sqlite3_column_int64 (statement, 0);
    shared->text = column (statement, 1);
    shared->version = column (statement, 2);
    shared->over = column (statement, 3);
    shared->more = column (statement, 4);
    /* Another program's: each writing of it is a version. */
    if (shared->version == NULL)
      shared->version =
          g_strdup_printf ("%" G_GINT64_FORMAT, (gint64)sqlite3_column_int64 (statement, 5));
    sqlite3_reset (statement);
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static gboolean
has_version (const char *versions, const char *version)
{
  g_auto (GStrv) words = g_strsplit (versions ? versions : "", " ", -1);

  return g_strv_contains ((const char *const *)words, version);
}

static void
see (TlLocalDraft *draft, const char *over, const char *version)
{
  g_autofree char *old = draft->seen;
  char *seen = g_strdup_printf ("%s%s%s ", over ? over : "", old, version);
  gsize length = strlen (seen);

  draft->seen = seen;
  if (length > (gsize)MOST_SEEN * WORD) {
    const char *cut = strchr (seen + length - (gsize)MOST_SEEN * WORD, ' ');
    draft->seen = g_strdup (cut + 1);
    g_free (seen);
  }
}

static gboolean
is_empty (const char *text, const char *more)
{
  return *text == '\0' && more == NULL;
}

/* Does the shared one go on from exactly what is here? */
static gboolean
follows (const Shared *shared, const TlLocalDraft *draft)
{
  g_auto (GStrv) seen = g_strsplit (draft->seen, " ", -1);
  guint n = g_strv_length (seen);

  if (g_str_equal (shared->text, draft->text) && g_strcmp0 (shared->more, draft->more) == 0)
    return TRUE;
  if (is_empty (draft->text, draft->more))
    return TRUE;
  if (!draft->is_dirty && n > 1 && has_version (shared->over, seen[n - 2]))
    return TRUE;
  return draft->more == NULL && *draft->text && g_str_has_prefix (shared->text, draft->text);
}

gboolean
tl_draft_meet (TlDb *db, const char *place, GError **error)
{
  g_auto (TlLocalDraft) draft = { 0 };
  g_auto (Shared) shared = { 0 };

  if (!load_shared (db, place, &shared, error) || !tl_local_draft_load (db, place, &draft, error))
    return FALSE;
  if (shared.key == 0 || has_version (draft.seen, shared.version))
    return TRUE;
  g_clear_pointer (&draft.other, g_free);
  g_clear_pointer (&draft.other_more, g_free);
  if (follows (&shared, &draft)) {
    g_set_str (&draft.text, shared.text);
    g_set_str (&draft.more, shared.more);
    see (&draft, shared.over, shared.version);
    draft.is_dirty = FALSE;
  } else {
    see (&draft, NULL, shared.version);
    draft.is_dirty = TRUE;
    if (!is_empty (shared.text, shared.more)) {
      draft.other = g_strdup (shared.text);
      draft.other_more = g_strdup (shared.more);
    }
  }
  return tl_local_draft_store (db, place, &draft, error);
}

static JsonObject *
extra_of (const TlLocalDraft *draft, const char *version)
{
  JsonObject *extra = json_object_new ();

  json_object_set_string_member (extra, "version", version);
  json_object_set_string_member (extra, "over", draft->seen);
  if (draft->more)
    json_object_set_member (extra, "more", json_from_string (draft->more, NULL));
  return extra;
}

static gboolean
put_out (TlDb *db, TlChanges *changes, const char *place, const Shared *shared,
         const TlLocalDraft *draft, JsonObject *extra, GError **error)
{
  g_autoptr (JsonObject) taken = extra;
  JsonObject *body;
  gint64 key = shared->key;

  /* Nobody has heard of it yet. */
  if (key < 0 && is_empty (draft->text, draft->more))
    return tl_outbox_add (db, changes, &tl_draft_type, TL_OP_DESTROY, &key, NULL, error);
  body = json_object_new ();
  json_object_set_string_member (body, "text", draft->text);
  json_object_set_object_member (body, "extra", g_steal_pointer (&taken));
  if (key == 0)
    json_object_set_string_member (body, "place", place);
  return tl_outbox_add (db, changes, &tl_draft_type, key ? TL_OP_UPDATE : TL_OP_CREATE, &key, body,
                        error);
}

gboolean
tl_draft_share_one (TlDb *db, TlChanges *changes, const char *place, GError **error)
{
  g_auto (TlLocalDraft) draft = { 0 };
  g_auto (Shared) shared = { 0 };
  g_autofree char *version = g_strdup_printf ("%08x", g_random_int ());
  g_autoptr (JsonObject) extra = NULL;
  gboolean is_same;

  if (!load_shared (db, place, &shared, error) || !tl_local_draft_load (db, place, &draft, error))
    return FALSE;
  /* What is about something that the server does not know yet has no name elsewhere. */
  if (!draft.is_dirty || draft.other || strchr (place, '-'))
    return TRUE;
  is_same = shared.key == 0
                ? is_empty (draft.text, draft.more)
                : g_str_equal (shared.text, draft.text) && g_strcmp0 (shared.more, draft.more) == 0;
  draft.is_dirty = FALSE;
  if (is_same)
    return tl_local_draft_store (db, place, &draft, error);
  extra = extra_of (&draft, version);
  see (&draft, NULL, version);
  return tl_local_draft_store (db, place, &draft, error) &&
         put_out (db, changes, place, &shared, &draft, g_steal_pointer (&extra), error);
}

/* Empty ones have told everybody by now. */
static gboolean
forget_long_gone (TlDb *db, TlChanges *changes, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_DRAFTS_SQL, "long-gone");
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (statement, 1, g_get_real_time () / 1000 - GONE_MS);
  while (tl_db_step (db, statement, &failed)) {
    gint64 key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  for (guint i = 0; failed == NULL && i < keys->len; i++) {
    gint64 key = g_array_index (keys, gint64, i);
    tl_outbox_add (db, changes, &tl_draft_type, TL_OP_DESTROY, &key, NULL, &failed);
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

gboolean
tl_draft_share_all (TlDb *db, TlChanges *changes, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_DRAFTS_SQL, "unshared");
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) failed = NULL;

  while (tl_db_step (db, statement, &failed))
    g_ptr_array_add (places, column (statement, 0));
  for (guint i = 0; failed == NULL && i < places->len; i++)
    tl_draft_share_one (db, changes, places->pdata[i], &failed);
  if (failed == NULL)
    return forget_long_gone (db, changes, error);
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}
