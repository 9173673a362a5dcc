/* proxy.h: a TCP proxy between clients and the server that breaks things, one request at a time.
 *
 * It knows just enough HTTP to see where a request ends. Faults are drawn from the seed of the history, so
 * that a history can be played again. Runs on its own thread. */
#pragma once

#include <glib.h>

typedef enum {
  TL_FAULT_NONE,
  TL_FAULT_REQUEST_LOST, /* cut before the server saw it */
  TL_FAULT_REQUEST_CUT,  /* half a request */
  TL_FAULT_REPLY_LOST,   /* the server did it, the client never hears */
  TL_FAULT_DOUBLED,      /* the server gets it twice, the client hears the second answer */
  TL_FAULT_REPLY_CUT,    /* half an answer */
  TL_FAULT_DELAYED,
  TL_N_FAULTS
} TlFault;

typedef struct _TlProxy TlProxy;

TlProxy *tl_proxy_new (guint16 server_port);
void tl_proxy_free (TlProxy *self);
guint16 tl_proxy_port (TlProxy *self);
void tl_proxy_set_server (TlProxy *self, guint16 server_port);
/* One request in `one_in` is hit, 0 for none. */
void tl_proxy_set_faults (TlProxy *self, guint32 seed, guint one_in);
/* How often each fault was injected since the beginning. */
void tl_proxy_counts (TlProxy *self, guint counts[TL_N_FAULTS]);
