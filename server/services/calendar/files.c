/* files.c: the files among an event's links are checked and shown as attachments are. */
#include "server/services/calendar/calendar.h"

#include "server/services/storage/attachments.h"
#include "sync/wire/event-files.h"

/* An object whose "links" is the list of its files. */
static JsonObject *
files_of (JsonObject *event)
{
  JsonNode *links = json_object_get_member (event, "links");
  JsonObject *object = json_object_new ();

  if (links && JSON_NODE_HOLDS_OBJECT (links))
    json_object_set_array_member (object, "links",
                                  tl_event_files_list (json_node_get_object (links)));
  return object;
}

gboolean
tl_calendar_check_files (TlWrite *write, JsonObject *event, GError **error)
{
  g_autoptr (JsonObject) files = files_of (event);

  return tl_attachments_check (write, files, "links", TL_ATTACH_FILES, error);
}

gboolean
tl_calendar_show_files (TlWrite *write, JsonObject *event, gint64 scope, gint64 id, GError **error)
{
  g_autoptr (JsonObject) files = files_of (event);

  return tl_attachments_forget (write, id, error) &&
         tl_attachments_show (write, files, "links", scope, id, error);
}
