/* profile-dialog.h: one's own picture, name, description and time zone. */
#pragma once

#include "sync/media.h"
#include "sync/models/items.h"
#include "sync/replica.h"

#include <adwaita.h>

AdwDialog *tl_profile_dialog_new (TlReplica *replica, TlMedia *media, TlPersonItem *me);
