/* curl.h: outbound HTTP. One libcurl handle a thread, whose connections are kept for its next request. */
#pragma once

#include <curl/curl.h>
#include <glib.h>

/* This thread's handle with all options at their defaults; never freed by the caller. */
CURL *tl_curl_handle (void);
