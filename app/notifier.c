/* notifier.c: the room list says what a notification shows; the engine says when. Main thread. */
#include "app/notifier.h"

#include "sync/actions.h"
#include "sync/models/lists.h"

#include <glib/gi18n.h>

struct _TlNotifier {
  GApplication *application; /* not owned: it owns us */
  TlReplica *replica;
  TlKeyList *rooms;
  TlEngine *engine;
  TlPreferences *preferences;
  gint64 looked_at;
  GHashTable *told;    /* gint64 * -> Told: rooms with a notification, or about to get one */
  gint64 to_mark;      /* the room to be marked as read once the list has it, or 0 */
  TlRoomItem *marking; /* it, while it loads */
};

typedef struct {
  TlNotifier *self;
  gint64 room;
  guint count;
  guint queued;     /* it will be shown, replaced or withdrawn before the next frame */
  char *shown;      /* the words that are on the screen, or NULL */
  TlRoomItem *item; /* once the list has it */
} Told;

static void queue (Told *told);

static char *
notification_id (gint64 room)
{
  return g_strdup_printf ("room-%" G_GINT64_FORMAT, room);
}

static void
told_free (gpointer data)
{
  Told *told = data;
  g_autofree char *id = notification_id (told->room);

  if (told->item)
    g_signal_handlers_disconnect_by_data (told->item, told);
  g_clear_object (&told->item);
  g_clear_handle_id (&told->queued, g_source_remove);
  g_free (told->shown);
  g_application_withdraw_notification (told->self->application, id);
  g_free (told);
}

static void
item_changed (TlRoomItem *item, GParamSpec *pspec, Told *told)
{
  queue (told);
}

static gboolean
find_item (Told *told)
{
  gint64 position = tl_key_list_find (told->self->rooms, told->room);

  if (told->item == NULL && position >= 0) {
    told->item = g_list_model_get_item (G_LIST_MODEL (told->self->rooms), (guint)position);
    g_signal_connect (told->item, "notify", G_CALLBACK (item_changed), told);
  }
  return told->item && told->item->loaded;
}

static char *
words (Told *told)
{
  TlRoomItem *item = told->item;

  if (told->count > 1 || !tl_preferences_tells (told->self->preferences, "words"))
    return g_strdup_printf (ngettext ("%u new message", "%u new messages", told->count),
                            told->count);
  if (item->preview_sender)
    /* Translators: who: what they wrote */
    return g_strdup_printf (_ ("%s: %s"), item->preview_sender, item->preview);
  return g_strdup (item->preview);
}

static GNotification *
notification_new (Told *told, const char *body)
{
  GNotification *notification = g_notification_new (told->item->name);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.open-room", "x", told->room);
  g_notification_add_button_with_target (notification, _ ("Mark as Read"), "app.mark-room-read",
                                         "x", told->room);
  return notification;
}

/* Sends, replaces or withdraws, as the room stands now. What is shown already is not sent again: until the
 * desktop has answered, each one sent would stand beside the others. */
static void
show (Told *told)
{
  TlNotifier *self = told->self;
  g_autofree char *id = notification_id (told->room);
  g_autofree char *body = NULL;
  g_autoptr (GNotification) notification = NULL;
  gint64 room = told->room;

  if (!find_item (told) || told->item->preview == NULL)
    return;
  /* The list may hear of the message a moment after the engine told of it. */
  if (told->item->unread == 0) {
    if (told->shown)
      g_hash_table_remove (self->told, &room);
    return;
  }
  body = words (told);
  if (!g_set_str (&told->shown, body))
    return;
  notification = notification_new (told, body);
  g_application_send_notification (self->application, id, notification);
}

static gboolean
show_queued (gpointer data)
{
  Told *told = data;

  told->queued = 0;
  show (told);
  return G_SOURCE_REMOVE;
}

/* A message changes a dozen properties of its room: once for all. */
static void
queue (Told *told)
{
  if (told->queued == 0)
    told->queued = g_idle_add (show_queued, told);
}

static void
message_arrived (TlEngine *engine, gint64 room, gint64 message, TlNotifier *self)
{
  Told *told = g_hash_table_lookup (self->told, &room);

  if (room == self->looked_at || !tl_preferences_tells (self->preferences, "message") ||
      !tl_preferences_may_disturb (self->preferences, g_get_real_time () / 1000))
    return;
  if (told == NULL) {
    told = g_new0 (Told, 1);
    told->self = self;
    told->room = room;
    g_hash_table_insert (self->told, g_memdup2 (&room, sizeof room), told);
  }
  told->count++;
  queue (told);
}

/* --- marking as read ---------------------------------------------------------------------------- */

static void
drop_marking (TlNotifier *self)
{
  if (self->marking)
    g_signal_handlers_disconnect_by_data (self->marking, self);
  g_clear_object (&self->marking);
}

static void
mark (TlNotifier *self)
{
  gint64 position = self->to_mark ? tl_key_list_find (self->rooms, self->to_mark) : -1;

  if (position < 0)
    return;
  if (self->marking == NULL) {
    self->marking = g_list_model_get_item (G_LIST_MODEL (self->rooms), (guint)position);
    g_signal_connect_swapped (self->marking, "notify", G_CALLBACK (mark), self);
  }
  if (!self->marking->loaded)
    return;
  dex_future_disown (tl_action_room_read (self->replica, self->to_mark, self->marking->last_seq));
  self->to_mark = 0;
  drop_marking (self);
}

/* An app that a notification's button started does not know its rooms yet. */
void
tl_notifier_mark_read (TlNotifier *self, gint64 room)
{
  drop_marking (self);
  self->to_mark = room;
  mark (self);
}

/* --- making ------------------------------------------------------------------------------------- */

/* The list came to know a room that was told of, or is to be marked, before it was there. */
static void
rooms_changed (TlNotifier *self)
{
  g_autoptr (GPtrArray) all = g_hash_table_get_values_as_ptr_array (self->told);

  for (guint i = 0; i < all->len; i++)
    if (((Told *)all->pdata[i])->item == NULL)
      queue (all->pdata[i]);
  mark (self);
}

TlNotifier *
tl_notifier_new (GApplication *application, TlReplica *replica, TlEngine *engine,
                 TlPreferences *preferences, gint64 me)
{
  TlNotifier *self = g_new0 (TlNotifier, 1);

  self->application = application;
  self->replica = g_object_ref (replica);
  self->engine = g_object_ref (engine);
  self->preferences = g_object_ref (preferences);
  self->told = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, told_free);
  self->rooms = tl_room_list_new (replica, me);
  g_signal_connect (engine, "message-arrived", G_CALLBACK (message_arrived), self);
  g_signal_connect_swapped (self->rooms, "items-changed", G_CALLBACK (rooms_changed), self);
  return self;
}

void
tl_notifier_free (TlNotifier *self)
{
  g_signal_handlers_disconnect_by_data (self->engine, self);
  g_signal_handlers_disconnect_by_data (self->rooms, self);
  drop_marking (self);
  g_object_unref (self->engine);
  g_object_unref (self->preferences);
  g_hash_table_unref (self->told);
  g_object_unref (self->rooms);
  g_object_unref (self->replica);
  g_free (self);
}

void
tl_notifier_set_looked_at (TlNotifier *self, gint64 room)
{
  self->looked_at = room;
  if (room != 0)
    g_hash_table_remove (self->told, &room);
}
