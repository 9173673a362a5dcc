/* calendar-file.c: what is read is parsed in the thread that reads it; what is written comes from a reader thread of the
 * replica. */
#include "sync/calendar-file.h"

#include "sync/calendar-attachments.h"
#include "sync/models/agenda.h"

/* --- reading ------------------------------------------------------------------------------------- */

static TlIcal *
read_file (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, error);
  g_autofree char *text = NULL;
  gsize length;

  if (info == NULL)
    return NULL;
  if (g_file_info_get_size (info) > TL_ICAL_MAX) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The file has more than %d MB",
                 TL_ICAL_MAX / 1024 / 1024);
    return NULL;
  }
  return g_file_load_contents (file, NULL, &text, &length, NULL, error)
             ? tl_ical_parse (text, length, error)
             : NULL;
}

static DexFuture *
read_fiber (gpointer file)
{
  GError *error = NULL;
  TlIcal *ical = read_file (file, &error);

  return ical ? dex_future_new_for_pointer (ical) : dex_future_new_for_error (error);
}

DexFuture *
tl_calendar_file_read (GFile *file)
{
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, read_fiber,
                              g_object_ref (file), g_object_unref);
}

/* --- writing ------------------------------------------------------------------------------------- */

typedef struct {
  TlCalendarWish wish;
  char *name;
  GFile *file; /* NULL: the text is asked for */
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_object_unref (writing->wish.replica);
  tl_media_free (writing->wish.media);
  g_clear_object (&writing->file);
  g_free (writing->name);
  g_free (writing);
}

static GBytes *
to_bytes (const Writing *writing, const TlCalendarEvent *const *events, guint n)
{
  g_autoptr (GHashTable) bytes = tl_calendar_files_gather (writing->wish.media, events, n);
  g_autofree char *address = tl_media_address (writing->wish.media, writing->wish.me);
  const TlIcalFiles files = { bytes, address };
  char *text = tl_ical_format (events, n, writing->name, &files);

  return g_bytes_new_take (text, strlen (text));
}

static GBytes *
text_of (const Writing *writing, GError **error)
{
  const TlCalendarWish *wish = &writing->wish;
  GBytes *bytes = NULL;

  if (wish->event != 0) {
    TlCalendarEvent *event = dex_await_pointer (tl_event_load (wish->replica, wish->event), error);

    if (event)
      bytes = to_bytes (writing, (const TlCalendarEvent *const *)&event, 1);
    tl_record_free (&tl_calendar_event_type, event);
  } else {
    g_autoptr (GPtrArray) events =
        dex_await_pointer (tl_events_load (wish->replica, wish->calendar), error);

    if (events)
      bytes = to_bytes (writing, (const TlCalendarEvent *const *)events->pdata, events->len);
  }
  return bytes;
}

static DexFuture *
write_fiber (gpointer data)
{
  Writing *writing = data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = text_of (writing, &error);

  if (bytes == NULL)
    return dex_future_new_for_error (error);
  if (writing->file == NULL)
    return dex_future_new_take_boxed (G_TYPE_BYTES, g_steal_pointer (&bytes));
  return dex_file_replace_contents_bytes (writing->file, bytes, NULL, FALSE,
                                          G_FILE_CREATE_REPLACE_DESTINATION);
}

static DexFuture *
start (const TlCalendarWish *wish, GFile *file)
{
  Writing *writing = g_new (Writing, 1);

  *writing = (Writing){ *wish, g_strdup (wish->name), file ? g_object_ref (file) : NULL };
  g_object_ref (writing->wish.replica);
  tl_media_ref (writing->wish.media);
  return dex_scheduler_spawn (NULL, 0, write_fiber, writing, writing_free);
}

DexFuture *
tl_calendar_text (const TlCalendarWish *wish)
{
  return start (wish, NULL);
}

DexFuture *
tl_calendar_file_write (const TlCalendarWish *wish, GFile *file)
{
  return start (wish, file);
}
