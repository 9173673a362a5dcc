/* ask.h: what a program asks of /oauth/authorize, checked, and the ways back to it: a browser is sent to an address of a client
 * that is known, or nowhere. Any worker thread. */
#pragma once

#include "server/server.h"
#include "server/services/oauth/clients.h"

typedef struct {
  TlOauthClient *client;
  char *redirect, *state, *challenge; /* state: NULL for none */
} TlOauthAsk;

/* From the request's address. FALSE: it has been answered, on a page while it is not known where back is, there from then
 * on. */
gboolean tl_oauth_ask_read (TlRequest *request, TlOauthAsk *self);
void tl_oauth_ask_clear (TlOauthAsk *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlOauthAsk, tl_oauth_ask_clear)
/* `path` with all of it as the query; free. */
char *tl_oauth_ask_address (const TlOauthAsk *self, const char *path);

/* The program's address with `name`=`value`, the state and who answers (RFC 9207); free. */
char *tl_oauth_back (TlRequest *request, const TlOauthAsk *self, const char *name,
                     const char *value);
void tl_oauth_send_back (TlRequest *request, const TlOauthAsk *self, const char *name,
                         const char *value);
/* A page that says so, with words of words.h. */
void tl_oauth_say (TlRequest *request, guint status, const char *title, const char *text);
/* "Later"; `error` (may be NULL) is for the log. */
void tl_oauth_put_off (TlRequest *request, const GError *error);
