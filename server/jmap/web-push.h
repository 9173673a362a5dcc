/* web-push.h: encryption of what is pushed (RFC 8291, aes128gcm of RFC 8188), so that the push service in
 * between cannot read it. Any thread. */
#pragma once

#include <glib.h>

/* Keys as the client said them, base64url: p256dh a point of P-256, auth 16 bytes. */
gboolean tl_web_push_check_keys (const char *p256dh, const char *auth);
/* NULL when something is wrong with the keys. */
GBytes *tl_web_push_encrypt (const char *p256dh, const char *auth, const char *text);

/* The same with the sender's key (32 bytes) and salt (16 bytes) given: for tests. */
GBytes *tl_web_push_encrypt_with (const char *p256dh, const char *auth, const char *text,
                                  const guint8 *private_key, const guint8 *salt);
