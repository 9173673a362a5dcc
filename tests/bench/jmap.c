/* jmap.c: see the header. */
#include "tests/bench/jmap.h"

#include "sync/pull.h"

#include <string.h>

GBytes *
jmap_request (const BenchPerson *person, const char *calls)
{
  g_autofree char *names = g_strjoinv ("\",\"", (char **)tl_capabilities);
  g_autofree char *body =
      g_strdup_printf ("{\"using\":[\"" TL_CAP_CORE "\",\"%s\"],\"methodCalls\":%s}", names, calls);

  return http_post ("/jmap/api", person->token, body);
}

GBytes *
jmap_pull (const BenchPerson *person, const char *state)
{
  g_autoptr (GArray) nothing = g_array_new (FALSE, FALSE, sizeof (TlObjectRef));
  g_autoptr (JsonNode) calls = NULL;
  g_autofree char *text = NULL;
  char *states[256];

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    states[i] = (char *)state;
  calls = tl_pull_request (person->key, states, nothing);
  text = json_to_string (calls, FALSE);
  return jmap_request (person, text);
}

GBytes *
jmap_send (const BenchPerson *person, gint64 room, const char *body)
{
  g_autofree char *op = g_uuid_string_random ();
  g_autofree char *calls =
      g_strdup_printf ("[[\"Message/set\",{\"accountId\":\"t%" G_GINT64_FORMAT
                       "\",\"create\":{\"m\":{\"@opId\":\"%s\",\"roomId\":\"t%" G_GINT64_FORMAT
                       "\",\"body\":\"%s\"}}},\"0\"]]",
                       person->key, op, room, body);

  return jmap_request (person, calls);
}

GBytes *
jmap_star (const BenchPerson *person, gint64 article, gboolean create, gboolean starred)
{
  g_autofree char *op = g_uuid_string_random ();
  const char *value = starred ? "true" : "false";
  g_autofree char *mark =
      create ? g_strdup_printf ("\"create\":{\"a\":{\"@opId\":\"%s\",\"articleId\":"
                                "\"t%" G_GINT64_FORMAT "\",\"isStarred\":%s}}",
                                op, article, value)
             : g_strdup_printf ("\"update\":{\"t%" G_GINT64_FORMAT
                                "\":{\"@opId\":\"%s\",\"isStarred\":%s}}",
                                article, op, value);
  g_autofree char *calls =
      g_strdup_printf ("[[\"ArticleMark/set\",{\"accountId\":\"t%" G_GINT64_FORMAT "\",%s},\"0\"]]",
                       person->key, mark);

  return jmap_request (person, calls);
}

char *
jmap_state (HttpLine *line, const BenchPerson *person)
{
  g_autofree char *calls = g_strdup_printf ("[[\"Message/get\",{\"accountId\":\"t%" G_GINT64_FORMAT
                                            "\",\"ids\":[]},\"0\"]]",
                                            person->key);
  g_autoptr (GBytes) request = jmap_request (person, calls);
  g_autofree char *text = NULL;
  gsize length;
  const char *answer = http_exchange (line, request, &length, NULL);
  char *begin;

  if (answer == NULL)
    return NULL;
  text = g_strndup (answer, length);
  begin = strstr (text, "\"state\":\"");
  if (begin == NULL)
    return NULL;
  begin += strlen ("\"state\":\"");
  return g_strndup (begin, strcspn (begin, "\""));
}

gboolean
jmap_done (HttpLine *line, GBytes *request, char **why)
{
  gsize length;
  const char *answer = http_exchange (line, request, &length, NULL);
  g_autofree char *text = answer ? g_strndup (answer, length) : g_strdup ("no answer");

  g_bytes_unref (request);
  if (answer && !strstr (text, "[\"error\"") && !strstr (text, "\"notCreated\":{") &&
      !strstr (text, "\"notUpdated\":{"))
    return TRUE;
  *why = g_strdup_printf ("the server said %.300s", text);
  return FALSE;
}

static gsize
node_bytes (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);
  return strlen (text);
}

gsize
jmap_objects (const char *answer, gsize length, guint *n)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *responses;
  gsize bytes = 0;

  *n = 0;
  if (!json_parser_load_from_data (parser, answer, (gssize)length, NULL))
    return 0;
  responses = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                            "methodResponses");
  for (guint i = 0; i < json_array_get_length (responses); i++) {
    JsonArray *response = json_array_get_array_element (responses, i);
    JsonObject *args = json_array_get_object_element (response, 1);
    JsonArray *list =
        json_object_has_member (args, "list") ? json_object_get_array_member (args, "list") : NULL;

    for (guint k = 0; list && k < json_array_get_length (list); k++, (*n)++)
      bytes += node_bytes (json_array_get_element (list, k));
  }
  return bytes;
}
