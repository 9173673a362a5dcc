/* draft-keeper.c: see the header. Main thread; a load that is under way keeps what it needs. */
#include "ui/draft-keeper.h"

#include "sync/actions.h"

#define SAVE_AFTER_MS 500

struct _TlDraftKeeper {
  TlReplica *replica;
  GtkTextBuffer *buffer;
  char *place;
  guint timer;
  gboolean is_loading, is_typed, is_gone;
};

static void
keeper_clear (gpointer data)
{
  TlDraftKeeper *self = data;

  g_object_unref (self->replica);
  g_object_unref (self->buffer);
  g_free (self->place);
}

static void
keeper_unref (gpointer data)
{
  g_rc_box_release_full (data, keeper_clear);
}

static gboolean
save (gpointer data)
{
  TlDraftKeeper *self = data;
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  self->timer = 0;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  text = gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
  dex_future_disown (tl_draft_save (self->replica, self->place, text));
  return G_SOURCE_REMOVE;
}

static void
changed (GtkTextBuffer *buffer, TlDraftKeeper *self)
{
  if (self->is_loading)
    return;
  self->is_typed = TRUE;
  if (self->timer == 0)
    self->timer = g_timeout_add (SAVE_AFTER_MS, save, self);
}

static DexFuture *
loaded (DexFuture *future, gpointer data)
{
  TlDraftKeeper *self = data;
  const char *text = g_value_get_string (dex_future_get_value (future, NULL));

  if (text == NULL || self->is_typed || self->is_gone)
    return NULL;
  self->is_loading = TRUE;
  gtk_text_buffer_set_text (self->buffer, text, -1);
  self->is_loading = FALSE;
  return NULL;
}

TlDraftKeeper *
tl_draft_keeper_new (TlReplica *replica, GtkTextBuffer *buffer, const char *place)
{
  TlDraftKeeper *self = g_rc_box_new0 (TlDraftKeeper);

  self->replica = g_object_ref (replica);
  self->buffer = g_object_ref (buffer);
  self->place = g_strdup (place);
  g_signal_connect (buffer, "changed", G_CALLBACK (changed), self);
  dex_future_disown (dex_future_then (tl_draft_load (replica, place), loaded,
                                      g_rc_box_acquire (self), keeper_unref));
  return self;
}

void
tl_draft_keeper_sent (TlDraftKeeper *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
}

void
tl_draft_keeper_free (TlDraftKeeper *self)
{
  if (self->timer) {
    g_source_remove (self->timer);
    save (self);
  }
  g_signal_handlers_disconnect_by_data (self->buffer, self);
  self->is_gone = TRUE;
  keeper_unref (self);
}

const char *
tl_draft_keeper_place (TlDraftKeeper *self)
{
  return self->place;
}
