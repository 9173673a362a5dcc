/* invitation.c: takes links of invitations apart. They come from anybody: only http and https lead anywhere, and a token
 * is letters, digits, - and _. Holds nothing. */
#include "sync/invitation.h"

#include <string.h>

#define TOKEN_MAX 128
#define TOKEN_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
#define PLACE "/join/"

static gboolean
is_token (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= TOKEN_MAX && strspn (text, TOKEN_LETTERS) == length;
}

static gboolean
is_server (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri ? g_uri_get_scheme (uri) : "";

  return (g_str_equal (scheme, "https") || g_str_equal (scheme, "http")) && g_uri_get_host (uri) &&
         *g_uri_get_host (uri) && !g_uri_get_userinfo (uri) && !g_uri_get_query (uri) &&
         !g_uri_get_fragment (uri);
}

static TlInvited *
parse_plain (const char *link)
{
  const char *place = g_strrstr (link, PLACE);
  g_autofree char *server = place ? g_strndup (link, (gsize)(place - link)) : NULL;
  const char *token = place ? place + strlen (PLACE) : "";
  TlInvited *self;

  if (!server || !is_token (token) || !is_server (server))
    return NULL;
  self = g_new (TlInvited, 1);
  *self = (TlInvited){ g_steal_pointer (&server), g_strdup (token) };
  return self;
}

TlInvited *
tl_invited_parse (const char *link)
{
  g_autofree char *text = g_strstrip (g_strdup (link));
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_ENCODED_QUERY, NULL);
  g_autoptr (GHashTable) words = NULL;
  const char *inner;

  if (!uri || !g_str_equal (g_uri_get_scheme (uri), "tideline"))
    return parse_plain (text);
  if (g_strcmp0 (g_uri_get_host (uri), "join") != 0 || !g_uri_get_query (uri))
    return NULL;
  words = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);
  inner = words ? g_hash_table_lookup (words, "link") : NULL;
  return inner ? parse_plain (inner) : NULL;
}

void
tl_invited_free (TlInvited *self)
{
  g_free (self->server);
  g_free (self->token);
  g_free (self);
}
