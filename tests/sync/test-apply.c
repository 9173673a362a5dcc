/* What the server says is what is in the replica, of every type, and can be found by its text. */
#include "tests/sync/fixture.h"

#include "sync/apply.h"
#include "sync/record-sql.h"
#include "sync/text.h"

static char *
random_text (GRand *rand, guint max)
{
  static const char *const pieces[] = { "a",          "é", "\"",  "\\",  "\n", "水",
                                        "\U0001F30A", " ", "#n5", "t12", "'",  "%s" };
  GString *text = g_string_new (NULL);

  for (gint32 n = g_rand_int_range (rand, 0, 12); n > 0 && text->len + 4 < max; n--)
    g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (text, FALSE);
}

static void
fill_field (const TlField *field, gpointer record, GRand *rand)
{
  gint64 number = ((gint64)g_rand_int (rand) << 16) + g_rand_int_range (rand, 1, 65536);

  if ((field->flags & TL_NULLABLE) && g_rand_boolean (rand))
    return;
  switch (field->kind) {
  case TL_FIELD_ID:
    G_STRUCT_MEMBER (gint64, record, field->offset) = number;
    break;
  case TL_FIELD_INT:
    G_STRUCT_MEMBER (gint64, record, field->offset) = g_rand_boolean (rand) ? number : -number;
    break;
  case TL_FIELD_DATE: /* 1920 to 2090 */
    G_STRUCT_MEMBER (gint64, record, field->offset) =
        (gint64)(g_rand_double_range (rand, -1.6e12, 3.8e12));
    break;
  case TL_FIELD_BOOL:
    G_STRUCT_MEMBER (TlTristate, record, field->offset) = g_rand_boolean (rand);
    break;
  case TL_FIELD_STRING:
    G_STRUCT_MEMBER (char *, record, field->offset) = random_text (rand, field->max);
    break;
  case TL_FIELD_JSON: {
    g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
    g_autoptr (JsonArray) array = json_array_new ();
    g_autofree char *text = random_text (rand, 64);
    json_array_add_string_element (array, text);
    json_array_add_null_element (array);
    json_array_add_int_element (array, 7);
    json_node_set_array (node, array);
    G_STRUCT_MEMBER (char *, record, field->offset) = json_to_string (node, FALSE);
    break;
  }
  }
}

static JsonObject *
random_object (const TlType *type, gint64 key, GRand *rand)
{
  TlRecord *record = tl_record_new (type);
  JsonObject *object;

  for (guint i = 0; i < type->n_fields; i++)
    fill_field (&type->fields[i], record, rand);
  record->key = key;
  record->present = G_MAXUINT64;
  object = tl_record_to_json (type, record);
  tl_record_free (type, record);
  return object;
}

static JsonNode *
wrap (JsonArray *objects)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_array_member (object, "list", json_array_ref (objects));
  json_node_set_object (node, object);
  return node;
}

static gint
apply (TlDb *db, TlChanges *changes, const TlType *type, JsonArray *objects)
{
  g_autoptr (JsonNode) node = wrap (objects);
  g_autofree char *json = json_to_string (node, FALSE);
  g_autoptr (GError) error = NULL;
  gint n = tl_apply_objects (db, changes, type, json, "$.list", &error);

  g_assert_no_error (error);
  return n;
}

static void
assert_stored (TlDb *db, const TlType *type, JsonObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) expected = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonNode) found = json_node_new (JSON_NODE_OBJECT);
  gint64 key;
  gpointer record;

  g_assert_true (tl_id_parse (json_object_get_string_member (object, "id"), &key));
  record = tl_record_load (db, type, key, &error);
  g_assert_no_error (error);
  g_assert_nonnull (record);
  json_node_set_object (expected, object);
  json_node_take_object (found, tl_record_to_json (type, record));
  if (!json_node_equal (expected, found)) {
    g_autofree char *one = json_to_string (expected, FALSE), *two = json_to_string (found, FALSE);
    g_assert_cmpstr (one, ==, two);
  }
  tl_record_free (type, record);
}

static void
test_round_trip (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlDb) db = fixture_db (dir);
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint i = 0; tl_types[i]; i++)
    for (guint round = 0; round < 3; round++) { /* the same keys: inserted, then updated */
      g_autoptr (JsonArray) objects = json_array_new ();
      g_autoptr (TlChanges) changes = tl_changes_new ();

      for (gint64 key = 1; key <= 50; key++)
        json_array_add_object_element (objects, random_object (tl_types[i], key, rand));
      g_assert_cmpint (apply (db, changes, tl_types[i], objects), ==, 50);
      g_assert_true (tl_changes_has (changes, tl_types[i], 50));
      for (guint n = 0; n < 50; n++)
        assert_stored (db, tl_types[i], json_array_get_object_element (objects, n));
    }
}

