/* /changes on a real PostgreSQL: what is told, what never is skipped, and replicas that end up right. */
#include "tests/server/household.h"

#include <string.h>

static Household *house;

static JsonObject *
changes_of (gint64 account, const char *type, const char *state, guint max)
{
  g_autofree char *call =
      g_strdup_printf ("['%s/changes',{'accountId':ACCOUNT,'sinceState':'%s','maxChanges':%u},'a']",
                       type, state, max);
  const char *name;
  g_autoptr (JsonObject) object = household_call (house, account, call, &name);

  if (g_str_equal (name, "error"))
    g_error ("%s: %s", call, json_object_get_string_member (object, "type"));
  g_assert_cmpstr (json_object_get_string_member (object, "oldState"), ==, state);
  return g_steal_pointer (&object);
}

/* "created;updated;destroyed" with ids relative to `base`. */
static char *
summary (JsonObject *changes, gint64 base)
{
  static const char *const members[] = { "created", "updated", "destroyed" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonArray *ids = json_object_get_array_member (changes, members[i]);

    if (i > 0)
      g_string_append_c (text, ';');
    for (guint j = 0; j < json_array_get_length (ids); j++) {
      gint64 id;

      g_assert_true (tl_id_parse (json_array_get_string_element (ids, j), &id));
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT, j ? "," : "", id - base);
    }
  }
  return g_string_free_and_steal (text);
}

static void
assert_changes (gint64 account, const char *type, const char *state, gint64 base,
                const char *expected)
{
  g_autoptr (JsonObject) changes = changes_of (account, type, state, 1000);
  g_autofree char *found = summary (changes, base);

  g_assert_cmpstr (found, ==, expected);
}

static void
destroy_article (TlPg *pg, gint64 scope, gint64 id)
{
  g_free (household_sql (pg, "DELETE FROM news.article WHERE id = %" G_GINT64_FORMAT, id));
  household_log (pg, scope, &tl_article_type, id, TL_DESTROYED, NULL);
}

static void
update_article (TlPg *pg, gint64 scope, gint64 id, const char *title)
{
  g_free (household_sql (pg, "UPDATE news.article SET title = '%s' WHERE id = %" G_GINT64_FORMAT,
                         title, id));
  household_log (pg, scope, &tl_article_type, id, TL_UPDATED, "title");
}

static void
test_kinds (void)
{
  gint64 feed;
  gint64 scope = household_feed (house, "https://kinds.example/", &feed);
  gint64 old, gone, new, brief;
  g_autofree char *state = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (JsonObject) changes = NULL;
  g_autoptr (JsonObject) current = NULL;
  JsonArray *properties;

  household_join (house, house->ada, scope);
  old = household_article (house->pg, scope, feed, "old");
  gone = household_article (house->pg, scope, feed, "gone");
  state = household_state (house);
  current = changes_of (house->ada, "Article", state, 10);
  g_assert_cmpstr (json_object_get_string_member (current, "newState"), ==, state);
  update_article (house->pg, scope, old, "older");
  destroy_article (house->pg, scope, gone);
  new = household_article (house->pg, scope, feed, "new");
  update_article (house->pg, scope, new, "newer");
  brief = household_article (house->pg, scope, feed, "brief");
  destroy_article (house->pg, scope, brief);
  expected = g_strdup_printf ("%" G_GINT64_FORMAT ";0;1", new - old);
  assert_changes (house->ada, "Article", state, old, expected);
  assert_changes (house->ada, "Feed", state, 0, ";;");
  assert_changes (house->ben, "Article", state, 0, ";;");
  changes = changes_of (house->ada, "Article", state, 10);
  properties = json_object_get_array_member (changes, "updatedProperties");
  g_assert_cmpuint (json_array_get_length (properties), ==, 1);
  g_assert_cmpstr (json_array_get_string_element (properties, 0), ==, "title");
  g_assert_false (json_object_get_boolean_member (changes, "hasMoreChanges"));
}

