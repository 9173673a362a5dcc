/* factor-group.h: the second step of signing in: set up, confirmed, turned off. Main thread. */
#pragma once

#include "sync/remote.h"

#include <adwaita.h>

AdwPreferencesGroup *tl_factor_group_new (TlRemote *remote);
