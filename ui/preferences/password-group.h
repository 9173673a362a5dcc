/* password-group.h: another password, for who knows the one before. */
#pragma once

#include "sync/remote.h"

#include <adwaita.h>

AdwPreferencesGroup *tl_password_group_new (TlRemote *remote);
