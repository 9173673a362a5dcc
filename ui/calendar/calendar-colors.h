/* calendar-colors.h: the nine colours of calendars as pixels, legible on light and dark. */
#pragma once

#include <gtk/gtk.h>

typedef struct {
  GdkRGBA solid; /* behind white text */
  GdkRGBA tint;  /* behind coloured text */
  GdkRGBA text;
} TlCalendarPaint;

/* `color`: a calendar's word; unknown ones are blue. */
TlCalendarPaint tl_calendar_paint (const char *color);
/* The style class that sets --kind: "c-blue". Static. */
const char *tl_calendar_class (const char *color);
/* The nine words, NULL-terminated, and what they are called. */
extern const char *const tl_calendar_colors[];
const char *tl_calendar_color_name (const char *color);
