/* about.c: what a program may know before it asks for anything: where what is, and by which keys tokens are signed. Holds
 * nothing; any worker thread. */
#include "server/services/oauth/oauth.h"
#include "server/services/oauth/signing-keys.h"
#include "server/services/user/tokens.h"

static void
set_list (JsonObject *object, const char *name, const char *const *words)
{
  JsonArray *list = json_array_new ();

  for (; *words; words++)
    json_array_add_string_element (list, *words);
  json_object_set_array_member (object, name, list);
}

static void
set_address (JsonObject *object, const char *name, const char *issuer, const char *path)
{
  g_autofree char *address = g_strconcat (issuer, path, NULL);

  json_object_set_string_member (object, name, address);
}

void
tl_oauth_about (TlRequest *request)
{
  static const struct {
    const char *name;
    const char *const words[3];
  } lists[] = {
    { "response_types_supported", { "code" } },
    { "response_modes_supported", { "query" } },
    { "grant_types_supported", { "authorization_code", "refresh_token" } },
    { "code_challenge_methods_supported", { "S256" } },
    { "token_endpoint_auth_methods_supported", { "none" } },
    { "revocation_endpoint_auth_methods_supported", { "none" } },
    { "ui_locales_supported", { "en", "de" } },
  };
  const char *issuer = tl_signing_keys_issuer (tl_tokens_signing (request->server->tokens));
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "issuer", issuer);
  set_address (object, "authorization_endpoint", issuer, "/oauth/authorize");
  set_address (object, "token_endpoint", issuer, "/oauth/token");
  set_address (object, "revocation_endpoint", issuer, "/oauth/revoke");
  set_address (object, "jwks_uri", issuer, "/oauth/jwks.json");
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    set_list (object, lists[i].name, lists[i].words);
  json_object_set_boolean_member (object, "authorization_response_iss_parameter_supported", TRUE);
  json_node_take_object (node, object);
  tl_request_answer_json (request, 200, json_to_string (node, FALSE));
}

void
tl_oauth_keys (TlRequest *request)
{
  g_autoptr (JsonNode) node = tl_signing_keys_public (tl_tokens_signing (request->server->tokens));

  tl_request_set_header (request, "Cache-Control", "max-age=60");
  tl_request_answer_json (request, 200, json_to_string (node, FALSE));
}
