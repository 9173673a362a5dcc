/* hub.h: pushes what was committed to the sockets that listen. */
#pragma once

#include "server/server.h"

/* Something was committed by this process: look at the log now, and wake the other processes.
 * Any thread; never blocks. */
void tl_hub_committed (TlHub *self);
