/* item.h: what the kinds of items share: read-only properties from a table of members, and a fill
 * that notifies what differs. For the lists only. */
#pragma once

#include <glib-object.h>

typedef enum {
  TL_MEMBER_STRING,
  TL_MEMBER_INT64,
  TL_MEMBER_INT,
  TL_MEMBER_UINT,
  TL_MEMBER_BYTE, /* a guint property */
  TL_MEMBER_BOOLEAN,
} TlMemberKind;

typedef struct {
  const char *name;
  TlMemberKind kind;
  guint offset;
} TlMember;

/* In class_init: get_property, finalize and the properties. `members` must stay. */
void tl_item_class_setup (GObjectClass *class, const TlMember *members, guint n);
/* An item that knows its key only. */
GObject *tl_item_new (GType type, gint64 key);
/* Takes the members of `from`, of the same kind, over and notifies those that differ; it is loaded
 * then. */
void tl_item_fill (GObject *item, GObject *from);
