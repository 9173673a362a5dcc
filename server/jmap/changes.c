/* changes.c: Foo/changes (RFC 8620, 5.2; docs/protocol.md, "States and changes").
 *
 * Everyday: the request's one reading of the log holds all, and is folded here. When memberships
 * changed, or there is more than fits a page, PostgreSQL folds, page by page in the order of ids, always
 * over the whole window between the two snapshots: each object is told once, whatever the pages. */
#include "server/jmap/changes.h"

#include "server/jmap/log.h"
#include "server/jmap/state.h"
#include "server/jmap/type-sql.h"

#include <string.h>

typedef struct {
  gint64 id;
  int before; /* in how many scopes it was */
  int now;
  gboolean all; /* an update that doesn't say of what */
} Fold;

typedef struct {
  GHashTable *folds; /* id -> Fold */
  GPtrArray *order;  /* the same, as first seen */
  GHashTable *seen;  /* "scope.id": the first row tells whether it was there before */
  GHashTable *props; /* names touched by updates */
} Folder;

typedef struct {
  GString *created, *updated, *destroyed; /* "[id,…" */
  guint count;
  GArray *ids;           /* of gint64: all of them; NULL: not wanted */
  GArray *present;       /* those that are not destroyed; NULL: not wanted */
  gboolean any_property; /* no updatedProperties can be told */
  GHashTable *props;
  gboolean has_more;
  char *new_state;
} Answer;

static void
answer_clear (Answer *self)
{
  g_string_free (self->created, TRUE);
  g_string_free (self->updated, TRUE);
  g_string_free (self->destroyed, TRUE);
  g_hash_table_unref (self->props);
  g_free (self->new_state);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
answer_init (Answer *self)
{
  *self = (Answer){ .created = g_string_new ("["),
                    .updated = g_string_new ("["),
                    .destroyed = g_string_new ("["),
                    .props = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
}

static void
restart (Answer *self)
{
  GArray *ids = self->ids, *present = self->present;

  answer_clear (self);
  answer_init (self);
  self->ids = ids;
  self->present = present;
  if (ids)
    g_array_set_size (ids, 0);
  if (present)
    g_array_set_size (present, 0);
}

static void
add (Answer *self, char kind, gint64 id)
{
  tl_json_append_id (kind == TL_CREATED     ? self->created
                     : kind == TL_DESTROYED ? self->destroyed
                                            : self->updated,
                     id);
  self->count++;
  if (self->ids)
    g_array_append_val (self->ids, id);
  if (self->present && kind != TL_DESTROYED)
    g_array_append_val (self->present, id);
}

static Fold *
fold_of (Folder *self, gint64 id)
{
  Fold *fold = g_hash_table_lookup (self->folds, &id);

  if (fold == NULL) {
    fold = g_new0 (Fold, 1);
    fold->id = id;
    g_hash_table_insert (self->folds, &fold->id, fold);
    g_ptr_array_add (self->order, fold);
  }
  return fold;
}

static void
fold_row (Folder *self, const TlLogRow *row)
{
  Fold *fold = fold_of (self, row->id);
  char *place = g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, row->scope, row->id);

  if (g_hash_table_add (self->seen, place) && row->kind != TL_CREATED) {
    fold->before++;
    fold->now++;
  }
  if (row->kind == TL_CREATED)
    fold->now++;
  else if (row->kind == TL_DESTROYED)
    fold->now--;
  if (row->kind != TL_UPDATED || row->props == NULL) {
    fold->all = TRUE;
  } else {
    g_auto (GStrv) names = g_strsplit (row->props, ",", -1);

    for (guint i = 0; names[i]; i++)
      g_hash_table_add (self->props, g_steal_pointer (&names[i]));
  }
}

/* Objects told as created are fetched whole anyway; of the updated ones it says which properties. */
static void
fold_log (const TlLog *log, const TlType *type, Answer *answer)
{
  Folder folder = { .folds = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free),
                    .order = g_ptr_array_new (),
                    .seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                    .props = answer->props };

  for (guint i = 0; i < log->rows->len; i++) {
    const TlLogRow *row = &g_array_index (log->rows, TlLogRow, i);

    if (row->type == type->number)
      fold_row (&folder, row);
  }
  for (guint i = 0; i < folder.order->len; i++) {
    const Fold *fold = folder.order->pdata[i];

    if (fold->before > 0 && fold->now > 0) {
      add (answer, TL_UPDATED, fold->id);
      answer->any_property |= fold->all;
    } else if (fold->before > 0 || fold->now > 0) {
      add (answer, fold->now > 0 ? TL_CREATED : TL_DESTROYED, fold->id);
    }
  }
  g_hash_table_unref (folder.seen);
  g_ptr_array_unref (folder.order);
  g_hash_table_unref (folder.folds);
}

gboolean
tl_changes_cannot (GError **error)
{
  return tl_refuse (error, TL_METHOD_ERROR_CANNOT_CALCULATE_CHANGES,
                    "This state is not one that changes can be told from any more");
}

/* One page in the order of ids; one object more is asked for, to see whether there is another page.
 * Whether the log reaches back so far is asked afterwards: then it did while the page was read. */
