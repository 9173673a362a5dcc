/* email.h: the channel of letters: what one person missed, in one letter, in their language; and the letters about their
 * account. */
#pragma once

#include "server/services/notify/delivery.h"
#include "server/stores/smtp.h"

extern const TlChannel tl_email_channel;

#define TL_CONFIRM_SECONDS (24 * 60 * 60)

/* How `config` says that mail leaves. */
TlSmtpAccount tl_email_account (const TlConfig *config);
/* A letter to see whether letters arrive. */
gboolean tl_email_test (const TlConfig *config, const char *to, GError **error);
