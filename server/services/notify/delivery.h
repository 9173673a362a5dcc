/* delivery.h: the outbox of what is told by other ways than the protocol, and the jobs that empty it. A row is written
 * in the transaction that makes what it tells of. It is told at least once: who dies between telling and saying so has
 * it told again, under the same name, by which the other side knows it. */
#pragma once

#include "server/jmap/type.h"

enum {
  TL_DELIVERY_ID,
  TL_DELIVERY_ACCOUNT,
  TL_DELIVERY_ATTEMPTS,
  TL_DELIVERY_NOTIFICATION,
  TL_DELIVERY_LETTER,
  TL_DELIVERY_ROOM,
  TL_DELIVERY_SINCE
};

typedef struct {
  const char *name;
  gboolean (*is_on) (const TlConfig *config);
  /* Tells one person what `rows` say, on a jobs' thread; what needs no telling any more is told, too. FALSE:
   * G_IO_ERROR_CONNECTION_REFUSED (whoever should tell is away), BUSY (not now), FAILED (never), or what went wrong
   * here. */
  gboolean (*tell) (TlServer *server, TlPg *pg, PGresult *rows, GError **error);
} TlChannel;

/* Within `write`: a notification that was just made. */
gboolean tl_delivery_add (TlWrite *write, gint64 scope, const char *kind, gint64 notification,
                          GError **error);
/* The same: a message in the room of `scope`, of which nothing is told unless it is a direct one. */
gboolean tl_delivery_add_direct (TlWrite *write, gint64 scope, gint64 message, GError **error);
/* A letter to `account` about their account: "confirm", "reset". By itself; it leaves at once. */
gboolean tl_delivery_add_letter (TlServer *server, TlPg *pg, const char *account,
                                 const char *letter, GError **error);

extern const TlJobKind tl_deliver_job; /* key: the channel and a number: so many tell at once */