/* A transaction that was open when the state was taken comes later, though its ids are smaller. */
static void
test_late_commit (void)
{
  g_autoptr (TlPg) other = tl_pg_new (house->conninfo);
  gint64 feed, quick_feed;
  gint64 scope = household_feed (house, "https://late.example/", &feed);
  gint64 quick_scope = household_feed (house, "https://quick.example/", &quick_feed);
  gint64 late, quick;
  g_autofree char *before = NULL;
  g_autofree char *between = NULL;
  g_autofree char *after = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (JsonObject) first = NULL;

  household_join (house, house->ada, scope);
  household_join (house, house->ada, quick_scope);
  before = household_state (house);
  g_assert_true (tl_pg_begin (other, NULL));
  late = household_article (other, scope, feed, "late");
  quick = household_article (house->pg, quick_scope, quick_feed, "quick");
  expected = g_strdup_printf ("%" G_GINT64_FORMAT ";;", quick - late);
  assert_changes (house->ada, "Article", before, late, expected);
  first = changes_of (house->ada, "Article", before, 10);
  between = g_strdup (json_object_get_string_member (first, "newState"));
  after = household_state (house);
  g_assert_true (tl_pg_commit (other, NULL));
  assert_changes (house->ada, "Article", between, late, "0;;");
  assert_changes (house->ada, "Article", after, late, "0;;");
}

/* Follows /changes from `state` page by page; what each page told, joined by "|". */
static char *
follow (gint64 account, const char *type, char **state, guint max, gint64 base)
{
  GString *text = g_string_new (NULL);
  gboolean more = TRUE;

  while (more) {
    g_autoptr (JsonObject) page = changes_of (account, type, *state, max);
    g_autofree char *told = summary (page, base);
    const char *next = json_object_get_string_member (page, "newState");

    more = json_object_get_boolean_member (page, "hasMoreChanges");
    if (more)
      g_assert_cmpstr (next, !=, *state);
    g_string_append_printf (text, "%s%s", text->len ? "|" : "", told);
    g_set_str (state, next);
  }
  return g_string_free_and_steal (text);
}

static void
test_pages (void)
{
  gint64 feed;
  gint64 scope = household_feed (house, "https://pages.example/", &feed);
  gint64 ids[4];
  g_autofree char *state = NULL;
  g_autofree char *told = NULL;
  g_autofree char *rest = NULL;

  household_join (house, house->ada, scope);
  ids[0] = household_article (house->pg, scope, feed, "0");
  state = household_state (house);
  for (guint i = 1; i < G_N_ELEMENTS (ids); i++)
    ids[i] = household_article (house->pg, scope, feed, "n");
  destroy_article (house->pg, scope, ids[2]);
  update_article (house->pg, scope, ids[1], "changed");
  update_article (house->pg, scope, ids[0], "changed");
  told = follow (house->ada, "Article", &state, 1, ids[0]);
  g_assert_cmpstr (told, ==, ";0;|1;;|;;|3;;");
  rest = follow (house->ada, "Article", &state, 1, ids[0]);
  g_assert_cmpstr (rest, ==, ";;");
}

static void
test_membership (void)
{
  gint64 feed;
  gint64 scope = household_feed (house, "https://rooms.example/", &feed);
  gint64 first = household_article (house->pg, scope, feed, "1");
  g_autofree char *outside = NULL;
  g_autofree char *inside = NULL;
  g_autofree char *left = NULL;
  g_autofree char *paged = NULL;
  g_autofree char *told = NULL;

  household_article (house->pg, scope, feed, "2");
  outside = household_state (house);
  household_join (house, house->ben, scope);
  household_article (house->pg, scope, feed, "3");
  assert_changes (house->ben, "Article", outside, first, "0,1,2;;");
  paged = g_strdup (outside);
  told = follow (house->ben, "Article", &paged, 1, first);
  g_assert_cmpstr (told, ==, "0;;|1;;|2;;");
  inside = household_state (house);
  destroy_article (house->pg, scope, first + 1);
  household_leave (house, house->ben, scope);
  household_article (house->pg, scope, feed, "after");
  assert_changes (house->ben, "Article", inside, first, ";;0,1,2");
  assert_changes (house->ben, "Article", outside, first, ";;");
  left = household_state (house);
  household_join (house, house->ben, scope);
  assert_changes (house->ben, "Article", left, first, "0,2,3;;");
  assert_changes (house->ben, "Article", inside, first, "3;0,2;1");
  assert_changes (house->ben, "Feed", left, feed, "0;;");
  household_leave (house, house->ben, scope);
}

static void
assert_cannot (const char *state)
{
  g_autofree char *call =
      g_strdup_printf ("['Article/changes',{'accountId':ACCOUNT,'sinceState':'%s'},'a']", state);
  const char *name;
  g_autoptr (JsonObject) object = household_call (house, house->ada, call, &name);

  g_assert_cmpstr (name, ==, "error");
  g_assert_cmpstr (json_object_get_string_member (object, "type"), ==, "cannotCalculateChanges");
}

