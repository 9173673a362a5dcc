/* curl.h: outbound HTTP. One libcurl handle a thread, whose connections are kept for its next request. */
#pragma once

#include <curl/curl.h>
#include <glib.h>

/* This thread's handle with all options at their defaults; never freed by the caller. */
CURL *tl_curl_handle (void);
/* What is asked next is signed for a service of AWS ("s3", "sns"), or of what speaks like it (signature version 4). */
void tl_curl_sign (CURL *curl, const char *region, const char *service, const char *access_key,
                   const char *secret_key);
