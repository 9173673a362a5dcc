/* address-group.h: the address that one's letters go to, as the server knows it. Main thread. */
#pragma once

#include "sync/remote.h"

#include <adwaita.h>

/* Not to be seen where the server sends no letters. */
AdwPreferencesGroup *tl_address_group_new (TlRemote *remote);
