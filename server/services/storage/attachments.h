/* attachments.h: files and cards that come along with posts and messages (sync/wire/types.h says their
 * shape): checked strictly, and readable by whoever sees what names them. Within one TlWrite. */
#pragma once

#include "server/services/hooks.h"

#define TL_ATTACHMENTS_MAX 8

typedef enum { TL_ATTACH_FILES, TL_ATTACH_IMAGES } TlAttachKind;

/* Is property `name` of `object` absent, null, or a list of files that the writer may read? An empty list
 * becomes null. */
gboolean tl_attachments_check (TlWrite *write, JsonObject *object, const char *name,
                               TlAttachKind kind, GError **error);
/* A blob that member `name` of `object` names by its creation id ("#x") is named by its own from here on. */
void tl_attachments_resolve (TlWrite *write, JsonObject *object, const char *name);
/* From now on who is in `scope` may read the files of `object`, which is `id`. */
gboolean tl_attachments_show (TlWrite *write, JsonObject *object, const char *name, gint64 scope,
                              gint64 id, GError **error);
/* The one file of `id` is `blob`, an image that the writer uploaded; NULL: none any more. */
gboolean tl_attachments_show_own (TlWrite *write, const char *blob, gint64 scope, gint64 id,
                                  gboolean *is_own, GError **error);
/* The files of `id` are no longer shown by it. */
gboolean tl_attachments_forget (TlWrite *write, gint64 id, GError **error);

/* Is the property "card" absent, null, or a card? */
gboolean tl_card_check (JsonObject *object, GError **error);
