/* sns.c: one request of the service's query protocol, signed by libcurl. Holds nothing. */
#include "server/stores/sns.h"

#include "server/stores/curl.h"
#include "server/stores/s3.h"

#include <string.h>

#define MAX_ANSWER (64 * 1024)
#define CONNECT_SECONDS 5L
#define SECONDS 20L
#define TOPIC "arn:aws:sns:"

gboolean
tl_sns_is_topic (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);

  return g_str_has_prefix (text, TOPIC) && g_strv_length (parts) == 6 && *parts[3] && *parts[5];
}

static void
add (GString *body, const char *name, const char *value)
{
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);

  g_string_append_printf (body, "%s%s=%s", body->len ? "&" : "", name, escaped);
}

static char *
write_body (const TlSnsAccount *account, const char *message, const char *const *names,
            const char *const *values)
{
  GString *body = g_string_new (NULL);

  add (body, "Action", "Publish");
  add (body, "Version", "2010-03-31");
  add (body, "TopicArn", account->topic);
  add (body, "Message", message);
  for (guint i = 0; names[i]; i++) {
    g_autofree char *prefix = g_strdup_printf ("MessageAttributes.entry.%u.", i + 1);
    g_autofree char *name = g_strconcat (prefix, "Name", NULL);
    g_autofree char *type = g_strconcat (prefix, "Value.DataType", NULL);
    g_autofree char *value = g_strconcat (prefix, "Value.StringValue", NULL);

    add (body, name, names[i]);
    add (body, type, "String");
    add (body, value, values[i]);
  }
  return g_string_free_and_steal (body);
}

static size_t
take (char *data, size_t size, size_t n, void *user)
{
  GByteArray *answer = user;

  if (answer->len + size * n > MAX_ANSWER)
    return 0;
  g_byte_array_append (answer, (const guint8 *)data, (guint)(size * n));
  return size * n;
}

static CURLcode
post (const TlSnsAccount *account, const char *body, GByteArray *answer, long *status)
{
  g_auto (GStrv) parts = g_strsplit (account->topic, ":", -1);
  g_autofree char *own = g_strdup_printf ("https://sns.%s.amazonaws.com/", parts[3]);
  CURL *curl = tl_curl_handle ();
  CURLcode done;

  curl_easy_setopt (curl, CURLOPT_URL, account->endpoint ? account->endpoint : own);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  tl_curl_sign (curl, parts[3], "sns", account->access_key, account->secret_key);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, SECONDS);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, answer);
  done = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, status);
  return done;
}

/* 4xx is about the message, but for those that say who may, and how often. */
static void
refuse (CURLcode done, long status, GBytes *answer, GError **error)
{
  g_autofree char *code = tl_s3_element (answer, "Code");
  g_autofree char *words = tl_s3_element (answer, "Message");
  gboolean is_throttled = status == 429 || g_strcmp0 (code, "Throttling") == 0;
  GIOErrorEnum kind = done != CURLE_OK || status >= 500 || status == 403
                          ? G_IO_ERROR_CONNECTION_REFUSED
                      : is_throttled ? G_IO_ERROR_BUSY
                                     : G_IO_ERROR_FAILED;

  if (done != CURLE_OK)
    g_set_error (error, G_IO_ERROR, kind, "The topic's service does not answer: %s",
                 curl_easy_strerror (done));
  else
    g_set_error (error, G_IO_ERROR, kind, "The topic's service answers %ld %s: %s", status,
                 code ? code : "without a code", words ? words : "");
}

gboolean
tl_sns_publish (const TlSnsAccount *account, const char *message, const char *const *names,
                const char *const *values, GError **error)
{
  g_autofree char *body = write_body (account, message, names, values);
  GByteArray *array = g_byte_array_new ();
  long status = 0;
  CURLcode done = post (account, body, array, &status);
  g_autoptr (GBytes) answer = g_byte_array_free_to_bytes (array);

  if (done == CURLE_OK && status / 100 == 2)
    return TRUE;
  refuse (done, status, answer, error);
  return FALSE;
}
