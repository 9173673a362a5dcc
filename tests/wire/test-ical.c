/* iCalendar in and out: real calendars, what the standard says, and what is broken. */
#include "sync/wire/ical.h"

#include <gio/gio.h>
#include <string.h>

#define MUTATIONS_MS 3000

#define ZONED ";TZID=Europe/Stockholm:"
#define EVENT(uid, lines) "BEGIN:VEVENT\r\nUID:" uid "\r\n" lines "END:VEVENT\r\n"
#define CALENDAR(lines) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" lines "END:VCALENDAR\r\n"

static TlIcal *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  TlIcal *ical = tl_ical_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return ical;
}

static const TlCalendarEvent *
event_of (TlIcal *ical, guint i)
{
  g_assert_cmpuint (i, <, ical->events->len);
  return ical->events->pdata[i];
}

static void
assert_json (const char *json, const char *expected)
{
  g_autoptr (JsonNode) node = json ? json_from_string (json, NULL) : NULL;
  g_autofree char *quoted = g_strdelimit (g_strdup (expected), "'", '"');
  g_autoptr (JsonNode) wanted = json_from_string (quoted, NULL);

  g_assert_nonnull (wanted);
  if (node == NULL || !json_node_equal (node, wanted))
    g_error ("%s is not %s", json, quoted);
}

static void
assert_refused (TlIcal *ical, const char *sentence)
{
  for (guint i = 0; i < ical->refused->len; i++)
    if (strstr (ical->refused->pdata[i], sentence))
      return;
  g_error ("nothing was refused by “%s”", sentence);
}

static char *
format (TlIcal *ical)
{
  const TlIcalFiles files = { ical->files, "https://example.org/files/" };

  return tl_ical_format ((const TlCalendarEvent *const *)ical->events->pdata, ical->events->len,
                         ical->name, &files);
}

/* --- what events say --------------------------------------------------------------------------- */

static void
test_members (void)
{
  g_autoptr (TlIcal) ical =
      parse (CALENDAR ("X-WR-CALNAME:Crew\\, boat\r\nX-APPLE-CALENDAR-COLOR:#E62D40FF\r\n" EVENT (
          "1@example.org",
          "SUMMARY:Lunch\\, with Ana\\nand Bo\r\nDTSTART" ZONED "20261123T123000\r\n"
          "DTEND" ZONED "20261123T140000\r\nLOCATION:The \r\n sl\r\n\tip\r\n"
          "STATUS:TENTATIVE\r\nTRANSP:TRANSPARENT\r\nURL:https://example.org/a,b\r\n"
          "ORGANIZER;CN=\"Ana: the cook\":mailto:Ana@example.org\r\n"
          "ATTENDEE;PARTSTAT=ACCEPTED;ROLE=OPT-PARTICIPANT:MAILTO:bo@example.org\r\n"
          "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n")));
  const TlCalendarEvent *event = event_of (ical, 0);

  g_assert_cmpstr (ical->name, ==, "Crew, boat");
  g_assert_cmpstr (ical->color, ==, "red");
  g_assert_cmpstr (event->uid, ==, "1@example.org");
  g_assert_cmpstr (event->title, ==, "Lunch, with Ana\nand Bo");
  g_assert_cmpstr (event->location, ==, "The slip");
  g_assert_cmpstr (event->start, ==, "2026-11-23T12:30:00");
  g_assert_cmpstr (event->time_zone, ==, "Europe/Stockholm");
  g_assert_cmpstr (event->duration, ==, "PT1H30M");
  g_assert_cmpstr (event->status, ==, "tentative");
  g_assert_cmpstr (event->free_busy_status, ==, "free");
  assert_json (event->links, "{'1':{'href':'https://example.org/a,b'}}");
  assert_json (event->participants,
               "{'ana@example.org':{'email':'ana@example.org','name':'Ana: the cook',"
               "'role':'owner'},'bo@example.org':{'email':'bo@example.org','role':'optional',"
               "'participationStatus':'accepted'}}");
  assert_json (event->alerts, "{'1':{'@type':'Alert','trigger':{'@type':'OffsetTrigger',"
                              "'offset':'-PT15M'}}}");
}

