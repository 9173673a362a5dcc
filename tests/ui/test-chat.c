/* test-chat.c: the real window without a network: a message is answered, changed and taken back by its menu; a
 * room is muted. What is written waits in the outbox all the while. */
#include "tests/ui/desk.h"

#include "sync/actions.h"
#include "ui/chat/composer.h"
#include "ui/chat/message-row.h"
#include "ui/chat/room-page.h"
#include "ui/chat/room-row.h"
#include "ui/people-dialog.h"

static gboolean
is_settled (Desk *desk, gconstpointer future)
{
  return !dex_future_is_pending ((DexFuture *)future);
}

static gint64
key_of (Desk *desk, DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  const GValue *value;
  gint64 key;

  DESK_AWAIT (is_settled, future);
  value = dex_future_get_value (future, &error);
  g_assert_no_error (error);
  key = g_value_get_int64 (value);
  dex_unref (future);
  return key;
}

static GtkWidget *
find (Desk *desk, GType type)
{
  return desk_find (GTK_WIDGET (desk->window), desk_is_type, GSIZE_TO_POINTER (type));
}

/* In the room, not only in the list of rooms. */
static gboolean
says (Desk *desk, gconstpointer words)
{
  GtkWidget *page = find (desk, TL_TYPE_ROOM_PAGE);

  return page && desk_find (page, desk_is_label, words);
}

static gboolean
says_not (Desk *desk, gconstpointer words)
{
  return !says (desk, words);
}

/* A room with Ana and one's own message. */
static gint64
open_room (Desk *desk)
{
  const gint64 ana = 2;
  gint64 room;

  desk_open (desk);
  room = key_of (desk, tl_action_new_room (desk->session->replica, "Launch crew", &ana, 1));
  key_of (desk, tl_action_send (desk->session->replica, room, "Boats in by ten", 0));
  tl_main_view_open_room (desk->view, room, 0);
  DESK_AWAIT (says, "Boats in by ten");
  return room;
}

/* Writes into the composer and sends. */
static void
write_words (Desk *desk, const char *words)
{
  GtkWidget *composer = find (desk, TL_TYPE_COMPOSER);
  GtkWidget *text = desk_find (composer, desk_is_type, GSIZE_TO_POINTER (GTK_TYPE_TEXT_VIEW));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), words, -1);
  tl_composer_send (TL_COMPOSER (composer));
}

static void
test_reply (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_room (desk);
  desk_activate (desk, TL_TYPE_MESSAGE_ROW, "message.reply");
  write_words (desk, "Rather half past nine");
  DESK_AWAIT (says, "Rather half past nine");
  DESK_AWAIT (says, "Waiting for the network");
  desk_close (desk);
}

static void
test_edit (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_room (desk);
  desk_activate (desk, TL_TYPE_MESSAGE_ROW, "message.edit");
  DESK_AWAIT (says, "Edit Message");
  write_words (desk, "Boats in by nine");
  DESK_AWAIT (says, "Boats in by nine");
  DESK_AWAIT (says_not, "Boats in by ten");
  desk_close (desk);
}

static void
test_delete (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_room (desk);
  desk_activate (desk, TL_TYPE_MESSAGE_ROW, "message.delete");
  DESK_AWAIT (desk_shows, "Delete Message?");
  g_assert_true (says (desk, "Boats in by ten"));
  g_signal_emit_by_name (find (desk, ADW_TYPE_ALERT_DIALOG), "response::yes", "yes");
  DESK_AWAIT (says_not, "Boats in by ten");
  desk_close (desk);
}

static gboolean
is_icon (GtkWidget *widget, gconstpointer name)
{
  return GTK_IS_IMAGE (widget) &&
         g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (widget)), name) == 0;
}

static gboolean
shows_bell (Desk *desk, gconstpointer is_muted)
{
  GtkWidget *row = find (desk, TL_TYPE_ROOM_ROW);
  GtkWidget *bell = row ? desk_find (row, is_icon, "notifications-disabled-symbolic") : NULL;

  return (bell != NULL) == GPOINTER_TO_INT (is_muted);
}

/* The page follows the room by a list of its own. */
static gboolean
page_knows (Desk *desk, gconstpointer is_muted)
{
  GtkWidget *page = find (desk, TL_TYPE_ROOM_PAGE);
  gboolean muted;

  g_object_get (page, "muted", &muted, NULL);
  return muted == GPOINTER_TO_INT (is_muted);
}

static void
test_mute (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_room (desk);
  DESK_AWAIT (shows_bell, GINT_TO_POINTER (FALSE));
  desk_activate (desk, TL_TYPE_ROOM_PAGE, "room.muted");
  DESK_AWAIT (shows_bell, GINT_TO_POINTER (TRUE));
  DESK_AWAIT (page_knows, GINT_TO_POINTER (TRUE));
  desk_activate (desk, TL_TYPE_ROOM_PAGE, "room.muted");
  DESK_AWAIT (shows_bell, GINT_TO_POINTER (FALSE));
  desk_close (desk);
}

static void
test_people (gconstpointer data)
{
  Desk *desk = (Desk *)data;

  open_room (desk);
  desk_activate (desk, TL_TYPE_ROOM_PAGE, "room.people");
  DESK_AWAIT (desk_shows, "In This Room");
  DESK_AWAIT (desk_shows, "Ana Kovač");
  DESK_AWAIT (desk_shows, "Mei Tanaka");
  desk_close (desk);
}

static void
add_tests (Desk *desk)
{
  g_test_add_data_func ("/chat/a-message-is-answered", desk, test_reply);
  g_test_add_data_func ("/chat/a-message-is-changed", desk, test_edit);
  g_test_add_data_func ("/chat/a-message-is-taken-back-after-a-question", desk, test_delete);
  g_test_add_data_func ("/chat/a-room-is-muted-and-not", desk, test_mute);
  g_test_add_data_func ("/chat/people-of-a-room", desk, test_people);
}

int
main (int argc, char **argv)
{
  return desk_run (argc, argv, add_tests);
}
