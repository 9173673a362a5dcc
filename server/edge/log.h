/* log.h: structured logs, one JSON object a line on standard error. Never a secret: callers pass names, numbers
 * and sentences, no headers and no bodies. */
#pragma once

#include <glib.h>

typedef enum { TL_LOG_DEBUG, TL_LOG_INFO, TL_LOG_WARNING, TL_LOG_ERROR } TlLogLevel;

/* GLib's own messages go the same way from here on. */
void tl_log_init (void);
/* `request`: its id or NULL. Then names and values of further members, NULL-terminated. */
void tl_log (TlLogLevel level, const char *request, const char *message,
             ...) G_GNUC_NULL_TERMINATED;
