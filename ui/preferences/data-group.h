/* data-group.h: one's own data as a file, and the end of one's account. Main thread. */
#pragma once

#include "sync/remote.h"

#include <adwaita.h>

/* When the account is deleted, the action "app.leave" forgets it here. */
AdwPreferencesGroup *tl_data_group_new (TlRemote *remote);
