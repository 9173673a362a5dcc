/* search-offers.c: see the header. What is to be read is read by a reader thread; the rest is pure. */
#include "sync/models/search-offers.h"

#include <string.h>

#define SQL "models/search.sql"

/* --- what may come ---------------------------------------------------------------------------- */

typedef struct {
  gint64 me;
  TlSearchKind kind;
  char *value;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *self = data;

  g_free (self->value);
  g_free (self);
}

static void
offer_free (gpointer data)
{
  TlSearchOffer *self = data;

  g_free (self->value);
  g_free (self);
}

static GPtrArray *
offers_new (void)
{
  return g_ptr_array_new_with_free_func (offer_free);
}

static void
add (GPtrArray *offers, TlSearchOfferOf of, const char *value)
{
  TlSearchOffer *offer;

  for (guint i = 0; i < offers->len; i++)
    if (g_str_equal (((TlSearchOffer *)offers->pdata[i])->value, value))
      return;
  offer = g_new0 (TlSearchOffer, 1);
  offer->of = of;
  offer->value = g_strdup (value);
  g_ptr_array_add (offers, offer);
}

/* A value that is there as a whole needs no offer. */
static gboolean
goes_on (const char *value, const char *typed)
{
  gsize length = strlen (typed);

  return g_ascii_strncasecmp (value, typed, length) == 0 && value[length] != '\0';
}

static void
add_values (GPtrArray *offers, const Ask *ask)
{
  static const char *const days[] = { "today",      "yesterday", "last week", "this month",
                                      "last month", "this year", "last year" };
  const TlSearchValue *values = tl_search_values (ask->kind);
  guint last = 0; /* what two names mean is offered once */

  for (guint i = 0; values && values[i].name; i++)
    if (goes_on (values[i].name, ask->value) && values[i].bits != last) {
      add (offers, TL_OFFER_VALUE, values[i].name);
      last = values[i].bits;
    }
  for (guint i = 0; values == NULL && i < G_N_ELEMENTS (days); i++)
    if (goes_on (days[i], ask->value))
      add (offers, TL_OFFER_VALUE, days[i]);
}

/* Those whose name has what was typed in it: first those that begin with it. */
static gboolean
add_named (TlDb *db, const Ask *ask, const char *statement, TlSearchOfferOf of, gboolean first,
           GPtrArray *offers, GError **error)
{
  sqlite3_stmt *named = tl_db_statement (db, SQL, statement);
  char *const parts[] = { ask->value, NULL };
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (named, 1, ask->me);
  while (offers->len < TL_SEARCH_OFFERS_MAX && tl_db_step (db, named, &failed)) {
    const char *name = (const char *)sqlite3_column_text (named, 0);
    g_autofree char *lower = name ? g_utf8_strdown (name, -1) : NULL;
    g_autofree char *typed = g_utf8_strdown (ask->value, -1);

    if (name == NULL || *name == '\0' || g_str_has_prefix (lower, typed) != first)
      continue;
    if (first || tl_terms_contain ((GStrv)parts, name))
      add (offers, of, name);
  }
  sqlite3_reset (named);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static gboolean
says_one (const GPtrArray *offers, const char *typed)
{
  for (guint i = 0; i < offers->len; i++)
    if (g_ascii_strcasecmp (((TlSearchOffer *)offers->pdata[i])->value, typed) == 0)
      return TRUE;
  return FALSE;
}

/* Reader thread. */
static gpointer
find_offers (TlDb *db, gpointer data, GError **error)
{
  const Ask *ask = data;
  g_autoptr (GPtrArray) offers = offers_new ();

  if (ask->kind != TL_SEARCH_FROM && ask->kind != TL_SEARCH_ROOM)
    add_values (offers, ask);
  for (guint pass = 0; pass < 2; pass++) {
    if (ask->kind == TL_SEARCH_FROM &&
        (!add_named (db, ask, "offer-people", TL_OFFER_PERSON, pass == 0, offers, error) ||
         !add_named (db, ask, "offer-feeds", TL_OFFER_FEED, pass == 0, offers, error)))
      return NULL;
    if (ask->kind == TL_SEARCH_ROOM &&
        !add_named (db, ask, "offer-rooms", TL_OFFER_ROOM, pass == 0, offers, error))
      return NULL;
  }
  if (says_one (offers, ask->value))
    g_ptr_array_set_size (offers, 0);
  return g_steal_pointer (&offers);
}

/* --- the text --------------------------------------------------------------------------------- */

static TlSearchQuery *
parse (const char *text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  return tl_search_query_parse (text, g_get_real_time () / 1000, zone);
}

static const TlSearchTerm *
filter_at (const TlSearchQuery *query, guint at)
{
  const TlSearchTerm *term = tl_search_query_at (query, at);

  return term && term->kind >= TL_SEARCH_IN && at >= term->value ? term : NULL;
}

DexFuture *
tl_search_offers (TlReplica *replica, gint64 me, const char *text, guint at)
{
  g_autoptr (TlSearchQuery) query = parse (text);
  const TlSearchTerm *term = filter_at (query, at);
  Ask *ask;

  if (term == NULL)
    return dex_future_new_for_pointer (offers_new ());
  ask = g_new0 (Ask, 1);
  ask->me = me;
  ask->kind = term->kind;
  ask->value = g_strdup (term->text);
  return tl_replica_read (replica, find_offers, ask, ask_free, (GDestroyNotify)g_ptr_array_unref);
}

static gboolean
wants_quotes (const char *value)
{
  for (const char *at = value; *at; at = g_utf8_next_char (at))
    if (!g_unichar_isalnum (g_utf8_get_char (at)) && !strchr ("-_.@", *at))
      return TRUE;
  return FALSE;
}

char *
tl_search_take_offer (const char *text, const char *value, guint *at)
{
  g_autoptr (TlSearchQuery) query = parse (text);
  const TlSearchTerm *term = filter_at (query, *at);
  GString *out;

  if (term == NULL)
    return NULL;
  out = g_string_new_len (query->text, term->value);
  if (wants_quotes (value)) {
    g_autofree char *plain = g_strdelimit (g_strdup (value), "\"", ' ');
    g_string_append_printf (out, "\"%s\"", plain);
  } else
    g_string_append (out, value);
  g_string_append_c (out, ' ');
  *at = (guint)out->len;
  g_string_append (out, query->text[term->end] == ' ' ? query->text + term->end + 1
                                                      : query->text + term->end);
  return g_string_free_and_steal (out);
}

char *
tl_search_put_in (const char *text, const char *name)
{
  g_autoptr (TlSearchQuery) query = parse (text);
  g_autoptr (GString) out = g_string_new (NULL);
  guint behind = 0;

  for (guint i = 0; i < query->terms->len; i++) {
    const TlSearchTerm *term = query->terms->pdata[i];

    if (term->kind != TL_SEARCH_IN)
      continue;
    g_string_append_len (out, query->text + behind, term->start - behind);
    behind = term->end + (query->text[term->end] == ' ' ? 1 : 0);
  }
  g_string_append (out, query->text + behind);
  if (name) {
    if (out->len > 0 && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
    g_string_append_printf (out, "in:%s", name);
  }
  return g_string_free_and_steal (g_steal_pointer (&out));
}