static void
test_days (void)
{
  g_autoptr (TlIcal) ical =
      parse (CALENDAR (EVENT ("1", "DTSTART;VALUE=DATE:20260228\r\nDTEND;VALUE=DATE:20260303\r\n")
                           EVENT ("2", "DTSTART:20260301T080000\r\nDURATION:P1W\r\n")
                               EVENT ("3", "DTSTART:20260301T0800Z\r\n")));

  g_assert_cmpint (event_of (ical, 0)->show_without_time, ==, TL_TRUE);
  g_assert_cmpstr (event_of (ical, 0)->duration, ==, "P3D");
  g_assert_null (event_of (ical, 1)->time_zone);
  g_assert_cmpstr (event_of (ical, 1)->duration, ==, "P7D");
  g_assert_cmpstr (event_of (ical, 2)->time_zone, ==, "Etc/UTC");
  g_assert_null (event_of (ical, 2)->duration);
}

#define OWN_ZONE                                                                                   \
  "BEGIN:VTIMEZONE\r\nTZID:Home\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\n"                  \
  "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"                   \
  "DTSTART:19700329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n"          \
  "END:VTIMEZONE\r\n"

static void
test_zones (void)
{
  static const struct {
    const char *tzid, *zone;
  } zones[] = {
    { "Europe/Lisbon", "Europe/Lisbon" },
    { "\"Asia/Tokyo\"", "Asia/Tokyo" },
    { "/mozilla.org/20050126_1/America/New_York", "America/New_York" },
    { "America-Chicago", "America/Chicago" },
    { "W. Europe Standard Time", "Europe/Berlin" },
    { "Pacific Standard Time", "America/Los_Angeles" },
    { "Nowhere", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++) {
    g_autofree char *text = g_strdup_printf (
        CALENDAR (EVENT ("1", "DTSTART;TZID=%s:20261123T123000\r\n")), zones[i].tzid);
    g_autoptr (TlIcal) ical = parse (text);

    g_assert_cmpstr (event_of (ical, 0)->time_zone, ==, zones[i].zone);
  }
  {
    g_autoptr (TlIcal) ical =
        parse (CALENDAR (OWN_ZONE EVENT ("1", "DTSTART;TZID=Home:20260723T123000\r\n")));
    gint64 ms, expected;

    g_assert_true (tl_local_to_ms ("2026-07-23T12:30:00", event_of (ical, 0)->time_zone, &ms));
    tl_local_to_ms ("2026-07-23T10:30:00", NULL, &expected);
    g_assert_cmpint (ms, ==, expected);
  }
}

static void
test_recurring (void)
{
  g_autoptr (TlIcal) ical = parse (CALENDAR (
      EVENT ("1", "SUMMARY:Row\r\nDTSTART" ZONED "20261102T070000\r\nDURATION:PT1H\r\n"
                  "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261221T060000Z\r\n"
                  "EXDATE" ZONED "20261109T070000\r\n"
                  "RDATE;VALUE=PERIOD:20261110T060000Z/PT2H\r\n")
          EVENT ("1", "RECURRENCE-ID:20261116T060000Z\r\nSUMMARY:Row far\r\n"
                      "DTSTART" ZONED "20261116T060000\r\nDURATION:PT3H\r\n")
              EVENT ("1", "RECURRENCE-ID;RANGE=THISANDFUTURE" ZONED "20261207T070000\r\n"
                          "SUMMARY:Row\r\nDTSTART" ZONED "20261207T080000\r\nDURATION:PT1H\r\n")));
  const TlCalendarEvent *event = event_of (ical, 0);

  g_assert_cmpuint (ical->events->len, ==, 1);
  assert_json (event->recurrence_rules,
               "[{'@type':'RecurrenceRule','frequency':'weekly','byDay':[{'day':'mo'}],"
               "'until':'2026-12-21T07:00:00'}]");
  assert_json (event->recurrence_overrides,
               "{'2026-11-09T07:00:00':{'excluded':true},"
               "'2026-11-10T07:00:00':{'duration':'PT2H'},"
               "'2026-11-16T07:00:00':{'title':'Row far','start':'2026-11-16T06:00:00',"
               "'duration':'PT3H'},'2026-12-07T07:00:00':{'start':'2026-12-07T08:00:00'},"
               "'2026-12-14T07:00:00':{'start':'2026-12-14T08:00:00'},"
               "'2026-12-21T07:00:00':{'start':'2026-12-21T08:00:00'}}");
}

static void
test_versions (void)
{
  g_autoptr (TlIcal) ical =
      parse (CALENDAR (EVENT ("1", "SUMMARY:Old\r\nDTSTART:20261123T120000\r\nSEQUENCE:1\r\n")
                           EVENT ("1", "SUMMARY:New\r\nDTSTART:20261123T120000\r\nSEQUENCE:2\r\n")
                               EVENT ("1", "SUMMARY:Older\r\nDTSTART:20261123T120000\r\n")));

  g_assert_cmpuint (ical->events->len, ==, 1);
  g_assert_cmpstr (event_of (ical, 0)->title, ==, "New");
  assert_refused (ical, "line 3: there is a newer one of this event, line 9");
  assert_refused (ical, "line 15: this event is there as of line 9 already");
}

/* --- what is broken ---------------------------------------------------------------------------- */

static void
test_broken (void)
{
  g_autoptr (TlIcal) ical = parse (
      CALENDAR ("BEGIN:VTODO\r\nEND:VTODO\r\n" EVENT ("1", "SUMMARY:x\r\n")
                    EVENT ("2", "DTSTART:tomorrow\r\n")
                        EVENT ("3", "DTSTART:20261123T120000\r\nRRULE:FREQ=OFTEN\r\n")
                            EVENT ("4", "DTSTART:20261123T120000\r\nnonsense\r\n")
                                EVENT ("5", "DTSTART:20260230T120000\r\n")) "BEGIN:VEVENT\r\n"
                                                                            "DTSTART:20261123\r\n");

  g_assert_cmpuint (ical->events->len, ==, 1);
  assert_refused (ical, "line 3: a VTODO is no event");
  assert_refused (ical, "line 5: this event has no DTSTART");
  assert_refused (ical, "line 11: DTSTART: this is no time");
  assert_refused (ical, "line 16: recurrenceRules: ");
  assert_refused (ical, "line 21: “nonsense” is not a property");
  assert_refused (ical, "line 25: DTSTART: this is no time");
  assert_refused (ical, "line 28: this event never ends");
}

static void
test_no_calendar (void)
{
  static const char *const texts[] = { "", "hello", "<html>\n", "\xff\xfe", "A:b\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (tl_ical_parse (texts[i], strlen (texts[i]), &error));
    g_assert_true (g_str_has_prefix (error->message, "line 1: "));
  }
}

static void
test_charsets (void)
{
  g_autoptr (TlIcal) latin =
      parse (CALENDAR (EVENT ("1", "SUMMARY:Sm\xf6rg\xe5s\r\nDTSTART:20261123\r\n")));
  g_autoptr (TlIcal) folded = parse (
      "\xef\xbb\xbf" CALENDAR (EVENT ("1", "SUMMARY:Sm\xc3\r\n \xb6rg\r\nDTSTART:20261123\r\n")));

  g_assert_cmpstr (event_of (latin, 0)->title, ==, "Smörgås");
  g_assert_cmpstr (event_of (folded, 0)->title, ==, "Smörg");
}

/* --- out again --------------------------------------------------------------------------------- */

static void
assert_same_members (const TlCalendarEvent *one, const TlCalendarEvent *other)
{
  g_autoptr (JsonObject) a = tl_record_to_json (&tl_calendar_event_type, one);
  g_autoptr (JsonObject) b = tl_record_to_json (&tl_calendar_event_type, other);
  g_autoptr (GList) names = json_object_get_members (a);

  for (GList *at = names; at; at = at->next) {
    JsonNode *now = json_object_get_member (a, at->data);
    JsonNode *then = json_object_get_member (b, at->data);

    if (!g_str_equal (at->data, "ical") && (then == NULL || !json_node_equal (now, then)))
      g_error ("%s: %s is not %s", (char *)at->data, json_to_string (now, FALSE),
               then ? json_to_string (then, FALSE) : "there");
  }
}

static TlCalendarEvent *
event_from (const char *json)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (json), "'", '"');
  g_autoptr (JsonNode) node = json_from_string (quoted, NULL);
  g_autoptr (GError) error = NULL;
  TlCalendarEvent *event = tl_record_new (&tl_calendar_event_type);

  g_assert_nonnull (node);
  tl_record_from_json (&tl_calendar_event_type, json_node_get_object (node), event, &error);
  g_assert_no_error (error);
  return event;
}

