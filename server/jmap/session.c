/* session.c: the session object (RFC 8620, section 2) and its state. */
#include "server/jmap/envelope.h"
#include "server/jmap/vapid.h"
#include "server/services/storage/blob-methods.h"
#include "server/services/user/tokens.h"
#include "sync/wire/types.h"

#define FILE_SQL "jmap/jmap.sql"

/* Those that other people's clients know, beside tl_capabilities. */
static const char *const further[] = { TL_CAP_BLOB, TL_CAP_QUOTA, TL_CAP_OWNER, NULL };

gboolean
tl_session_has_capability (const char *name)
{
  return g_str_equal (name, TL_CAP_CORE) || g_str_equal (name, TL_CAP_WEBSOCKET) ||
         g_str_equal (name, TL_CAP_PUSH) || g_strv_contains (tl_capabilities, name) ||
         g_strv_contains (further, name);
}

/* Everything that the session says is a matter of the configuration and of the account. */
char *
tl_session_state (TlServer *server, gint64 account)
{
  return g_strdup_printf ("%x-%" G_GINT64_FORMAT "-%" G_GSIZE_FORMAT,
                          g_str_hash (server->config->public_url), account,
                          server->config->max_request ^ (server->config->max_upload << 1));
}

static JsonObject *
make_core (const TlConfig *config)
{
  static const struct {
    const char *name;
    gint64 value;
  } limits[] = {
    { "maxConcurrentUpload", TL_MAX_CONCURRENT_UPLOADS },
    { "maxConcurrentRequests", TL_MAX_CONCURRENT_REQUESTS },
    { "maxCallsInRequest", TL_MAX_CALLS },
    { "maxObjectsInGet", TL_MAX_OBJECTS_IN_GET },
    { "maxObjectsInSet", TL_MAX_OBJECTS_IN_SET },
  };
  JsonObject *core = json_object_new ();

  json_object_set_int_member (core, "maxSizeUpload", (gint64)config->max_upload);
  json_object_set_int_member (core, "maxSizeRequest", (gint64)config->max_request);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    json_object_set_int_member (core, limits[i].name, limits[i].value);
  json_object_set_array_member (core, "collationAlgorithms", json_array_new ());
  return core;
}

static JsonObject *
make_websocket (const TlConfig *config)
{
  JsonObject *websocket = json_object_new ();
  g_autofree char *url = g_strconcat (config->public_url, "/jmap/ws", NULL);

  if (g_str_has_prefix (url, "http")) {
    g_autofree char *http = g_steal_pointer (&url);

    url = g_strconcat ("ws", http + 4, NULL);
  }
  json_object_set_string_member (websocket, "url", url);
  json_object_set_boolean_member (websocket, "supportsPush", TRUE);
  return websocket;
}

/* RFC 9749 */
static JsonObject *
make_push (const char *key)
{
  JsonObject *push = json_object_new ();

  json_object_set_string_member (push, "applicationServerKey", key);
  return push;
}

/* `key`: of pushes, NULL for none. */
static JsonObject *
make_capabilities (const TlConfig *config, const char *key)
{
  JsonObject *capabilities = json_object_new ();

  json_object_set_object_member (capabilities, TL_CAP_CORE, make_core (config));
  json_object_set_object_member (capabilities, TL_CAP_WEBSOCKET, make_websocket (config));
  if (key)
    json_object_set_object_member (capabilities, TL_CAP_PUSH, make_push (key));
  for (guint i = 0; tl_capabilities[i]; i++)
    json_object_set_object_member (capabilities, tl_capabilities[i], json_object_new ());
  for (guint i = 0; further[i]; i++)
    json_object_set_object_member (capabilities, further[i], json_object_new ());
  return capabilities;
}

static void
add_names (JsonObject *object, const char *member, const char *const *names)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; names[i]; i++)
    json_array_add_string_element (array, names[i]);
  json_object_set_array_member (object, member, array);
}

/* RFC 9404, 3.1 */
static JsonObject *
make_blob (const TlConfig *config)
{
  static const char *const digests[] = { "sha", "sha-256", "sha-512", NULL };
  JsonObject *blob = json_object_new ();

  json_object_set_int_member (blob, "maxSizeBlobSet", (gint64)config->max_upload);
  json_object_set_int_member (blob, "maxDataSources", TL_MAX_DATA_SOURCES);
  add_names (blob, "supportedTypeNames", tl_blob_lookup_types);
  add_names (blob, "supportedDigestAlgorithms", digests);
  return blob;
}

