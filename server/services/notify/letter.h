/* letter.h: a mail as it goes over the wire (RFC 5322, MIME by GMime): text and HTML of the same. Any thread. */
#pragma once

#include <glib.h>

typedef struct {
  const char *from, *to; /* addresses, of which there are no bad ones (tl_smtp_is_address) */
  const char *from_name;
  const char *subject;
  const char *text, *html;
  /* What it is, the same whenever it is sent again, and what it is about, by which readers put together what
   * belongs together: left sides of a Message-ID. about: may be NULL. */
  const char *id, *about;
  /* Where one click ends such letters (RFC 8058); NULL for those that were asked for. */
  const char *unsubscribe;
} TlLetter;

/* With lines that end in CRLF, in seven bits. */
GBytes *tl_letter_write (const TlLetter *self);
