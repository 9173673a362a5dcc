/* What people missed, by e-mail, on a real PostgreSQL and a real mail server: told once, in one letter; again after a
 * refusal for now, never after one for good; caught up after the mail server was away. */
#include "server/services/notify/delivery.h"
#include "server/services/notify/email.h"
#include "server/services/notify/letter.h"
#include "server/services/notify/words.h"
#include "server/services/user/tokens.h"
#include "tests/fixtures/smtp.h"
#include "tests/server/neighbours.h"

#include <glib/gstdio.h>
#include <string.h>

#define ID G_GINT64_FORMAT

typedef struct {
  Neighbours people;
  char *folder;
  guint before; /* letters that came to other tests */
} Office;

static void
set_up (Office *self, gconstpointer data)
{
  g_autofree char *secret = NULL;
  g_autoptr (GError) error = NULL;
  TlServer *server;

  neighbours_set_up (&self->people, data);
  server = &self->people.house->server;
  self->folder = g_dir_make_tmp ("tideline-office-XXXXXX", NULL);
  secret = g_build_filename (self->folder, "secret", NULL);
  server->tokens = tl_tokens_new (secret, &error);
  g_assert_no_error (error);
  server->config->name = "Harbour";
  server->config->mail.url = (char *)tl_test_smtp_url ();
  server->config->mail.from = "news@tideline.example";
  server->config->mail.is_plain = TRUE;
  server->config->mail.wait_minutes = 5;
  tl_test_smtp_answer (NULL);
  self->before = tl_test_smtp_count ();
}

static void
tear_down (Office *self, gconstpointer data)
{
  g_autofree char *secret = g_build_filename (self->folder, "secret", NULL);

  tl_tokens_free (self->people.house->server.tokens);
  g_unlink (secret);
  g_rmdir (self->folder);
  g_free (self->folder);
  neighbours_tear_down (&self->people, data);
}

/* --- words ------------------------------------------------------------------------------------- */

static void
has_address (Office *self, gint64 who, const char *language)
{
  g_free (household_sql (self->people.house->pg,
                         "INSERT INTO people.email (account, address, language, confirmed_at) "
                         "VALUES (%" ID ", 'p%" ID "@example.org', '%s', now())",
                         who, who, language));
}

static void
time_passes (Office *self)
{
  g_free (household_sql (self->people.house->pg,
                         "UPDATE notify.delivery SET next_at = now() - interval '1 s'"));
}

/* The job as its thread runs it; the words of its failure, or NULL. */
static char *
deliver (Office *self)
{
  TlJob job = { .key = "email 1", .payload = "{}" };
  g_autoptr (GError) error = NULL;
  gint64 next = 0;

  if (tl_deliver_job.run (&self->people.house->server, self->people.house->pg, &job, &next, &error))
    g_assert_cmpint (next, >, 0);
  return error ? g_strdup (error->message) : NULL;
}

static void
assert_delivers (Office *self, guint n)
{
  g_autofree char *failure = deliver (self);

  g_assert_cmpstr (failure, ==, NULL);
  g_assert_cmpuint (tl_test_smtp_count () - self->before, ==, n);
}

static char *
mail (Office *self, guint number)
{
  return tl_test_smtp_mail (self->before + number);
}

static void
assert_header (const char *text, const char *name, const char *expected)
{
  g_autofree char *value = tl_test_smtp_header (text, name);

  g_assert_cmpstr (value, ==, expected);
}

static gint64
waiting (Office *self, const char *condition)
{
  return household_number (self->people.house->pg, "SELECT count(*) FROM notify.delivery WHERE %s",
                           condition);
}

static gint64
mention (Office *self)
{
  return post (&self->people, self->people.ada, "@ben low tide at noon");
}

/* --- tests ------------------------------------------------------------------------------------- */

