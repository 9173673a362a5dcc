/* The search: its syntax, scripts without spaces, markup, and whatever people paste into it. */
#include "tests/sync/models.h"

#include "sync/derived.h"
#include "sync/models/search-offers.h"
#include "sync/record-sql.h"

#define ME 9000
#define MARK "<span background=\"#f5c211\" background_alpha=\"42%\">"

static const struct {
  gint64 key;
  const char *title, *text, *published;
} articles[] = {
  { 100, "Solar power", "The sun & <the> wind give power to all.", "2026-09-15T10:00:00Z" },
  { 101, "Cafés of Vienna", "Coffee houses, old and new; a powerful smell.",
    "2026-10-02T10:00:00Z" },
  { 102, "北京天气", "今天北京天气很好。明天下雨", "2026-10-03T10:00:00Z" },
  { 103, "Nothing here", "wind power but not in this order", "2025-01-01T00:00:00Z" },
};
static const struct {
  gint64 key, sender;
  const char *body;
} messages[] = {
  { 200, 9001, "The power went out, \"twice\"" },
  { 201, 9002, "天气" },
  { 202, 9002, "我喜欢天气" },
  { 203, 9000, "power power power" },
};

static gboolean
put (TlDb *db, const TlType *type, gconstpointer record, GError **error)
{
  return tl_record_store (db, type, record, error) &&
         tl_derived_put_record (db, type, record, error);
}

static gboolean
fill (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (articles); i++) {
    TlArticle article = { .record = { articles[i].key, G_MAXUINT64 }, .feed_id = 10 };
    g_autofree char *blocks =
        g_strdup_printf ("[{\"type\":\"paragraph\",\"runs\":[{\"t\":\"%s\"}]}]", articles[i].text);

    article.title = (char *)articles[i].title;
    article.blocks = blocks;
    tl_date_parse (articles[i].published, &article.published_at);
    if (!put (db, &tl_article_type, &article, error))
      return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++) {
    TlMessage message = { .record = { messages[i].key, G_MAXUINT64 }, .room_id = 1, .seq = i + 1 };

    message.sender_id = messages[i].sender;
    message.body = (char *)messages[i].body;
    message.sent_at = 1790000000000;
    if (!put (db, &tl_message_type, &message, error))
      return FALSE;
  }
  tl_changes_all (changes);
  return TRUE;
}

typedef struct {
  char *dir;
  TlReplica *replica;
  TlKeyList *list;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = fixture_dir ();
  fixture->replica = models_open (fixture->dir);
  models_sql (fixture->replica,
              "INSERT INTO principal (key, name, login) VALUES (9000, 'Me', 'me'), "
              "(9001, 'Anna Power', 'anna'), (9002, '王小明', 'wang');"
              "INSERT INTO room (key, name, kind) VALUES (1, 'Power users', 'group');"
              "INSERT INTO feed (key, title) VALUES (10, '100% News');");
  fixture_write (fixture->replica, fill, NULL);
  fixture->list = tl_search_list_new (fixture->replica, ME);
  models_ready (fixture->list);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->list);
  models_settle (fixture->replica);
  tl_replica_close (fixture->replica);
  g_object_unref (fixture->replica);
  fixture_remove (fixture->dir);
}

static void
asks (Fixture *fixture, const char *text, guint8 type, const char *expected)
{
  tl_search_list_ask (fixture->list, text, type);
  models_ready (fixture->list);
  g_test_message ("%s", text);
  models_assert_keys (fixture->list, expected);
}

static void
test_syntax (Fixture *fixture, gconstpointer data)
{
  asks (fixture, "", 0, "");
  asks (fixture, "power", 8, "203 200");
  asks (fixture, "power", 0, "9001 1 203 200 100 101 103");
  g_assert_cmpuint (tl_search_list_count (fixture->list, tl_article_type.number), ==, 3);
  g_assert_cmpuint (tl_search_list_count (fixture->list, tl_message_type.number), ==, 2);
  asks (fixture, "\"power\"", 4, "100 103");
  asks (fixture, "pow", 4, "100 101 103");
  asks (fixture, "pow wind", 4, "");
  asks (fixture, "wind pow", 4, "100 103");
  asks (fixture, "p", 0, "9001 1"); /* of texts one letter is a word */
  asks (fixture, "smell a", 0, "101");
  asks (fixture, "\"wind power\"", 4, "103");
  asks (fixture, "CAFE", 0, "101");
  asks (fixture, "power in:chat", 0, "9001 1 203 200");
  asks (fixture, "in:news power", 0, "100 101 103");
  asks (fixture, "power from:anna", 0, "200");
  asks (fixture, "power from:\"100% n\"", 0, "100 101 103");
  asks (fixture, "power from:%", 0, "9001 1 203 200 100 101 103");
  asks (fixture, "power in:news after:2026-10", 0, "101");
  asks (fixture, "power in:news before:2026-10", 0, "100 103");
  asks (fixture, "power in:news before:2026-10-02 after:2026", 0, "100");
  asks (fixture, "in:news after:2026-10", 0, "102 101");
  asks (fixture, "from:anna", 0, "200");
  asks (fixture, "before:1999", 0, "");
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *)a, *(char *const *)b);
}

