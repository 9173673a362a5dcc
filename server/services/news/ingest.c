/* ingest.c: what was read of a feed goes into the database.
 *
 * Entries whose content hash is known are left alone, without being looked at closer. The others
 * become blocks outside of the transaction, and are stored by one statement for all of them. The feed's
 * row is updated first: it keeps two jobs of one feed apart. */
#include "server/services/news/ingest.h"

#include "server/services/news/html-blocks.h"
#include "server/services/news/json-text.h"

#include <sodium.h>
#include <string.h>

/* Goes up when the same entry would become other blocks: then all are stored anew. */
#define CONVERTER "1"
#define HASH_BYTES 16
#define SUMMARY_BYTES 1000
#define SUMMARY_CHARS 280
#define SEARCH_BYTES (100 * 1000)
#define AHEAD_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))
#define INTERVAL_MIN 15
#define INTERVAL_MAX (6 * 60)
#define ARTICLE_PROPS "url,title,author,summary,blocks,image,wordCount,publishedAt"

typedef struct {
  const TlFeedEntry *entry;
  char hash[2 * HASH_BYTES + 1];
  gint64 published; /* G_MININT64 when unknown */
} Candidate;

/* --- the feed's row -------------------------------------------------------------------------------- */

static char *
value_or_null (PGresult *result, int column)
{
  return PQgetisnull (result, 0, column) ? NULL : g_strdup (PQgetvalue (result, 0, column));
}

TlFeedRow *
tl_feed_row_load (TlPg *pg, gint64 id, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  const char *args[] = { key };
  g_autoptr (PGresult) found = tl_news_query (pg, "feed", 1, args, error);
  TlFeedRow *self;

  if (found == NULL || PQntuples (found) == 0)
    return NULL;
  self = g_new0 (TlFeedRow, 1);
  self->id = id;
  self->scope = g_ascii_strtoll (PQgetvalue (found, 0, 0), NULL, 10);
  self->url = value_or_null (found, 1);
  self->etag = value_or_null (found, 2);
  self->last_modified = value_or_null (found, 3);
  self->body_hash = value_or_null (found, 4);
  self->error = value_or_null (found, 5);
  self->interval = (guint)g_ascii_strtoull (PQgetvalue (found, 0, 6), NULL, 10);
  self->failures = (guint)g_ascii_strtoull (PQgetvalue (found, 0, 7), NULL, 10);
  self->is_followed = PQgetvalue (found, 0, 8)[0] == 't';
  self->is_paused = PQgetvalue (found, 0, 9)[0] == 't';
  return self;
}

void
tl_feed_row_free (TlFeedRow *self)
{
  g_free (self->url);
  g_free (self->etag);
  g_free (self->last_modified);
  g_free (self->body_hash);
  g_free (self->error);
  g_free (self);
}

/* Often where there is much, seldom where there is little. */
static void
adapt_interval (TlFeedRow *row, guint news)
{
  guint interval = news > 0 ? row->interval / 2 : row->interval * 3 / 2;

  row->interval = CLAMP (interval, INTERVAL_MIN, INTERVAL_MAX);
}

/* --- which entries -------------------------------------------------------------------------------- */

static void
hash_entry (const TlFeedEntry *entry, char hex[2 * HASH_BYTES + 1])
{
  const char *const parts[] = { CONVERTER,     entry->title, entry->url,
                                entry->author, entry->html,  entry->summary,
                                entry->image,  entry->base,  entry->enclosure };
  unsigned char hash[HASH_BYTES];
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, sizeof hash);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    const char *part = parts[i] ? parts[i] : "";

    crypto_generichash_update (&state, (const unsigned char *)part, strlen (part) + 1);
  }
  crypto_generichash_update (&state, (const unsigned char *)&entry->published,
                             sizeof entry->published);
  crypto_generichash_final (&state, hash, sizeof hash);
  sodium_bin2hex (hex, 2 * HASH_BYTES + 1, hash, sizeof hash);
}

static GHashTable *
load_known (TlPg *pg, const char *feed, GPtrArray *entries, GError **error)
{
  g_autoptr (GString) guids = g_string_new ("[");
  const char *args[2] = { feed };
  g_autoptr (PGresult) result = NULL;
  GHashTable *known;

  for (guint i = 0; i < entries->len; i++) {
    const TlFeedEntry *entry = entries->pdata[i];

    if (i)
      g_string_append_c (guids, ',');
    tl_json_append_foreign (guids, entry->guid, -1);
  }
  g_string_append_c (guids, ']');
  args[1] = guids->str;
  result = tl_news_query (pg, "known", 2, args, error);
  if (result == NULL)
    return NULL;
  known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (int i = 0; i < PQntuples (result); i++)
    g_hash_table_insert (known, g_strdup (PQgetvalue (result, i, 0)),
                         g_strdup (PQgetvalue (result, i, 1)));
  return known;
}

