/* password.c: reads a password from where other users of the machine cannot see it. What held it is
 * overwritten; the terminal's echo comes back even when the reading fails. */
#include "server/ctl/ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX 4096
#define GENERATED_LENGTH 20

/* The first line, without its end. */
static char *
read_line (int fd)
{
  char *line = g_malloc0 (PASSWORD_MAX + 1);
  gsize length = 0;

  while (length < PASSWORD_MAX) {
    gssize n = read (fd, line + length, 1);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0 || line[length] == '\n')
      break;
    length++;
  }
  line[length] = '\0';
  if (length && line[length - 1] == '\r')
    line[length - 1] = '\0';
  return line;
}

static char *
ask (const char *prompt)
{
  struct termios before, silent;
  char *line;

  tcgetattr (STDIN_FILENO, &before);
  silent = before;
  silent.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
  fputs (prompt, stderr);
  line = read_line (STDIN_FILENO);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  fputc ('\n', stderr);
  return line;
}

static char *
ask_twice (GError **error)
{
  char *first = ask ("Password: ");
  char *second = ask ("The same again: ");
  gboolean same = strcmp (first, second) == 0;

  tl_password_free (second);
  if (same)
    return first;
  tl_password_free (first);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The two passwords differ");
  return NULL;
}

char *
tl_password_read (const char *file, GError **error)
{
  char *password;
  int fd;

  if (file == NULL && isatty (STDIN_FILENO))
    return ask_twice (error);
  if (file == NULL || strcmp (file, "-") == 0)
    return read_line (STDIN_FILENO);
  fd = open (file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 "The password file “%s” cannot be read: %s", file, g_strerror (errno));
    return NULL;
  }
  password = read_line (fd);
  close (fd);
  return password;
}

char *
tl_password_generate (void)
{
  static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
  char *password = g_malloc0 (GENERATED_LENGTH + 1);

  for (guint i = 0; i < GENERATED_LENGTH; i++)
    password[i] = letters[randombytes_uniform (sizeof letters - 1)];
  return password;
}

void
tl_password_free (char *password)
{
  if (password == NULL)
    return;
  sodium_memzero (password, strlen (password));
  g_free (password);
}
