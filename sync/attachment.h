/* attachment.h: files that come along with a message or a post, and cards of what is shared into one: their JSON
 * (sync/wire/types.h) taken apart, so that widgets see plain structs. Any thread. */
#pragma once

#include <glib-object.h>

typedef struct {
  char *blob_id;
  char *name;
  char *type; /* media type */
  char *alt;  /* what a picture shows, or NULL */
  gint64 size;
  int width, height; /* of a picture; 0: it is none */
} TlAttachment;

#define TL_TYPE_ATTACHMENT (tl_attachment_get_type ())
GType tl_attachment_get_type (void);
TlAttachment *tl_attachment_copy (const TlAttachment *self);
void tl_attachment_free (TlAttachment *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlAttachment, tl_attachment_free)

/* Never NULL; what is not an attachment is left out. Of TlAttachment. */
GPtrArray *tl_attachments_parse (const char *json);
/* NULL for none. */
char *tl_attachments_format (GPtrArray *attachments);

typedef struct {
  char *type; /* "Article", "Post", "Message", "CalendarEvent", or "Link" */
  gint64 key; /* of the object; 0 for a link */
  char *title, *text, *url, *source;
  char *image; /* hash for TlMedia, or NULL */
} TlCard;

/* NULL for null and for what is no card. */
TlCard *tl_card_parse (const char *json);
char *tl_card_format (const TlCard *self);
void tl_card_free (TlCard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlCard, tl_card_free)
