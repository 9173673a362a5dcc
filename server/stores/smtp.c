/* smtp.c: one message is one libcurl transfer; its connection is kept for the thread's next one. What the server said
 * last is kept as the reason. Holds nothing; any thread. */
#include "server/stores/smtp.h"

#include "server/stores/curl.h"

#include <string.h>

#define CONNECT_SECONDS 10L
#define SECONDS 30L
#define ADDRESS_MAX 254
#define LOCAL_MAX 64
#define REASON_MAX 300
#define LOCAL_LETTERS                                                                              \
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+-/=?^_`{|}~"
#define DOMAIN_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

typedef struct {
  const char *data;
  gsize left;
  char said[REASON_MAX]; /* the server's last line */
} Transfer;

gboolean
tl_smtp_is_address (const char *text)
{
  gsize local = strspn (text, LOCAL_LETTERS);
  const char *domain = text + local + 1;

  if (local == 0 || local > LOCAL_MAX || text[local] != '@' || strlen (text) > ADDRESS_MAX)
    return FALSE;
  return g_ascii_isalnum (*domain) && domain[strspn (domain, DOMAIN_LETTERS)] == '\0' &&
         g_ascii_isalnum (domain[strlen (domain) - 1]) && !strstr (text, "..") && *text != '.' &&
         text[local - 1] != '.';
}

static size_t
give (char *buffer, size_t size, size_t n, void *user)
{
  Transfer *transfer = user;
  gsize length = MIN (transfer->left, size * n);

  memcpy (buffer, transfer->data, length);
  transfer->data += length;
  transfer->left -= length;
  return length;
}

static size_t
hear (char *line, size_t size, size_t n, void *user)
{
  Transfer *transfer = user;
  gsize length = MIN (size * n, sizeof transfer->said - 1);

  memcpy (transfer->said, line, length);
  transfer->said[length] = '\0';
  g_strchomp (transfer->said);
  return size * n;
}

static void
set_up (CURL *curl, const TlSmtpAccount *account, struct curl_slist *to, Transfer *transfer)
{
  gboolean signs_in = account->user && *account->user;

  curl_easy_setopt (curl, CURLOPT_URL, account->url);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (curl, CURLOPT_USE_SSL, account->is_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL);
  if (signs_in) {
    curl_easy_setopt (curl, CURLOPT_USERNAME, account->user);
    curl_easy_setopt (curl, CURLOPT_PASSWORD, account->password ? account->password : "");
  }
  curl_easy_setopt (curl, CURLOPT_MAIL_FROM, account->from);
  curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, to);
  curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)transfer->left);
  curl_easy_setopt (curl, CURLOPT_READFUNCTION, give);
  curl_easy_setopt (curl, CURLOPT_READDATA, transfer);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, hear);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, transfer);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, SECONDS);
}

/* Only what was said of the message itself is about the message. */
static void
refuse (const TlSmtpAccount *account, CURLcode done, long code, const char *said, GError **error)
{
  gboolean is_about_it =
      done == CURLE_SEND_ERROR || done == CURLE_RECV_ERROR || done == CURLE_WEIRD_SERVER_REPLY;
  GIOErrorEnum kind = !is_about_it                     ? G_IO_ERROR_CONNECTION_REFUSED
                      : code / 100 == 5 && code != 530 ? G_IO_ERROR_FAILED
                      : code / 100 == 4 && code != 421 ? G_IO_ERROR_BUSY
                                                       : G_IO_ERROR_CONNECTION_REFUSED;
  g_autofree char *valid = g_utf8_make_valid (said, -1);

  if (kind == G_IO_ERROR_CONNECTION_REFUSED)
    g_set_error (error, G_IO_ERROR, kind, "The mail server at %s cannot be used: %s%s%s",
                 account->url, curl_easy_strerror (done), *valid ? ": " : "", valid);
  else
    g_set_error (error, G_IO_ERROR, kind, "The mail server refuses the message: %s", valid);
}

gboolean
tl_smtp_send (const TlSmtpAccount *account, const char *to, GBytes *message, GError **error)
{
  CURL *curl = tl_curl_handle ();
  struct curl_slist *recipients = curl_slist_append (NULL, to);
  Transfer transfer = { 0 };
  CURLcode done;
  long code = 0;

  transfer.data = g_bytes_get_data (message, &transfer.left);
  set_up (curl, account, recipients, &transfer);
  done = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &code);
  curl_easy_reset (curl); /* nothing of ours is referred to any more */
  curl_slist_free_all (recipients);
  if (done != CURLE_OK)
    refuse (account, done, code, transfer.said, error);
  return done == CURLE_OK;
}
