/* words.c: see the header. */
#include "tests/server/words.h"

#include <string.h>

#define ID G_GINT64_FORMAT

static JsonObject *
set (Household *self, gint64 who, const char *type, const char *arguments)
{
  g_autofree char *call =
      g_strdup_printf ("['%s/set',{'accountId':ACCOUNT,%s},'c']", type, arguments);
  const char *name;
  JsonObject *result = household_call (self, who, call, &name);

  g_assert_true (g_str_has_suffix (name, "/set"));
  return result;
}

static JsonObject *
member_of (JsonObject *result, const char *list, const char *key)
{
  JsonObject *object =
      json_object_has_member (result, list) ? json_object_get_object_member (result, list) : NULL;

  return object && json_object_has_member (object, key)
             ? json_object_get_object_member (object, key)
             : NULL;
}

/* The id of what was made; fails the test when it was not. */
gint64
make (Household *self, gint64 who, const char *type, const char *format, ...)
{
  g_autofree char *object = NULL;
  g_autofree char *arguments = NULL;
  g_autoptr (JsonObject) result = NULL;
  JsonObject *created;
  va_list args;
  gint64 id;

  va_start (args, format);
  object = g_strdup_vprintf (format, args);
  va_end (args);
  arguments = g_strdup_printf ("'create':{'x':%s}", object);
  result = set (self, who, type, arguments);
  created = json_object_get_object_member (result, "created");
  if (!created || !json_object_has_member (created, "x"))
    g_error ("%s was not created: %s", type,
             json_object_get_string_member (member_of (result, "notCreated", "x"), "description"));
  g_assert_true (tl_id_parse (
      json_object_get_string_member (json_object_get_object_member (created, "x"), "id"), &id));
  return id;
}

/* Each of these is refused with `type`, and the sentence has `why` in it. */
static void
assert_refused (Household *self, gint64 who, const char *kind, const char *arguments,
                const char *list, const char *key, const char *type, const char *why)
{
  g_autoptr (JsonObject) result = set (self, who, kind, arguments);
  JsonObject *refusal = member_of (result, list, key);

  g_assert_nonnull (refusal);
  g_assert_cmpstr (json_object_get_string_member (refusal, "type"), ==, type);
  g_assert_nonnull (strstr (json_object_get_string_member (refusal, "description"), why));
}

void
refuse_create (Household *self, gint64 who, const char *kind, const char *object, const char *type,
               const char *why)
{
  g_autofree char *arguments = g_strdup_printf ("'create':{'x':%s}", object);

  assert_refused (self, who, kind, arguments, "notCreated", "x", type, why);
}

void
refuse_update (Household *self, gint64 who, const char *kind, gint64 id, const char *patch,
               const char *type, const char *why)
{
  g_autofree char *key = g_strdup_printf ("t%" ID, id);
  g_autofree char *arguments = g_strdup_printf ("'update':{'%s':%s}", key, patch);

  assert_refused (self, who, kind, arguments, "notUpdated", key, type, why);
}

void
refuse_destroy (Household *self, gint64 who, const char *kind, gint64 id, const char *type,
                const char *why)
{
  g_autofree char *key = g_strdup_printf ("t%" ID, id);
  g_autofree char *arguments = g_strdup_printf ("'destroy':['%s']", key);

  assert_refused (self, who, kind, arguments, "notDestroyed", key, type, why);
}

void
update (Household *self, gint64 who, const char *kind, gint64 id, const char *patch)
{
  g_autofree char *key = g_strdup_printf ("t%" ID, id);
  g_autofree char *arguments = g_strdup_printf ("'update':{'%s':%s}", key, patch);
  g_autoptr (JsonObject) result = set (self, who, kind, arguments);

  g_assert_true (json_object_has_member (json_object_get_object_member (result, "updated"), key));
}

void
destroy (Household *self, gint64 who, const char *kind, gint64 id)
{
  g_autofree char *arguments = g_strdup_printf ("'destroy':['t%" ID "']", id);
  g_autoptr (JsonObject) result = set (self, who, kind, arguments);

  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (result, "destroyed")), ==,
                    1);
}

/* What `who` sees of object `id`, NULL when nothing. */
JsonObject *
get (Household *self, gint64 who, const char *kind, gint64 id)
{
  g_autofree char *call =
      g_strdup_printf ("['%s/get',{'accountId':ACCOUNT,'ids':['t%" ID "']},'c']", kind, id);
  g_autoptr (JsonObject) result = household_call (self, who, call, NULL);
  JsonArray *list = json_object_get_array_member (result, "list");

  return json_array_get_length (list) ? json_object_ref (json_array_get_object_element (list, 0))
                                      : NULL;
}

void
assert_sees (Household *self, gint64 who, const char *kind, gint64 id, gboolean sees)
{
  g_autoptr (JsonObject) object = get (self, who, kind, id);

  g_assert_cmpint (object != NULL, ==, sees);
}

void
assert_text (Household *self, gint64 who, const char *kind, gint64 id, const char *name,
             const char *expected)
{
  g_autoptr (JsonObject) object = get (self, who, kind, id);

  g_assert_nonnull (object);
  g_assert_cmpstr (json_object_get_string_member_with_default (object, name, NULL), ==, expected);
}

/* Of `kind`, what a device of `who` that knew `state` is told: "c u d" counts. */
static char *
count_changes (Household *self, gint64 who, const char *kind, const char *state)
{
  static const char *const lists[] = { "created", "updated", "destroyed" };
  g_autofree char *call =
      g_strdup_printf ("['%s/changes',{'accountId':ACCOUNT,'sinceState':'%s'},'c']", kind, state);
  g_autoptr (JsonObject) result = household_call (self, who, call, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_string_append_printf (
        text, "%s%u", i ? " " : "",
        json_array_get_length (json_object_get_array_member (result, lists[i])));
  return g_string_free_and_steal (text);
}

void
assert_changes (Household *self, gint64 who, const char *kind, const char *state,
                const char *expected)
{
  g_autofree char *found = count_changes (self, who, kind, state);

  g_assert_cmpstr (found, ==, expected);
}
