/* The field walkers: what is read is what is written; what does not fit is refused by name. */
#include "sync/wire/types.h"

static gpointer
read_record (const TlType *type, const char *json, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  gpointer record = tl_record_new (type);

  if (!tl_record_from_json (type, json_node_get_object (node), record, error)) {
    tl_record_free (type, record);
    return NULL;
  }
  return record;
}

static void
test_round_trip (void)
{
  const char *json = "{\"id\":\"t7\",\"roomId\":\"t3\",\"body\":\"hé\",\"replyToId\":null,"
                     "\"sentAt\":\"2026-10-01T08:30:00.250Z\"}";
  g_autoptr (GError) error = NULL;
  TlMessage *message = read_record (&tl_message_type, json, &error);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (message->record.key, ==, 7);
  g_assert_cmpint (message->room_id, ==, 3);
  object = tl_record_to_json (&tl_message_type, message);
  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  g_assert_cmpstr (text, ==, json);
  tl_record_free (&tl_message_type, message);
}

static void
test_refusals (void)
{
  static const struct {
    const char *json, *why;
  } cases[] = {
    { "{\"id\":\"7\"}", "Message: not an id" },
    { "{\"roomId\":\"t0\"}", "roomId: “t0” is not an id" },
    { "{\"roomId\":5}", "roomId: is a number" },
    { "{\"body\":null}", "body: cannot be null" },
    { "{\"body\":[]}", "body: is not a plain value" },
    { "{\"seq\":1.5}", "seq: is not an integer within ±2^53" },
    { "{\"seq\":9007199254740993}", "seq: is not an integer within ±2^53" },
    { "{\"sentAt\":\"yesterday\"}", "sentAt: “yesterday” is not a UTC date" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (read_record (&tl_message_type, cases[i].json, &error));
    g_assert_cmpstr (error->message, ==, cases[i].why);
  }
}

static void
test_types_are_consistent (void)
{
  for (guint i = 0; tl_types[i]; i++) {
    g_assert_true (tl_type_by_number (tl_types[i]->number) == tl_types[i]);
    g_assert_cmpuint (tl_types[i]->n_fields, <=, 64);
    if (tl_types[i]->keyed_by)
      g_assert_nonnull (tl_type_field (tl_types[i], tl_types[i]->keyed_by, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/field/reads-back-what-it-wrote", test_round_trip);
  g_test_add_func ("/field/refuses-by-name", test_refusals);
  g_test_add_func ("/field/types-are-consistent", test_types_are_consistent);
  return g_test_run ();
}
