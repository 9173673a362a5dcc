/* Calendar events as anybody may send them: what passes the check happens in bounded time. */
#include "sync/wire/recurrence.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const gboolean tl_fuzz_quotes = TRUE;
const char *const tl_fuzz_seeds[] = {
  "{'title':'x','start':'2026-11-23T12:00:00','duration':'PT1H','timeZone':'Europe/Berlin',"
  "'recurrenceRules':[{'frequency':'weekly','count':30,'byDay':[{'day':'mo'},{'day':'we'}]}],"
  "'recurrenceOverrides':{'2026-11-30T12:00:00':{'title':'y','start':'2026-11-30T13:00:00'},'2026-"
  "12-07T12:00:00':{'excluded':true}}}",
  "{'title':'x','start':'2026-01-31T00:00:00','duration':'P1D','showWithoutTime':true,"
  "'recurrenceRules':[{'frequency':'monthly','byMonthDay':[-1],'until':'2030-01-01T00:00:00'}]}",
  "{'title':'x','start':'2024-02-29T09:00:00','duration':'PT30M','timeZone':'America/New_York',"
  "'recurrenceRules':[{'frequency':'yearly','interval':4,'byMonth':['2'],'bySetPosition':[1]}]}",
  "{'title':'x','start':'2026-03-29T02:30:00','duration':'PT1H','timeZone':'Europe/Berlin',"
  "'recurrenceRules':[{'frequency':'secondly','byHour':[2],'byMinute':[30],'bySecond':[0]}]}",
  NULL,
};

void
tl_fuzz_begin (void)
{
}

void
tl_fuzz_end (void)
{
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *json = g_strndup ((const char *)data, size);
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;
  TlCalendarEvent *event;
  gint64 start, end;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return 0;
  event = tl_record_new (&tl_calendar_event_type);
  if (tl_record_from_json (&tl_calendar_event_type, json_node_get_object (node), event, NULL) &&
      tl_event_check (event, NULL)) {
    gint64 began = g_get_monotonic_time ();
    gboolean is_cut = FALSE;
    g_autoptr (GArray) instances =
        tl_event_instances (event, "Europe/Berlin", 0, G_GINT64_CONSTANT (4102444800000), &is_cut);

    g_assert_cmpuint (instances->len, <=, TL_MAX_INSTANCES);
    for (guint i = 1; i < instances->len; i++)
      g_assert_cmpint (g_array_index (instances, TlInstance, i - 1).start, <=,
                       g_array_index (instances, TlInstance, i).start);
    tl_event_span (event, &start, &end);
    g_assert_cmpint (start, <=, end);
    g_assert_cmpint (g_get_monotonic_time () - began, <, 10 * G_USEC_PER_SEC);
  }
  tl_record_free (&tl_calendar_event_type, event);
  return 0;
}
