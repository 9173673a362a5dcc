/* confine.h: what a process may still do that decodes pictures of strangers. */
#pragma once

#include <glib.h>

/* From here on: read and write what is open, take and give back memory, end. Anything else ends the process at once
 * (SIGSYS); so does running for long, and memory beyond the limit is refused. FALSE where the kernel has no
 * seccomp. */
gboolean tl_confine (void);