static void
test_made_here (void)
{
  static const char *const made[] = {
    "{'uid':'a','title':'Lünch; with, commas\\nand lines that are longer than seventy-five octets',"
    "'start':'2026-11-23T12:30:00','duration':'PT1H','timeZone':'Europe/Stockholm',"
    "'showWithoutTime':false,'status':'confirmed','freeBusyStatus':'busy','recurrenceRules':"
    "[{'@type':'RecurrenceRule','frequency':'weekly','until':'2027-06-28T12:30:00'}],"
    "'recurrenceOverrides':{'2026-11-30T12:30:00':{'excluded':true},'2026-12-01T09:00:00':{},"
    "'2026-12-07T12:30:00':{'start':'2026-12-07T13:30:00','title':'Late'}},"
    "'alerts':{'1':{'@type':'Alert','trigger':{'@type':'OffsetTrigger','offset':'-PT10M'}}},"
    "'participants':{'ana@example.org':{'email':'ana@example.org','name':'Ana','role':'chair',"
    "'participationStatus':'tentative'}},'links':{'1':{'href':'https://example.org'}}}",
    "{'uid':'b','title':'Away','start':'2026-12-24T00:00:00','duration':'P3D','timeZone':null,"
    "'showWithoutTime':true,'status':'tentative','freeBusyStatus':'free','recurrenceRules':"
    "[{'@type':'RecurrenceRule','frequency':'yearly','until':'2030-12-24T23:59:59'}]}",
  };
  TlCalendarEvent *events[] = { event_from (made[0]), event_from (made[1]) };
  g_autofree char *text = tl_ical_format ((const TlCalendarEvent *const *)events, 2, "Ours", NULL);
  g_autoptr (TlIcal) ical = parse (text);

  g_assert_cmpuint (ical->refused->len, ==, 0);
  g_assert_cmpstr (ical->name, ==, "Ours");
  g_assert_nonnull (strstr (text, "BEGIN:VTIMEZONE\r\n"));
  g_assert_nonnull (strstr (text, "UNTIL=20270628T103000Z"));
  g_assert_nonnull (strstr (text, "UNTIL=20301224\r\n"));
  for (guint i = 0; i < 2; i++) {
    assert_same_members (events[i], event_of (ical, i));
    tl_record_free (&tl_calendar_event_type, events[i]);
  }
}