static void
test_states (void)
{
  static const char *const bad[] = {
    "",
    "1",
    "1.",
    "x",
    "1.5",
    "1.5:6",
    "01.5:5:",
    "1.0:5:",
    "1.6:5:",
    "1.5:9:9",
    "1.5:9:4",
    "1.5:9:7,6",
    "1.5:9:7,7",
    "1.5:9: 7",
    "1.5:9:7,",
    "1.5:99999999999999999999:",
    "2.5:5:",
    "1.5:9:~5:9:",
    "1.5:9:~5:9:~0",
    "1.5:9:~5:9:~1~1",
    "1.999999999:999999999:",
    "1.5:9:~999999999:999999999:~3",
    "-1.5:5:",
    "99999999999.5:5:",
    "1.5:5:;DROP",
  };
  g_autofree char *state = household_state (house);
  GString *endless = g_string_new ("1.5:99999999:5");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_cannot (bad[i]);
  for (guint i = 6; i < 9000; i++)
    g_string_append_printf (endless, ",%u", i);
  assert_cannot (endless->str);
  g_string_free (endless, TRUE);
  g_free (household_sql (house->pg, "SELECT pg_current_xact_id()"));
  g_free (household_sql (house->pg, "UPDATE sync.epoch SET log_from = pg_current_xact_id()"));
  assert_cannot (state);
  g_free (household_sql (house->pg, "UPDATE sync.epoch SET log_from = '0'"));
  assert_changes (house->ada, "Article", state, 0, ";;");
  g_free (household_sql (house->pg, "UPDATE sync.epoch SET epoch = 2"));
  assert_cannot (state);
  g_free (household_sql (house->pg, "UPDATE sync.epoch SET epoch = 1"));
}

/* --- random histories ---------------------------------------------------------------------------- */

#define N_FEEDS 3
#define MAX_ARTICLES 300 /* a /get of all takes 1,000 */

typedef struct {
  gint64 scopes[N_FEEDS], feeds[N_FEEDS];
  GArray *articles;    /* id, feed */
  GHashTable *replica; /* "t5" -> title */
  char *state;
} World;

typedef struct {
  gint64 id;
  guint feed;
} Placed;

static void
move_article (TlPg *pg, World *world, Placed *placed, guint to)
{
  g_free (household_sql (
      pg, "UPDATE news.article SET scope = %" G_GINT64_FORMAT " WHERE id = %" G_GINT64_FORMAT,
      world->scopes[to], placed->id));
  g_free (household_sql (
      pg,
      "SELECT sync.append(ARRAY[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]::bigint[], "
      "ARRAY[4,4]::smallint[], ARRAY[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]::bigint[], "
      "ARRAY['d','c'], ARRAY[NULL,NULL]::text[])",
      world->scopes[placed->feed], world->scopes[to], placed->id, placed->id));
  placed->feed = to;
}

static void
change_article (World *world)
{
  guint i = (guint)g_test_rand_int_range (0, (gint32)world->articles->len);
  Placed *placed = &g_array_index (world->articles, Placed, i);
  g_autofree char *title = NULL;

  switch (g_test_rand_int_range (0, 3)) {
  case 0:
    destroy_article (house->pg, world->scopes[placed->feed], placed->id);
    g_array_remove_index_fast (world->articles, i);
    break;
  case 1:
    move_article (house->pg, world, placed, (placed->feed + 1) % N_FEEDS);
    break;
  default:
    title = g_strdup_printf ("title %d", g_test_rand_int ());
    update_article (house->pg, world->scopes[placed->feed], placed->id, title);
  }
}

static void
do_something (World *world)
{
  guint feed = (guint)g_test_rand_int_range (0, N_FEEDS);
  int what = g_test_rand_int_range (0, 10);

  if (what == 0) {
    household_join (house, house->ben, world->scopes[feed]);
  } else if (what == 1) {
    household_leave (house, house->ben, world->scopes[feed]);
  } else if ((what < 6 && world->articles->len < MAX_ARTICLES) || world->articles->len == 0) {
    Placed placed = { .feed = feed };

    placed.id = household_article (house->pg, world->scopes[feed], world->feeds[feed], "new");
    g_array_append_val (world->articles, placed);
  } else {
    change_article (world);
  }
}

static void
fetch (World *world, JsonArray *ids, gboolean goes_on)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *list = NULL;
  g_autofree char *call = NULL;
  g_autoptr (JsonObject) got = NULL;
  JsonArray *objects;

  if (goes_on)
    do_something (world);
  json_node_set_array (node, ids);
  list = json_to_string (node, FALSE);
  call = g_strdup_printf ("['Article/get',{'accountId':ACCOUNT,'ids':%s},'a']", list);
  got = household_call (house, house->ben, call, NULL);
  objects = json_object_get_array_member (got, "list");
  for (guint i = 0; i < json_array_get_length (objects); i++) {
    JsonObject *object = json_array_get_object_element (objects, i);

    g_hash_table_insert (world->replica, g_strdup (json_object_get_string_member (object, "id")),
                         g_strdup (json_object_get_string_member (object, "title")));
  }
}

