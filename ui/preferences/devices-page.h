/* devices-page.h: where a person is signed in, and signing out there. */
#pragma once

#include "sync/remote.h"

#include <adwaita.h>

/* Asks the server when it is first shown. */
AdwPreferencesPage *tl_devices_page_new (TlRemote *remote);