/* What others wrote stays beside what was changed here. */
static void
test_edited (void)
{
  g_autoptr (TlIcal) ical = parse (CALENDAR (
      "X-OTHER:kept\r\n" OWN_ZONE EVENT (
          "1", "SUMMARY;LANGUAGE=en:Row\r\nDTSTART;TZID=Home:20261102T070000\r\n"
               "X-WIND:NE 4\r\nCATEGORIES:A,B\r\nRRULE:FREQ=WEEKLY\r\n")
          EVENT ("1", "RECURRENCE-ID;TZID=Home:20261116T070000\r\nX-WIND:calm\r\nSUMMARY:Far\r\n"
                      "DTSTART;TZID=Home:20261116T070000\r\n")));
  TlCalendarEvent *event = ical->events->pdata[0];
  g_autoptr (TlIcal) again = NULL;
  g_autofree char *text = NULL;

  g_set_str (&event->title, "Sail");
  g_set_str (&event->location, "Slip");
  g_free (event->recurrence_overrides);
  event->recurrence_overrides = g_strdup ("{\"2026-11-16T07:00:00\":{\"title\":\"Far\"},"
                                          "\"2026-11-23T07:00:00\":{\"excluded\":true}}");
  event->record.present = G_MAXUINT64 >> (64 - tl_calendar_event_type.n_fields);
  text = format (ical);
  again = parse (text);
  for (const char *const *at =
           (const char *[]){ "X-OTHER:kept\r\n", "TZID:Home\r\n", "X-WIND:NE 4\r\n",
                             "CATEGORIES:A,B\r\n", "X-WIND:calm\r\n", "SUMMARY:Sail\r\n",
                             "LOCATION:Slip\r\n", "DTSTART;TZID=Home:20261102T070000\r\n", NULL };
       *at; at++)
    if (strstr (text, *at) == NULL)
      g_error ("%s is not in %s", *at, text);
  g_assert_null (strstr (text, "LANGUAGE=en"));
  assert_json (event_of (again, 0)->recurrence_overrides,
               "{'2026-11-16T07:00:00':{'title':'Far'},'2026-11-23T07:00:00':{'excluded':true}}");
}

