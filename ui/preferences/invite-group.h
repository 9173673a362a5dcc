/* invite-group.h: inviting others to the server, where that is allowed. Main thread. */
#pragma once

#include "sync/remote.h"

#include <adwaita.h>

/* It is not to be seen until the server says that one may invite. */
AdwPreferencesGroup *tl_invite_group_new (TlRemote *remote);
