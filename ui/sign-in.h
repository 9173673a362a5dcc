/* sign-in.h: where a person says which server is theirs and who they are. */
#pragma once

#include "sync/account.h"
#include "sync/remote.h"

#include <adwaita.h>

#define TL_TYPE_SIGN_IN (tl_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (TlSignIn, tl_sign_in, TL, SIGN_IN, AdwBin)

/* Signal: signed-in (TlRemote *, JsonObject *account, char *server): the remote holds the session. */
TlSignIn *tl_sign_in_new (TlSecrets *secrets);
/* What is known already; NULL where it isn't. */
void tl_sign_in_prefill (TlSignIn *self, const char *server, const char *login);
/* Asks by which invitation somebody joins; `link` may be NULL. */
void tl_sign_in_join (TlSignIn *self, const char *link);
/* One can go back to this account instead; NULL for none. */
void tl_sign_in_offer_back (TlSignIn *self, const TlAccount *account);
/* As if it had been typed and sent. */
void tl_sign_in_submit (TlSignIn *self, const char *password);