/* An event with a file, "hello", and an instance of its own. */
#define HELLO "b2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define WITH_FILE                                                                                  \
  "{'uid':'a','title':'Row','start':'2026-11-23T07:00:00','duration':'PT1H','timeZone':null,"      \
  "'showWithoutTime':false,'status':'confirmed','freeBusyStatus':'busy','recurrenceRules':"        \
  "[{'@type':'RecurrenceRule','frequency':'weekly'}],'recurrenceOverrides':"                       \
  "{'2026-11-30T07:00:00':{'title':'Far'}},'links':{'1':{'href':'https://example.org'},'" HELLO    \
  "':{'@type':'Link','rel':'enclosure','href':'blob:" HELLO "','blobId':'" HELLO                   \
  "','title':'Chart; \u201cnorth\u201d, 2.txt','contentType':'text/plain','size':5}}}"

static void
test_files (void)
{
  TlCalendarEvent *event = event_from (WITH_FILE);
  g_autoptr (GHashTable) bytes =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_bytes_unref);
  const TlIcalFiles files = { bytes, NULL };
  g_autofree char *text = NULL, *again_text = NULL;
  g_autoptr (TlIcal) ical = NULL, again = NULL;

  g_hash_table_insert (bytes, (gpointer)HELLO, g_bytes_new_static ("hello", 5));
  text = tl_ical_format ((const TlCalendarEvent *const *)&event, 1, NULL, &files);
  ical = parse (text);
  g_assert_true (
      g_bytes_equal (g_hash_table_lookup (ical->files, HELLO), g_hash_table_lookup (bytes, HELLO)));
  assert_same_members (event, event_of (ical, 0));
  g_assert_null (strstr (event_of (ical, 0)->ical, "aGVsbG8="));
  again_text = format (ical);
  again = parse (again_text);
  assert_same_members (event, event_of (again, 0));
  tl_record_free (&tl_calendar_event_type, event);
}

/* Too large, or not here: where it is, which is an address when it comes back. */
static void
test_files_elsewhere (void)
{
  TlCalendarEvent *event = event_from (WITH_FILE);
  const TlIcalFiles files = { NULL, "https://example.org/files/" };
  g_autofree char *text = tl_ical_format ((const TlCalendarEvent *const *)&event, 1, NULL, &files);
  g_autoptr (TlIcal) ical = parse (text);

  assert_json (event_of (ical, 0)->links,
               "{'1':{'href':'https://example.org'},'2':{'href':'https://example.org/files/" HELLO
               "/Chart%3B%20%E2%80%9Cnorth%E2%80%9D%2C%202.txt','title':"
               "'Chart; \u201cnorth\u201d, 2.txt','contentType':'text/plain','size':5}}");
  tl_record_free (&tl_calendar_event_type, event);
}

static void
test_files_of_others (void)
{
#define LINE "ATTACH;X-SEEN=yes;FMTTYPE=text/plain;VALUE=BINARY;ENCODING=BASE64;X-FILENAME=../a/b:"
  g_autoptr (TlIcal) ical = parse (CALENDAR (EVENT (
      "1", "DTSTART:20261123\r\n" LINE "aGVsbG8=\r\nATTACH;VALUE=BINARY;ENCODING=BASE64:no!\r\n")));
  TlCalendarEvent *event = ical->events->pdata[0];
  g_autofree char *out = NULL, *without = NULL, *flat = NULL;
  g_auto (GStrv) parts = NULL;

  assert_json (event->links,
               "{'" HELLO "':{'@type':'Link','rel':'enclosure','href':'blob:" HELLO
               "','blobId':'" HELLO "','title':'..-a-b','contentType':'text/plain','size':5}}");
  out = format (ical);
  parts = g_strsplit (out, "\r\n ", -1);
  flat = g_strjoinv ("", parts);
  g_assert_nonnull (strstr (flat, LINE "aGVsbG8=\r\n"));
  g_assert_nonnull (strstr (flat, "ENCODING=BASE64:no!\r\n"));
  g_clear_pointer (&event->links, g_free);
  without = format (ical);
  g_assert_null (strstr (without, "X-SEEN"));
  g_assert_nonnull (strstr (without, "ENCODING=BASE64:no!\r\n"));
}

