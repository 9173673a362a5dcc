/* smtp.h: gives one message to a mail server (RFC 5321), over TLS unless it is said not to. Any thread. */
#pragma once

#include <gio/gio.h>

typedef struct {
  const char *url;             /* "smtp://host:587", "smtps://host:465" */
  const char *user, *password; /* NULL: nobody signs in */
  const char *from;            /* where what cannot be delivered goes back to */
  gboolean is_plain;
} TlSmtpAccount;

/* local@domain of ASCII, without anything that SMTP or a header would have to quote. */
gboolean tl_smtp_is_address (const char *text);

/* TRUE: the server has taken the message upon itself. FALSE: G_IO_ERROR_CONNECTION_REFUSED (there is no server to speak
 * to, or it does not let us in: nothing was said of this message), G_IO_ERROR_BUSY (not now, 4xx), G_IO_ERROR_FAILED
 * (never, 5xx). The sentence has the server's own words. `message` has lines that end in CRLF. */
gboolean tl_smtp_send (const TlSmtpAccount *account, const char *to, GBytes *message,
                       GError **error);
