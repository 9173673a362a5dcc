/* uploads.h: files on their way to the server. A blob's id is its hash, so that an operation can name it before the
 * server has it: the bytes wait in the account's folder (uploads/), and what names them waits with them. */
#pragma once

#include "sync/attachment.h"
#include "sync/remote.h"
#include "sync/replica.h"

#define TL_UPLOAD_MAX (50 * 1024 * 1024)

/* Keeps a copy of the file, pictures prepared for sending (sync/picture-file.h); on disk when it resolves (to a
 * TL_TYPE_ATTACHMENT). Rejects with a sentence: too large, not readable, disk full. */
DexFuture *tl_upload_keep_file (TlReplica *replica, GFile *file);
/* The same with bytes (pasted); name: "Picture.png". */
DexFuture *tl_upload_keep (TlReplica *replica, GBytes *bytes, const char *name);
/* The file of a blob kept here, or NULL. */
char *tl_upload_path (const char *dir, const char *blob_id);

/* In a fiber: sends what operations name, one after another; FALSE when the network (or the server for now) is in the
 * way. A file that the server does not take refuses the operations that name it. */
gboolean tl_uploads_send (TlReplica *replica, TlRemote *remote,
                          void (*progress) (double fraction, gpointer data), gpointer data,
                          GError **error);
/* Writer thread: does the body name a blob that is still to be sent? */
gboolean tl_uploads_hold (TlDb *db, const char *body);
/* Removes files that nothing names since a day. In a fiber. */
void tl_uploads_clean (TlReplica *replica);