static void
test_dates (void)
{
  static const struct {
    const char *text;
    gint64 ms;
  } cases[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "2026-10-01T08:30:00.123Z", 1790843400123 },
    { "2026-10-01T08:30:00.1239Z", 1790843400123 },
    { "1969-12-31T23:59:59.999Z", -1 },
    { "2000-02-29T12:00:00.5Z", 951825600500 },
    { "0001-01-01T00:00:00Z", -62135596800000 },
    { "9999-12-31T23:59:59.999Z", 253402300799999 },
  };
  static const char *const wrong[] = { "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z",
                                       "2026-01-01T00:00:00",  "2026-01-01T00:00:00+02:00",
                                       "2026-01-01",           "2026-01-01T00:00:00.Z",
                                       "2026-13-01T00:00:00Z", "" };
  gint64 ms;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_true (tl_date_parse (cases[i].text, &ms));
    g_assert_cmpint (ms, ==, cases[i].ms);
  }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (tl_date_parse (wrong[i], &ms));
  for (guint i = 0; i < 2000; i++) {
    gint64 random = (gint64)(g_test_rand_double_range (-3.0e13, 2.5e14));
    g_autofree char *text = tl_date_format (random);
    g_assert_true (tl_date_parse (text, &ms));
    g_assert_cmpint (ms, ==, random);
  }
}

