/* week-style.c: see the header. Who follows twice takes over the same twice. */
#include "ui/calendar/week-style.h"

#include "ui/calendar/days.h"

static void
take_start (TlPreferences *preferences, gpointer owner)
{
  tl_day_set_first_of_week ((int)tl_preferences_get (preferences)->week_start);
}

static void
take_numbers (TlDevice *device, GParamSpec *spec, gpointer owner)
{
  int has = 0;

  g_object_get (device, "week-numbers", &has, NULL);
  tl_day_set_week_numbers (has != 0);
}

void
tl_week_style_follow (const TlSession *session, gpointer owner, GCallback changed)
{
  take_start (session->preferences, owner);
  take_numbers (session->device, NULL, owner);
  g_signal_connect_object (session->preferences, "changed", G_CALLBACK (take_start), owner, 0);
  g_signal_connect_object (session->preferences, "changed", changed, owner, G_CONNECT_SWAPPED);
  g_signal_connect_object (session->device, "notify::week-numbers", G_CALLBACK (take_numbers),
                           owner, 0);
  g_signal_connect_object (session->device, "notify::week-numbers", changed, owner,
                           G_CONNECT_SWAPPED);
}
