/* reactor.c: all WebSockets: the epoll thread that reads them and sees to those whose time is up.
 *
 * A socket is in `sockets` from its adoption until it is dropped; who takes it out ends it. In the
 * thread's hands no socket is freed but by itself: others drop only what epoll doesn't know. */
#include "server/edge/socket-private.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define SWEEP_SECONDS 5

void
tl_reactor_drop (TlReactor *self, TlSocket *socket)
{
  gboolean is_ours;

  g_mutex_lock (&self->lock);
  is_ours = g_hash_table_steal (self->sockets, socket);
  g_mutex_unlock (&self->lock);
  if (!is_ours)
    return;
  tl_socket_ref (socket);
  tl_socket_gone (socket);
  tl_socket_unref (socket);
}

void
tl_reactor_enter (TlReactor *self, TlSocket *socket)
{
  g_mutex_lock (&self->lock);
  g_hash_table_add (self->sockets, socket);
  g_mutex_unlock (&self->lock);
}

static void
sweep (TlReactor *self)
{
  g_autoptr (GPtrArray) overdue = g_ptr_array_new ();
  g_autoptr (GBytes) ping = g_bytes_new_static ("\x89\0", 2);
  guint32 now = tl_socket_now ();
  GHashTableIter iter;
  gpointer socket;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    if (tl_socket_tend (socket, ping, now))
      g_ptr_array_add (overdue, socket);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < overdue->len; i++)
    tl_reactor_drop (self, overdue->pdata[i]);
}

static void
handle (TlReactor *self, TlSocket *socket, guint32 events)
{
  if (events & EPOLLOUT) {
    g_mutex_lock (&socket->lock);
    tl_socket_flush (socket);
    g_mutex_unlock (&socket->lock);
  }
  if ((events & (EPOLLERR | EPOLLHUP)) || !tl_socket_read (socket))
    tl_reactor_drop (self, socket);
}

static gpointer
react (gpointer data)
{
  TlReactor *self = data;
  guint32 next_sweep = tl_socket_now () + SWEEP_SECONDS;

  while (!g_atomic_int_get (&self->is_stopping)) {
    struct epoll_event events[256];
    int n = epoll_wait (self->epoll, events, G_N_ELEMENTS (events), 1000);

    for (int i = 0; i < n; i++)
      if (events[i].data.ptr)
        handle (self, events[i].data.ptr, events[i].events);
    if (tl_socket_now () >= next_sweep) {
      sweep (self);
      next_sweep = tl_socket_now () + SWEEP_SECONDS;
    }
  }
  return NULL;
}

TlReactor *
tl_reactor_new (TlServer *server, gsize max_message, GError **error)
{
  TlReactor *self = g_new0 (TlReactor, 1);
  struct epoll_event event = { .events = EPOLLIN };

  self->server = server;
  self->max_message = max_message;
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->buffer = g_malloc (TL_SOCKET_READ_BYTES);
  self->control = g_byte_array_new ();
  self->sockets = g_hash_table_new (NULL, NULL);
  g_mutex_init (&self->lock);
  if (self->epoll < 0 || self->wake < 0 ||
      epoll_ctl (self->epoll, EPOLL_CTL_ADD, self->wake, &event) != 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "WebSockets cannot start: %s",
                 g_strerror (errno));
    tl_reactor_free (self);
    return NULL;
  }
  self->thread = g_thread_new ("reactor", react, self);
  return self;
}

/* A reference on each, since another thread may drop one meanwhile. */
static GPtrArray *
take_sockets (TlReactor *self)
{
  GPtrArray *sockets = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_socket_unref);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer socket;

  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    g_ptr_array_add (sockets, tl_socket_ref (socket));
  return sockets;
}

void
tl_reactor_stop (TlReactor *self)
{
  g_autoptr (GPtrArray) sockets = NULL;
  guint64 one = 1;
  gssize n;

  g_atomic_int_set (&self->is_stopping, 1);
  n = write (self->wake, &one, sizeof one);
  (void)n; /* the loop also looks once a second */
  if (self->thread)
    g_thread_join (self->thread);
  self->thread = NULL;
  sockets = take_sockets (self);
  for (guint i = 0; i < sockets->len; i++) {
    tl_socket_close (sockets->pdata[i], 1001, "the server stops");
    tl_reactor_drop (self, sockets->pdata[i]);
  }
}

void
tl_reactor_free (TlReactor *self)
{
  if (self == NULL)
    return;
  tl_reactor_stop (self);
  g_hash_table_unref (self->sockets);
  close (self->epoll);
  close (self->wake);
  g_free (self->buffer);
  g_byte_array_unref (self->control);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
tl_reactor_count (TlReactor *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = g_hash_table_size (self->sockets);
  g_mutex_unlock (&self->lock);
  return n;
}

void
tl_reactor_adopt (gpointer data, int fd, const char *extra, gsize length)
{
  TlSocket *self = tl_socket_ref (data);
  TlReactor *reactor = self->reactor;
  struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = self };
  gboolean is_in = FALSE;
  int on = 1;

  self->fd = fd;
  tl_reactor_enter (reactor, self);
  g_mutex_lock (&self->lock);
  if (fd >= 0 && !self->is_gone && !g_atomic_int_get (&reactor->is_stopping)) {
    fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (length > 0) { /* it spoke with its handshake: that is looked at first */
      self->rest = g_bytes_new (extra, length);
      event.events = EPOLLOUT;
    }
    self->armed = event.events;
    is_in = epoll_ctl (reactor->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
  }
  g_mutex_unlock (&self->lock);
  if (!is_in)
    tl_reactor_drop (reactor, self);
  tl_socket_unref (self);
}
