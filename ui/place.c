/* place.c: a table of the places and an object that carries a number. */
#include "ui/place.h"

#include <glib/gi18n-lib.h>

static const struct {
  const char *name, *title, *icon;
} places[TL_N_PLACES] = {
  [TL_PLACE_INBOX] = { "inbox", N_ ("Inbox"), "mail-unread-symbolic" },
  [TL_PLACE_FEED] = { "feed", N_ ("Feed"), "system-users-symbolic" },
  [TL_PLACE_NEWS] = { "news", N_ ("News"), "application-rss+xml-symbolic" },
  [TL_PLACE_CALENDAR] = { "calendar", N_ ("Calendar"), "x-office-calendar-symbolic" },
  [TL_PLACE_CHAT] = { "chat", N_ ("Chat"), "chat-message-new-symbolic" },
  [TL_PLACE_SAVED] = { "saved", N_ ("Saved"), "user-bookmarks-symbolic" },
  [TL_PLACE_STARRED] = { "starred", N_ ("Starred"), "starred-symbolic" },
  [TL_PLACE_LATER] = { "later", N_ ("Later"), "document-open-recent-symbolic" },
  [TL_PLACE_EVERYONE] = { "everyone", N_ ("Everyone"), "view-list-bullet-symbolic" },
  [TL_PLACE_MENTIONS] = { "mentions", N_ ("Mentions"), "mail-reply-sender-symbolic" },
  [TL_PLACE_SAVED_POSTS] = { "saved-posts", N_ ("Saved Posts"), "user-bookmarks-symbolic" },
};

enum { PROP_COUNT = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TlPlace, tl_place, G_TYPE_OBJECT)

const char *
tl_place_name (TlPlaceKind kind)
{
  return places[kind].name;
}

gboolean
tl_place_parse (const char *name, TlPlaceKind *kind)
{
  for (guint i = 0; i < TL_N_PLACES; i++)
    if (g_strcmp0 (places[i].name, name) == 0) {
      *kind = (TlPlaceKind)i;
      return TRUE;
    }
  return FALSE;
}

const char *
tl_place_title (TlPlaceKind kind)
{
  return _ (places[kind].title);
}

const char *
tl_place_icon (TlPlaceKind kind)
{
  return places[kind].icon;
}

gboolean
tl_place_is_urgent (TlPlaceKind kind)
{
  return kind == TL_PLACE_CHAT || kind == TL_PLACE_INBOX;
}

static void
tl_place_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_uint (value, TL_PLACE (object)->count);
}

static void
tl_place_class_init (TlPlaceClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = tl_place_get_property;
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tl_place_init (TlPlace *self)
{
}

TlPlace *
tl_place_new (TlPlaceKind kind)
{
  TlPlace *self = g_object_new (TL_TYPE_PLACE, NULL);

  self->kind = kind;
  return self;
}

void
tl_place_set_count (TlPlace *self, guint count)
{
  if (self->count == count)
    return;
  self->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}
