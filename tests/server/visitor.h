/* visitor.h: a person who uses a real server over HTTP and WebSocket, for tests. JSON is written with '
 * for ". Main thread. */
#pragma once

#include "tests/fixtures/server.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

typedef struct {
  const char *url;
  SoupSession *session;
  char *account; /* id */
  char *access;
  char *refresh;
  SoupWebsocketConnection *socket;
  GQueue frames; /* of JsonObject, received and not taken yet */
} Visitor;

/* Nobody yet. */
Visitor *visitor_new (TlTestServer *server);
/* Signed in. */
Visitor *visitor_new_as (TlTestServer *server, const char *login);
void visitor_free (Visitor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Visitor, visitor_free)

/* The body of the answer, NULL for none. */
JsonObject *visitor_post (Visitor *self, const char *path, const char *json, guint *status);
JsonObject *visitor_get (Visitor *self, const char *path, guint *status);
const char *visitor_header (Visitor *self, const char *name); /* of the last answer */

guint visitor_sign_in (Visitor *self, const char *login, const char *password);

/* The arguments of the one response to one method call; ACCOUNT stands for the account's id. */
JsonObject *visitor_call (Visitor *self, const char *call);

void visitor_open_socket (Visitor *self);
void visitor_send (Visitor *self, const char *json);
/* The next frame of `type`; those before are dropped. Fails the test when none comes. */
JsonObject *visitor_next (Visitor *self, const char *type);
/* The same, but those before are kept. */
JsonObject *visitor_take (Visitor *self, const char *type);
/* Of what came so far and was not taken: is there a frame of `type`? */
gboolean visitor_has (Visitor *self, const char *type);
