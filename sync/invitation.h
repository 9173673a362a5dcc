/* invitation.h: what the link of an invitation says: which server, and the token that opens it. Any thread. */
#pragma once

#include <gio/gio.h>

typedef struct {
  char *server; /* "https://saltmarsh.club" */
  char *token;
} TlInvited;

/* Of "SERVER/join/TOKEN" or "tideline://join?link=…", with space around it or not; NULL when it is neither. */
TlInvited *tl_invited_parse (const char *link);
void tl_invited_free (TlInvited *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlInvited, tl_invited_free)
