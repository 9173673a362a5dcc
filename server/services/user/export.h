/* export.h: everything of a person as an archive (ZIP): account.json; each type that they have something of as
 * "Type.json", a list of objects as JMAP gives them; files.json and the files that they uploaded, by blob id.
 *
 * Of what many share it holds what is the person's: their own messages, posts, reactions and follows, their principal;
 * feeds, rooms, calendars and events as they see them; no articles. Any thread, on its connection. */
#pragma once

#include "server/server.h"

/* Writes it to `fd`, a part at a time; G_IO_ERROR_NOT_FOUND when there is no such account. */
gboolean tl_export_write (TlServer *server, TlPg *pg, gint64 account, int fd, GError **error);