/* In whatever order: keys of three digits. */
static void
finds (Fixture *fixture, const char *text, guint8 type, const char *expected)
{
  g_autofree char *keys = NULL;
  g_autofree char *sorted = NULL;
  g_auto (GStrv) words = NULL;

  tl_search_list_ask (fixture->list, text, type);
  models_ready (fixture->list);
  keys = models_keys (fixture->list);
  words = g_strsplit (keys, " ", -1);
  qsort (words, g_strv_length (words), sizeof (char *), compare_words);
  sorted = g_strjoinv (" ", words);
  g_test_message ("%s", text);
  g_assert_cmpstr (sorted, ==, expected);
}

static void
test_operators (Fixture *fixture, gconstpointer data)
{
  models_sql (
      fixture->replica,
      "UPDATE message SET attachments = '[{\"blobId\":\"b\",\"type\":\"image/png\"}]', seq = 9 "
      "WHERE key = 200; UPDATE message SET body = 'see https://example.org' WHERE key = 203;"
      "INSERT INTO read_marker (key, roomId, upTo) VALUES (1, 1, 8);"
      "INSERT INTO article_mark (key, articleId, isRead, isStarred) VALUES (100, 100, 1, 1);");
  finds (fixture, "power or sun", 4, "100 103");
  finds (fixture, "sun or smell", 4, "100 101");
  finds (fixture, "power -sun", 4, "101 103");
  finds (fixture, "power -\"solar power\"", 4, "101 103");
  finds (fixture, "power -anna", 1, "");
  finds (fixture, "-power", 0, "");
  finds (fixture, "-wind in:news after:2026", 0, "101 102");
  finds (fixture, "天气 -北京", 0, "201 202");
  finds (fixture, "from:wáng", 0, "201 202");
  finds (fixture, "-from:wang in:messages after:2026", 0, "200 203");
  finds (fixture, "room:\"power users\"", 0, "200 201 202 203");
  finds (fixture, "-room:power after:2026", 8, "");
  finds (fixture, "has:image", 8, "200");
  finds (fixture, "has:file has:image -has:link power", 8, "200");
  finds (fixture, "has:link", 8, "203");
  finds (fixture, "-has:file", 8, "201 202 203");
  finds (fixture, "has:poll", 0, "");
  finds (fixture, "is:mine", 0, "203");
  finds (fixture, "is:unread in:chat", 0, "200");
  finds (fixture, "is:starred", 0, "100");
  finds (fixture, "-is:unread in:news", 0, "100");
  finds (fixture, "is:mine -is:mine", 0, "");
  finds (fixture, "on:2026-10-02", 0, "101");
  finds (fixture, "-on:2026-10-02 in:news after:2026", 0, "100 102");
  finds (fixture, "in:news from:", 0, "");
  finds (fixture, "power in:pe", 0, "9001");
}

static gboolean
fill_others (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlPost post = { .record = { 300, G_MAXUINT64 }, .author_id = 9001, .created_at = 1790000000000 };
  TlCalendarEvent event = { .record = { 400, G_MAXUINT64 }, .calendar_id = 2, .created_by = 9001 };

  post.text = (char *)"Herring at the slip, bring a pan";
  post.warning = (char *)"Fish";
  event.title = (char *)"Herring evening";
  event.location = (char *)"The slip";
  event.start = (char *)"2026-10-03T12:00:00";
  event.created_at = 1790000000000;
  tl_changes_all (changes);
  return put (db, &tl_post_type, &post, error) && put (db, &tl_calendar_event_type, &event, error);
}

