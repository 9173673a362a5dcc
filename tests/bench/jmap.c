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
jmap_send_many (const BenchPerson *person, gint64 room, guint n)
{
  g_autoptr (GString) calls = g_string_new (NULL);

  g_string_printf (calls, "[[\"Message/set\",{\"accountId\":\"t%" G_GINT64_FORMAT "\",\"create\":{",
                   person->key);
  for (guint i = 0; i < n; i++) {
    g_autofree char *op = g_uuid_string_random ();
    g_string_append_printf (calls,
                            "%s\"m%u\":{\"@opId\":\"%s\",\"roomId\":\"t%" G_GINT64_FORMAT
                            "\",\"body\":\"%u: the tide turns a little after four today\"}",
                            i ? "," : "", i, op, room, i);
  }
  g_string_append (calls, "}},\"0\"]]");
  return jmap_request (person, calls->str);
}

GBytes *
jmap_messages_since (const BenchPerson *person, const char *state, gboolean whole)
{
  g_autofree char *get = g_strdup_printf (
      ",[\"Message/get\",{\"accountId\":\"t%" G_GINT64_FORMAT "\",\"#ids\":{\"resultOf\":\"0\","
      "\"name\":\"Message/changes\",\"path\":\"/created\"}},\"1\"]",
      person->key);
  g_autofree char *calls =
      g_strdup_printf ("[[\"Message/changes\",{\"accountId\":\"t%" G_GINT64_FORMAT
                       "\",\"sinceState\":\"%s\"},\"0\"]%s]",
                       person->key, state, whole ? get : "");

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
jmap_member (const char *answer, gsize length, const char *name)
{
  g_autofree char *text = g_strndup (answer ? answer : "", answer ? length : 0);
  g_autofree char *begin = g_strdup_printf ("\"%s\":\"", name);
  const char *found = strstr (text, begin);

  return found ? g_strndup (found + strlen (begin), strcspn (found + strlen (begin), "\"")) : NULL;
}

char *
jmap_state (HttpLine *line, const BenchPerson *person)
{
  g_autofree char *calls = g_strdup_printf ("[[\"Message/get\",{\"accountId\":\"t%" G_GINT64_FORMAT
                                            "\",\"ids\":[]},\"0\"]]",
                                            person->key);
  g_autoptr (GBytes) request = jmap_request (person, calls);
  gsize length = 0;
  const char *answer = http_exchange (line, request, &length, NULL);

  return jmap_member (answer, length, "state");
}

gint64
jmap_make_room (HttpLine *line, const BenchPerson *owner, const BenchPerson *others, guint n,
                char **why)
{
  g_autoptr (GString) calls = g_string_new (NULL);
  g_autoptr (GBytes) request = NULL;
  g_autofree char *id = NULL;
  const char *answer;
  gsize length = 0;

  g_string_printf (calls,
                   "[[\"Room/set\",{\"accountId\":\"t%" G_GINT64_FORMAT
                   "\",\"create\":{\"r\":{\"name\":\"A room\",\"members\":[",
                   owner->key);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (calls, "%s\"t%" G_GINT64_FORMAT "\"", i ? "," : "", others[i].key);
  g_string_append (calls, "]}}},\"0\"]]");
  request = jmap_request (owner, calls->str);
  answer = http_exchange (line, request, &length, NULL);
  id = jmap_member (answer, length, "id");
  if (id == NULL)
    *why = g_strdup_printf ("no room was made: %.*s", (int)MIN (length, 200), answer ? answer : "");
  return id ? g_ascii_strtoll (id + 1, NULL, 10) : 0;
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
  g_autoptr (JsonNode) root = json_from_string (answer, NULL);
  g_autoptr (JsonNode) found =
      root ? json_path_query ("$.methodResponses[*][1].objects.*", root, NULL) : NULL;
  JsonArray *lists = found ? json_node_get_array (found) : NULL;
  gsize bytes = 0;

  *n = 0;
  for (guint i = 0; lists && i < json_array_get_length (lists); i++) {
    JsonArray *list = json_array_get_array_element (lists, i);

    for (guint k = 0; k < json_array_get_length (list); k++, (*n)++)
      bytes += node_bytes (json_array_get_element (list, k));
  }
  return bytes;
}
