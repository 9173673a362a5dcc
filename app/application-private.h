/* application-private.h: what application.c (what is open, and who) and actions.c (what can be asked of it) share. */
#pragma once

#include "app/alarms.h"
#include "app/application.h"
#include "app/notices.h"
#include "app/notifier.h"
#include "app/session.h"
#include "ui/window.h"

struct _TlApplication {
  AdwApplication parent;
  char *server, *login; /* --server, --login */
  TlSecrets *secrets;
  TlWindow *window;
  TlSession *session;
  TlNotifier *notifier;
  TlNotices *notices;
  TlAlarms *alarms;
};

/* Every action and its keys. */
void tl_application_add_actions (TlApplication *self);
/* Those that need somebody are there while somebody is signed in. */
void tl_application_update_actions (TlApplication *self);

/* The window must show something else before what this resolves to is awaited; NULL: nobody is signed in. */
TlSession *tl_application_take_session (TlApplication *self);
void tl_application_open_account (TlApplication *self, const TlAccount *account, TlRemote *remote);
/* server, login: what is known already, or NULL. */
TlSignIn *tl_application_show_sign_in (TlApplication *self, const char *server, const char *login);