static void
test_posts_and_events (Fixture *fixture, gconstpointer data)
{
  fixture_write (fixture->replica, fill_others, NULL);
  models_sql (fixture->replica,
              "INSERT INTO calendar (key, name) VALUES (2, 'Crew');"
              "INSERT OR REPLACE INTO event_span VALUES (400, 1791000000000, 1791003600000);");
  asks (fixture, "herring", 0, "300 400");
  asks (fixture, "fish", 0, "300");
  asks (fixture, "slip in:calendar", 0, "400");
  asks (fixture, "slip in:feed", 0, "300");
  asks (fixture, "slip from:anna", 0, "300 400");
  asks (fixture, "slip from:wang", 0, "");
  asks (fixture, "in:calendar after:2026-10-03", 0, "400");
  asks (fixture, "in:calendar after:2026-10-04", 0, "");
  asks (fixture, "herring", tl_calendar_event_type.number, "400");
}

/* --- what a filter goes on as ------------------------------------------------------------------ */

static void
offers (Fixture *fixture, const char *text, const char *expected)
{
  DexFuture *future = tl_search_offers (fixture->replica, ME, text, (guint)strlen (text));
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GPtrArray) list = NULL;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);
  list = g_value_get_pointer (dex_future_get_value (future, NULL));
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (found, "%s%s", i ? ", " : "", ((TlSearchOffer *)list->pdata[i])->value);
  g_test_message ("%s", text);
  g_assert_cmpstr (found->str, ==, expected);
  dex_unref (future);
}

static void
test_offers (Fixture *fixture, gconstpointer data)
{
  models_sql (fixture->replica,
              "INSERT INTO subscription (key, feedId, url) VALUES (11, 10, 'x');");
  offers (fixture, "", "");
  offers (fixture, "boat", "");
  offers (fixture, "in:", "chat, messages, rooms, news, feed, calendar, people");
  offers (fixture, "in:ev", "events");
  offers (fixture, "boat in:c", "chat, calendar");
  offers (fixture, "in:chat", "");
  offers (fixture, "has:i", "image");
  offers (fixture, "-is:", "unread, starred, mine");
  offers (fixture, "on:last", "last week, last month, last year");
  offers (fixture, "from:an", "Anna Power");
  offers (fixture, "from:\"pow", "Anna Power");
  offers (fixture, "from:new", "100% News");
  offers (fixture, "from:小", "王小明");
  offers (fixture, "from:\"Anna Power\"", "");
  offers (fixture, "room:", "Power users");
  offers (fixture, "to:us", "Power users");
}

static void
takes (const char *text, const char *value, guint at, const char *expected, guint then)
{
  g_autofree char *taken = tl_search_take_offer (text, value, &at);

  g_assert_cmpstr (taken, ==, expected);
  g_assert_cmpuint (at, ==, then);
}

static void
puts_in (const char *text, const char *name, const char *expected)
{
  g_autofree char *put = tl_search_put_in (text, name);

  g_assert_cmpstr (put, ==, expected);
}

static void
test_taking (void)
{
  takes ("from:an", "Anna Power", 7, "from:\"Anna Power\" ", 18);
  takes ("in:c boat", "chat", 4, "in:chat boat", 8);
  takes ("-from:\"an", "anna", 9, "-from:anna ", 11);
  takes ("boat", "chat", 4, NULL, 4);
  puts_in ("", "messages", "in:messages");
  puts_in ("boat", "messages", "boat in:messages");
  puts_in ("boat in:messages", "posts", "boat in:posts");
  puts_in ("in:messages boat -in:posts", NULL, "boat ");
  puts_in ("in:messages", NULL, "");
}

static void
test_scripts_without_spaces (Fixture *fixture, gconstpointer data)
{
  asks (fixture, "天气", 8, "201 202");
  asks (fixture, "天气很", 0, "102");
  asks (fixture, "北京", 0, "102");
  asks (fixture, "雨", 0, "102");
  asks (fixture, "北京 下雨", 0, "102");
  asks (fixture, "北京 雪", 0, "");
  asks (fixture, "小明", 0, "9002");
}

static void
check_snippet (const char *query, const char *text, const char *expected)
{
  g_autoptr (TlTerms) terms = tl_terms_parse (query);
  g_autofree char *snippet = tl_terms_snippet (terms, text);

  g_assert_cmpstr (snippet, ==, expected);
}

static void
test_snippets (void)
{
  check_snippet ("sun", "The sun & <the> wind", "The " MARK "sun</span> &amp; &lt;the&gt; wind");
  check_snippet ("\"the wind\"", "a <the>  wind.", "a &lt;" MARK "the&gt; wind</span>.");
  check_snippet ("cafe sm", "Cafe\u0301s\nand CAFÉ, small",
                 "Cafe\u0301s and " MARK "CAFÉ</span>, " MARK "sm</span>all");
  check_snippet ("天气", "今天天气很好", "今天" MARK "天气</span>很好");
  check_snippet ("nothing", "to see", "to see");
  check_snippet ("x", "", "");
}

