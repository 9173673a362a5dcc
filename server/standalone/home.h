/* home.h: the stand-alone folder without its children: its lock, its owner, its runtime folder. */
#pragma once

#include "server/edge/config.h"

#include <sys/types.h>

typedef struct {
  char *dir;
  char *runtime; /* the sockets' folder; NULL until the lock is held */
  int lock;
  uid_t uid; /* whom the children run as, when this process is root */
  gid_t gid;
} TlHome;

/* Makes and locks it, and fills in `config`. Call tl_home_close also after a failure. */
gboolean tl_home_open (TlHome *self, const char *dir, TlConfig *config, GError **error);
void tl_home_close (TlHome *self);
