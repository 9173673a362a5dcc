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
