/* page.h: the few pages that the server shows a browser: no script, nothing from elsewhere, kept by nobody, and no word of
 * where they are (their addresses have secrets in them). Any worker thread. */
#pragma once

#include "server/server.h"

/* What the browser would have it in, of what there are words in. */
const char *tl_page_language (TlRequest *request);
/* A heading and a sentence, as text; `form`: HTML below, NULL for none. */
void tl_page_answer (TlRequest *request, guint status, const char *title, const char *text,
                     const char *form);
/* The same; its form may end at `target`, too (a source as of CSP). */
void tl_page_answer_to (TlRequest *request, guint status, const char *title, const char *text,
                        const char *form, const char *target);
/* A form that sends `button` to where the page came from, with fields (HTML) before it. */
char *tl_page_form (const char *fields, const char *button);
/* The same to `address`. */
char *tl_page_form_to (const char *address, const char *fields, const char *button);
