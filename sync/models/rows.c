/* rows.c: vectors of rows, read and compared. Any thread.
 *
 * The difference: what both begin and end with is left out, each row between is looked up in the
 * other, and the longest increasing run of places (patience sorting, n log n) is what stays. */
#include "sync/models/rows.h"

#include "sync/wire/recurrence.h"

#define QUARTER (15 * 60 * 1000) /* offsets from UTC change on these only */
#define DAY (24 * 60 * 60 * G_GINT64_CONSTANT (1000))
#define HUNKS_AT_MOST 1000
#define LINE 200
#define NOWHERE G_MAXUINT

typedef gint64 (*SectionFunc) (gint64 value, gpointer data);

static gboolean
read_rows (TlDb *db, sqlite3_stmt *statement, GArray *rows, SectionFunc section, gpointer data,
           GError **error)
{
  g_autoptr (GError) failed = NULL;

  while (tl_db_step (db, statement, &failed)) {
    TlKeyRow row = { sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1) };

    if (section)
      row.section = section (row.section, data);
    g_array_append_val (rows, row);
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

gboolean
tl_rows_read (TlDb *db, sqlite3_stmt *statement, GArray *rows, GError **error)
{
  return read_rows (db, statement, rows, NULL, NULL, error);
}

static gint64
floor_div (gint64 value, gint64 by)
{
  return value / by - (value % by < 0);
}

typedef struct {
  GTimeZone *zone;
  gint64 quarter; /* that `offset` is of */
  gint64 offset;  /* ms */
} Days;

static gint64
day_of (gint64 ms, gpointer data)
{
  Days *days = data;
  gint64 quarter = floor_div (ms, QUARTER);

  if (quarter != days->quarter) {
    int interval =
        g_time_zone_find_interval (days->zone, G_TIME_TYPE_UNIVERSAL, floor_div (ms, 1000));
    days->offset = (gint64)g_time_zone_get_offset (days->zone, interval) * 1000;
    days->quarter = quarter;
  }
  return floor_div (ms + days->offset, DAY);
}

gboolean
tl_rows_read_days (TlDb *db, sqlite3_stmt *statement, GArray *rows, GError **error)
{
  g_autoptr (GTimeZone) zone = tl_zone_here ();
  Days days = { .zone = zone, .quarter = G_MININT64 };

  return read_rows (db, statement, rows, day_of, &days, error);
}

char *
tl_row_line (sqlite3_stmt *row, int column)
{
  const char *text = (const char *)sqlite3_column_text (row, column);
  GString *line;
  guint letters = 0;

  if (text == NULL)
    return NULL;
  line = g_string_new (NULL);
  for (const char *at = text; *at && letters < LINE; at = g_utf8_next_char (at)) {
    gunichar letter = g_utf8_get_char (at);

    if (!g_unichar_isspace (letter))
      g_string_append_unichar (line, letter), letters++;
    else if (line->len > 0 && line->str[line->len - 1] != ' ')
      g_string_append_c (line, ' '), letters++;
  }
  return g_string_free_and_steal (line);
}

/* --- differences ------------------------------------------------------------------------------ */

static const TlKeyRow *
row_at (const GArray *rows, guint i)
{
  return &g_array_index (rows, TlKeyRow, i);
}

static gboolean
row_equal (const TlKeyRow *a, const TlKeyRow *b)
{
  return a->key == b->key && a->section == b->section;
}

static TlHunk
trim (const GArray *old_rows, const GArray *new_rows)
{
  TlHunk all = { 0, old_rows->len, 0, new_rows->len };

  while (all.old_start < all.old_end && all.new_start < all.new_end &&
         row_equal (row_at (old_rows, all.old_start), row_at (new_rows, all.new_start)))
    all.old_start++, all.new_start++;
  while (all.old_end > all.old_start && all.new_end > all.new_start &&
         row_equal (row_at (old_rows, all.old_end - 1), row_at (new_rows, all.new_end - 1)))
    all.old_end--, all.new_end--;
  return all;
}

/* For each new row its place among the old ones, or NOWHERE. */
static guint *
find_places (const GArray *old_rows, const GArray *new_rows, const TlHunk *within)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint *found = g_new (guint, within->new_end - within->new_start);

  for (guint i = within->old_start; i < within->old_end; i++)
    g_hash_table_insert (places, (gpointer)&row_at (old_rows, i)->key, GUINT_TO_POINTER (i));
  for (guint i = within->new_start; i < within->new_end; i++) {
    const TlKeyRow *row = row_at (new_rows, i);
    gpointer place;
    gboolean is_there = g_hash_table_lookup_extended (places, &row->key, NULL, &place) &&
                        row_equal (row, row_at (old_rows, GPOINTER_TO_UINT (place)));

    found[i - within->new_start] = is_there ? GPOINTER_TO_UINT (place) : NOWHERE;
  }
  return found;
}

/* Leaves only the longest increasing run of `places`, the others become NOWHERE. */
static void
keep_longest_run (guint *places, guint n)
{
  g_autofree guint *ends = g_new (guint, n);   /* of the best run of each length */
  g_autofree guint *before = g_new (guint, n); /* the one before in its run */
  guint length = 0, at;

  for (guint i = 0; i < n; i++) {
    guint low = 0, high = length;

    if (places[i] == NOWHERE)
      continue;
    while (low < high) {
      guint middle = (low + high) / 2;
      if (places[ends[middle]] < places[i])
        low = middle + 1;
      else
        high = middle;
    }
    before[i] = low > 0 ? ends[low - 1] : NOWHERE;
    ends[low] = i;
    length = MAX (length, low + 1);
  }
  at = length > 0 ? ends[length - 1] : NOWHERE;
  for (guint i = n; i-- > 0;) {
    if (i == at)
      at = before[i];
    else
      places[i] = NOWHERE;
  }
}

static void
append_hunk (GArray *hunks, guint old_start, guint old_end, guint new_start, guint new_end)
{
  TlHunk hunk = { old_start, old_end, new_start, new_end };

  if (old_start < old_end || new_start < new_end)
    g_array_append_val (hunks, hunk);
}

GArray *
tl_rows_diff (const GArray *old_rows, const GArray *new_rows)
{
  GArray *hunks = g_array_new (FALSE, FALSE, sizeof (TlHunk));
  TlHunk all = trim (old_rows, new_rows);
  guint old_at = all.old_start, new_at = all.new_start;
  g_autofree guint *places = NULL;

  if (all.old_start < all.old_end && all.new_start < all.new_end) {
    places = find_places (old_rows, new_rows, &all);
    keep_longest_run (places, all.new_end - all.new_start);
    for (guint i = all.new_start; i < all.new_end; i++) {
      guint place = places[i - all.new_start];

      if (place == NOWHERE)
        continue;
      append_hunk (hunks, old_at, place, new_at, i);
      old_at = place + 1, new_at = i + 1;
    }
  }
  append_hunk (hunks, old_at, all.old_end, new_at, all.new_end);
  if (hunks->len > HUNKS_AT_MOST) { /* another list: cheaper for widgets in one go */
    g_array_set_size (hunks, 0);
    g_array_append_val (hunks, all);
  }
  return hunks;
}
