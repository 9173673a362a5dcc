/* place.h: where one can go from the sidebar: a section, or a fixed row of one. Feeds are TlFeedItems. */
#pragma once

#include <glib-object.h>

typedef enum {
  TL_PLACE_INBOX,
  TL_PLACE_FEED,
  TL_PLACE_NEWS,
  TL_PLACE_CALENDAR,
  TL_PLACE_CHAT,
  TL_PLACE_SAVED,
  TL_PLACE_STARRED,
  TL_PLACE_LATER,
  TL_PLACE_EVERYONE,
  TL_PLACE_MENTIONS,
  TL_PLACE_SAVED_POSTS,
  TL_N_PLACES
} TlPlaceKind;

#define TL_TYPE_PLACE (tl_place_get_type ())
G_DECLARE_FINAL_TYPE (TlPlace, tl_place, TL, PLACE, GObject)
struct _TlPlace {
  GObject parent;
  TlPlaceKind kind;
  guint count; /* property, notified */
};

TlPlace *tl_place_new (TlPlaceKind kind);
void tl_place_set_count (TlPlace *self, guint count);
/* "news": for actions and the kept state. FALSE for an unknown word. */
const char *tl_place_name (TlPlaceKind kind);
gboolean tl_place_parse (const char *name, TlPlaceKind *kind);
const char *tl_place_title (TlPlaceKind kind);
const char *tl_place_icon (TlPlaceKind kind);
/* Somebody waits there: its number is an accent pill. */
gboolean tl_place_is_urgent (TlPlaceKind kind);
