/* changes.c: what one commit changed; names the objects while they are few. One thread at a time. */
#include "sync/replica.h"

#define NAMED_AT_MOST 4096

static guint
ref_hash (gconstpointer data)
{
  const TlObjectRef *ref = data;
  return g_int64_hash (&ref->key) * 31 + ref->type;
}

static gboolean
ref_equal (gconstpointer a, gconstpointer b)
{
  const TlObjectRef *one = a, *two = b;
  return one->key == two->key && one->type == two->type;
}

TlChanges *
tl_changes_new (void)
{
  TlChanges *changes = g_new0 (TlChanges, 1);

  changes->keys = g_hash_table_new_full (ref_hash, ref_equal, g_free, NULL);
  changes->rekeyed = g_array_new (FALSE, FALSE, sizeof (TlRekey));
  return changes;
}

void
tl_changes_free (TlChanges *changes)
{
  g_clear_pointer (&changes->keys, g_hash_table_unref);
  g_array_unref (changes->rekeyed);
  g_free (changes);
}

void
tl_changes_add (TlChanges *changes, const TlType *type, gint64 key)
{
  TlObjectRef ref = { key, type->number };

  changes->types |= G_GUINT64_CONSTANT (1) << type->number;
  if (changes->keys == NULL)
    return;
  if (g_hash_table_size (changes->keys) >= NAMED_AT_MOST)
    g_clear_pointer (&changes->keys, g_hash_table_unref);
  else
    g_hash_table_add (changes->keys, g_memdup2 (&ref, sizeof ref));
}

void
tl_changes_rekey (TlChanges *changes, const TlType *type, gint64 from, gint64 to)
{
  TlRekey rekey = { .from = from, .to = to, .type = type->number };

  g_array_append_val (changes->rekeyed, rekey);
  tl_changes_add (changes, type, from);
  tl_changes_add (changes, type, to);
}

void
tl_changes_all (TlChanges *changes)
{
  changes->types = G_MAXUINT64;
  g_clear_pointer (&changes->keys, g_hash_table_unref);
}

void
tl_changes_local (TlChanges *changes)
{
  changes->types |= 1;
}

gboolean
tl_changes_has_type (const TlChanges *changes, const TlType *type)
{
  return (changes->types >> type->number) & 1;
}

gboolean
tl_changes_has (const TlChanges *changes, const TlType *type, gint64 key)
{
  TlObjectRef ref = { key, type->number };

  return tl_changes_has_type (changes, type) &&
         (changes->keys == NULL || g_hash_table_contains (changes->keys, &ref));
}
