/* profile-head.h: who somebody is, above what they wrote; following them, or changing one's own. */
#pragma once

#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_PROFILE_HEAD (tl_profile_head_get_type ())
G_DECLARE_FINAL_TYPE (TlProfileHead, tl_profile_head, TL, PROFILE_HEAD, AdwBin)

GtkWidget *tl_profile_head_new (const TlSession *session, gint64 person);