/* --- real calendars ---------------------------------------------------------------------------- */

/* The lines of each VEVENT, unfolded, without those that hold the whole: an oracle that knows nothing of ical.c. */
typedef struct {
  guint first, last;
  GPtrArray *lines;
} Block;

static void
block_free (gpointer data)
{
  g_ptr_array_unref (((Block *)data)->lines);
  g_free (data);
}

static GPtrArray *
blocks_of (const char *text)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func (block_free);
  g_auto (GStrv) lines = g_strsplit_set (text, "\n", -1);
  Block *open = NULL;

  for (guint i = 0; lines[i];) {
    g_autoptr (GString) line = g_string_new (g_strdelimit (lines[i], "\r", '\0'));
    guint first = i++;

    for (; lines[i] && (*lines[i] == ' ' || *lines[i] == '\t'); i++)
      g_string_append (line, g_strdelimit (lines[i], "\r", '\0') + 1);
    if (g_str_equal (line->str, "BEGIN:VEVENT")) {
      open = g_new0 (Block, 1);
      open->first = first + 1;
      open->lines = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (blocks, open);
    } else if (g_str_equal (line->str, "END:VEVENT") && open) {
      open->last = first + 1;
      open = NULL;
    } else if (open && line->len > 0) {
      g_ptr_array_add (open->lines, g_string_free_and_steal (g_steal_pointer (&line)));
    }
  }
  return blocks;
}

static gboolean
is_refused (TlIcal *ical, const Block *block)
{
  for (guint i = 0; i < ical->refused->len; i++) {
    const char *sentence = ical->refused->pdata[i];
    guint line = (guint)g_ascii_strtoull (sentence + strlen ("line "), NULL, 10);

    g_assert_true (g_str_has_prefix (sentence, "line "));
    if (block->last == 0 || (line >= block->first && line <= block->last))
      return TRUE;
  }
  return FALSE;
}

/* Every line of what was taken goes out again. */
static void
check_lossless (const char *name, const char *in)
{
  g_autoptr (TlIcal) ical = parse (in);
  g_autofree char *out = format (ical);
  g_autoptr (TlIcal) again = ical->events->len ? parse (out) : NULL;
  g_autoptr (GPtrArray) before = blocks_of (in), after = blocks_of (out);
  g_autoptr (GHashTable) left = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_lines = 0;

  for (guint i = 0; i < after->len; i++) {
    Block *block = after->pdata[i];
    for (guint j = 0; j < block->lines->len; j++)
      g_hash_table_insert (
          left, block->lines->pdata[j],
          GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (left, block->lines->pdata[j])) +
                            1));
  }
  for (guint i = 0; i < before->len; i++) {
    Block *block = before->pdata[i];

    for (guint j = 0; !is_refused (ical, block) && j < block->lines->len; j++, n_lines++) {
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (left, block->lines->pdata[j]));

      if (count == 0)
        g_error ("%s, event at line %u: lost “%s”", name, block->first,
                 (char *)block->lines->pdata[j]);
      g_hash_table_insert (left, block->lines->pdata[j], GUINT_TO_POINTER (count - 1));
    }
  }
  for (guint i = 0; again && i < ical->events->len; i++)
    assert_same_members (event_of (ical, i), event_of (again, i));
  g_test_message ("%s: %u events, %u lines, %u refused", name, ical->events->len, n_lines,
                  ical->refused->len);
}

static GPtrArray *
sample_calendars (GPtrArray *names)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("TIDELINE_SOURCE"), "..", "shared", "data", "calendars", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *texts = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autoptr (GError) error = NULL;
    char *text;
    gsize length;

    g_file_get_contents (path, &text, &length, &error);
    g_assert_no_error (error);
    g_ptr_array_add (texts, g_bytes_new_take (text, length));
    g_ptr_array_add (names, g_strdup (name));
  }
  return texts;
}

