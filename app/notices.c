/* notices.c: the inbox's list says what each one shows; the engine says when. Main thread. */
#include "app/notices.h"

#include "sync/models/inbox.h"
#include "ui/inbox/inbox-row.h"

#include <glib/gi18n.h>

struct _TlNotices {
  GApplication *application; /* not owned: it owns us */
  TlPreferences *preferences;
  TlEngine *engine;
  TlKeyList *inbox;
  GHashTable *told; /* gint64 * -> Told: notified, or about to be */
};

typedef struct {
  TlNotices *self;
  gint64 key;
  gboolean is_shown;
  TlInboxItem *item; /* once the list has it */
} Told;

static char *
notification_id (gint64 key)
{
  return g_strdup_printf ("notice-%" G_GINT64_FORMAT, key);
}

static void
told_free (gpointer data)
{
  Told *told = data;
  g_autofree char *id = notification_id (told->key);

  if (told->item)
    g_signal_handlers_disconnect_by_data (told->item, told);
  g_clear_object (&told->item);
  if (told->is_shown)
    g_application_withdraw_notification (told->self->application, id);
  g_free (told);
}

static const char *
kind_word (TlInboxKind kind)
{
  static const char *const words[] = { "mention", "reply",  "reaction",
                                       "boost",   "follow", "invitation" };

  return (guint)kind < G_N_ELEMENTS (words) ? words[kind] : "mention";
}

/* The action that opens what it is about. */
static void
set_target (GNotification *notification, TlInboxItem *item)
{
  const char *action = "app.open-section";

  if (item->subject_type == tl_post_type.number)
    action = "app.open-post";
  else if (item->subject_type == tl_calendar_event_type.number)
    action = "app.open-event";
  if (g_str_equal (action, "app.open-section"))
    g_notification_set_default_action_and_target (notification, action, "s", "inbox");
  else
    g_notification_set_default_action_and_target (notification, action, "x", item->subject_key);
}

/* A mention in a room is told by the room's own notification. */
static gboolean
is_wanted (TlNotices *self, TlInboxItem *item)
{
  return item->room_key == 0 && !item->is_silenced &&
         tl_preferences_tells (self->preferences, kind_word (item->kind)) &&
         tl_preferences_may_disturb (self->preferences, g_get_real_time () / 1000);
}

static void
show (Told *told)
{
  TlNotices *self = told->self;
  TlInboxItem *item = told->item;
  g_autofree char *id = notification_id (told->key);
  g_autofree char *words = tl_inbox_words (item);
  g_autofree char *body = NULL;
  g_autoptr (GNotification) notification = NULL;

  told->is_shown = TRUE;
  notification = g_notification_new (item->title ? item->title : words);
  /* Translators: what happened: what was written */
  body = item->text && *item->text && item->kind != TL_INBOX_INVITATION &&
                 tl_preferences_tells (self->preferences, "words")
             ? g_strdup_printf (_ ("%s: %s"), words, item->text)
             : g_strdup (words);
  g_notification_set_body (notification, body);
  set_target (notification, item);
  g_application_send_notification (self->application, id, notification);
}

static void
item_changed (TlInboxItem *item, GParamSpec *pspec, Told *told)
{
  gint64 key = told->key;

  if (!item->loaded)
    return;
  if (!item->is_unread || (!told->is_shown && !is_wanted (told->self, item)))
    g_hash_table_remove (told->self->told, &key);
  else if (!told->is_shown)
    show (told);
}

static void
find_item (Told *told)
{
  gint64 position = tl_key_list_find (told->self->inbox, told->key);

  if (told->item || position < 0)
    return;
  told->item = g_list_model_get_item (G_LIST_MODEL (told->self->inbox), (guint)position);
  g_signal_connect (told->item, "notify", G_CALLBACK (item_changed), told);
  item_changed (told->item, NULL, told);
}

/* What left the inbox was put away, or is gone. */
static void
inbox_changed (TlNotices *self)
{
  g_autoptr (GPtrArray) all = g_hash_table_get_values_as_ptr_array (self->told);

  for (guint i = 0; i < all->len; i++) {
    Told *told = all->pdata[i];
    gint64 key = told->key;

    if (told->item == NULL)
      find_item (told);
    else if (tl_key_list_find (self->inbox, key) < 0)
      g_hash_table_remove (self->told, &key);
  }
}

static void
arrived (TlEngine *engine, gint64 key, TlNotices *self)
{
  Told *told;

  if (g_hash_table_contains (self->told, &key))
    return;
  told = g_new0 (Told, 1);
  told->self = self;
  told->key = key;
  g_hash_table_insert (self->told, g_memdup2 (&key, sizeof key), told);
  find_item (told);
}

TlNotices *
tl_notices_new (GApplication *application, TlReplica *replica, TlEngine *engine,
                TlPreferences *preferences, gint64 me)
{
  TlNotices *self = g_new0 (TlNotices, 1);

  self->application = application;
  self->preferences = g_object_ref (preferences);
  self->engine = g_object_ref (engine);
  self->told = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, told_free);
  self->inbox = tl_inbox_list_new (replica, me);
  tl_inbox_list_ask (self->inbox, (TlInboxFilter)(TL_INBOX_PEOPLE | TL_INBOX_DATES));
  g_signal_connect (engine, "notification-arrived", G_CALLBACK (arrived), self);
  g_signal_connect_swapped (self->inbox, "items-changed", G_CALLBACK (inbox_changed), self);
  return self;
}

void
tl_notices_free (TlNotices *self)
{
  g_signal_handlers_disconnect_by_data (self->engine, self);
  g_signal_handlers_disconnect_by_data (self->inbox, self);
  g_hash_table_unref (self->told);
  g_object_unref (self->inbox);
  g_object_unref (self->engine);
  g_object_unref (self->preferences);
  g_free (self);
}
