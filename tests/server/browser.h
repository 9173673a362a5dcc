/* browser.h: a browser without a screen, for the pages that the server shows: keeps cookies, fills forms in, and stops at
 * redirects so that a test sees where they lead. Main thread. */
#pragma once

#include <libsoup/soup.h>

typedef struct {
  SoupSession *session;
  char *address;  /* of the page */
  char *text;     /* of the page, or of the answer */
  char *location; /* where the answer leads; NULL: it is a page */
  SoupMessageHeaders *headers;
} Browser;

Browser *browser_new (void);
void browser_free (Browser *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Browser, browser_free)

/* The status of the answer. */
guint browser_open (Browser *self, const char *address);
/* The page's form with its hidden fields and these: name, value, …, NULL. */
guint browser_submit (Browser *self, ...) G_GNUC_NULL_TERMINATED;
/* The same to any address, with nothing of a page. */
guint browser_post (Browser *self, const char *address, const char *form);
/* Of the page; NULL when there is none. */
char *browser_hidden (Browser *self, const char *name);
/* A parameter of where the answer leads; NULL when there is none. */
char *browser_led (Browser *self, const char *name);
