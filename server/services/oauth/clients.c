/* clients.c: see the header. What is redirected to has one shape, so that what stands in a header is never more than an
 * address. */
#include "server/services/oauth/clients.h"

#include <string.h>

#define SQL "oauth/oauth.sql"
#define REDIRECT_MAX 1024
#define LOOPBACK_4 "http://127.0.0.1"
#define LOOPBACK_6 "http://[::1]"

static const char *const app_redirects[] = { LOOPBACK_4 "/signed-in", LOOPBACK_6 "/signed-in",
                                             NULL };

static TlOauthClient *
client_new (const char *id, const char *name, char **redirects)
{
  TlOauthClient *self = g_new0 (TlOauthClient, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->redirects = redirects;
  return self;
}

TlOauthClient *
tl_oauth_client_find (TlPg *pg, const char *id, GError **error)
{
  const char *args[] = { id };
  g_autoptr (PGresult) row = NULL;

  if (g_str_equal (id, TL_OAUTH_APP))
    return client_new (id, "Tideline", g_strdupv ((char **)app_redirects));
  row = tl_pg_query (pg, SQL ".client", tl_sql (SQL, "client"), 1, args, error);
  if (row == NULL || PQntuples (row) == 0)
    return NULL;
  return client_new (id, PQgetvalue (row, 0, 0), g_strsplit (PQgetvalue (row, 0, 1), "\n", -1));
}

void
tl_oauth_client_free (TlOauthClient *self)
{
  g_free (self->id);
  g_free (self->name);
  g_strfreev (self->redirects);
  g_free (self);
}

static gsize
span_of_loopback (const char *redirect)
{
  if (g_str_has_prefix (redirect, LOOPBACK_4))
    return strlen (LOOPBACK_4);
  return g_str_has_prefix (redirect, LOOPBACK_6) ? strlen (LOOPBACK_6) : 0;
}

/* As registered, for comparing: on the loopback without its port. */
static char *
without_port (const char *redirect)
{
  gsize span = span_of_loopback (redirect);
  const char *rest = redirect + span;

  if (span == 0)
    return g_strdup (redirect);
  if (*rest == ':')
    rest += 1 + strspn (rest + 1, "0123456789");
  return g_strdup_printf ("%.*s%s", (int)span, redirect, rest);
}

gboolean
tl_oauth_redirect_is_fit (const char *redirect)
{
  static const char shape[] = "^(?:https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?=/)"
                              "|http://(?:127\\.0\\.0\\.1|\\[::1\\])(?::[0-9]{1,5})?(?=/)"
                              "|[a-z][a-z0-9+-]*(?:\\.[a-z0-9+-]+)+:(?=/))"
                              "/[A-Za-z0-9._~!$&*+=:@%/?-]*\\z";

  return strlen (redirect) <= REDIRECT_MAX && g_regex_match_simple (shape, redirect, 0, 0);
}

gboolean
tl_oauth_client_takes (const TlOauthClient *self, const char *redirect)
{
  g_autofree char *asked = NULL;

  if (!tl_oauth_redirect_is_fit (redirect))
    return FALSE;
  asked = without_port (redirect);
  for (char **known = self->redirects; *known; known++) {
    g_autofree char *registered = without_port (*known);

    if (g_str_equal (registered, asked))
      return TRUE;
  }
  return FALSE;
}

char *
tl_oauth_redirect_source (const char *redirect)
{
  const char *authority = strstr (redirect, "://");

  if (g_str_has_prefix (redirect, LOOPBACK_6)) /* CSP knows no such address */
    return g_strdup ("http:");
  if (authority && (g_str_has_prefix (redirect, "http:") || g_str_has_prefix (redirect, "https:")))
    return g_strndup (redirect, (gsize)(strchr (authority + 3, '/') - redirect));
  return g_strndup (redirect, (gsize)(strchr (redirect, ':') + 1 - redirect));
}
