/* Foo/queryChanges (RFC 8620, 5.6): who applies what it says has what a query gives. */
#include "tests/server/words.h"

#include <string.h>

static Household *house;

#define ID G_GINT64_FORMAT

typedef struct {
  const char *arguments; /* filter and sort */
  GPtrArray *ids;        /* of char * */
  char *state;
} List;

static JsonObject *
ask (const List *list, const char *method, const char *more)
{
  g_autofree char *call =
      g_strdup_printf ("['Message/%s',{'accountId':ACCOUNT,'calculateTotal':true,%s%s},'c']",
                       method, list->arguments, more);

  return household_call (house, house->ben, call, NULL);
}

static GPtrArray *
strings (JsonObject *object, const char *member)
{
  JsonArray *array = json_object_get_array_member (object, member);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (list, g_strdup (json_array_get_string_element (array, i)));
  return list;
}

static void
query (List *list)
{
  g_autoptr (JsonObject) result = ask (list, "query", "");

  g_assert_true (json_object_get_boolean_member (result, "canCalculateChanges"));
  g_clear_pointer (&list->ids, g_ptr_array_unref);
  list->ids = strings (result, "ids");
  g_set_str (&list->state, json_object_get_string_member (result, "queryState"));
}

/* As RFC 8620, 5.6 has it: all removed go, then each added is put at its index, lowest first. */
static void
apply (List *list, JsonObject *result)
{
  g_autoptr (GPtrArray) removed = strings (result, "removed");
  JsonArray *added = json_object_get_array_member (result, "added");

  for (guint i = 0; i < removed->len; i++) {
    guint at;

    if (g_ptr_array_find_with_equal_func (list->ids, removed->pdata[i], g_str_equal, &at))
      g_ptr_array_remove_index (list->ids, at);
  }
  for (guint i = 0; i < json_array_get_length (added); i++) {
    JsonObject *item = json_array_get_object_element (added, i);
    gint64 at = json_object_get_int_member (item, "index");

    g_assert_cmpint (at, <=, list->ids->len);
    g_ptr_array_insert (list->ids, (int)at, g_strdup (json_object_get_string_member (item, "id")));
  }
  g_assert_cmpint (json_object_get_int_member (result, "total"), ==, list->ids->len);
  g_assert_cmpstr (json_object_get_string_member (result, "oldQueryState"), ==, list->state);
  g_set_str (&list->state, json_object_get_string_member (result, "newQueryState"));
}

static void
follow (List *list)
{
  g_autofree char *since = g_strdup_printf (",'sinceQueryState':'%s'", list->state);
  g_autoptr (JsonObject) result = ask (list, "queryChanges", since);
  List fresh = { .arguments = list->arguments };

  apply (list, result);
  query (&fresh);
  g_assert_cmpuint (list->ids->len, ==, fresh.ids->len);
  for (guint i = 0; i < fresh.ids->len; i++)
    g_assert_cmpstr (list->ids->pdata[i], ==, fresh.ids->pdata[i]);
  g_ptr_array_unref (fresh.ids);
  g_free (fresh.state);
}

static void
change_something (gint64 rooms[2], GArray *messages)
{
  gint64 room = rooms[g_test_rand_int_range (0, 2)];
  g_autofree char *body =
      g_strdup_printf ("%c%d", 'a' + g_test_rand_int_range (0, 5), g_test_rand_int ());
  g_autofree char *patch = g_strdup_printf ("{'body':'%s'}", body);
  guint at = messages->len ? (guint)g_test_rand_int_range (0, (int)messages->len) : 0;

  switch (g_test_rand_int_range (0, messages->len > 3 ? 6 : 2)) {
  case 2:
  case 3:
    update (house, house->ada, "Message", g_array_index (messages, gint64, at), patch);
    return;
  case 4:
    destroy (house, house->ada, "Message", g_array_index (messages, gint64, at));
    g_array_remove_index (messages, at);
    return;
  case 5: {
    gint64 scope =
        household_number (house->pg, "SELECT scope FROM chat.room WHERE id = %" ID, room);
    gboolean is_in = household_number (house->pg,
                                       "SELECT count(*) FROM sync.member WHERE account = %" ID
                                       " AND scope = %" ID " AND to_xid IS NULL",
                                       house->ben, scope) > 0;

    (is_in ? household_leave : household_join) (house, house->ben, scope);
    return;
  }
  default: {
    gint64 id =
        make (house, house->ada, "Message", "{'roomId':'t%" ID "','body':'%s'}", room, body);

    g_array_append_val (messages, id);
  }
  }
}

static void
test_follow (void)
{
  g_autofree char *object =
      g_strdup_printf ("{'kind':'group','name':'A','members':['t%" ID "']}", house->ben);
  gint64 rooms[] = { make (house, house->ada, "Room", "%s", object),
                     make (house, house->ada, "Room", "%s", object) };
  g_autofree char *one = g_strdup_printf ("'filter':{'roomId':'t%" ID "'},"
                                          "'sort':[{'property':'body','isAscending':false}]",
                                          rooms[0]);
  g_autofree char *not = g_strdup_printf (
      "'filter':{'operator':'NOT','conditions':[{'roomId':'t%" ID "'}]}", rooms[0]);
  List lists[] = { { .arguments = "'sort':[{'property':'body'}]" },
                   { .arguments = one },
                   { .arguments = not} };
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    query (&lists[i]);
  for (guint round = 0; round < 60; round++) {
    for (int n = g_test_rand_int_range (0, 5); n > 0; n--)
      change_something (rooms, messages);
    for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
      follow (&lists[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_ptr_array_unref (lists[i].ids);
    g_free (lists[i].state);
  }
}

static void
assert_error (const char *arguments, const char *type)
{
  g_autofree char *call =
      g_strdup_printf ("['Message/queryChanges',{'accountId':ACCOUNT%s},'c']", arguments);
  const char *name;
  g_autoptr (JsonObject) result = household_call (house, house->ben, call, &name);

  g_assert_cmpstr (name, ==, "error");
  g_assert_cmpstr (json_object_get_string_member (result, "type"), ==, type);
}

static void
test_errors (void)
{
  g_autofree char *state = household_state (house);
  g_autofree char *search =
      g_strdup_printf (",'filter':{'text':'x'},'sinceQueryState':'%s'", state);
  g_autofree char *few = g_strdup_printf (",'maxChanges':1,'sinceQueryState':'%s'", state);
  gint64 room = make (house, house->ben, "Room", "{'kind':'group','name':'B'}");
  g_autoptr (JsonObject) found = NULL;

  make (house, house->ben, "Message", "{'roomId':'t%" ID "','body':'x'}", room);
  assert_error ("", "invalidArguments");
  assert_error (",'sinceQueryState':'never'", "cannotCalculateChanges");
  assert_error (",'sinceQueryState':'999.1:1:'", "cannotCalculateChanges");
  assert_error (search, "cannotCalculateChanges");
  assert_error (few, "tooManyChanges");
  found = household_call (
      house, house->ben, "['Message/query',{'accountId':ACCOUNT,'filter':{'text':'x'}},'c']", NULL);
  g_assert_false (json_object_get_boolean_member (found, "canCalculateChanges"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  house = household_new ();
  house->server.search = tl_search_pg_new ();
  g_test_add_func ("/query-changes/lead-to-what-a-query-gives", test_follow);
  g_test_add_func ("/query-changes/are-refused-by-name", test_errors);
  status = g_test_run ();
  house->server.search->class->free (house->server.search);
  household_free (house);
  return status;
}
