/* form.c: see the header. Holds nothing. */
#include "server/services/oauth/form.h"

#include <string.h>

#define TYPE "application/x-www-form-urlencoded"

GHashTable *
tl_oauth_form (TlRequest *request)
{
  const char *type = tl_request_header (request, "Content-Type");
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);
  g_autofree char *text = g_strndup (size ? data : "", size);
  g_auto (GStrv) pairs = g_strsplit (text, "&", -1);
  g_autoptr (GHashTable) form = NULL;
  guint n = 0;

  if (type == NULL || g_ascii_strncasecmp (type, TYPE, strlen (TYPE)) != 0 || strlen (text) != size)
    return NULL;
  for (char **pair = pairs; *pair; pair++)
    n += **pair != '\0';
  form = g_uri_parse_params (text, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  return form && g_hash_table_size (form) == n ? g_steal_pointer (&form) : NULL;
}

const char *
tl_oauth_field (GHashTable *form, const char *name)
{
  const char *text = g_hash_table_lookup (form, name);

  return text && *text ? text : NULL;
}

void
tl_oauth_answer (TlRequest *request, guint status, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  tl_request_set_header (request, "Cache-Control", "no-store");
  tl_request_answer_json (request, status, json_to_string (node, FALSE));
}

void
tl_oauth_refuse (TlRequest *request, const char *code, const char *sentence)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "error", code);
  json_object_set_string_member (object, "error_description", sentence);
  tl_oauth_answer (request, 400, object);
}

void
tl_oauth_unavailable (TlRequest *request, const GError *error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (error)
    g_warning ("%s %s: %s (request %s)", request->method, request->path, error->message,
               request->id);
  tl_request_set_header (request, "Retry-After", "2");
  json_object_set_string_member (object, "error", "temporarily_unavailable");
  json_object_set_string_member (object, "error_description",
                                 "The server cannot do it just now. Try again soon.");
  tl_oauth_answer (request, 503, object);
}