static void
test_real_calendars (void)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) texts = sample_calendars (names);

  if (texts->len == 0) {
    g_test_skip ("the folder of sample calendars is not there");
    return;
  }
  for (guint i = 0; i < texts->len; i++) {
    gsize length;
    const char *text = g_bytes_get_data (texts->pdata[i], &length);
    g_autoptr (GError) error = NULL;
    g_autoptr (TlIcal) ical = tl_ical_parse (text, length, &error);

    if (ical == NULL)
      g_assert_true (g_str_has_prefix (error->message, "line "));
    else if (g_utf8_validate (text, (gssize)length, NULL))
      check_lossless (names->pdata[i], text);
  }
}

static void
mutate (GByteArray *bytes, GRand *rand)
{
  static const char *const bits[] = {
    "\r\n",  "BEGIN:VEVENT\r\n",        "END:VEVENT\r\n", ";", ":",    "\"", ",", "\\", "\n ",
    "TZID=", "RRULE:FREQ=SECONDLY\r\n", "99999999",       "-", "\xc3", "/"
  };

  for (int n = g_rand_int_range (rand, 1, 12); n > 0 && bytes->len > 2; n--) {
    guint at = (guint)g_rand_int_range (rand, 0, (gint32)bytes->len - 1);
    const char *bit = bits[g_rand_int_range (rand, 0, G_N_ELEMENTS (bits))];

    switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
      bytes->data[at] = (guint8)g_rand_int_range (rand, 0, 256);
      break;
    case 1: {
      guint length = (guint)g_rand_int_range (rand, 1, 400);
      g_byte_array_remove_range (bytes, at, MIN (length, bytes->len - at));
      break;
    }
    case 2:
      for (gsize i = 0; bit[i] && at + i < bytes->len; i++)
        bytes->data[at + i] = (guint8)bit[i];
      break;
    default: {
      guint length = MIN (bytes->len / 2, 300);
      g_autofree guint8 *piece = g_memdup2 (bytes->data + at / 2, length);
      g_byte_array_append (bytes, piece, length);
    }
    }
  }
}

/* Whatever comes is taken or refused; what was taken goes out and in again. */
static void
test_mutations (void)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) texts = sample_calendars (names);
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32)g_test_rand_int ());
  gint64 until = g_get_monotonic_time () + MUTATIONS_MS * 1000;
  guint runs = 0;

  if (texts->len == 0) {
    g_test_skip ("the folder of sample calendars is not there");
    return;
  }
  for (; g_get_monotonic_time () < until; runs++) {
    GBytes *sample = texts->pdata[g_rand_int_range (rand, 0, (gint32)texts->len)];
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autoptr (TlIcal) ical = NULL;
    g_autofree char *out = NULL;

    if (g_bytes_get_size (sample) > 40000)
      continue;
    g_byte_array_append (bytes, g_bytes_get_data (sample, NULL), (guint)g_bytes_get_size (sample));
    mutate (bytes, rand);
    ical = tl_ical_parse ((const char *)bytes->data, bytes->len, NULL);
    out = ical ? format (ical) : NULL;
    if (out && ical->events->len > 0) {
      g_autoptr (TlIcal) again = parse (out);
      g_assert_cmpuint (again->events->len, ==, ical->events->len);
    }
  }
  g_test_message ("%u mutated calendars", runs);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ical/says-what-events-say", test_members);
  g_test_add_func ("/ical/days-and-floating-times", test_days);
  g_test_add_func ("/ical/zones-by-any-name", test_zones);
  g_test_add_func ("/ical/rules-and-exceptions", test_recurring);
  g_test_add_func ("/ical/the-newest-version-counts", test_versions);
  g_test_add_func ("/ical/broken-ones-are-named-by-line", test_broken);
  g_test_add_func ("/ical/what-is-no-calendar", test_no_calendar);
  g_test_add_func ("/ical/charsets", test_charsets);
  g_test_add_func ("/ical/events-made-here-go-out-and-in", test_made_here);
  g_test_add_func ("/ical/edits-keep-what-others-wrote", test_edited);
  g_test_add_func ("/ical/files-go-out-and-in", test_files);
  g_test_add_func ("/ical/files-that-are-elsewhere-are-addresses", test_files_elsewhere);
  g_test_add_func ("/ical/files-of-others-come-and-go-as-they-are", test_files_of_others);
  g_test_add_func ("/ical/real-calendars-lose-nothing", test_real_calendars);
  g_test_add_func ("/ical/mutations-are-taken-or-refused", test_mutations);
  return g_test_run ();
}
