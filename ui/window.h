/* window.h: the one window: sign-in, or what the account has; toasts over both. */
#pragma once

#include "ui/main-view.h"
#include "ui/sign-in.h"

#define TL_TYPE_WINDOW (tl_window_get_type ())
G_DECLARE_FINAL_TYPE (TlWindow, tl_window, TL, WINDOW, AdwApplicationWindow)

TlWindow *tl_window_new (GtkApplication *application);
/* Either takes the place of what was shown before. */
TlMainView *tl_window_show_session (TlWindow *self, const TlSession *session);
TlSignIn *tl_window_show_sign_in (TlWindow *self, TlSecrets *secrets);
/* NULL while nobody is signed in. */
TlMainView *tl_window_main_view (TlWindow *self);
void tl_window_add_toast (TlWindow *self, AdwToast *toast);
void tl_window_toast (TlWindow *self, const char *sentence);
