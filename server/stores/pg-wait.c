/* pg-wait.c: see the header. A PostgreSQL that is stopped, or whose machine is gone, keeps its connections
 * open and says nothing: only a clock ends that. The connection's thread. */
#include "server/stores/pg-wait.h"

#include <errno.h>
#include <poll.h>

#define FOREVER (-1)

/* Rounded up: a wait of less than a millisecond must not become a busy one. */
static int
left_ms (gint64 until)
{
  return until == 0 ? FOREVER : (int)((MAX (until - g_get_monotonic_time (), 0) + 999) / 1000);
}

gboolean
tl_pg_await (PGconn *conn, gint64 until)
{
  gboolean is_sending = PQflush (conn) > 0;

  while (PQisBusy (conn) && PQsocket (conn) >= 0) {
    struct pollfd fd = { PQsocket (conn), is_sending ? POLLIN | POLLOUT : POLLIN, 0 };
    int n = poll (&fd, 1, left_ms (until));

    if (n == 0)
      return FALSE;
    if (n < 0 && errno == EINTR)
      continue;
    if (!PQconsumeInput (conn))
      return TRUE; /* it broke: PQgetResult() says how */
    is_sending = PQflush (conn) > 0;
  }
  return TRUE;
}
