/* preferences-dialog.h: what a person sets, here and for all their devices. Each takes effect as it is set. */
#pragma once

#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_PREFERENCES_DIALOG (tl_preferences_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlPreferencesDialog, tl_preferences_dialog, TL, PREFERENCES_DIALOG,
                      AdwPreferencesDialog)

/* page: "general", "notifications", "calendar", "filters"; "": the first. */
AdwDialog *tl_preferences_dialog_new (const TlSession *session, const char *page);
