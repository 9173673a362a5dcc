/* The search's language: each operator, what is not finished, quotes of other languages. */
#include "sync/wire/search-query.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795435200000) /* Monday, 2026-11-23T12:00:00Z */

static TlSearchQuery *
parse (const char *text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  return tl_search_query_parse (text, NOW, zone);
}

/* Words as they are: alternatives in brackets, + before a phrase, - before what is not wanted, * behind a beginning;
 * filters as their number and value, ? behind one that says nothing. */
static char *
describe (const TlSearchQuery *query)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < query->terms->len; i++) {
    const TlSearchTerm *term = query->terms->pdata[i];
    const TlSearchTerm *last = i > 0 ? query->terms->pdata[i - 1] : NULL;
    gboolean is_word = term->kind <= TL_SEARCH_PHRASE;
    gboolean is_alternative = is_word && !term->is_negated && last &&
                              last->kind <= TL_SEARCH_PHRASE && !last->is_negated &&
                              last->group == term->group;

    g_string_append (out, i == 0 ? "" : is_alternative ? "|" : " ");
    g_string_append (out, term->is_negated ? "-" : "");
    g_string_append (out, term->kind == TL_SEARCH_PHRASE ? "+" : "");
    if (!is_word)
      g_string_append_printf (out, "%u:", term->kind);
    g_string_append (out, term->text);
    g_string_append (out, term->is_pending ? "?" : term->is_prefix ? "*" : "");
  }
  return g_string_free_and_steal (out);
}

static void
check (const char *text, const char *expected)
{
  g_autoptr (TlSearchQuery) query = parse (text);
  g_autofree char *described = describe (query);

  g_assert_cmpstr (described, ==, expected);
}

static void
test_words (void)
{
  check ("", "");
  check ("   ", "");
  check ("boat", "boat*");
  check ("Boat  trip ", "Boat trip*");
  check ("boat -rain", "boat* -rain");
  check ("-rain boat", "-rain boat*");
  check ("low-tide e-mail", "low-tide e-mail*");
  check ("-\"heavy rain\" boat", "-+heavy rain boat*");
  check ("\"low tide\"", "+low tide");
  check ("foo\"bar baz\"", "foo\"bar baz\"*");
  check ("boat or ship trip", "boat|ship trip*");
  check ("a OR b | \"c d\" e", "a|b|+c d e*");
  check ("http://example.org:80", "http://example.org:80*");
  check ("unknown:value", "unknown:value*");
  check ("& boat ?", "boat*");
}

static void
test_filters (void)
{
  check ("boat in:chat", "boat* 2:chat");
  check ("IN:Chat boat", "2:Chat boat*");
  check ("from:anna -from:\"Ben Bo\"", "3:anna -3:Ben Bo");
  check ("room:crew to:anna", "4:crew 4:anna");
  check ("has:image -has:link", "5:image -5:link");
  check ("is:unread is:starred -is:mine", "6:unread 6:starred -6:mine");
  check ("before:2026-10 after:2026 on:today", "7:2026-10 8:2026 9:today");
  check ("on:\"last week\" boat", "9:last week boat*");
  check ("on:last week boat", "9:last week boat*");
  check ("on:last-week boat", "9:last-week boat*");
}

static void
test_sums (void)
{
  g_autoptr (TlSearchQuery) query = parse (
      "in:chat in:news -in:people from:a from:b -from:c room:d has:image is:unread -is:mine x");

  g_assert_cmpuint (query->in, ==, TL_SEARCH_MESSAGES | TL_SEARCH_ROOMS | TL_SEARCH_ARTICLES);
  g_assert_cmpuint (g_strv_length (query->from), ==, 2);
  g_assert_cmpstr (query->not_from[0], ==, "c");
  g_assert_cmpstr (query->rooms[0], ==, "d");
  g_assert_cmpuint (query->has, ==, TL_SEARCH_IMAGE);
  g_assert_cmpuint (query->is, ==, TL_SEARCH_UNREAD);
  g_assert_cmpuint (query->is_not, ==, TL_SEARCH_MINE);
  g_assert_cmpuint (query->n_words, ==, 1);
  g_assert_true (query->has_filters);
  g_assert_true (tl_search_query_asks (query));
}

static void
test_unfinished (void)
{
  static const char *const whole =
      "-\"low tide\" or boat from:\"anna b\" before:2026-10-02 in:chat has:image is:unread";

  check ("from:", "3:?");
  check ("from:\"", "3:?");
  check ("from:\"ann", "3:ann");
  check ("in:ch", "2:ch");
  check ("in:xyz boat", "2:xyz? boat*");
  check ("has: boat", "5:? boat*");
  check ("before:yester boat", "7:yester? boat*");
  check ("after:last", "8:last?");
  check ("boat or", "boat*");
  check ("boat or -rain", "boat* -rain");
  check ("or boat", "or boat*");
  check ("\"low ti", "+low ti");
  check ("boat -", "boat*");
  check ("boat -\"", "boat*");
  check ("-- boat", "boat*");
  for (guint n = 0; n <= strlen (whole); n++) {
    g_autofree char *part = g_strndup (whole, n);
    g_autoptr (TlSearchQuery) query = parse (part);

    g_assert_cmpstr (query->text, ==, part);
  }
}

