/* link.c: addresses found in feeds and typed by people: absolute, of harmless schemes, bounded.
 *
 * What the address space of a page allows beyond RFC 3986 (blanks, non-ASCII) is escaped here, so that
 * everything stored is an URI. Any thread. */
#include "server/services/news/link.h"

#include <string.h>

#define FLAGS (G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_SCHEME_NORMALIZE)
#define TYPED_MAX 2000

static gboolean
is_plain (guchar c)
{
  return c > ' ' && c < 0x7f && strchr ("<>\"`{}|\\^", c) == NULL;
}

static gboolean
is_web (const char *address)
{
  return g_str_has_prefix (address, "https://") || g_str_has_prefix (address, "http://");
}

/* A complete web address of a plain host, without anything to escape or to resolve: nearly all of them. */
static gboolean
is_ready (const char *address, gsize length)
{
  const char *host = is_web (address) ? strchr (address, '/') + 2 : NULL;

  if (host == NULL || !g_ascii_isalnum (*host))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!is_plain ((guchar)address[i]))
      return FALSE;
  while (g_ascii_isalnum (*host) || *host == '-' || *host == '.')
    host++;
  return *host == '/';
}

/* Without the blanks around it, tabs and newlines; NULL when nothing or too much is left. */
static char *
escape (const char *text)
{
  g_autoptr (GString) escaped = g_string_new (NULL);
  const char *end = text + strlen (text);

  while (end > text && (guchar)end[-1] <= ' ')
    end--;
  while (text < end && (guchar)*text <= ' ')
    text++;
  for (; text < end && escaped->len <= TL_LINK_MAX; text++) {
    guchar c = (guchar)*text;

    if (c == '\t' || c == '\n' || c == '\r')
      continue;
    if (is_plain (c))
      g_string_append_c (escaped, (char)c);
    else
      g_string_append_printf (escaped, "%%%02X", c);
  }
  if (escaped->len == 0 || escaped->len > TL_LINK_MAX)
    return NULL;
  return g_string_free_and_steal (g_steal_pointer (&escaped));
}

/* GLib takes ";" for the end of a host, and then cannot write what it read. */
static gboolean
is_writable (GUri *uri)
{
  const char *path = g_uri_get_path (uri);

  return g_uri_get_host (uri) == NULL || *path == '\0' || *path == '/';
}

static char *
resolve (const char *base, const char *escaped)
{
  g_autoptr (GUri) outer = base ? g_uri_parse (base, FLAGS, NULL) : NULL;
  g_autoptr (GUri) uri = g_uri_parse_relative (outer, escaped, FLAGS, NULL);

  return uri && is_writable (uri) ? g_uri_to_string (uri) : NULL;
}

char *
tl_link_resolve (const char *base, const char *reference)
{
  gsize length = strlen (reference);
  g_autofree char *escaped = NULL;
  g_autofree char *address = NULL;
  g_autofree char *host = NULL;

  if (length <= TL_LINK_MAX && is_ready (reference, length))
    return g_strdup (reference);
  escaped = escape (reference);
  address = escaped ? resolve (base, escaped) : NULL;
  if (address == NULL || strlen (address) > TL_LINK_MAX)
    return NULL;
  if (g_str_has_prefix (address, "mailto:") && strlen (address) > strlen ("mailto:"))
    return g_steal_pointer (&address);
  host = is_web (address) ? tl_link_host (address) : NULL;
  return host && *host ? g_steal_pointer (&address) : NULL;
}

G_GNUC_PRINTF (2, 3)
static char *
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error,
                     g_error_new_valist (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, format, args));
  va_end (args);
  return NULL;
}

static char *
with_scheme (const char *typed)
{
  if (g_ascii_strncasecmp (typed, "feed://", 7) == 0)
    return g_strconcat ("http://", typed + 7, NULL);
  if (g_ascii_strncasecmp (typed, "feed:", 5) == 0)
    typed += 5;
  return strstr (typed, "://") ? g_strdup (typed) : g_strconcat ("https://", typed, NULL);
}

char *
tl_link_normalize (const char *typed, GError **error)
{
  g_autofree char *escaped = escape (typed);
  g_autofree char *complete = escaped ? with_scheme (escaped) : NULL;
  g_autoptr (GUri) uri = complete ? g_uri_parse (complete, FLAGS, NULL) : NULL;
  g_autofree char *host = NULL;
  g_autofree char *address = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      !is_writable (uri))
    return refuse (error, "“%.100s” is not an address", typed);
  if (!g_str_equal (g_uri_get_scheme (uri), "http") &&
      !g_str_equal (g_uri_get_scheme (uri), "https"))
    return refuse (error, "only http and https addresses are followed, not %.20s",
                   g_uri_get_scheme (uri));
  if (g_uri_get_userinfo (uri))
    return refuse (error, "an address with a user name or password in it would be shown to others");
  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  address =
      g_uri_join (FLAGS, g_uri_get_scheme (uri), NULL, host, g_uri_get_port (uri),
                  *g_uri_get_path (uri) ? g_uri_get_path (uri) : "/", g_uri_get_query (uri), NULL);
  if (strlen (address) > TYPED_MAX)
    return refuse (error, "longer than %d bytes", TYPED_MAX);
  return g_steal_pointer (&address);
}

char *
tl_link_host (const char *address)
{
  char *host = NULL;

  if (!g_uri_split_network (address, FLAGS, NULL, &host, NULL, NULL))
    return NULL;
  return host;
}
