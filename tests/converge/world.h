/* world.h: what is around the devices. Main thread. */
#pragma once

#include "tests/fixtures/server.h"

/* The address of a server with feeds, for as long as the test runs. */
char *world_serve_feeds (void);
/* Every file that a message or a post names is there, whole, and readable by whoever sees it: how many. */
guint world_check_files (TlTestServer *server);
