/* authenticator.h: what a person's authenticator app does with a secret. Any thread. */
#pragma once

#include "server/services/user/totp.h"

/* Of base32, as the server says it. */
void authenticator_read (const char *base32, guint8 secret[TL_TOTP_BYTES]);
/* The code of now; free. */
char *authenticator_code (const char *base32);