/* Oldest first, so that ids grow with time; what has no date goes by its place, feeds being newest
 * first. */
static gint
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *first = a, *second = b;

  return (first->published > second->published) - (first->published < second->published);
}

static GArray *
choose (TlPg *pg, const char *feed, GPtrArray *entries, GError **error)
{
  g_autoptr (GHashTable) known = load_known (pg, feed, entries, error);
  gint64 latest = g_get_real_time () / 1000 + AHEAD_MS;
  GArray *chosen;

  if (known == NULL)
    return NULL;
  chosen = g_array_new (FALSE, FALSE, sizeof (Candidate));
  for (guint i = entries->len; i > 0; i--) {
    Candidate candidate = { .entry = entries->pdata[i - 1] };
    gint64 published = candidate.entry->published;

    hash_entry (candidate.entry, candidate.hash);
    candidate.published = published > latest ? G_MININT64 : published;
    if (g_strcmp0 (g_hash_table_lookup (known, candidate.entry->guid), candidate.hash) != 0)
      g_array_append_val (chosen, candidate);
  }
  g_array_sort (chosen, compare_candidates);
  return chosen;
}

/* --- as JSON, for one statement -------------------------------------------------------------------- */

static void
append_text_members (GString *json, const Candidate *candidate, const TlPage *page)
{
  const TlFeedEntry *entry = candidate->entry;
  g_autofree char *summary = NULL;
  g_autofree char *text = g_strndup (page->text, SEARCH_BYTES);

  summary = entry->summary ? tl_html_to_line (entry->summary, SUMMARY_BYTES, SUMMARY_CHARS)
                           : tl_text_to_line (page->text, SUMMARY_BYTES, SUMMARY_CHARS);
  tl_json_append_member (json, "guid", entry->guid);
  tl_json_append_member (json, "hash", candidate->hash);
  tl_json_append_member (json, "url", entry->url);
  tl_json_append_member (json, "title", entry->title);
  tl_json_append_member (json, "author", entry->author);
  tl_json_append_member (json, "summary", *summary ? summary : NULL);
  tl_json_append_member (json, "text", text);
}

static void
append_article (GString *json, GString *pictures, const Candidate *candidate, const char *base)
{
  const TlFeedEntry *entry = candidate->entry;
  TlPageExtras extras = { .image = entry->image, .enclosure = entry->enclosure };
  g_autoptr (TlPage) page =
      tl_page_from_html (entry->html ? entry->html : "", entry->base ? entry->base : base, &extras);

  g_string_append_printf (json, ",\"blocks\":%s,\"words\":%u", page->blocks, page->words);
  if (page->image)
    g_string_append_printf (json, ",\"image\":%s", page->image);
  if (candidate->published != G_MININT64)
    g_string_append_printf (json, ",\"published\":%" G_GINT64_FORMAT, candidate->published);
  append_text_members (json, candidate, page);
  for (guint i = 0; i + 1 < page->pictures->len; i += 2) {
    g_string_append (pictures, pictures->len > 1 ? ",[" : "[");
    tl_json_append_foreign (pictures, page->pictures->pdata[i], -1);
    g_string_append_c (pictures, ',');
    tl_json_append_foreign (pictures, page->pictures->pdata[i + 1], -1);
    g_string_append_c (pictures, ']');
  }
}

static void
make_json (GArray *chosen, const char *base, GString *articles, GString *pictures)
{
  g_string_assign (articles, "[");
  g_string_assign (pictures, "[");
  for (guint i = 0; i < chosen->len; i++) {
    g_string_append_printf (articles, "%s{\"n\":%u", i ? "," : "", i);
    append_article (articles, pictures, &g_array_index (chosen, Candidate, i), base);
    g_string_append_c (articles, '}');
  }
  g_string_append_c (articles, ']');
  g_string_append_c (pictures, ']');
}

/* --- the transaction -------------------------------------------------------------------------------- */

