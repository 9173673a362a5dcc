/* state-banner.c: follows the engine. A short break of the network is not worth a banner: it comes after some
 * seconds offline and goes at once. Main thread. */
#include "ui/state-banner.h"

#include "ui/words.h"

#include <glib/gi18n-lib.h>

#define PATIENCE_MS 3000

struct _TlStateBanner {
  AdwBin parent;
  AdwBanner *banner;
  TlEngine *engine;
  guint timer;
};

G_DEFINE_FINAL_TYPE (TlStateBanner, tl_state_banner, ADW_TYPE_BIN)

static char *
offline_sentence (gint64 since, guint waiting)
{
  g_autofree char *clock = tl_words_clock (since);

  if (waiting == 0)
    /* Translators: %s is a clock time */
    return g_strdup_printf (_ ("Offline since %s, all is kept"), clock);
  return g_strdup_printf (ngettext ("Offline since %s, %u change leaves later",
                                    "Offline since %s, %u changes leave later", waiting),
                          clock, waiting);
}

static void
show_offline (TlStateBanner *self, gint64 since)
{
  g_autofree char *sentence = NULL;
  guint waiting;

  g_object_get (self->engine, "waiting", &waiting, NULL);
  sentence = offline_sentence (since, waiting);
  adw_banner_set_title (self->banner, sentence);
  adw_banner_set_button_label (self->banner, waiting > 0 ? _ ("Outbox") : NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->banner), "app.show-outbox");
}

static void
show_sign_in (TlStateBanner *self)
{
  adw_banner_set_title (self->banner, _ ("Please sign in again, all is kept"));
  adw_banner_set_button_label (self->banner, _ ("Sign In"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->banner), "app.sign-in");
}

static void update (TlStateBanner *self);

static gboolean
waited (gpointer data)
{
  TlStateBanner *self = data;

  self->timer = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
update (TlStateBanner *self)
{
  TlSyncState state = tl_engine_state (self->engine);
  gint64 since, rest;

  g_object_get (self->engine, "since", &since, NULL);
  rest = since + PATIENCE_MS - g_get_real_time () / 1000;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (state == TL_SYNC_SIGN_IN)
    show_sign_in (self);
  else if (state == TL_SYNC_OFFLINE)
    show_offline (self, since);
  if (state == TL_SYNC_OFFLINE && rest > 0)
    self->timer = g_timeout_add ((guint)MIN (rest, PATIENCE_MS) + 1, waited, self);
  adw_banner_set_revealed (self->banner, state == TL_SYNC_SIGN_IN ||
                                             (state == TL_SYNC_OFFLINE && self->timer == 0));
}

void
tl_state_banner_set_engine (TlStateBanner *self, TlEngine *engine)
{
  g_set_object (&self->engine, engine);
  g_signal_connect_object (engine, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
tl_state_banner_dispose (GObject *object)
{
  TlStateBanner *self = TL_STATE_BANNER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (tl_state_banner_parent_class)->dispose (object);
}

static void
tl_state_banner_class_init (TlStateBannerClass *class)
{
  G_OBJECT_CLASS (class)->dispose = tl_state_banner_dispose;
}

static void
tl_state_banner_init (TlStateBanner *self)
{
  self->banner = ADW_BANNER (adw_banner_new (""));
  adw_banner_set_use_markup (self->banner, FALSE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->banner));
}
