/* socket-private.h: what socket.c (one socket, out), frames.c (in), reactor.c (the thread, all sockets)
 * and handshake.c share. Locks are taken in the order reactor, socket; neither is held when one of the
 * socket's events is called. */
#pragma once

#include "server/edge/socket.h"

#include <wslay/wslay.h>

#define TL_SOCKET_MAX_IN_FLIGHT 8 /* messages of one socket on workers; no more is read then */
#define TL_SOCKET_READ_BYTES 65536

struct _TlReactor {
  TlServer *server;
  gsize max_message;
  int epoll, wake;
  GThread *thread;
  int is_stopping; /* atomic */
  GMutex lock;
  GHashTable *sockets; /* set; the reactor holds a reference on each */
  guint8 *buffer;      /* the thread's, as */
  GByteArray *control; /* frames that wslay makes */
};

struct _TlSocket {
  int refs; /* atomic */
  TlReactor *reactor;
  const TlSocketEvents *events;
  gpointer data;

  /* the reactor thread's */
  wslay_event_context_ptr frames; /* NULL between messages */
  const guint8 *input;            /* what was read and not yet taken by wslay */
  gsize input_length;
  guint64 fed, expected; /* bytes given to wslay, and of the frames begun: equal between frames */
  guint fragments;       /* frames of the message that is not whole yet */

  /* stream.c's: text events, written by libmicrohttpd as a response's body. There is no descriptor. */
  gboolean is_stream;
  gboolean ends_after_event;
  guint ping; /* seconds between pings, as was asked for; 0: bare comments now and then */

  GMutex lock; /* over all that follows */
  struct MHD_Connection *connection;
  gboolean is_suspended; /* until there is something to write */
  int fd;
  guint32 armed; /* what epoll waits for */
  GBytes *rest;  /* was read and waits until fewer messages are in flight */
  GQueue queue;  /* of GBytes, to be written */
  gsize queued, sent_of_head;
  guint32 heard,
      pinged;       /* seconds, monotonic, as the next two; a stream's pinged: its last event */
  guint32 progress; /* when bytes last left while some wait */
  guint32 closing;  /* since when; 0: open */
  GBytes *farewell; /* the close frame, when messages are still worked on: their answers go first */
  guint in_flight;
  gboolean is_gone;  /* the descriptor is closed */
  gboolean was_told; /* closed() was called */
};

TlSocket *tl_socket_new (TlReactor *reactor, const TlSocketEvents *events, gpointer data);
guint32 tl_socket_now (void);
/* Tells epoll what to wait for, when that is something else than before. Under the lock. */
void tl_socket_arm (TlSocket *self);
/* Writes what the kernel takes. Under the lock. */
void tl_socket_flush (TlSocket *self);
/* `control`: whole frames of a pong, or ending with a close frame. */
void tl_socket_answer (TlSocket *self, GBytes *control, gboolean is_close);
/* Closes when what came before is answered. */
void tl_socket_end (TlSocket *self, guint16 code, const char *reason);
/* Nothing more is read. Under the lock. */
gboolean tl_socket_is_ending (TlSocket *self);
/* Pings who is silent; TRUE when the socket's time is up. */
gboolean tl_socket_tend (TlSocket *self, GBytes *ping, guint32 now);
/* closed() comes now, or when the last message returned. */
void tl_socket_gone (TlSocket *self);
void tl_socket_message_begins (TlSocket *self);
void tl_socket_message_done (TlSocket *self);

/* frames.c: reads once and handles what is whole; FALSE at the end. Reactor thread. */
gboolean tl_socket_read (TlSocket *self);

/* stream.c; all under the lock. */
void tl_stream_wake (TlSocket *self);
GBytes *tl_stream_event (const char *event, const char *id, const char *text);
/* What is to be sent because nothing else was, or NULL. */
GBytes *tl_stream_ping (TlSocket *self, guint32 now);

/* reactor.c: a socket is among those that are looked after, until it is dropped. Any thread. */
void tl_reactor_enter (TlReactor *self, TlSocket *socket);
void tl_reactor_drop (TlReactor *self, TlSocket *socket);
/* reactor.c: a TlUpgraded (http-private.h); `data` is the socket. */
void tl_reactor_adopt (gpointer data, int fd, const char *extra, gsize length);
