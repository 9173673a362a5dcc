/* link.h: addresses found in feeds and typed by people. Any thread. */
#pragma once

#include <gio/gio.h>

#define TL_LINK_MAX 4096

/* `reference` as an absolute http, https or mailto address, resolved against `base` (NULL-able); NULL for
 * everything else. */
char *tl_link_resolve (const char *base, const char *reference);
/* The one form of what a person typed as a feed's address, by which feeds are told apart. */
char *tl_link_normalize (const char *typed, GError **error);
/* The host of an http(s) address. */
char *tl_link_host (const char *address);
