/* item.c: the table behind the items' properties. An item's members are its properties' values:
 * there is no other storage. Made in any thread, but filled in the main thread once it was handed
 * out. */
#include "sync/models/item.h"

typedef struct {
  const TlMember *members;
  guint n;
  GParamSpec **specs;
  GObjectClass *parent;
} Table;

static G_DEFINE_QUARK (tl_item_table, item_table)

    static Table *table_of (GType type)
{
  return g_type_get_qdata (type, item_table_quark ());
}

#define MEMBER(Type, item, member) G_STRUCT_MEMBER (Type, item, (member)->offset)

static void
get_property (GObject *item, guint id, GValue *value, GParamSpec *spec)
{
  const TlMember *member = &table_of (G_OBJECT_TYPE (item))->members[id - 1];

  switch (member->kind) {
  case TL_MEMBER_STRING:
    g_value_set_string (value, MEMBER (char *, item, member));
    break;
  case TL_MEMBER_INT64:
    g_value_set_int64 (value, MEMBER (gint64, item, member));
    break;
  case TL_MEMBER_INT:
    g_value_set_int (value, MEMBER (int, item, member));
    break;
  case TL_MEMBER_UINT:
    g_value_set_uint (value, MEMBER (guint, item, member));
    break;
  case TL_MEMBER_BYTE:
    g_value_set_uint (value, MEMBER (guint8, item, member));
    break;
  case TL_MEMBER_BOOLEAN:
    g_value_set_boolean (value, MEMBER (gboolean, item, member));
    break;
  }
}

static GParamSpec *
make_spec (const TlMember *member)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  switch (member->kind) {
  case TL_MEMBER_STRING:
    return g_param_spec_string (member->name, NULL, NULL, NULL, flags);
  case TL_MEMBER_INT64:
    return g_param_spec_int64 (member->name, NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  case TL_MEMBER_INT:
    return g_param_spec_int (member->name, NULL, NULL, G_MININT, G_MAXINT, 0, flags);
  case TL_MEMBER_UINT:
  case TL_MEMBER_BYTE:
    return g_param_spec_uint (member->name, NULL, NULL, 0, G_MAXUINT, 0, flags);
  case TL_MEMBER_BOOLEAN:
    return g_param_spec_boolean (member->name, NULL, NULL, FALSE, flags);
  }
  g_assert_not_reached ();
}

static void
finalize (GObject *item)
{
  Table *table = table_of (G_OBJECT_TYPE (item));

  for (guint i = 0; i < table->n; i++)
    if (table->members[i].kind == TL_MEMBER_STRING)
      g_free (MEMBER (char *, item, &table->members[i]));
  table->parent->finalize (item);
}

void
tl_item_class_setup (GObjectClass *class, const TlMember *members, guint n)
{
  Table *table = g_new0 (Table, 1);

  table->members = members;
  table->n = n;
  table->specs = g_new0 (GParamSpec *, n + 1);
  table->parent = g_type_class_peek_parent (class);
  for (guint i = 0; i < n; i++)
    table->specs[i + 1] = make_spec (&members[i]);
  g_type_set_qdata (G_OBJECT_CLASS_TYPE (class), item_table_quark (), table);
  class->get_property = get_property;
  class->finalize = finalize;
  g_object_class_install_properties (class, n + 1, table->specs);
}

static const TlMember *
find (const Table *table, const char *name)
{
  for (guint i = 0; i < table->n; i++)
    if (g_str_equal (table->members[i].name, name))
      return &table->members[i];
  return NULL;
}

GObject *
tl_item_new (GType type, gint64 key)
{
  GObject *item = g_object_new (type, NULL);

  MEMBER (gint64, item, find (table_of (type), "key")) = key;
  return item;
}

/* Did it differ? */
static gboolean
take (const TlMember *member, GObject *item, GObject *from)
{
  static const gsize sizes[] = {
    [TL_MEMBER_INT64] = sizeof (gint64), [TL_MEMBER_INT] = sizeof (int),
    [TL_MEMBER_UINT] = sizeof (guint),   [TL_MEMBER_BYTE] = 1,
    [TL_MEMBER_BOOLEAN] = sizeof (int),
  };
  gpointer to = G_STRUCT_MEMBER_P (item, member->offset);
  gconstpointer value = G_STRUCT_MEMBER_P (from, member->offset);

  if (member->kind == TL_MEMBER_STRING)
    return g_set_str (to, *(char *const *)value);
  if (memcmp (to, value, sizes[member->kind]) == 0)
    return FALSE;
  memcpy (to, value, sizes[member->kind]);
  return TRUE;
}

void
tl_item_fill (GObject *item, GObject *from)
{
  const Table *table = table_of (G_OBJECT_TYPE (item));

  MEMBER (gboolean, from, find (table, "loaded")) = TRUE;
  g_object_freeze_notify (item);
  for (guint i = 0; i < table->n; i++)
    if (take (&table->members[i], item, from))
      g_object_notify_by_pspec (item, table->specs[i + 1]);
  g_object_thaw_notify (item);
}
