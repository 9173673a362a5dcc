/* device.h: what is this device's alone, in device.ini of the user's configuration: how it looks, and how much room
 * pictures may take. Applied as it changes. Main thread. */
#pragma once

#include <glib-object.h>

#define TL_TYPE_DEVICE (tl_device_get_type ())
G_DECLARE_FINAL_TYPE (TlDevice, tl_device, TL, DEVICE, GObject)

/* Properties (int, kept when they are set): appearance (0 as the system, 1 light, 2 dark), reader-size (percent),
 * cache-megabytes, week-numbers (0, 1). */
TlDevice *tl_device_new (void);