static gboolean
fold_page (TlCall *call, const TlType *type, const TlState *from, const char *until, gint64 max,
           Answer *answer, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%u", type->number);
  g_autofree char *after = g_strdup_printf ("%" G_GINT64_FORMAT, from->after);
  g_autofree char *limit = g_strdup_printf ("%" G_GINT64_FORMAT, max + 1);
  const char *args[] = { call->account_number, from->since, until, number, after, limit };
  g_autoptr (PGresult) result = tl_type_query (call->pg, type, TL_TYPE_CHANGES, 6, args, error);
  gboolean usable;
  gint64 last = 0;
  int n;

  if (result == NULL || !tl_log_usable (call, from->epoch, from->since, until, &usable, error))
    return FALSE;
  if (!usable)
    return tl_changes_cannot (error);
  n = PQntuples (result);
  answer->has_more = n > max;
  answer->any_property = TRUE;
  for (int i = 0; i < MIN (n, (int)max); i++) {
    last = g_ascii_strtoll (PQgetvalue (result, i, 0), NULL, 10);
    if (!PQgetisnull (result, i, 1))
      add (answer, PQgetvalue (result, i, 1)[0], last);
  }
  answer->new_state = answer->has_more
                          ? tl_state_format_page (from->epoch, from->since, until, last)
                          : g_strdup_printf ("%u.%s", from->epoch, until);
  return TRUE;
}

static gboolean
find_changes (TlCall *call, const TlType *type, const char *since, const TlState *state, gint64 max,
              Answer *answer, GError **error)
{
  const TlLog *log;

  if (state->until)
    return fold_page (call, type, state, state->until, max, answer, error);
  log = tl_log_read (call, state->since, state->epoch, error);
  if (log == NULL)
    return FALSE;
  if (!log->is_usable)
    return tl_changes_cannot (error);
  if (log->is_current) {
    answer->new_state = g_strdup (since);
    return TRUE;
  }
  if (!log->is_partial) {
    fold_log (log, type, answer);
    if (answer->count <= max) {
      answer->new_state = g_strdup_printf ("%u.%s", state->epoch, log->now);
      return TRUE;
    }
    restart (answer);
  }
  return fold_page (call, type, state, log->now, max, answer, error);
}

static void
append_properties (GString *out, const Answer *answer)
{
  GHashTableIter iter;
  gpointer name;

  g_string_append (out, ",\"updatedProperties\":");
  if (answer->any_property || answer->updated->len == 1) {
    g_string_append (out, "null}");
    return;
  }
  g_string_append_c (out, '[');
  g_hash_table_iter_init (&iter, answer->props);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    tl_json_append_comma (out);
    tl_json_append_string (out, name);
  }
  g_string_append (out, "]}");
}

gboolean
tl_call_changes (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                 GError **error)
{
  g_auto (TlState) state = { 0 };
  g_auto (Answer) answer = { 0 };
  const char *since = NULL;
  gint64 max = TL_MAX_CHANGES;

  answer_init (&answer);
  if (!tl_arg_string (args, "sinceState", &since, error) ||
      !tl_arg_int (args, "maxChanges", 1, G_MAXINT64, &max, error))
    return FALSE;
  if (since == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“sinceState” is missing");
  if (!tl_state_parse (since, &state))
    return tl_changes_cannot (error);
  if (!find_changes (call, service->type, since, &state, MIN (max, TL_MAX_CHANGES), &answer, error))
    return FALSE;
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"oldState\":\"%s\",\"newState\":\"%s\"",
                          call->account_id, since, answer.new_state);
  g_string_append_printf (out, ",\"hasMoreChanges\":%s", answer.has_more ? "true" : "false");
  g_string_append_printf (out, ",\"created\":%s],\"updated\":%s],\"destroyed\":%s]",
                          answer.created->str, answer.updated->str, answer.destroyed->str);
  append_properties (out, &answer);
  return TRUE;
}

gboolean
tl_changes_ids (TlCall *call, const TlTypeService *service, const char *since, GArray *ids,
                char **new_state, GError **error)
{
  g_auto (TlState) state = { 0 };
  g_auto (Answer) answer = { 0 };

  answer_init (&answer);
  answer.ids = ids;
  if (!tl_state_parse (since, &state) || state.until)
    return tl_changes_cannot (error);
  if (!find_changes (call, service->type, since, &state, TL_MAX_CHANGES, &answer, error))
    return FALSE;
  if (answer.has_more)
    return tl_changes_cannot (error);
  *new_state = g_steal_pointer (&answer.new_state);
  return TRUE;
}

gboolean
tl_changes_any (TlCall *call, const TlTypeService *service, const char *text, gboolean *any,
                GError **error)
{
  g_auto (TlState) state = { 0 };
  g_auto (Answer) answer = { 0 };
  g_autoptr (GError) why = NULL;

  answer_init (&answer);
  *any = TRUE;
  if (!tl_state_parse (text, &state))
    return TRUE;
  if (find_changes (call, service->type, text, &state, 1, &answer, &why))
    *any = answer.count > 0 || answer.has_more;
  else if (!g_error_matches (why, TL_METHOD_ERROR, TL_METHOD_ERROR_CANNOT_CALCULATE_CHANGES)) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  return TRUE;
}

void
tl_changes_page_clear (TlChangesPage *self)
{
  g_clear_pointer (&self->present, g_array_unref);
  g_clear_pointer (&self->new_state, g_free);
  if (self->destroyed)
    g_string_free (self->destroyed, TRUE);
}

gboolean
tl_changes_page (TlCall *call, const TlTypeService *service, const char *since, gint64 max,
                 TlChangesPage *page, GError **error)
{
  g_auto (TlState) state = { 0 };
  g_auto (Answer) answer = { 0 };

  answer_init (&answer);
  answer.present = page->present = g_array_new (FALSE, FALSE, sizeof (gint64));
  page->destroyed = g_string_new (NULL);
  if (!tl_state_parse (since, &state))
    return tl_changes_cannot (error);
  if (!find_changes (call, service->type, since, &state, max, &answer, error))
    return FALSE;
  if (answer.destroyed->len > 1)
    g_string_append_printf (page->destroyed, "%s]", answer.destroyed->str);
  page->new_state = g_steal_pointer (&answer.new_state);
  page->has_more = answer.has_more;
  return TRUE;
}
