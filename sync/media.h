/* media.h: pictures, on disk (bounded, oldest use evicted) and from the server when they are not.
 * Resolve to GBytes. The newest articles' pictures are fetched ahead so that they are there offline. */
#pragma once

#include "sync/remote.h"
#include "sync/replica.h"

typedef struct _TlMedia TlMedia;

TlMedia *tl_media_new (const char *dir, TlRemote *remote, guint64 max_bytes);
/* Once for each that holds it. */
TlMedia *tl_media_ref (TlMedia *self);
void tl_media_free (TlMedia *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlMedia, tl_media_free)
/* The account's folder. */
const char *tl_media_dir (TlMedia *self);
/* By name: a picture's hash (64 letters) or a blob's id ("b" and 64 letters). */
DexFuture *tl_media_load (TlMedia *self, const char *name);
/* A picture for `pixels` on its longer side: one that is here and large enough, else the server's next size; offline
 * what there is. */
DexFuture *tl_media_load_for (TlMedia *self, const char *name, guint pixels);
/* How many bytes are kept, and how many may be: when less, what was used longest ago goes. */
guint64 tl_media_size (TlMedia *self);
void tl_media_set_limit (TlMedia *self, guint64 max_bytes);
/* Where blobs are for whoever may read them, as tl_remote_downloads(). */
char *tl_media_address (TlMedia *self, gint64 account);
/* All goes; what is looked at comes again. */
void tl_media_clear (TlMedia *self);
/* Pictures of the newest `n` articles and posts, and people's; resolves when done or offline. */
DexFuture *tl_media_fetch_ahead (TlMedia *self, TlReplica *replica, guint n);
