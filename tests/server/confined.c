/* confined WRITE|OPEN|CONNECT|FORK: does that one thing, confined as what decodes pictures is. */
#include "server/scale/confine.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static gboolean
use_memory (void)
{
  char *room = g_malloc (1 << 20);

  memset (room, 1, 1 << 20);
  return write (STDOUT_FILENO, room, 1) == 1;
}

int
main (int argc, char **argv)
{
  if (argc != 2 || !tl_confine ())
    _exit (3);
  if (strcmp (argv[1], "write") == 0)
    _exit (use_memory () ? 0 : 4);
  if (strcmp (argv[1], "open") == 0)
    _exit (open ("/etc/hostname", O_RDONLY) >= 0 ? 0 : 4);
  if (strcmp (argv[1], "connect") == 0)
    _exit (socket (AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 4);
  _exit (fork () >= 0 ? 0 : 4);
}
