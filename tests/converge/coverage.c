/* coverage.c: see the header. What may be done to a type follows from its table; exceptions are listed. */
#include "tests/converge/coverage.h"

#include "sync/wire/types.h"

/* docs/protocol.md, "Types": those of which clients may less than create, update and destroy. */
static const struct {
  const TlType *type;
  gboolean is_created, is_destroyed;
} lesser[] = {
  { &tl_principal_type, FALSE, FALSE },
  { &tl_notification_type, FALSE, TRUE },
};

Coverage *
coverage_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
coverage_add (Coverage *self, const char *tally)
{
  g_auto (GStrv) words = g_strsplit (tally, " ", -1);

  for (guint i = 1; g_str_equal (words[0], "ok") && words[i]; i++)
    g_hash_table_replace (
        self, g_strdup (words[i]),
        GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (self, words[i])) + 1));
}

guint
coverage_refused (Coverage *self)
{
  GHashTableIter iter;
  gpointer what, count;
  guint refused = 0;

  g_hash_table_iter_init (&iter, self);
  while (g_hash_table_iter_next (&iter, &what, &count))
    refused += g_str_has_suffix (what, ":refused") ? GPOINTER_TO_UINT (count) : 0;
  return refused;
}

static guint
count_of (Coverage *self, const TlType *type, const char *verb)
{
  g_autofree char *what = g_strdup_printf ("%s:%s", type->name, verb);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self, what));
}

static gboolean
can_be_updated (const TlType *type)
{
  for (guint i = 0; i < type->n_fields; i++)
    if (!(type->fields[i].flags & (TL_SERVER_SET | TL_IMMUTABLE)))
      return TRUE;
  return FALSE;
}

static gboolean
is_written (Coverage *self, const TlType *type)
{
  gboolean is_created = TRUE, is_destroyed = TRUE, is_whole;
  guint created = count_of (self, type, "create"), updated = count_of (self, type, "update"),
        destroyed = count_of (self, type, "destroy");

  if (type->flags & TL_TYPE_READONLY)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (lesser); i++)
    if (lesser[i].type == type) {
      is_created = lesser[i].is_created;
      is_destroyed = lesser[i].is_destroyed;
    }
  /* A mark is made by its first change. */
  if (type->keyed_by)
    updated = created += updated;
  is_whole = (!is_created || created > 0) && (!can_be_updated (type) || updated > 0) &&
             (!is_destroyed || destroyed > 0);
  g_test_message ("%s: %u created, %u updated, %u destroyed, %u refused%s", type->name, created,
                  updated, destroyed, count_of (self, type, "refused"),
                  is_whole ? "" : ": NOT WHOLE");
  return is_whole;
}

gboolean
coverage_is_whole (Coverage *self)
{
  gboolean is_whole = TRUE;

  for (guint i = 0; tl_types[i]; i++)
    is_whole &= is_written (self, tl_types[i]);
  return is_whole;
}
