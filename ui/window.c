/* window.c: holds one child at a time; main thread. */
#include "ui/window.h"

#include "ui/toast.h"

struct _TlWindow {
  AdwApplicationWindow parent;
  AdwToastOverlay *toasts;
  AdwBin *content;
  TlMainView *view; /* the child, when somebody is signed in */
};

G_DEFINE_FINAL_TYPE (TlWindow, tl_window, ADW_TYPE_APPLICATION_WINDOW)

void
tl_window_add_toast (TlWindow *self, AdwToast *toast)
{
  adw_toast_overlay_add_toast (self->toasts, toast);
}

TlMainView *
tl_window_show_session (TlWindow *self, const TlSession *session)
{
  self->view = tl_main_view_new (session);
  g_signal_connect_object (self->view, "toast", G_CALLBACK (tl_window_add_toast), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (self->content, GTK_WIDGET (self->view));
  tl_main_view_focus (self->view);
  return self->view;
}

TlSignIn *
tl_window_show_sign_in (TlWindow *self, TlSecrets *secrets)
{
  TlSignIn *sign_in = tl_sign_in_new (secrets);

  self->view = NULL;
  adw_bin_set_child (self->content, GTK_WIDGET (sign_in));
  return sign_in;
}

TlMainView *
tl_window_main_view (TlWindow *self)
{
  return self->view;
}

void
tl_window_toast (TlWindow *self, const char *sentence)
{
  tl_window_add_toast (self, tl_toast_new (sentence));
}

/* "window.tell": a sentence that any widget has for the person. */
static void
tell (GtkWidget *widget, const char *name, GVariant *sentence)
{
  tl_window_toast (TL_WINDOW (widget), g_variant_get_string (sentence, NULL));
}

static void
tl_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_WINDOW);
  G_OBJECT_CLASS (tl_window_parent_class)->dispose (object);
}

static void
tl_window_class_init (TlWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tideline/Tideline/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, TlWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TlWindow, content);
  gtk_widget_class_install_action (widget_class, "window.tell", "s", tell);
}

static void
tl_window_init (TlWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

TlWindow *
tl_window_new (GtkApplication *application)
{
  return g_object_new (TL_TYPE_WINDOW, "application", application, NULL);
}
