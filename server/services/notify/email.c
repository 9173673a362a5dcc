/* email.c: renders letters and gives them to the mail server. What was read, or whose person has no address any more,
 * needs no letter. Links with a secret in them are made when the letter is, and kept nowhere. Jobs' threads. */
#include "server/services/notify/email.h"

#include "server/services/hooks.h"
#include "server/services/notify/letter.h"
#include "server/services/notify/words.h"
#include "server/services/user/tokens.h"

#include <sodium.h>
#include <string.h>

#define SQL "notify/email.sql"
#define TOKEN_BYTES 24
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

enum { ADDRESS, LANGUAGE, NAME, LOGIN, IS_CONFIRMED };
enum { NEWS_ID, NEWS_KIND, NEWS_SUBJECT_TYPE, NEWS_SUBJECT, NEWS_OTHERS, NEWS_WHO, NEWS_PREVIEW };

typedef struct {
  TlServer *server;
  const TlConfig *config;
  PGresult *whom;
  const char *language;
  GString *text, *html;
} Writing;

TlSmtpAccount
tl_email_account (const TlConfig *config)
{
  return (TlSmtpAccount){ config->mail.url, config->mail.user, config->mail.password,
                          config->mail.from, config->mail.is_plain };
}

static gboolean
is_on (const TlConfig *config)
{
  return config->mail.url != NULL && *config->mail.url;
}

static PGresult *
ask (TlPg *pg, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *prepared = g_strconcat (SQL, ".", name, NULL);

  return tl_pg_query (pg, prepared, tl_sql (SQL, name), n, args, error);
}

/* --- paragraphs -------------------------------------------------------------------------------- */

static void
add_line (Writing *self, const char *element, const char *line)
{
  g_autofree char *escaped = g_markup_escape_text (line, -1);

  g_string_append_printf (self->text, "%s\n\n", line);
  g_string_append_printf (self->html, "<%1$s>%2$s</%1$s>\n", element, escaped);
}

static void
add_quote (Writing *self, const char *line)
{
  g_autofree char *escaped = g_markup_escape_text (line, -1);

  g_string_append_printf (self->text, "    %s\n\n", line);
  g_string_append_printf (self->html, "<blockquote>%s</blockquote>\n", escaped);
}

static void
add_link (Writing *self, const char *words, const char *link)
{
  g_autofree char *escaped = g_markup_escape_text (words, -1);
  g_autofree char *address = g_markup_escape_text (link, -1);

  g_string_append_printf (self->text, "%s:\n%s\n\n", words, link);
  g_string_append_printf (self->html, "<p><a href=\"%s\">%s</a></p>\n", address, escaped);
}

static void
begin (Writing *self, TlServer *server, const TlConfig *config, const char *language)
{
  *self =
      (Writing){ .server = server,
                 .config = config,
                 .language = language,
                 .text = g_string_new (NULL),
                 .html = g_string_new ("<!DOCTYPE html><html><meta charset=\"utf-8\"><body>\n") };
}

static gboolean
end (Writing *self, TlLetter *letter, const char *to, GError **error)
{
  TlSmtpAccount account = tl_email_account (self->config);
  g_autoptr (GBytes) message = NULL;

  g_string_append (self->html, "</body></html>\n");
  letter->from = self->config->mail.from;
  letter->from_name = self->config->name;
  letter->to = to;
  letter->text = self->text->str;
  letter->html = self->html->str;
  message = tl_letter_write (letter);
  return tl_smtp_send (&account, to, message, error);
}

