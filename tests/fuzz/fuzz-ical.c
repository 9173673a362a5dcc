/* iCalendar as anybody may send it: what is taken can be written and is a calendar again. */
#include "sync/wire/ical.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define CALENDAR(text) "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n" text "END:VCALENDAR\n"
#define EVENT(text)                                                                                \
  "BEGIN:VEVENT\nUID:a@example.org\nDTSTAMP:20261101T000000Z\n" text "END:VEVENT\n"

const gboolean tl_fuzz_quotes = FALSE;
const char *const tl_fuzz_seeds[] = {
  CALENDAR (EVENT ("DTSTART:20261123T120000Z\nDTEND:20261123T130000Z\nSUMMARY:Lunch\\, long\n")),
  CALENDAR (
      "X-WR-CALNAME:Home\n" EVENT ("DTSTART;VALUE=DATE:20261123\nDURATION:P2D\nSUMMARY:A\n b\n")),
  CALENDAR (
      EVENT ("DTSTART;TZID=Europe/Berlin:20261123T120000\nDURATION:PT1H\n"
             "RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=MO,WE\nEXDATE;TZID=Europe/Berlin:20261130T120000\n")
          EVENT ("RECURRENCE-ID;TZID=Europe/Berlin:20261125T120000\n"
                 "DTSTART;TZID=Europe/Berlin:20261125T150000\nSUMMARY:moved\n")),
  CALENDAR ("BEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nDTSTART:19701025T030000\n"
            "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n"
            "END:STANDARD\nEND:VTIMEZONE\n" EVENT ("DTSTART;TZID=Here:20261123T120000\n")),
  CALENDAR (EVENT ("DTSTART:20261123T120000Z\nORGANIZER;CN=\"Ada, L\":mailto:ada@example.org\n"
                   "ATTENDEE;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:bo@example.org\n"
                   "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nEND:VALARM\n")),
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
  g_autoptr (GError) error = NULL;
  g_autoptr (TlIcal) ical = tl_ical_parse ((const char *)data, size, &error);

  g_assert_true ((ical == NULL) == (error != NULL));
  if (ical && ical->events->len > 0) {
    const TlIcalFiles files = { ical->files, NULL };
    g_autofree char *text = tl_ical_format ((const TlCalendarEvent *const *)ical->events->pdata,
                                            ical->events->len, ical->name, &files);
    g_autoptr (GError) why = NULL;
    g_autoptr (TlIcal) again = tl_ical_parse (text, strlen (text), &why);

    g_assert_no_error (why);
  }
  return 0;
}
