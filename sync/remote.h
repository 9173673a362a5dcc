/* remote.h: the server as the client sees it: JMAP over libsoup, sign-in, media.
 *
 * Gets and renews the access token by itself. Futures resolve on the main context. Errors: */
#pragma once

#include "sync/secrets.h"

#include <json-glib/json-glib.h>

#define TL_REMOTE_ERROR (tl_remote_error_quark ())
GQuark tl_remote_error_quark (void);
typedef enum {
  TL_REMOTE_ERROR_OFFLINE,   /* not reached, broken off, timed out: try later */
  TL_REMOTE_ERROR_BUSY,      /* 429, 503: try later */
  TL_REMOTE_ERROR_SIGN_IN,   /* a person must sign in again */
  TL_REMOTE_ERROR_PROTOCOL,  /* an answer that isn't JMAP: names what */
  TL_REMOTE_ERROR_REFUSED,   /* the server says no, with a sentence */
  TL_REMOTE_ERROR_CODE,      /* the password is right, a code is needed: tl_remote_sign_in_code() */
  TL_REMOTE_ERROR_TOO_LARGE, /* the same, but less at once may do (413; RFC 8620, 3.6.1: limit) */
} TlRemoteError;

/* What a server said, no longer than a sentence is. */
char *tl_remote_said (const char *text);

#define TL_TYPE_REMOTE (tl_remote_get_type ())
G_DECLARE_FINAL_TYPE (TlRemote, tl_remote, TL, REMOTE, GObject)

/* `account`: "login@host", names the secret. */
TlRemote *tl_remote_new (const char *server, const char *account, TlSecrets *secrets);
/* Is there a Tideline server? Resolves to its name (char *). */
DexFuture *tl_remote_probe (TlRemote *self);
/* Resolves to a JsonObject {accountId, name, login}. */
DexFuture *tl_remote_sign_in (TlRemote *self, const char *login, const char *password,
                              const char *device);
/* The second step, after TL_REMOTE_ERROR_CODE: a code of the time or a recovery code. Resolves as a sign-in. */
DexFuture *tl_remote_sign_in_code (TlRemote *self, const char *login, const char *code,
                                   const char *device);
/* Joins the server: as somebody new, by an invitation ("": where anybody may). Resolves as a sign-in. */
DexFuture *tl_remote_join (TlRemote *self, const char *login, const char *name,
                           const char *password, const char *invitation, const char *device);
DexFuture *tl_remote_sign_out (TlRemote *self);

/* One JMAP request; `calls` (array of invocations) is taken. Resolves to the body as GBytes: valid JSON whose
 * methodResponses has as many entries as calls, in order. Not parsed further: the replica takes it apart. */
DexFuture *tl_remote_call (TlRemote *self, JsonNode *calls);
/* Resolves to GBytes of /media/<hash>. size: the greatest side in pixels that a picture is to have, 0: as it is. */
DexFuture *tl_remote_media (TlRemote *self, const char *hash, guint size);
DexFuture *tl_remote_download (TlRemote *self, const char *blob_id, guint size);
/* Where an account's blobs are, each under "<id>/<name>". */
char *tl_remote_downloads (TlRemote *self, gint64 account);
/* Resolves when the server keeps them (RFC 8620, 6.1). */
DexFuture *tl_remote_upload (TlRemote *self, GBytes *bytes, const char *type);

/* In a fiber: the same of a large file, in pieces; tried again after a failure it goes on where it was. */
gboolean tl_remote_upload_in_pieces (TlRemote *self, GBytes *bytes, const char *type,
                                     void (*sent) (gsize bytes, gpointer data), gpointer data,
                                     GError **error);

typedef struct {
  /* connected and asked for pushes: what was committed before may have been missed */
  void (*opened) (gpointer data);
  void (*frame) (const char *text, gpointer data);
} TlRemoteEvents;

/* The push socket, with the changed objects themselves; one at a time. Rejects when it ends. `events` is
 * copied; nothing is called any more after hang_up. */
DexFuture *tl_remote_listen (TlRemote *self, const TlRemoteEvents *events, gpointer data);
void tl_remote_hang_up (TlRemote *self);
