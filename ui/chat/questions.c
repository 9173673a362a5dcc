/* questions.c: see the header; each holds what it is about until it is answered. */
#include "ui/chat/questions.h"

#include "sync/actions.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

typedef struct {
  TlReplica *replica;
  GObject *subject; /* the message or room */
  gint64 me;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->replica);
  g_object_unref (question->subject);
  g_free (question);
}

/* `yes` runs with the question when the person wants it; `words` names that. */
static void
ask (AdwDialog *dialog, const char *words, GCallback yes, Question *question, GtkWidget *parent)
{
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "yes", words, NULL);
  adw_alert_dialog_set_response_appearance (alert, "yes", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_data (dialog, "response::yes", yes, question, question_free, 0);
  adw_dialog_present (dialog, parent);
}

static Question *
question_new (TlReplica *replica, gpointer subject, gint64 me)
{
  Question *question = g_new (Question, 1);

  *question = (Question){ g_object_ref (replica), g_object_ref (subject), me };
  return question;
}

static void
delete_now (AdwAlertDialog *dialog, const char *response, Question *question)
{
  TlMessageItem *message = TL_MESSAGE_ITEM (question->subject);

  if (message->delivery == TL_DELIVERY_FAILED)
    dex_future_disown (tl_action_discard (question->replica, message->op));
  else
    dex_future_disown (tl_action_delete_message (question->replica, message->key));
}

void
tl_ask_delete_message (TlReplica *replica, TlMessageItem *message, GtkWidget *parent)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Delete Message?"), NULL);

  adw_alert_dialog_set_body (ADW_ALERT_DIALOG (dialog),
                             message->seq > 0 ? _ ("It disappears for everyone in the room.")
                                              : _ ("It has not left yet and never will."));
  ask (dialog, _ ("_Delete"), G_CALLBACK (delete_now), question_new (replica, message, 0), parent);
}

static void
leave_now (AdwAlertDialog *dialog, const char *response, Question *question)
{
  dex_future_disown (tl_action_leave_room (question->replica, TL_ROOM_ITEM (question->subject)->key,
                                           question->me));
}

void
tl_ask_leave_room (TlReplica *replica, TlRoomItem *room, gint64 me, GtkWidget *parent)
{
  AdwDialog *dialog = adw_alert_dialog_new (NULL, NULL);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_format_heading (alert, _ ("Leave “%s”?"), room->name ? room->name : "");
  adw_alert_dialog_set_body (alert,
                             _ ("Its messages leave this computer. To come back, be invited."));
  ask (dialog, _ ("_Leave"), G_CALLBACK (leave_now), question_new (replica, room, me), parent);
}
