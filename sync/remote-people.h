/* remote-people.h: inviting others, and what is done about accounts, as the server allows it. Nothing of it is kept
 * here. Main thread; errors are the remote's. */
#pragma once

#include "sync/remote.h"

/* Resolves to a JsonObject {mayInvite, invitations: [{id, uses, createdAt, expiresAt}]}. */
DexFuture *tl_remote_invitations (TlRemote *self);
/* Resolves to a JsonObject {link, expiresAt}. */
DexFuture *tl_remote_invite (TlRemote *self, int uses, int days);
DexFuture *tl_remote_revoke_invitation (TlRemote *self, const char *id);