static void
test_mention (Office *self, gconstpointer data)
{
  g_autofree char *to = NULL, *text = NULL, *about = NULL, *id = NULL;
  gint64 subject;

  has_address (self, self->people.ben, "en");
  subject = mention (self);
  assert_delivers (self, 0); /* it may be read first */
  time_passes (self);
  assert_delivers (self, 1);
  text = mail (self, 1);
  to = g_strdup_printf ("p%" ID "@example.org", self->people.ben);
  about = g_strdup_printf ("<Post.%" ID "@tideline.example>", subject);
  assert_header (text, "To", to);
  assert_header (text, "From", "Harbour <news@tideline.example>");
  assert_header (text, "Subject", "Ada mentioned you");
  assert_header (text, "References", about);
  assert_header (text, "Auto-Submitted", "auto-generated");
  assert_header (text, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  id = tl_test_smtp_header (text, "Message-Id");
  g_assert_true (g_str_has_prefix (id, "<notification."));
  g_assert_nonnull (strstr (text, "low tide at noon"));
  g_assert_nonnull (strstr (text, "Content-Type: text/html; charset="));
  g_assert_nonnull (strstr (text, "Content-Type: text/plain; charset="));
  assert_delivers (self, 1);
  g_assert_cmpint (waiting (self, "true"), ==, 0);
}

static void
test_language (Office *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  has_address (self, self->people.ben, "de");
  mention (self);
  time_passes (self);
  assert_delivers (self, 1);
  text = mail (self, 1);
  g_assert_nonnull (strstr (text, "Guten Tag Ben,"));
  g_assert_true (tl_words_has ("de-AT"));
  g_assert_false (tl_words_has ("den"));
  g_assert_false (tl_words_has (""));
}

static void
test_together (Office *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  has_address (self, self->people.ben, "en");
  mention (self);
  mention (self);
  time_passes (self);
  mention (self); /* what is not due yet goes along */
  assert_delivers (self, 1);
  text = mail (self, 1);
  assert_header (text, "Subject", "3 new things for you on Harbour");
  assert_header (text, "References", NULL);
}

static void
test_read (Office *self, gconstpointer data)
{
  Household *house = self->people.house;

  has_address (self, self->people.ben, "en");
  mention (self);
  mention (self);
  g_free (household_sql (house->pg, "UPDATE notify.notification SET \"isRead\" = true WHERE id = "
                                    "(SELECT min(id) FROM notify.notification)"));
  g_free (household_sql (house->pg, "DELETE FROM notify.notification WHERE NOT \"isRead\""));
  time_passes (self);
  assert_delivers (self, 0);
  g_assert_cmpint (waiting (self, "true"), ==, 0);
}

static gint64
say (Office *self, gint64 who, gint64 room, const char *body)
{
  return make (self->people.house, who, "Message", "{'roomId':'t%" ID "','body':'%s'}", room, body);
}

static void
test_direct (Office *self, gconstpointer data)
{
  Household *house = self->people.house;
  gint64 ada = self->people.ada, ben = self->people.ben;
  gint64 room = make (house, ada, "Room", "{'kind':'direct','members':['t%" ID "']}", ben);
  gint64 group =
      make (house, ada, "Room", "{'kind':'group','name':'x','members':['t%" ID "']}", ben);
  g_autofree char *one = NULL, *other = NULL,
                  *about = g_strdup_printf ("<Room.%" ID "@tideline.example>", room);

  has_address (self, ben, "en");
  has_address (self, ada, "en");
  say (self, ada, group, "to all");
  g_assert_cmpint (waiting (self, "true"), ==, 0);
  say (self, ada, room, "are you there");
  say (self, ada, room, "low tide at noon");
  g_assert_cmpint (waiting (self, "entity LIKE 'room:%'"), ==, 1);
  time_passes (self);
  assert_delivers (self, 1);
  one = mail (self, 1);
  assert_header (one, "Subject", "Ada wrote to you");
  assert_header (one, "References", about);
  g_assert_nonnull (strstr (one, "are you there"));
  g_assert_nonnull (strstr (one, "low tide at noon"));
  say (self, ada, room, "what was told is not told again");
  time_passes (self);
  assert_delivers (self, 2);
  other = mail (self, 2);
  g_assert_null (strstr (other, "low tide at noon"));
  say (self, ada, room, "read at once");
  make (house, ben, "ReadMarker", "{'roomId':'t%" ID "','upTo':1000}", room);
  time_passes (self);
  assert_delivers (self, 2);
}

/* What is written while a letter leaves is in the next one. */
static void
test_meanwhile (Office *self, gconstpointer data)
{
  Household *house = self->people.house;
  gint64 ada = self->people.ada, ben = self->people.ben, later;
  gint64 room = make (house, ada, "Room", "{'kind':'direct','members':['t%" ID "']}", ben);

  has_address (self, ben, "en");
  say (self, ada, room, "one");
  g_free (household_sql (house->pg,
                         "UPDATE notify.delivery SET leased_until = now() + interval '1 minute'"));
  later = say (self, ada, room, "two");
  say (self, ada, room, "three");
  g_free (household_sql (house->pg, "UPDATE notify.delivery SET leased_until = now()"));
  time_passes (self);
  assert_delivers (self, 1);
  g_assert_cmpint (
      household_number (house->pg, "SELECT (payload ->> 'since')::bigint FROM notify.delivery"), ==,
      later);
}

static void
test_wanted (Office *self, gconstpointer data)
{
  Household *house = self->people.house;

  mention (self); /* without an address */
  has_address (self, self->people.ben, "en");
  g_free (household_sql (house->pg, "UPDATE people.email SET confirmed_at = NULL"));
  mention (self); /* not confirmed */
  g_assert_cmpint (waiting (self, "true"), ==, 0);
  g_free (household_sql (house->pg, "UPDATE people.email SET confirmed_at = now()"));
  g_free (household_sql (house->pg,
                         "INSERT INTO people.settings (id, scope, \"principalId\", email) "
                         "SELECT id, private_scope, id, '{\"kinds\":{\"mention\":false}}' "
                         "FROM people.account WHERE id = %" ID,
                         self->people.ben));
  mention (self);
  g_assert_cmpint (waiting (self, "true"), ==, 0);
  g_free (household_sql (house->pg, "UPDATE people.settings SET email = '{\"when\":\"never\"}'"));
  mention (self);
  g_assert_cmpint (waiting (self, "true"), ==, 0);
  g_free (household_sql (house->pg, "UPDATE people.settings SET email = '[7]'"));
  mention (self);
  g_assert_cmpint (waiting (self, "true"), ==, 1);
}

static void
test_settings (Office *self, gconstpointer data)
{
  static const char *const bad[] = {
    "7",
    "[]",
    "{'when':'often'}",
    "{'when':7}",
    "{'hour':24}",
    "{'hour':'8'}",
    "{'hour':1.5}",
    "{'kinds':['mention']}",
    "{'kinds':{'mention':'no'}}",
  };
  gint64 ben = self->people.ben;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *object =
        g_strdup_printf ("{'principalId':'t%" ID "','email':%s}", ben, bad[i]);

    refuse_create (self->people.house, ben, "Settings", object, "invalidProperties", "email: ");
  }
  make (self->people.house, ben, "Settings",
        "{'principalId':'t%" ID "','email':{'when':'daily','hour':0,'kinds':{'reply':true}}}", ben);
}

