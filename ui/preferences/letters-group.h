/* letters-group.h: what a person missed, by e-mail: how often, and of what. Follows the settings; main thread. */
#pragma once

#include "ui/session.h"

#include <adwaita.h>

AdwPreferencesGroup *tl_letters_group_new (const TlSession *session);
