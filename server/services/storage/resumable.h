/* resumable.h: uploads in pieces, after draft-ietf-httpbis-resumable-upload: POST says how long it will be (Upload-Length)
 * and which bytes they are (Repr-Digest: sha-256), HEAD where it is (Upload-Offset), PATCH goes on there, DELETE gives it
 * up. Room is reserved from the first on; the last piece (Upload-Complete: ?1) is answered as an upload at once is. */
#pragma once

#include "server/server.h"

/* A POST to the route of uploads that begins one in pieces (Upload-Complete: ?0). */
gboolean tl_resumable_is_begun (TlRequest *request);
void tl_resumable_begin (TlRequest *request, gint64 account);

/* rest is "accountId/upload". */
void tl_resumable_look (TlRequest *request);
void tl_resumable_append (TlRequest *request);
void tl_resumable_end (TlRequest *request);

#define TL_RESUMABLE_ROUTES                                                                        \
  { "HEAD", "/jmap/upload/", TL_ROUTE_PREFIX | TL_ROUTE_SIGNED_IN, 0, tl_resumable_look },         \
      { "PATCH", "/jmap/upload/",                                                                  \
        TL_ROUTE_PREFIX | TL_ROUTE_SLOW | TL_ROUTE_UPLOAD | TL_ROUTE_SIGNED_IN, 0,                 \
        tl_resumable_append },                                                                     \
  {                                                                                                \
    "DELETE", "/jmap/upload/", TL_ROUTE_PREFIX | TL_ROUTE_SIGNED_IN, 0, tl_resumable_end           \
  }