static gint64
count (TlDb *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 n;

  g_assert_cmpint (sqlite3_prepare_v2 (tl_db_handle (db), sql, -1, &statement, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

static JsonObject *
make_article (gint64 key, const char *title, const char *text)
{
  JsonObject *object = json_object_new ();
  char id[TL_ID_MAX];
  g_autoptr (JsonNode) blocks = NULL;
  g_autofree char *json =
      g_strdup_printf ("[{\"type\":\"paragraph\",\"runs\":[{\"t\":\"%s\"}]}]", text);

  blocks = json_from_string (json, NULL);
  g_assert_nonnull (blocks);
  json_object_set_string_member (object, "id", tl_id_format (key, id));
  json_object_set_string_member (object, "feedId", "t1");
  json_object_set_string_member (object, "url",
                                 "https://example.org/a-longer-address/of-an-article");
  json_object_set_string_member (object, "title", title);
  json_object_set_string_member (object, "author", "Ada Lovelace");
  json_object_set_string_member (object, "summary", "What it is about, in a line or two of text.");
  json_object_set_member (object, "blocks", g_steal_pointer (&blocks));
  json_object_set_null_member (object, "image");
  json_object_set_int_member (object, "wordCount", 120);
  json_object_set_string_member (object, "publishedAt", "2026-10-01T08:30:00.250Z");
  json_object_set_string_member (object, "receivedAt", "2026-10-01T08:31:00Z");
  return object;
}

static void
apply_article (TlDb *db, TlChanges *changes, const char *title, const char *text)
{
  g_autoptr (JsonArray) objects = json_array_new ();

  json_array_add_object_element (objects, make_article (9, title, text));
  g_assert_cmpint (apply (db, changes, &tl_article_type, objects), ==, 1);
}

static void
test_search (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlDb) db = fixture_db (dir);
  g_autoptr (TlChanges) changes = tl_changes_new ();
  g_autoptr (GError) error = NULL;

  apply_article (db, changes, "Über Wasser", "the tide comes in");
  g_assert_cmpint (
      count (db, "SELECT rowid FROM article_text WHERE article_text MATCH 'uber tide'"), ==, 9);
  g_assert_cmpint (count (db, "SELECT count(*) FROM article_gram"), ==, 0);
  apply_article (db, changes, "潮の話", "the moon");
  g_assert_cmpint (count (db, "SELECT count(*) FROM article_text WHERE article_text MATCH 'tide'"),
                   ==, 0);
  g_assert_cmpint (count (db, "SELECT rowid FROM article_gram WHERE article_gram MATCH '潮の話'"),
                   ==, 9);
  g_assert_true (tl_apply_destroyed (db, changes, &tl_article_type, "{\"d\":[\"t9\",\"t10\"]}",
                                     "$.d", &error));
  g_assert_no_error (error);
  g_assert_cmpint (count (db, "SELECT count(*) FROM article_text WHERE article_text MATCH 'moon'"),
                   ==, 0);
  g_assert_cmpint (count (db, "SELECT count(*) FROM article"), ==, 0);
}

static void
test_text_of_blocks (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  tl_text_of_blocks (
      "[{\"type\":\"paragraph\",\"runs\":[{\"t\":\"One \\\"quoted\\\" \"},{\"t\":\"w\\u00e9rd\","
      "\"href\":\"https://no.example\"}]},{\"type\":\"image\",\"alt\":null,\"src\":\"ab\","
      "\"caption\":[{\"t\":\"wave \\ud83c\\udf0a\"}]},{\"type\":\"code\",\"text\":\"x]=1\"},"
      "{\"type\":\"list\",\"items\":[[{\"type\":\"paragraph\",\"runs\":[{\"t\":\"item\"}]}]]}]",
      text);
  g_assert_cmpstr (text->str, ==, "One \"quoted\" wérd\nwave 🌊\nx]=1\nitem\n");
}

static void
test_begin_anew (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlDb) db = fixture_db (dir);
  g_autoptr (TlChanges) changes = tl_changes_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (JsonArray) old = json_array_new (), fresh = json_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *state = NULL;

  for (gint64 key = 1; key <= 10; key++)
    json_array_add_object_element (old, random_object (&tl_message_type, key, rand));
  apply (db, changes, &tl_message_type, old);
  g_assert_true (tl_replica_set_meta (db, "state:Message", "e.1", &error));
  g_assert_true (tl_replica_begin_anew (db, changes, &error));
  state = tl_replica_get_meta (db, "state:Message");
  g_assert_null (state);
  g_assert_cmpint (count (db, "SELECT count(*) FROM message"), ==, 10);
  for (gint64 key = 8; key <= 12; key++)
    json_array_add_object_element (fresh, random_object (&tl_message_type, key, rand));
  apply (db, changes, &tl_message_type, fresh);
  g_assert_true (tl_replica_end_anew (db, changes, &error));
  g_assert_cmpint (count (db, "SELECT count(*) FROM message"), ==, 5);
  g_assert_cmpint (count (db, "SELECT min(key) FROM message"), ==, 8);
  g_assert_cmpint (count (db, "SELECT count(*) FROM message_text"), ==, 5);
}

/* Told, not asserted: machines differ. */
static void
test_speed (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlDb) db = fixture_db (dir);
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (g_free);
  gint64 from, slowest = 0;
  gsize bytes = 0;

  for (guint page = 0; page < 40; page++) {
    g_autoptr (JsonArray) objects = json_array_new ();
    g_autoptr (JsonNode) node = NULL;
    char *json;

    for (guint i = 0; i < 500; i++) {
      g_autoptr (GString) text = g_string_new (NULL);
      while (text->len < 550)
        g_string_append_printf (text, "word%d ", g_test_rand_int_range (0, 20000));
      json_array_add_object_element (objects,
                                     make_article (page * 500 + i + 1, "A title", text->str));
    }
    node = wrap (objects);
    json = json_to_string (node, FALSE);
    bytes += strlen (json);
    g_ptr_array_add (pages, json);
  }
  from = g_get_monotonic_time ();
  for (guint i = 0; i < pages->len; i++) {
    g_autoptr (TlChanges) changes = tl_changes_new ();
    g_autoptr (GError) error = NULL;
    gint64 began = g_get_monotonic_time ();

    tl_apply_objects (db, changes, &tl_article_type, pages->pdata[i], "$.list", &error);
    g_assert_no_error (error);
    fixture_commit (db);
    slowest = MAX (slowest, g_get_monotonic_time () - began);
  }
  g_test_message (
      "20000 articles of %" G_GSIZE_FORMAT " bytes: %.0f/s, slowest page of 500: %.1f ms",
      bytes / 20000, 20000e6 / (double)(g_get_monotonic_time () - from), (double)slowest / 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apply/every-type-comes-back-as-it-was-told", test_round_trip);
  g_test_add_func ("/apply/dates-are-exact-to-the-millisecond", test_dates);
  g_test_add_func ("/apply/texts-are-found-and-forgotten", test_search);
  g_test_add_func ("/apply/text-of-blocks", test_text_of_blocks);
  g_test_add_func ("/apply/beginning-anew-drops-what-did-not-come-again", test_begin_anew);
  g_test_add_func ("/apply/20000-articles", test_speed);
  return g_test_run ();
}
