/* calendar-colors.c: from libadwaita's accents. */
#include "ui/calendar/calendar-colors.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

const char *const tl_calendar_colors[] = { "blue", "teal",   "green", "yellow", "orange",
                                           "red",  "purple", "pink",  "slate",  NULL };

static const struct {
  const char *word, *class, *name;
  AdwAccentColor accent;
} colors[] = {
  { "blue", "c-blue", N_ ("Blue"), ADW_ACCENT_COLOR_BLUE },
  { "teal", "c-teal", N_ ("Teal"), ADW_ACCENT_COLOR_TEAL },
  { "green", "c-green", N_ ("Green"), ADW_ACCENT_COLOR_GREEN },
  { "yellow", "c-yellow", N_ ("Yellow"), ADW_ACCENT_COLOR_YELLOW },
  { "orange", "c-orange", N_ ("Orange"), ADW_ACCENT_COLOR_ORANGE },
  { "red", "c-red", N_ ("Red"), ADW_ACCENT_COLOR_RED },
  { "purple", "c-purple", N_ ("Purple"), ADW_ACCENT_COLOR_PURPLE },
  { "pink", "c-pink", N_ ("Pink"), ADW_ACCENT_COLOR_PINK },
  { "slate", "c-slate", N_ ("Slate"), ADW_ACCENT_COLOR_SLATE },
};

static guint
find (const char *color)
{
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    if (g_strcmp0 (colors[i].word, color) == 0)
      return i;
  return 0;
}

const char *
tl_calendar_class (const char *color)
{
  return colors[find (color)].class;
}

const char *
tl_calendar_color_name (const char *color)
{
  return _ (colors[find (color)].name);
}

static float
mix (float a, float b, float part)
{
  return a * part + b * (1 - part);
}

/* White is legible on it: at least 4.5 to 1 (the sheet's min(l, .55)). */
static GdkRGBA
darkened (GdkRGBA color)
{
  float luminance = 0.299f * color.red + 0.587f * color.green + 0.114f * color.blue;
  float scale = luminance > 0.42f ? 0.42f / luminance : 1;

  return (GdkRGBA){ color.red * scale, color.green * scale, color.blue * scale, 1 };
}

TlCalendarPaint
tl_calendar_paint (const char *color)
{
  AdwAccentColor accent = colors[find (color)].accent;
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  float ground = dark ? 0.14f : 1;
  TlCalendarPaint paint;
  GdkRGBA plain;

  adw_accent_color_to_rgba (accent, &plain);
  adw_accent_color_to_standalone_rgba (accent, dark, &paint.text);
  paint.solid = darkened (plain);
  paint.tint = (GdkRGBA){ mix (plain.red, ground, 0.22f), mix (plain.green, ground, 0.22f),
                          mix (plain.blue, ground, 0.22f), 1 };
  return paint;
}
