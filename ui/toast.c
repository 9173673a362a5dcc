/* toast.c: see the header. */
#include "ui/toast.h"

#include <glib/gi18n-lib.h>

typedef struct {
  void (*undo) (gpointer data);
  gpointer data;
  GDestroyNotify data_free;
} Undo;

AdwToast *
tl_toast_new (const char *sentence)
{
  AdwToast *toast = adw_toast_new ("");

  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_set_title (toast, sentence);
  return toast;
}

static void
clicked (AdwToast *toast, gpointer data)
{
  Undo *undo = data;

  undo->undo (undo->data);
}

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  undo->data_free (undo->data);
  g_free (undo);
}

AdwToast *
tl_toast_with_undo (const char *sentence, void (*undo) (gpointer data), gpointer data,
                    GDestroyNotify data_free)
{
  AdwToast *toast = tl_toast_new (sentence);
  Undo *it = g_new (Undo, 1);

  *it = (Undo){ undo, data, data_free };
  adw_toast_set_button_label (toast, _ ("Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (clicked), it, undo_free, 0);
  return toast;
}
