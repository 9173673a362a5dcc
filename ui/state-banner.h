/* state-banner.h: what a person should know about the sync, above what they read: offline since when and what
 * waits, or that they must sign in again. */
#pragma once

#include "sync/engine.h"

#include <adwaita.h>

#define TL_TYPE_STATE_BANNER (tl_state_banner_get_type ())
G_DECLARE_FINAL_TYPE (TlStateBanner, tl_state_banner, TL, STATE_BANNER, AdwBin)

void tl_state_banner_set_engine (TlStateBanner *self, TlEngine *engine);
