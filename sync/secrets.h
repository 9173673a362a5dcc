/* secrets.h: refresh tokens, in the desktop's secret service only (libsecret). Without one they are
 * kept in memory and `is_persistent` says so. Never in files, logs or arguments. */
#pragma once

#include <libdex.h>

#define TL_TYPE_SECRETS (tl_secrets_get_type ())
G_DECLARE_FINAL_TYPE (TlSecrets, tl_secrets, TL, SECRETS, GObject)

TlSecrets *tl_secrets_new (void);
gboolean tl_secrets_is_persistent (TlSecrets *self);
/* `account`: "login@host". Resolves to TRUE. NULL token removes it. */
DexFuture *tl_secrets_store (TlSecrets *self, const char *account, const char *token);
/* Resolves to a char *, rejects with G_IO_ERROR_NOT_FOUND. */
DexFuture *tl_secrets_look_up (TlSecrets *self, const char *account);
