/* week-style.h: how this person wants weeks: what day they begin on (every device) and whether they show their numbers
 * (this one), as days.h has it for all views. Main thread. */
#pragma once

#include "ui/session.h"

/* Takes it over now and whenever it changes; `changed (owner)` is called then, as long as the owner lives. */
void tl_week_style_follow (const TlSession *session, gpointer owner, GCallback changed);