static void
writing_clear (Writing *self)
{
  if (self->text)
    g_string_free (self->text, TRUE);
  if (self->html)
    g_string_free (self->html, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

static void
greet (Writing *self)
{
  g_autofree char *line =
      tl_words (self->language, "greeting", "name", PQgetvalue (self->whom, 0, NAME), NULL);

  add_line (self, "p", line);
}

/* --- what was missed --------------------------------------------------------------------------- */

static char *
sentence_of (Writing *self, PGresult *news, int row)
{
  static const char *const kinds[] = { "mention", "reply",      "reaction", "boost",
                                       "follow",  "invitation", "message",  NULL };
  const char *kind = PQgetvalue (news, row, NEWS_KIND);
  const char *first = PQgetvalue (news, row, NEWS_WHO),
             *others = PQgetvalue (news, row, NEWS_OTHERS);
  g_autofree char *who =
      tl_hook_number (news, row, NEWS_OTHERS) > 0
          ? tl_words (self->language, "others", "who", first, "count", others, NULL)
          : g_strdup (first);

  return tl_words (self->language, g_strv_contains (kinds, kind) ? kind : "other", "who", who,
                   NULL);
}

static void
add_news (Writing *self, PGresult *news)
{
  for (int i = 0; i < PQntuples (news); i++) {
    g_autofree char *sentence = sentence_of (self, news, i);
    g_auto (GStrv) lines = g_strsplit (PQgetvalue (news, i, NEWS_PREVIEW), "\n", -1);

    add_line (self, "p", sentence);
    for (char **line = lines; *line; line++)
      add_quote (self, *line);
  }
}

static char *
title_of (Writing *self, PGresult *news)
{
  g_autofree char *count = g_strdup_printf ("%d", PQntuples (news));

  return PQntuples (news) == 1 ? sentence_of (self, news, 0)
                               : tl_words (self->language, "many", "count", count, "server",
                                           self->config->name, NULL);
}

static char *
link_to (const TlServer *server, const char *path, const char *token)
{
  return g_strdup_printf ("%s%s%s%s", server->config->public_url,
                          g_str_has_suffix (server->config->public_url, "/") ? "" : "/", path,
                          token);
}

static gboolean
write_news (Writing *self, const char *account, PGresult *news, GError **error)
{
  const char *id = PQgetvalue (news, 0, NEWS_ID);
  g_autofree char *token = tl_tokens_seal (self->server->tokens, "stop", account);
  g_autofree char *stop = link_to (self->server, "auth/email/stop?token=", token);
  g_autofree char *footer = tl_words (self->language, "footer", "server", self->config->name, NULL);
  g_autofree char *words = tl_words (self->language, "stop", NULL);
  g_autofree char *subject = title_of (self, news);
  g_autofree char *name = g_strconcat ("notification.", id, NULL);
  g_autofree char *about = g_strdup_printf ("%s.%s", PQgetvalue (news, 0, NEWS_SUBJECT_TYPE),
                                            PQgetvalue (news, 0, NEWS_SUBJECT));
  TlLetter letter = { .subject = subject,
                      .id = name,
                      .about = PQntuples (news) == 1 ? about : NULL,
                      .unsubscribe = stop };

  greet (self);
  add_news (self, news);
  add_line (self, "p", footer);
  add_link (self, words, stop);
  return end (self, &letter, PQgetvalue (self->whom, 0, ADDRESS), error);
}

/* The numbers of a column as an array; what is not said there is left out. */
static char *
numbers_of (PGresult *rows, int column)
{
  GString *array = g_string_new ("{");

  for (int i = 0; i < PQntuples (rows); i++)
    if (!PQgetisnull (rows, i, column))
      g_string_append_printf (array, "%s%s", array->len > 1 ? "," : "",
                              PQgetvalue (rows, i, column));
  g_string_append_c (array, '}');
  return g_string_free_and_steal (array);
}

static gboolean
tell_news (Writing *self, TlPg *pg, PGresult *rows, GError **error)
{
  const char *account = PQgetvalue (rows, 0, TL_DELIVERY_ACCOUNT);
  g_autofree char *ids = numbers_of (rows, TL_DELIVERY_NOTIFICATION);
  g_autofree char *rooms = numbers_of (rows, TL_DELIVERY_ROOM);
  g_autofree char *since = numbers_of (rows, TL_DELIVERY_SINCE);
  const char *args[] = { ids, account, rooms, since };
  g_autoptr (PGresult) news = NULL;

  if (*PQgetvalue (self->whom, 0, IS_CONFIRMED) != 't')
    return TRUE;
  news = ask (pg, "news", G_N_ELEMENTS (args), args, error);
  if (news == NULL)
    return FALSE;
  return PQntuples (news) == 0 || write_news (self, account, news, error);
}

/* --- about the account ------------------------------------------------------------------------- */

/* Who has it has the address: it is good for that one alone. */
static char *
confirmation (Writing *self, const char *account)
{
  gint64 until = g_get_real_time () / G_USEC_PER_SEC + TL_CONFIRM_SECONDS;
  g_autofree char *text = g_strdup_printf ("%s %" G_GINT64_FORMAT " %s", account, until,
                                           PQgetvalue (self->whom, 0, ADDRESS));
  g_autofree char *token = tl_tokens_seal (self->server->tokens, "confirm", text);

  return link_to (self->server, "auth/email/confirm?token=", token);
}

static char *
password_link (Writing *self, TlPg *pg, const char *account, GError **error)
{
  char token[sodium_base64_ENCODED_LEN (TOKEN_BYTES, BASE64)];
  char hash[2 * crypto_generichash_BYTES + 1];
  guint8 bytes[TOKEN_BYTES], digest[crypto_generichash_BYTES];
  const char *args[] = { account, hash };
  g_autoptr (PGresult) kept = NULL;

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2base64 (token, sizeof token, bytes, sizeof bytes, BASE64);
  crypto_generichash (digest, sizeof digest, (const guint8 *)token, strlen (token), NULL, 0);
  sodium_bin2hex (hash, sizeof hash, digest, sizeof digest);
  kept = ask (pg, "password-link", 2, args, error);
  return kept ? link_to (self->server, "auth/reset/new?token=", token) : NULL;
}

static gboolean
tell_letter (Writing *self, TlPg *pg, PGresult *rows, GError **error)
{
  const char *account = PQgetvalue (rows, 0, TL_DELIVERY_ACCOUNT);
  const char *which = PQgetvalue (rows, 0, TL_DELIVERY_LETTER), *server = self->config->name;
  gboolean is_confirm = g_str_equal (which, "confirm");
  g_autofree char *subject_word = g_strconcat (which, ".subject", NULL);
  g_autofree char *text_word = g_strconcat (which, ".text", NULL);
  g_autofree char *link_word = g_strconcat (which, ".link", NULL);
  g_autofree char *subject = tl_words (self->language, subject_word, "server", server, NULL);
  g_autofree char *text = tl_words (self->language, text_word, "server", server, "login",
                                    PQgetvalue (self->whom, 0, LOGIN), NULL);
  g_autofree char *words = tl_words (self->language, link_word, NULL);
  g_autofree char *id =
      g_strdup_printf ("%s.%s.%s", which, account, PQgetvalue (rows, 0, TL_DELIVERY_ID));
  g_autofree char *link = NULL;
  TlLetter letter = { .subject = subject, .id = id };

  if (is_confirm == (*PQgetvalue (self->whom, 0, IS_CONFIRMED) == 't'))
    return TRUE;
  link = is_confirm ? confirmation (self, account) : password_link (self, pg, account, error);
  if (link == NULL)
    return FALSE;
  greet (self);
  add_line (self, "p", text);
  add_link (self, words, link);
  return end (self, &letter, PQgetvalue (self->whom, 0, ADDRESS), error);
}

/* --- the channel ------------------------------------------------------------------------------- */

static gboolean
tell (TlServer *server, TlPg *pg, PGresult *rows, GError **error)
{
  const char *account = PQgetvalue (rows, 0, TL_DELIVERY_ACCOUNT);
  g_autoptr (PGresult) whom = ask (pg, "whom", 1, &account, error);
  g_auto (Writing) writing = { 0 };

  if (whom == NULL || PQntuples (whom) == 0)
    return whom != NULL;
  begin (&writing, server, server->config, PQgetvalue (whom, 0, LANGUAGE));
  writing.whom = whom;
  return PQgetisnull (rows, 0, TL_DELIVERY_LETTER) ? tell_news (&writing, pg, rows, error)
                                                   : tell_letter (&writing, pg, rows, error);
}

const TlChannel tl_email_channel = { "email", is_on, tell };

gboolean
tl_email_test (const TlConfig *config, const char *to, GError **error)
{
  g_autofree char *subject = tl_words ("en", "test.subject", "server", config->name, NULL);
  g_autofree char *text = tl_words ("en", "test.text", NULL);
  g_autofree char *unique = g_uuid_string_random ();
  g_autofree char *id = g_strconcat ("test.", unique, NULL);
  g_auto (Writing) writing = { 0 };
  TlLetter letter = { .subject = subject, .id = id };

  begin (&writing, NULL, config, "en");
  add_line (&writing, "p", text);
  return end (&writing, &letter, to, error);
}
