/* curl.c: see the header. */
#include "server/stores/curl.h"

CURL *
tl_curl_handle (void)
{
  static GPrivate handle = G_PRIVATE_INIT (curl_easy_cleanup);
  static gsize once;
  CURL *curl;

  if (g_once_init_enter (&once)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&once, 1);
  }
  curl = g_private_get (&handle);
  if (curl == NULL) {
    curl = curl_easy_init ();
    g_private_set (&handle, curl);
  }
  curl_easy_reset (curl);
  return curl;
}

void
tl_curl_sign (CURL *curl, const char *region, const char *service, const char *access_key,
              const char *secret_key)
{
  g_autofree char *signer = g_strdup_printf ("aws:amz:%s:%s", region, service);

  curl_easy_setopt (curl, CURLOPT_AWS_SIGV4, signer);
  curl_easy_setopt (curl, CURLOPT_USERNAME, access_key);
  curl_easy_setopt (curl, CURLOPT_PASSWORD, secret_key);
}
