/* calendar-attachments.c: see the header. What is kept may get another name: pictures are prepared for sending. */
#include "sync/calendar-attachments.h"

#include "sync/uploads.h"
#include "sync/wire/event-files.h"

/* All that a calendar file has, so that it can be read again (as base64). */
#define MOST_BYTES (TL_ICAL_MAX / 2)

/* --- out ----------------------------------------------------------------------------------------- */

static GPtrArray *
files_of (const TlCalendarEvent *event)
{
  g_autofree char *files = tl_event_files_of (event->links);

  return tl_attachments_parse (files);
}

GHashTable *
tl_calendar_files_gather (TlMedia *media, const TlCalendarEvent *const *events, guint n)
{
  GHashTable *gathered =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  g_autoptr (GError) error = NULL;
  gsize total = 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (GPtrArray) files = files_of (events[i]);

    for (guint j = 0; j < files->len; j++) {
      const TlAttachment *file = files->pdata[j];
      g_autoptr (GBytes) bytes = NULL;

      if (file->size > TL_ICAL_FILE_MAX || g_hash_table_contains (gathered, file->blob_id))
        continue;
      g_clear_error (&error);
      bytes = dex_await_boxed (tl_media_load (media, file->blob_id), &error);
      if (g_error_matches (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_OFFLINE))
        return gathered;
      if (bytes == NULL || g_bytes_get_size (bytes) > TL_ICAL_FILE_MAX)
        continue;
      total += g_bytes_get_size (bytes);
      if (total > MOST_BYTES)
        return gathered;
      g_hash_table_insert (gathered, g_strdup (file->blob_id), g_steal_pointer (&bytes));
    }
  }
  return gathered;
}

/* --- in ------------------------------------------------------------------------------------------ */

/* NULL when it cannot be kept; `error` is the first one. */
static TlAttachment *
keep (TlReplica *replica, const TlIcal *ical, const TlAttachment *file, GError **error)
{
  GBytes *bytes = g_hash_table_lookup (ical->files, file->blob_id);
  g_autoptr (GError) why = NULL;
  TlAttachment *kept =
      bytes ? dex_await_boxed (tl_upload_keep (replica, bytes, file->name), &why) : NULL;

  if (why && *error == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return kept;
}

/* Instances with links of their own name the same files. */
static void
rename_file (TlCalendarEvent *event, const char *from, const char *to)
{
  g_autoptr (GString) overrides =
      event->recurrence_overrides ? g_string_new (event->recurrence_overrides) : NULL;

  if (overrides && g_string_replace (overrides, from, to, 0) > 0)
    g_set_str (&event->recurrence_overrides, overrides->str);
}

static void
keep_files (TlReplica *replica, const TlIcal *ical, TlCalendarEvent *event, GError **error)
{
  g_autoptr (GPtrArray) files = files_of (event);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_attachment_free);
  g_autofree char *list = NULL;
  char *links;

  if (files->len == 0)
    return;
  for (guint i = 0; i < files->len; i++) {
    const TlAttachment *file = files->pdata[i];
    TlAttachment *attachment = keep (replica, ical, file, error);

    if (attachment == NULL)
      continue;
    rename_file (event, file->blob_id, attachment->blob_id);
    g_ptr_array_add (kept, attachment);
  }
  list = tl_attachments_format (kept);
  links = tl_event_files_put (event->links, list);
  g_free (event->links);
  event->links = links;
}

gboolean
tl_calendar_files_keep (TlReplica *replica, TlIcal *ical, GError **error)
{
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < ical->events->len; i++)
    keep_files (replica, ical, ical->events->pdata[i], &first);
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}