static void
test_daily (Office *self, gconstpointer data)
{
  static const char *const zones[] = { "Pacific/Auckland", "America/New_York", "Nowhere/Else" };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    for (guint hour = 0; hour < 24; hour += 23) {
      g_autofree char *right =
          household_sql (self->people.house->pg,
                         "SELECT to_char(t AT TIME ZONE '%s', 'HH24:MI') || (t > now()) || (t <= "
                         "now() + '25 h'::interval) "
                         "FROM notify.mail_at('{\"when\":\"daily\",\"hour\":%u}', '%s', 5) AS t",
                         i == 2 ? "UTC" : zones[i], hour, zones[i]);

      g_assert_cmpstr (right, ==, hour ? "23:00truetrue" : "00:00truetrue");
    }
}

static void
test_later (Office *self, gconstpointer data)
{
  has_address (self, self->people.ben, "en");
  mention (self);
  time_passes (self);
  tl_test_smtp_answer ("451 Not now");
  assert_delivers (self, 0);
  g_assert_cmpint (waiting (self,
                            "attempts = 1 AND last_error LIKE '%Not now%' AND dead_at IS NULL "
                            "AND next_at > now() + interval '30 s'"),
                   ==, 1);
  tl_test_smtp_answer (NULL);
  assert_delivers (self, 0); /* it waits its time */
  time_passes (self);
  assert_delivers (self, 1);
}

static void
test_dead (Office *self, gconstpointer data)
{
  has_address (self, self->people.ben, "en");
  mention (self);
  time_passes (self);
  tl_test_smtp_answer ("550 Nobody of that name");
  assert_delivers (self, 0);
  g_assert_cmpint (waiting (self, "dead_at IS NOT NULL AND last_error LIKE '%Nobody%'"), ==, 1);
  tl_test_smtp_answer (NULL);
  time_passes (self);
  assert_delivers (self, 0);
  mention (self); /* others are told still */
  time_passes (self);
  assert_delivers (self, 1);
}