static void
test_other_scripts (void)
{
  check ("„Ebbe und Flut“", "+Ebbe und Flut");
  check ("“low tide” «marée basse» »Ebbe«", "+low tide +marée basse +Ebbe");
  check ("「天気」 『雨』", "+天気 +雨");
  check ("＂天气＂ in：chat", "+天气 2:chat");
  check ("天气　下雨", "天气 下雨*");
  check ("\u200fשלום -מים\u200f from:דנה", "שלום* -מים 3:דנה");
  check ("น้ำลง", "น้ำลง*");
  check ("l’eau d'hiver", "l’eau d'hiver*");
}

static void
test_bytes (void)
{
  g_autofree char *lots = g_strnfill (100000, 'a');
  g_autoptr (TlSearchQuery) query = parse (lots);
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (TlSearchQuery) other = NULL;

  g_assert_cmpuint (strlen (query->text), ==, TL_SEARCH_TEXT_MAX);
  for (guint i = 0; i < 200; i++)
    g_string_append (many, "a ");
  other = parse (many->str);
  g_assert_cmpuint (other->n_words, ==, TL_SEARCH_TERMS_MAX);
  check ("\xff boat \xe5\xa4", "boat*");
}

static void
test_places (void)
{
  static const char *const text = "boat -from:\"anna b\" in:";
  g_autoptr (TlSearchQuery) query = parse (text);
  const TlSearchTerm *from = tl_search_query_at (query, 12);
  const TlSearchTerm *in = tl_search_query_at (query, (guint)strlen (text));

  g_assert_cmpint (from->kind, ==, TL_SEARCH_FROM);
  g_assert_cmpuint (from->start, ==, 5);
  g_assert_cmpuint (from->value, ==, 11);
  g_assert_cmpuint (from->end, ==, 19);
  g_assert_cmpint (in->kind, ==, TL_SEARCH_IN);
  g_assert_true (in->is_pending);
  g_assert_null (tl_search_query_at (query, 0));
}

static void
test_days (void)
{
  static const struct {
    const char *text, *from, *until, *zone;
  } days[] = {
    { "2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "UTC" },
    { "2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", "UTC" },
    { "2026-12-31", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z", "UTC" },
    { "today", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "UTC" },
    { "today", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z", "Europe/Berlin" },
    { "today", "2026-11-23T11:00:00Z", "2026-11-24T11:00:00Z", "Pacific/Auckland" },
    { "Yesterday", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z", "UTC" },
    { "tomorrow", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", "UTC" },
    { "monday", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "UTC" },
    { "tuesday", "2026-11-17T00:00:00Z", "2026-11-18T00:00:00Z", "UTC" },
    { "this week", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z", "UTC" },
    { "last week", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", "UTC" },
    { "last month", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", "UTC" },
    { "next-year", "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "UTC" },
    { "2026-", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "UTC" },
    { "3d", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "UTC" },
    { "2w", "2026-11-09T00:00:00Z", "2026-11-10T00:00:00Z", "UTC" },
    { "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "Europe/Berlin" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (days); i++) {
    g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (days[i].zone);
    g_autoptr (GDateTime) from = g_date_time_new_from_iso8601 (days[i].from, NULL);
    g_autoptr (GDateTime) until = g_date_time_new_from_iso8601 (days[i].until, NULL);
    gint64 first = 0, last = 0;

    g_test_message ("%s, %s", days[i].text, days[i].zone);
    g_assert_true (tl_search_day (days[i].text, NOW, zone, &first, &last));
    g_assert_cmpint (first, ==, g_date_time_to_unix (from) * 1000);
    g_assert_cmpint (last, ==, g_date_time_to_unix (until) * 1000);
  }
}

static void
test_no_days (void)
{
  static const char *const texts[] = {
    "",     "20261", "2026-13", "2026-02-30", "0",     "-5",         "-3d",         "d", "3x",
    "last", "week",  "last x",  "9999",       "9999y", "2026-1-1-1", "2026-1-1-1-", "-"
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    gint64 from, until;

    g_test_message ("%s", texts[i]);
    g_assert_false (tl_search_day (texts[i], NOW, zone, &from, &until));
  }
}

static void
test_spans (void)
{
  g_autoptr (TlSearchQuery) on = parse ("on:2026-10");
  g_autoptr (TlSearchQuery) between = parse ("after:2026-10 before:2026-11-05 after:2026");
  g_autoptr (TlSearchQuery) not_on = parse ("-on:2026-10 -after:2026-11");

  g_assert_cmpint (on->after, ==, G_GINT64_CONSTANT (1790812800000));
  g_assert_cmpint (on->before, ==, G_GINT64_CONSTANT (1793491200000));
  g_assert_cmpint (between->after, ==, on->after);
  g_assert_cmpint (between->before, ==, on->before + 4 * G_GINT64_CONSTANT (86400000));
  g_assert_cmpint (not_on->after, ==, G_MININT64);
  g_assert_cmpint (not_on->before, ==, on->before);
  g_assert_cmpuint (not_on->not_on->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-query/words-phrases-alternatives", test_words);
  g_test_add_func ("/search-query/filters", test_filters);
  g_test_add_func ("/search-query/filters-are-summed-up", test_sums);
  g_test_add_func ("/search-query/what-is-not-finished-is-no-error", test_unfinished);
  g_test_add_func ("/search-query/quotes-and-directions-of-other-languages", test_other_scripts);
  g_test_add_func ("/search-query/any-bytes", test_bytes);
  g_test_add_func ("/search-query/says-what-stands-where", test_places);
  g_test_add_func ("/search-query/days-in-the-zone-of-who-asks", test_days);
  g_test_add_func ("/search-query/what-is-no-day", test_no_days);
  g_test_add_func ("/search-query/spans-of-time", test_spans);
  return g_test_run ();
}