/* RFC 9670, 1.5: whose account it is. */
static JsonObject *
make_owner (const char *id)
{
  JsonObject *owner = json_object_new ();

  json_object_set_string_member (owner, "accountIdForPrincipal", id);
  json_object_set_string_member (owner, "principalId", id);
  return owner;
}

static JsonObject *
make_accounts (const TlConfig *config, const char *id, const char *name)
{
  JsonObject *accounts = json_object_new ();
  JsonObject *account = json_object_new ();
  JsonObject *capabilities = json_object_new ();
  JsonObject *principals = json_object_new ();

  json_object_set_object_member (capabilities, TL_CAP_CORE, json_object_new ());
  for (guint i = 0; tl_capabilities[i]; i++)
    json_object_set_object_member (capabilities, tl_capabilities[i], json_object_new ());
  json_object_set_object_member (capabilities, TL_CAP_BLOB, make_blob (config));
  json_object_set_object_member (capabilities, TL_CAP_QUOTA, json_object_new ());
  json_object_set_object_member (capabilities, TL_CAP_OWNER, make_owner (id));
  json_object_set_string_member (principals, "currentUserPrincipalId", id);
  json_object_set_object_member (capabilities, TL_CAP_PRINCIPALS, principals);
  json_object_set_string_member (account, "name", name);
  json_object_set_boolean_member (account, "isPersonal", TRUE);
  json_object_set_boolean_member (account, "isReadOnly", FALSE);
  json_object_set_object_member (account, "accountCapabilities", capabilities);
  json_object_set_object_member (accounts, id, account);
  return accounts;
}

static JsonObject *
make_primary (const char *id)
{
  JsonObject *primary = json_object_new ();

  json_object_set_string_member (primary, TL_CAP_CORE, id);
  for (guint i = 0; tl_capabilities[i]; i++)
    json_object_set_string_member (primary, tl_capabilities[i], id);
  for (guint i = 0; further[i]; i++)
    json_object_set_string_member (primary, further[i], id);
  return primary;
}

static void
set_url (JsonObject *session, const char *name, const TlConfig *config, const char *path)
{
  g_autofree char *url = g_strconcat (config->public_url, path, NULL);

  json_object_set_string_member (session, name, url);
}

static char *
make_session (TlServer *server, gint64 account, const char *login, const char *name,
              const char *key)
{
  static const char *const urls[][2] = {
    { "apiUrl", "/jmap/api" },
    { "downloadUrl", "/jmap/download/{accountId}/{blobId}/{name}?type={type}" },
    { "eventSourceUrl", "/jmap/eventsource?types={types}&closeafter={closeafter}&ping={ping}" },
    { "uploadUrl", "/jmap/upload/{accountId}" },
  };
  g_autoptr (JsonObject) session = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *state = tl_session_state (server, account);
  char id[TL_ID_MAX];

  tl_id_format (account, id);
  json_object_set_object_member (session, "capabilities", make_capabilities (server->config, key));
  json_object_set_object_member (session, "accounts", make_accounts (server->config, id, name));
  json_object_set_object_member (session, "primaryAccounts", make_primary (id));
  json_object_set_string_member (session, "username", login);
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    set_url (session, urls[i][0], server->config, urls[i][1]);
  json_object_set_string_member (session, "state", state);
  json_node_set_object (node, session);
  return json_to_string (node, FALSE);
}

void
tl_jmap_session (TlRequest *request)
{
  gint64 account =
      tl_tokens_account (request->server->tokens, tl_request_header (request, "Authorization"));
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  const char *args[] = { number };
  g_autoptr (PGresult) found = NULL;
  g_autofree char *key = NULL;

  if (account != 0 && request->pg)
    found = tl_pg_query (request->pg, "jmap.person", tl_sql (FILE_SQL, "person"), 1, args, NULL);
  if (account == 0 || (found && PQntuples (found) == 0)) {
    tl_request_set_header (request, "WWW-Authenticate", "Bearer");
    tl_request_problem (request, 401, "about:blank", "Sign in first", NULL);
    return;
  }
  if (found == NULL) {
    tl_request_set_header (request, "Retry-After", "2");
    tl_request_problem (request, 503, "about:blank", "The database is away; try again later", NULL);
    return;
  }
  key = tl_vapid_public (request->pg, NULL);
  tl_request_set_header (request, "Cache-Control", "no-cache, no-store, must-revalidate");
  tl_request_answer_json (request, 200,
                          make_session (request->server, account, PQgetvalue (found, 0, 0),
                                        PQgetvalue (found, 0, 1), key));
}

void
tl_jmap_well_known (TlRequest *request)
{
  tl_request_set_header (request, "Location", "/jmap/session");
  tl_request_answer_json (request, 307, g_strdup ("{}"));
}