/* Told once a window: no id in two pages or two lists. */
static void
note_told (GHashTable *told, JsonArray *ids)
{
  for (guint i = 0; i < json_array_get_length (ids); i++)
    g_assert_true (g_hash_table_add (told, g_strdup (json_array_get_string_element (ids, i))));
}

/* `goes_on`: the server does, between /changes and /get. */
static gboolean
sync_page (World *world, GHashTable *told, gboolean goes_on)
{
  guint max = (guint)g_test_rand_int_range (1, 5);
  g_autoptr (JsonObject) page = changes_of (house->ben, "Article", world->state, max);
  JsonArray *created = json_object_get_array_member (page, "created");
  JsonArray *updated = json_object_get_array_member (page, "updated");
  JsonArray *destroyed = json_object_get_array_member (page, "destroyed");

  g_assert_cmpuint (json_array_get_length (created) + json_array_get_length (updated) +
                        json_array_get_length (destroyed),
                    <=, max);
  note_told (told, created);
  note_told (told, updated);
  note_told (told, destroyed);
  for (guint i = 0; i < json_array_get_length (created); i++)
    g_assert_true (goes_on || !g_hash_table_contains (world->replica,
                                                      json_array_get_string_element (created, i)));
  for (guint i = 0; i < json_array_get_length (destroyed); i++)
    g_hash_table_remove (world->replica, json_array_get_string_element (destroyed, i));
  fetch (world, created, goes_on);
  fetch (world, updated, goes_on);
  g_set_str (&world->state, json_object_get_string_member (page, "newState"));
  return json_object_get_boolean_member (page, "hasMoreChanges");
}

static void
assert_equal_to_server (World *world)
{
  g_autoptr (JsonObject) all = household_call (
      house, house->ben,
      "['Article/get',{'accountId':ACCOUNT,'ids':null,'properties':['title']},'a']", NULL);
  JsonArray *list = json_object_get_array_member (all, "list");

  g_assert_cmpuint (json_array_get_length (list), ==, g_hash_table_size (world->replica));
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *object = json_array_get_object_element (list, i);
    const char *id = json_object_get_string_member (object, "id");

    g_assert_cmpstr (g_hash_table_lookup (world->replica, id), ==,
                     json_object_get_string_member (object, "title"));
  }
}

static void
catch_up (World *world, gboolean goes_on)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while (sync_page (world, told, goes_on))
    ;
}

static void
run_histories (const char *name, gboolean goes_on)
{
  World world = { .articles = g_array_new (FALSE, FALSE, sizeof (Placed)),
                  .replica = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
                  .state = household_state (house) };

  for (guint i = 0; i < N_FEEDS; i++) {
    g_autofree char *url = g_strdup_printf ("https://%s%u.example/", name, i);

    world.scopes[i] = household_feed (house, url, &world.feeds[i]);
  }
  for (guint round = 0; round < 60; round++) {
    guint steps = (guint)g_test_rand_int_range (0, 12);

    for (guint i = 0; i < steps; i++)
      do_something (&world);
    if (goes_on)
      catch_up (&world, TRUE);
    catch_up (&world, FALSE);
    assert_equal_to_server (&world);
  }
  for (guint i = 0; i < N_FEEDS; i++)
    household_leave (house, house->ben, world.scopes[i]);
  g_array_unref (world.articles);
  g_hash_table_unref (world.replica);
  g_free (world.state);
}

static void
test_random (void)
{
  run_histories ("random", FALSE);
}

static void
test_moving_target (void)
{
  run_histories ("moving", TRUE);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  house = household_new ();
  g_test_add_func ("/changes/random-histories-converge", test_random);
  g_test_add_func ("/changes/converge-while-the-server-goes-on", test_moving_target);
  g_test_add_func ("/changes/created-updated-destroyed", test_kinds);
  g_test_add_func ("/changes/never-skips-a-late-commit", test_late_commit);
  g_test_add_func ("/changes/one-at-a-time", test_pages);
  g_test_add_func ("/changes/scopes-gained-and-lost", test_membership);
  g_test_add_func ("/changes/refuses-states-it-cannot-tell-from", test_states);
  status = g_test_run ();
  household_free (house);
  return status;
}
