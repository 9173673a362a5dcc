/* derived.c: passes on to text.c, span.c and, when a person's draft came from elsewhere, drafts.h. */
#include "sync/derived.h"

#include "sync/drafts.h"
#include "sync/record-sql.h"
#include "sync/span.h"

const char *
tl_derived_columns (const TlType *type)
{
  return type == &tl_draft_type ? ", place, NULL" : tl_text_columns (type);
}

/* The bulk write took the row apart in SQL: here it is read whole. */
static gboolean
put_span_of (TlDb *db, gint64 key, GError **error)
{
  g_autoptr (GError) failed = NULL;
  TlCalendarEvent *event = tl_record_load (db, &tl_calendar_event_type, key, &failed);
  gboolean is_fine = failed == NULL && (event == NULL || tl_span_put (db, event, &failed));

  tl_record_free (&tl_calendar_event_type, event);
  if (!is_fine)
    g_propagate_error (error, g_steal_pointer (&failed));
  return is_fine;
}

gboolean
tl_derived_put_row (TlDb *db, const TlType *type, gint64 key, const char *title,
                    const char *content, GError **error)
{
  if (type == &tl_draft_type)
    return tl_draft_meet (db, title, error);
  return tl_text_put (db, type, key, title, content, error) &&
         (type != &tl_calendar_event_type || put_span_of (db, key, error));
}

gboolean
tl_derived_put_record (TlDb *db, const TlType *type, gconstpointer record, GError **error)
{
  if (type == &tl_draft_type)
    return tl_draft_meet (db, ((const TlDraft *)record)->place, error);
  return tl_text_put_record (db, type, record, error) &&
         (type != &tl_calendar_event_type || tl_span_put (db, record, error));
}

gboolean
tl_derived_remove (TlDb *db, const TlType *type, gint64 key, GError **error)
{
  return tl_text_remove (db, type, key, error) &&
         (type != &tl_calendar_event_type || tl_span_remove (db, key, error));
}
