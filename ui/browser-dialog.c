/* browser-dialog.c: see the header. Closed by the person, it ends the waiting; closed by the answer, it is just gone. */
#include "ui/browser-dialog.h"

#include "sync/browser-sign-in.h"

#include <glib/gi18n-lib.h>

/* Held by the dialog, and by who waits. */
typedef struct {
  AdwDialog *dialog;
  GtkWidget *parent, *again;
  DexCancellable *cancel;
  char *address; /* of the page, once it is known */
} Waiting;

static void
clear (gpointer data)
{
  Waiting *waiting = data;

  g_clear_weak_pointer (&waiting->dialog);
  g_clear_weak_pointer (&waiting->parent);
  g_clear_weak_pointer (&waiting->again);
  dex_clear (&waiting->cancel);
  g_free (waiting->address);
}

static void
release (gpointer waiting)
{
  g_rc_box_release_full (waiting, clear);
}

static GtkWindow *
window_of (Waiting *waiting)
{
  GtkRoot *root = waiting->parent ? gtk_widget_get_root (waiting->parent) : NULL;

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
launch (Waiting *waiting)
{
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (waiting->address);

  gtk_uri_launcher_launch (launcher, window_of (waiting), NULL, NULL, NULL);
}

static void
page_known (const char *address, gpointer data)
{
  Waiting *waiting = data;

  g_set_str (&waiting->address, address);
  if (waiting->again)
    gtk_widget_set_sensitive (waiting->again, TRUE);
  launch (waiting);
}

static void
dismissed (Waiting *waiting)
{
  dex_cancellable_cancel (waiting->cancel);
}

static DexFuture *
over (DexFuture *future, gpointer data)
{
  Waiting *waiting = data;

  if (waiting->dialog)
    adw_dialog_force_close (waiting->dialog);
  if (window_of (waiting))
    gtk_window_present (window_of (waiting));
  return dex_ref (future);
}

static Waiting *
waiting_new (GtkWidget *parent)
{
  Waiting *waiting = g_rc_box_new0 (Waiting);
  AdwDialog *dialog = adw_alert_dialog_new (
      _ ("Continue in Your Browser"),
      _ ("Sign in on the page that opens there. Tideline goes on by itself afterwards."));
  GtkWidget *again = gtk_button_new_with_mnemonic (_ ("_Open the Page Again"));

  waiting->cancel = dex_cancellable_new ();
  g_set_weak_pointer (&waiting->dialog, dialog);
  g_set_weak_pointer (&waiting->parent, parent);
  g_set_weak_pointer (&waiting->again, again);
  gtk_widget_set_halign (again, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (again, FALSE);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), again);
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"));
  g_signal_connect_swapped (again, "clicked", G_CALLBACK (launch), waiting);
  g_signal_connect_data (dialog, "closed", G_CALLBACK (dismissed), g_rc_box_acquire (waiting),
                         (GClosureNotify)(GCallback)release, G_CONNECT_SWAPPED);
  return waiting;
}

DexFuture *
tl_browser_dialog_sign_in (GtkWidget *parent, TlRemote *remote)
{
  Waiting *waiting = waiting_new (parent);
  DexFuture *account;

  adw_dialog_present (waiting->dialog, parent);
  account = tl_browser_sign_in (remote, g_get_host_name (), waiting->cancel, page_known,
                                g_rc_box_acquire (waiting), release);
  return dex_future_finally (account, over, waiting, release);
}
