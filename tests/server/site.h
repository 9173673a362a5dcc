/* site.h: a small web site of its own thread for tests: pages by path, that may change meanwhile. */
#pragma once

#include <glib.h>

typedef struct _Site Site;

Site *site_new (void);
void site_free (Site *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Site, site_free)

/* "http://127.0.0.1:port" and `path`. */
char *site_url (Site *self, const char *path);
/* From now on `path` answers `status`; `headers` are whole lines with \r\n, or "". A request that names
 * the ETag among them is answered 304. SITE in headers and body stands for the site's address. */
void site_put (Site *self, const char *path, guint status, const char *headers, const char *body);
void site_put_bytes (Site *self, const char *path, const char *headers, GBytes *body);
/* How often `path` was asked for, and the head of the last request. */
guint site_count (Site *self, const char *path);
char *site_last_head (Site *self);
