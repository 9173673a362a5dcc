/* sns.h: publishes to a topic of AWS' Simple Notification Service, or of what speaks like it. Any thread. */
#pragma once

#include <gio/gio.h>

typedef struct {
  const char *topic;    /* "arn:aws:sns:eu-central-1:123456789012:tideline" */
  const char *endpoint; /* NULL: AWS' own of the topic's region */
  const char *access_key, *secret_key;
} TlSnsAccount;

gboolean tl_sns_is_topic (const char *text);

/* `message` with the attributes `names` and `values` (NULL-terminated), by which subscribers choose. FALSE:
 * G_IO_ERROR_CONNECTION_REFUSED (the service does not answer, or does not let us in), BUSY (not now), FAILED (never). */
gboolean tl_sns_publish (const TlSnsAccount *account, const char *message, const char *const *names,
                         const char *const *values, GError **error);