static void
test_tired (Office *self, gconstpointer data)
{
  has_address (self, self->people.ben, "en");
  mention (self);
  tl_test_smtp_answer ("451 Not now");
  for (guint i = 1; i < 12; i++) {
    time_passes (self);
    assert_delivers (self, 0);
  }
  g_assert_cmpint (waiting (self, "dead_at IS NULL"), ==, 1);
  time_passes (self);
  assert_delivers (self, 0);
  g_assert_cmpint (waiting (self, "dead_at IS NOT NULL"), ==, 1);
}

static void
test_away (Office *self, gconstpointer data)
{
  has_address (self, self->people.ben, "en");
  mention (self);
  time_passes (self);
  tl_test_smtp_kill ();
  for (guint i = 0; i < 20; i++) {
    g_autofree char *failure = deliver (self);

    g_assert_nonnull (failure);
    g_assert_nonnull (strstr (failure, tl_test_smtp_url ()));
  }
  g_assert_cmpint (waiting (self, "attempts = 0 AND dead_at IS NULL"), ==, 1);
  tl_test_smtp_start ();
  assert_delivers (self, 1);
}

static void
test_plain (Office *self, gconstpointer data)
{
  g_autofree char *failure = NULL;

  self->people.house->server.config->mail.is_plain = FALSE;
  has_address (self, self->people.ben, "en");
  mention (self);
  time_passes (self);
  failure = deliver (self);
  g_assert_nonnull (failure);
  g_assert_cmpuint (tl_test_smtp_count (), ==, self->before);
}

/* Whoever takes it up after a process died says the same name again. */
static void
test_again (Office *self, gconstpointer data)
{
  g_autofree char *one = NULL, *other = NULL, *name = NULL;

  has_address (self, self->people.ben, "en");
  mention (self);
  time_passes (self);
  g_free (household_sql (self->people.house->pg,
                         "CREATE TABLE before_it AS SELECT * FROM notify.delivery"));
  assert_delivers (self, 1);
  g_free (household_sql (self->people.house->pg,
                         "INSERT INTO notify.delivery OVERRIDING SYSTEM VALUE "
                         "SELECT * FROM before_it"));
  g_free (household_sql (self->people.house->pg,
                         "UPDATE notify.delivery SET leased_until = now() + interval '1 minute'"));
  assert_delivers (self, 1); /* the lease stands */
  g_free (
      household_sql (self->people.house->pg, "UPDATE notify.delivery SET leased_until = now()"));
  assert_delivers (self, 2);
  one = mail (self, 1);
  other = mail (self, 2);
  name = tl_test_smtp_header (one, "Message-Id");
  assert_header (other, "Message-Id", name);
}

typedef struct {
  Office *office;
  char *failure;
} Worker;

static gpointer
work (gpointer data)
{
  Worker *self = data;
  TlPg *pg = tl_pg_new (self->office->people.house->conninfo);
  TlJob job = { .key = "email 2", .payload = "{}" };
  g_autoptr (GError) error = NULL;
  gint64 next;

  tl_deliver_job.run (&self->office->people.house->server, pg, &job, &next, &error);
  self->failure = error ? g_strdup (error->message) : NULL;
  tl_pg_free (pg);
  return NULL;
}