static void
test_snippets_are_short (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (TlTerms) terms = tl_terms_parse ("needle");
  g_autofree char *snippet = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append (text, i == 2500 ? "needle " : "straw ");
  snippet = tl_terms_snippet (terms, text->str);
  g_assert_true (g_str_has_prefix (snippet, "…straw"));
  g_assert_true (g_str_has_suffix (snippet, "…"));
  g_assert_nonnull (strstr (snippet, MARK "needle</span>"));
  g_assert_cmpuint (strlen (snippet), <, 300);
}

static void
test_hits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlHitItem) article = NULL;
  g_autoptr (TlHitItem) message = NULL;

  asks (fixture, "power twice", 8, "200");
  message = models_item (fixture->list, 0);
  g_assert_cmpstr (message->title, ==, "Anna Power");
  g_assert_cmpstr (message->context, ==, "Power users");
  g_assert_cmpint (message->room_key, ==, 1);
  g_assert_cmpstr (message->snippet, ==,
                   "The " MARK "power</span> went out, &quot;" MARK "twice</span>&quot;");
  asks (fixture, "sun", 0, "100");
  article = models_item (fixture->list, 0);
  g_assert_cmpstr (article->title, ==, "Solar power");
  g_assert_cmpstr (article->context, ==, "100% News");
  g_assert_nonnull (strstr (article->snippet, "The " MARK "sun</span> &amp; &lt;the&gt;"));
  asks (fixture, "wind sola", 0, "100"); /* the same item, marked for other words */
  while (strstr (article->snippet, MARK "wind</span>") == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static char *
random_text (void)
{
  static const char *const pieces[] = {
    "\"",   "*",      "power",  "(",          ")",     "AND",     "NOT",      "NEAR(",
    "^",    "天",     "气",     "in:",        "from:", "before:", "2026-",    "-1",
    " ",    "\t",     "%",      "_",          "\\",    "'",       ";",        "<b>",
    "&",    "é",      "\u0301", "{title}:",   "+",     "\xff",    "\xe5\xa4", "🙂",
    "chat", "\u200b", "title:", "9999999999", "a",     "ก",       "한",       "\u1112\u1161"
  };
  GString *text = g_string_new (NULL);

  for (int n = g_test_rand_int_range (0, 9); n > 0; n--)
    g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
  return g_string_free_and_steal (text);
}

static void
ignore_markup (GMarkupParseContext *context, const char *text, gsize length, gpointer data,
               GError **error)
{
}

static void
test_rubbish (Fixture *fixture, gconstpointer data)
{
  const GMarkupParser parser = { .text = ignore_markup };

  for (guint round = 0; round < 2000; round++) {
    g_autofree char *text = random_text ();
    g_autofree char *body = random_text ();
    g_autofree char *valid = g_utf8_make_valid (body, -1);
    g_autoptr (TlTerms) terms = tl_terms_parse (text);
    g_autofree char *snippet = tl_terms_snippet (terms, valid);
    g_autofree char *markup = g_strconcat ("<x>", snippet, "</x>", NULL);
    g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
    g_autoptr (GError) error = NULL;

    g_markup_parse_context_parse (context, markup, -1, &error);
    g_assert_no_error (error);
    tl_terms_match (terms, valid);
    if (round % 4 > 0)
      continue;
    tl_search_list_ask (fixture->list, text, 0); /* an error in SQL would be logged, which fails */
    models_ready (fixture->list);
    if (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)) > 0)
      g_object_unref (models_item (fixture->list, 0));
  }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add ("/search/syntax", Fixture, NULL, set_up, test_syntax, tear_down);
  g_test_add ("/search/operators", Fixture, NULL, set_up, test_operators, tear_down);
  g_test_add ("/search/posts-and-events", Fixture, NULL, set_up, test_posts_and_events, tear_down);
  g_test_add ("/search/scripts-without-spaces", Fixture, NULL, set_up, test_scripts_without_spaces,
              tear_down);
  g_test_add ("/search/filters-are-offered-as-typed", Fixture, NULL, set_up, test_offers,
              tear_down);
  g_test_add_func ("/search/an-offer-takes-its-place", test_taking);
  g_test_add_func ("/search/snippets-mark-and-escape", test_snippets);
  g_test_add_func ("/search/snippets-are-short", test_snippets_are_short);
  g_test_add ("/search/hits-say-where-they-are", Fixture, NULL, set_up, test_hits, tear_down);
  g_test_add ("/search/rubbish-does-no-harm", Fixture, NULL, set_up, test_rubbish, tear_down);
  return g_test_run ();
}
