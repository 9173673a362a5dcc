/* seed.c: the circle, written by its people's own JMAP requests; only the dates are set behind their backs.
 * Runs once, before anyone signs in, on the thread that starts the server. */
#include "server/demo/seed.h"

#include "server/demo/demo.h"
#include "server/jmap/jmap.h"
#include "server/services/user/people.h"
#include "sync/wire/types.h"

#include <string.h>

/* Feeds that everyone but the first person follows too: every n-th. */
#define SHARED_FEED_STEP 3

gint64
tl_seed_account (TlSeed *self, const char *login)
{
  gint64 *account = g_hash_table_lookup (self->accounts, login);
  return account ? *account : 0;
}

/* Object ids follow each other over all types: what people are told of what is made next has larger ones. */
static gboolean
note_last (TlSeed *self, GError **error)
{
  g_autoptr (PGresult) result =
      tl_pg_query (self->pg, "last-id", tl_sql ("demo/demo.sql", "last-id"), 0, NULL, error);

  if (result)
    self->before = g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10);
  return result != NULL;
}

gint64
tl_seed_create (TlSeed *self, gint64 account, const char *capability, const char *type,
                JsonObject *object, GError **error)
{
  char id[TL_ID_MAX];
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  g_autofree char *request = NULL;
  g_autofree char *response = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *result;
  gint64 key = 0;

  json_node_take_object (node, object);
  if (!note_last (self, error))
    return 0;
  text = json_to_string (node, FALSE);
  request = g_strdup_printf (
      "{\"using\":[\"urn:ietf:params:jmap:core\",\"%s\"],\"methodCalls\":[[\"%s/set\","
      "{\"accountId\":\"%s\",\"create\":{\"c\":%s}},\"0\"]]}",
      capability, type, tl_id_format (account, id), text);
  response = tl_jmap_process (self->server, self->pg, account, request, strlen (request), error);
  if (response == NULL || !json_parser_load_from_data (parser, response, -1, error))
    return 0;
  result = json_array_get_object_element (
      json_array_get_array_element (
          json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                        "methodResponses"),
          0),
      1);
  if (json_object_has_member (result, "created") &&
      JSON_NODE_HOLDS_OBJECT (json_object_get_member (result, "created"))) {
    JsonObject *created = json_object_get_object_member (result, "created");
    if (json_object_has_member (created, "c"))
      tl_id_parse (
          json_object_get_string_member (json_object_get_object_member (created, "c"), "id"), &key);
  }
  if (key == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The demo's %s was refused: %s", type,
                 response);
  return key;
}

static gboolean
run (TlSeed *self, const char *name, gint64 id, const char *second, const char *third,
     GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  const char *args[] = { key, second, third };

  return tl_pg_run (self->pg, name, tl_sql ("demo/demo.sql", name), third ? 3 : 2, args, error);
}

gboolean
tl_seed_date (TlSeed *self, const char *statement, gint64 id, gint64 minutes_ago, GError **error)
{
  g_autofree char *minutes = g_strdup_printf ("%" G_GINT64_FORMAT, minutes_ago);

  return run (self, statement, id, minutes, NULL, error) &&
         run (self, "date-told", self->before, minutes, NULL, error);
}

/* --- people ---------------------------------------------------------------------------------- */

static gboolean
seed_person (TlSeed *self, JsonObject *person, GError **error)
{
  const char *login = json_object_get_string_member (person, "login");
  gint64 account =
      tl_people_add (self->pg, login, json_object_get_string_member (person, "name"),
                     json_object_get_string_member (self->circle, "password"),
                     json_object_get_string_member_with_default (person, "role", "member"), error);

  if (account == 0)
    return FALSE;
  g_hash_table_insert (self->accounts, g_strdup (login), g_memdup2 (&account, sizeof account));
  return run (self, "describe-person", account, json_object_get_string_member (person, "timeZone"),
              json_object_get_string_member (person, "description"), error) &&
         tl_seed_avatar (self, account, person, error);
}

/* --- rooms ----------------------------------------------------------------------------------- */

static gint64
make_room (TlSeed *self, JsonObject *room, JsonArray *members, GError **error)
{
  JsonObject *object = json_object_new ();
  JsonArray *ids = json_array_new ();
  gboolean is_direct = json_object_has_member (room, "direct");

  for (guint i = 1; i < json_array_get_length (members); i++) {
    char id[TL_ID_MAX];
    json_array_add_string_element (
        ids, tl_id_format (tl_seed_account (self, json_array_get_string_element (members, i)), id));
  }
  json_object_set_string_member (object, "kind", is_direct ? "direct" : "group");
  if (!is_direct) {
    json_object_set_string_member (object, "name", json_object_get_string_member (room, "name"));
    json_object_set_string_member (object, "topic", json_object_get_string_member (room, "topic"));
  }
  json_object_set_array_member (object, "members", ids);
  return tl_seed_create (self, tl_seed_account (self, json_array_get_string_element (members, 0)),
                         TL_CAP_CHAT, "Room", object, error);
}

static gboolean
seed_message (TlSeed *self, gint64 room, JsonArray *line, GError **error)
{
  gint64 sender = tl_seed_account (self, json_array_get_string_element (line, 1));
  gint64 ago = json_array_get_int_element (line, 0);
  JsonObject *more =
      json_array_get_length (line) > 3 ? json_array_get_object_element (line, 3) : NULL;
  g_autoptr (JsonObject) object = json_object_new ();
  char id[TL_ID_MAX];
  gint64 message;

  json_object_set_string_member (object, "roomId", tl_id_format (room, id));
  json_object_set_string_member (object, "body", json_array_get_string_element (line, 2));
  if (more && !tl_seed_pictures (self, sender, more, object, "attachments", error))
    return FALSE;
  message = tl_seed_create (self, sender, TL_CAP_CHAT, "Message", json_object_ref (object), error);
  return message != 0 && tl_seed_date (self, "date-message", message, ago, error) &&
         (more == NULL || tl_seed_reactions (self, message, more, ago, error));
}

