/* remote-people.h: inviting others, and what is done about accounts, as the server allows it. Nothing of it is kept
 * here. Main thread; errors are the remote's. */
#pragma once

#include "sync/remote.h"

/* Resolves to a JsonObject {mayInvite, invitations: [{id, uses, createdAt, expiresAt}]}. */
DexFuture *tl_remote_invitations (TlRemote *self);
/* Resolves to a JsonObject {link, expiresAt}. */
DexFuture *tl_remote_invite (TlRemote *self, int uses, int days);
DexFuture *tl_remote_revoke_invitation (TlRemote *self, const char *id);

/* Has everything of oneself put into an archive. Resolves to its blob (char *) when it is there, which may take a while. */
DexFuture *tl_remote_export (TlRemote *self, const char *password);
/* Deletes oneself; nobody is signed in after it. */
DexFuture *tl_remote_delete_account (TlRemote *self, const char *password);

/* The second factor: resolves to a JsonObject {isOn, recoveryCodes}; beginning to set it up to {secret, uri}; a code of it
 * turns it on, {recoveryCodes: [strings]}; the password and a code turn it off. */
DexFuture *tl_remote_factor (TlRemote *self);
DexFuture *tl_remote_begin_factor (TlRemote *self, const char *password);
DexFuture *tl_remote_confirm_factor (TlRemote *self, const char *code);
DexFuture *tl_remote_end_factor (TlRemote *self, const char *password, const char *code);

/* What one may do about somebody: resolves to a JsonObject {role, isSuspended, may}. */
DexFuture *tl_remote_person (TlRemote *self, gint64 person);
/* `deed`: "suspend" or "let-in". */
DexFuture *tl_remote_order (TlRemote *self, const char *deed, gint64 person);

/* Where one is written to. Resolves to a JsonObject {isOffered, address, isConfirmed}. */
DexFuture *tl_remote_address (TlRemote *self);
/* The same; "" is none. */
DexFuture *tl_remote_set_address (TlRemote *self, const char *address, const char *password);
/* A letter by which a forgotten password is changed, if there is somebody with that address. Nobody is signed in. */
DexFuture *tl_remote_forgotten (TlRemote *self, const char *address);
