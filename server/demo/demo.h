/* demo.h: the demo's content: a circle of people with rooms and a past (data/demo/circle.json), and a dozen
 * feeds that this server serves itself under /demo/, so that it all works without internet. */
#pragma once

#include "server/server.h"

/* Makes the circle when nobody is there yet; through the same JMAP methods that a client uses. Errors
 * name the file. */
gboolean tl_demo_seed (TlServer *server, GError **error);

/* Routes (prefixes), 404 unless the configuration says `demo`: a feed as RSS, Atom or JSON Feed; a picture. */
void tl_demo_feed (TlRequest *request);
void tl_demo_picture (TlRequest *request);
