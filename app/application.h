/* application.h: org.tideline.Tideline: the window, its session, and what can be asked of it over D-Bus. */
#pragma once

#include <adwaita.h>

#define TL_TYPE_APPLICATION (tl_application_get_type ())
G_DECLARE_FINAL_TYPE (TlApplication, tl_application, TL, APPLICATION, AdwApplication)

TlApplication *tl_application_new (void);
