/* clock-text.c: see the header. */
#include "ui/calendar/clock-text.h"

#include <stdio.h>

int
tl_clock_text_parse (const char *text)
{
  int hour = -1, minute = 0, length = 0;
  char separator;

  if (sscanf (text, " %d %n", &hour, &length) != 1)
    return -1;
  if (text[length] != '\0' &&
      (sscanf (text, " %d %c %2d %n", &hour, &separator, &minute, &length) != 3 ||
       text[length] != '\0' || (separator != ':' && separator != '.')))
    return -1;
  if (hour >= 100 && minute == 0) {
    minute = hour % 100;
    hour /= 100;
  }
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 ? hour * 60 + minute : -1;
}

char *
tl_clock_text_format (int minutes)
{
  return g_strdup_printf ("%02d:%02d", minutes / 60 % 24, minutes % 60);
}