/* Everyone has read everything but the last `unread` messages. A room's seqs are not the messages' places:
 * the marker is put before the first unread one by asking for its seq. */
static gboolean
seed_marker (TlSeed *self, gint64 room, const char *login, guint unread, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, room);
  g_autofree char *skip = g_strdup_printf ("%u", unread);
  const char *args[] = { key, skip };
  g_autoptr (PGresult) result = tl_pg_query (
      self->pg, "seq-before-unread", tl_sql ("demo/demo.sql", "seq-before-unread"), 2, args, error);
  JsonObject *object;
  char id[TL_ID_MAX];

  if (result == NULL)
    return FALSE;
  if (PQntuples (result) == 0)
    return TRUE;
  object = json_object_new ();
  json_object_set_string_member (object, "roomId", tl_id_format (room, id));
  json_object_set_int_member (object, "upTo",
                              g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10));
  return tl_seed_create (self, tl_seed_account (self, login), TL_CAP_CHAT, "ReadMarker", object,
                         error) != 0;
}

static gboolean
seed_room (TlSeed *self, JsonObject *room, GError **error)
{
  JsonArray *members = json_object_has_member (room, "direct")
                           ? json_object_get_array_member (room, "direct")
                           : json_object_get_array_member (room, "members");
  JsonArray *messages = json_object_get_array_member (room, "messages");
  JsonObject *unread = json_object_get_object_member (room, "unread");
  gint64 id = make_room (self, room, members, error);
  gint64 oldest = json_array_get_int_element (json_array_get_array_element (messages, 0), 0);

  if (id == 0 || !tl_seed_date (self, "date-room", id, oldest + 10, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (messages); i++)
    if (!seed_message (self, id, json_array_get_array_element (messages, i), error))
      return FALSE;
  for (guint i = 0; i < json_array_get_length (members); i++) {
    const char *login = json_array_get_string_element (members, i);
    guint count = (guint)json_object_get_int_member_with_default (unread, login, 0);
    if (!seed_marker (self, id, login, count, error))
      return FALSE;
  }
  return TRUE;
}

/* --- feeds ----------------------------------------------------------------------------------- */

static JsonObject *
load_object (const char *path, JsonParser **parser, GError **error)
{
  JsonNode *root;

  *parser = json_parser_new ();
  if (!json_parser_load_from_file (*parser, path, error)) {
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  root = json_parser_get_root (*parser);
  return root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

static gboolean
subscribe (TlSeed *self, gint64 account, const char *slug, const char *folder, GError **error)
{
  JsonObject *object = json_object_new ();
  g_autofree char *url =
      g_strdup_printf ("%s/demo/feeds/%s", self->server->config->public_url, slug);

  json_object_set_string_member (object, "url", url);
  json_object_set_string_member (object, "folder", folder);
  return tl_seed_create (self, account, TL_CAP_NEWS, "Subscription", object, error) != 0;
}

static gboolean
seed_feed (TlSeed *self, const char *slug, guint place, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autofree char *name = g_strconcat (slug, ".json", NULL);
  g_autofree char *path = g_build_filename (self->server->config->demo_dir, "feeds", name, NULL);
  JsonObject *feed = load_object (path, &parser, error);
  JsonArray *people = json_object_get_array_member (self->circle, "people");

  if (feed == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (people); i++) {
    JsonObject *person = json_array_get_object_element (people, i);
    gint64 account = tl_seed_account (self, json_object_get_string_member (person, "login"));

    if ((i == 0 || (i + place) % SHARED_FEED_STEP == 0) &&
        !subscribe (self, account, slug, json_object_get_string_member (feed, "folder"), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
seed_all (TlSeed *self, GError **error)
{
  JsonArray *people = json_object_get_array_member (self->circle, "people");
  JsonArray *rooms = json_object_get_array_member (self->circle, "rooms");
  JsonArray *feeds = json_object_get_array_member (self->circle, "feeds");

  for (guint i = 0; i < json_array_get_length (people); i++)
    if (!seed_person (self, json_array_get_object_element (people, i), error))
      return FALSE;
  for (guint i = 0; i < json_array_get_length (rooms); i++)
    if (!seed_room (self, json_array_get_object_element (rooms, i), error))
      return FALSE;
  for (guint i = 0; i < json_array_get_length (feeds); i++)
    if (!seed_feed (self, json_array_get_string_element (feeds, i), i, error))
      return FALSE;
  return tl_seed_posts (self, error) && tl_seed_calendars (self, error);
}

gboolean
tl_demo_seed (TlServer *server, GError **error)
{
  g_autoptr (TlPg) pg = tl_pg_new (server->config->postgresql);
  g_autoptr (PGresult) is_empty =
      tl_pg_query (pg, "is-empty", tl_sql ("demo/demo.sql", "is-empty"), 0, NULL, error);
  g_autofree char *path = g_build_filename (server->config->demo_dir, "circle.json", NULL);
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GHashTable) accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  TlSeed self = { .server = server, .pg = pg, .accounts = accounts };

  if (is_empty == NULL)
    return FALSE;
  if (PQgetvalue (is_empty, 0, 0)[0] != 't')
    return TRUE;
  self.circle = load_object (path, &parser, error);
  return self.circle && seed_all (&self, error);
}