static gboolean
store_feed (TlWrite *write, const TlFeedRow *row, const TlFeedContent *content, const char *feed,
            GError **error)
{
  g_autofree char *interval = g_strdup_printf ("%u", row->interval);
  const char *args[] = { feed,
                         content ? content->title : NULL,
                         content ? content->home_url : NULL,
                         content ? content->description : NULL,
                         content ? "f" : "t",
                         content ? content->problem : NULL,
                         row->etag,
                         row->last_modified,
                         row->body_hash,
                         interval,
                         row->url };
  g_autoptr (PGresult) result =
      tl_news_query (write->pg, "feed-read", G_N_ELEMENTS (args), args, error);

  if (result == NULL)
    return FALSE;
  if (PQntuples (result) > 0 && !PQgetisnull (result, 0, 0))
    tl_write_log (write, row->scope, &tl_feed_type, row->id, TL_UPDATED, PQgetvalue (result, 0, 0));
  return TRUE;
}

static gboolean
store_articles (TlWrite *write, const TlFeedRow *row, const char *feed, const GString *articles,
                const GString *pictures, guint *news, GError **error)
{
  g_autofree char *scope = g_strdup_printf ("%" G_GINT64_FORMAT, row->scope);
  const char *args[] = { feed, scope, articles->str };
  const char *picture_args[] = { pictures->str };
  g_autoptr (PGresult) stored = tl_news_query (write->pg, "articles", 3, args, error);
  g_autoptr (PGresult) kept = NULL;

  if (stored == NULL)
    return FALSE;
  for (int i = 0; i < PQntuples (stored); i++) {
    gboolean is_new = PQgetvalue (stored, i, 1)[0] == 't';

    tl_write_log (write, row->scope, &tl_article_type,
                  g_ascii_strtoll (PQgetvalue (stored, i, 0), NULL, 10),
                  is_new ? TL_CREATED : TL_UPDATED, is_new ? NULL : ARTICLE_PROPS);
  }
  *news = (guint)PQntuples (stored);
  kept = tl_news_query (write->pg, "pictures", 1, picture_args, error);
  return kept != NULL;
}

static gboolean
store (TlServer *server, TlPg *pg, const TlFeedRow *row, const TlFeedContent *content,
       GArray *chosen, guint *news, GError **error)
{
  g_autofree char *feed = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
  g_autoptr (GString) articles = g_string_new (NULL);
  g_autoptr (GString) pictures = g_string_new (NULL);
  TlWrite write;

  if (chosen)
    make_json (chosen, row->url, articles, pictures);
  if (!tl_write_begin (&write, server, pg, 0, error))
    return FALSE;
  if (store_feed (&write, row, content, feed, error) &&
      (!chosen || chosen->len == 0 ||
       store_articles (&write, row, feed, articles, pictures, news, error)))
    return tl_write_commit (&write, error);
  tl_write_abort (&write);
  return FALSE;
}

/* Nothing that anybody sees: no transaction, no log. */
static gboolean
note_unchanged (TlPg *pg, const TlFeedRow *row, GError **error)
{
  g_autofree char *feed = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
  g_autofree char *interval = g_strdup_printf ("%u", row->interval);
  const char *args[] = { feed, row->etag, row->last_modified, interval };
  g_autoptr (PGresult) result = tl_news_query (pg, "feed-unchanged", 4, args, error);

  return result != NULL;
}

gboolean
tl_ingest (TlServer *server, TlPg *pg, TlFeedRow *row, const TlFeedContent *content, guint *news,
           GError **error)
{
  g_autofree char *feed = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
  g_autoptr (GArray) chosen = NULL;

  *news = 0;
  if (content) {
    chosen = choose (pg, feed, content->entries, error);
    if (chosen == NULL)
      return FALSE;
  }
  adapt_interval (row, chosen ? chosen->len : 0);
  if (content == NULL && row->error == NULL && !row->has_moved)
    return note_unchanged (pg, row, error);
  return store (server, pg, row, content, chosen, news, error);
}

gboolean
tl_ingest_failure (TlServer *server, TlPg *pg, const TlFeedRow *row, const char *sentence,
                   GError **error)
{
  g_autofree char *feed = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
  g_autofree char *line = tl_text_to_line (sentence, SUMMARY_BYTES, SUMMARY_BYTES);
  const char *args[] = { feed, line };
  g_autoptr (PGresult) result = NULL;
  TlWrite write;

  if (!tl_write_begin (&write, server, pg, 0, error))
    return FALSE;
  result = tl_news_query (pg, "feed-failed", 2, args, error);
  if (result == NULL) {
    tl_write_abort (&write);
    return FALSE;
  }
  if (PQntuples (result) > 0 && !PQgetisnull (result, 0, 0))
    tl_write_log (&write, row->scope, &tl_feed_type, row->id, TL_UPDATED,
                  PQgetvalue (result, 0, 0));
  return tl_write_commit (&write, error);
}