static void
test_at_once (Office *self, gconstpointer data)
{
  Worker workers[3] = { 0 };
  GThread *threads[G_N_ELEMENTS (workers)];

  has_address (self, self->people.ben, "en");
  has_address (self, self->people.cleo, "en");
  for (guint i = 0; i < 12; i++)
    g_free (household_sql (self->people.house->pg,
                           "INSERT INTO notify.delivery (account, channel, entity, payload) VALUES "
                           "(%" ID ", 'email', 'letter:reset%u', '{\"letter\":\"reset\"}')",
                           i % 2 ? self->people.ben : self->people.cleo, i));
  for (guint i = 0; i < G_N_ELEMENTS (workers); i++) {
    workers[i].office = self;
    threads[i] = g_thread_new ("worker", work, &workers[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (workers); i++) {
    g_thread_join (threads[i]);
    g_assert_cmpstr (workers[i].failure, ==, NULL);
  }
  g_assert_cmpuint (tl_test_smtp_count () - self->before, ==, 12);
  g_assert_cmpint (waiting (self, "true"), ==, 0);
}

/* --- letters ----------------------------------------------------------------------------------- */

static void
test_injection (void)
{
  TlLetter letter = { .from = "news@tideline.example",
                      .from_name = "Harbour\r\nBcc: all@example.org",
                      .to = "ben@example.org",
                      .subject = "Ada\r\n\r\nBcc: all@example.org\n\xe2\x80\xa8X: y",
                      .text = "\r\n.\r\nMAIL FROM:<x@y>\r\nBcc: text",
                      .html = "<p>x</p>",
                      .id = "a" };
  g_autoptr (GBytes) message = tl_letter_write (&letter);
  gsize size;
  const char *data = g_bytes_get_data (message, &size);
  g_autofree char *text = g_strndup (data, size);
  g_autofree char *head = g_strndup (text, (gsize)(strstr (text, "\r\n\r\n") - text));

  g_assert_null (strstr (head, "\nBcc"));
  g_assert_null (strstr (head, "\nX:"));
  g_assert_nonnull (strstr (head, "\r\nTo: ben@example.org"));
  for (const char *at = strchr (text, '\n'); at; at = strchr (at + 1, '\n'))
    g_assert_true (at > text && at[-1] == '\r');
}

static void
test_addresses (void)
{
  static const char *const good[] = { "a@b", "ada.l@example.org", "x+y@mail.example.org" };
  static const char *const bad[] = { "",      "ada",       "@b",         "a@",
                                     "a@b>",  "a b@c",     "a@b c",      "a@b\r\nRCPT TO:<c@d>",
                                     "<a@b>", "a@b,c@d",   "a@b@c",      "\xc3\xa4@b",
                                     "a@.b",  "a..b@c",    ".a@b",       "a.@b",
                                     "a@b.",  "\"a b\"@c", "a@[1.2.3.4]" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (tl_smtp_is_address (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (tl_smtp_is_address (bad[i]));
}

static void
test_seals (Office *self, gconstpointer data)
{
  TlTokens *tokens = self->people.house->server.tokens;
  g_autofree char *token = tl_tokens_seal (tokens, "stop", "12");
  g_autofree char *text = tl_tokens_unseal (tokens, "stop", token);
  g_autofree char *longer = g_strconcat (token, "A", NULL);

  g_assert_cmpstr (text, ==, "12");
  g_assert_null (tl_tokens_unseal (tokens, "confirm", token));
  g_assert_null (tl_tokens_unseal (tokens, "stop", longer));
  g_assert_null (tl_tokens_unseal (tokens, "stop", ""));
  g_assert_null (tl_tokens_unseal (tokens, "stop", "abc"));
  token[3] = token[3] == 'A' ? 'B' : 'A';
  g_assert_null (tl_tokens_unseal (tokens, "stop", token));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Office *self, gconstpointer data);
  } tests[] = {
    { "/mail/a-mention-that-nobody-read-is-mailed", test_mention },
    { "/mail/speaks-the-language-of-the-person", test_language },
    { "/mail/what-was-missed-is-one-letter", test_together },
    { "/mail/what-is-read-or-gone-is-not-mailed", test_read },
    { "/mail/a-direct-message-that-nobody-read-is-mailed", test_direct },
    { "/mail/what-is-written-meanwhile-is-in-the-next-letter", test_meanwhile },
    { "/mail/is-for-those-who-want-it", test_wanted },
    { "/mail/settings-that-will-not-do-are-refused", test_settings },
    { "/mail/once-a-day-is-at-an-hour-where-the-person-is", test_daily },
    { "/mail/refused-for-now-is-tried-again", test_later },
    { "/mail/refused-for-good-is-given-up", test_dead },
    { "/mail/refused-again-and-again-is-given-up", test_tired },
    { "/mail/is-caught-up-after-the-mail-server-was-away", test_away },
    { "/mail/goes-nowhere-without-tls", test_plain },
    { "/mail/told-again-after-a-death-has-the-same-name", test_again },
    { "/mail/several-workers-tell-each-thing-once", test_at_once },
    { "/mail/seals-hold", test_seals },
  };

  g_test_init (&argc, &argv, NULL);
  tl_test_smtp_start ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Office, NULL, set_up, tests[i].run, tear_down);
  g_test_add_func ("/mail/nobody-writes-headers-by-a-name", test_injection);
  g_test_add_func ("/mail/addresses-are-plain-ones", test_addresses);
  return g_test_run ();
}
