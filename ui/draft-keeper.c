/* draft-keeper.c: see the header. `known` is what is on disk as far as one knows; while something is typed or on its
 * way to the disk, nothing that comes is shown over it. Main thread; what is under way keeps what it needs. */
#include "ui/draft-keeper.h"

#define SAVE_AFTER_MS 500
#define SHARE_AFTER_MS 3000

struct _TlDraftKeeper {
  TlReplica *replica;
  GtkTextBuffer *buffer;
  TlDraftOffer *offer;
  char *place, *known;
  const TlDraftMore *more;
  gpointer owner;
  guint save_timer, share_timer, saving;
  gboolean is_loading, is_typed, is_stale, has_more, is_gone;
};

static void
keeper_clear (gpointer data)
{
  TlDraftKeeper *self = data;

  g_object_unref (self->replica);
  g_object_unref (self->buffer);
  g_object_unref (self->offer);
  g_free (self->place);
  g_free (self->known);
}

static void
keeper_unref (gpointer data)
{
  g_rc_box_release_full (data, keeper_clear);
}

static char *
typed_text (TlDraftKeeper *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

/* --- reading ------------------------------------------------------------------------------------ */

static void
show (TlDraftKeeper *self, TlDraftText *draft)
{
  const char *text = draft->text ? draft->text : "";
  g_autofree char *typed = typed_text (self);

  self->is_loading = TRUE;
  if (!g_str_equal (typed, text))
    gtk_text_buffer_set_text (self->buffer, text, -1);
  if (self->more && (draft->more || self->has_more)) {
    g_autoptr (GHashTable) nothing = g_hash_table_new (g_str_hash, g_str_equal);

    self->more->put (self->owner, draft->more ? draft->more : nothing);
    self->has_more = draft->more != NULL;
  }
  self->is_loading = FALSE;
  g_set_str (&self->known, text);
}

static DexFuture *
loaded (DexFuture *future, gpointer data)
{
  TlDraftKeeper *self = data;
  g_autoptr (TlDraftText) draft = g_value_get_pointer (dex_future_get_value (future, NULL));

  if (self->is_gone)
    return NULL;
  if (self->save_timer || self->saving)
    self->is_stale = TRUE;
  else
    show (self, draft);
  if (draft->other && *draft->other == '\0' && draft->other_more)
    tl_draft_offer_show (self->offer, g_hash_table_lookup (draft->other_more, "title"));
  else
    tl_draft_offer_show (self->offer, draft->other);
  return NULL;
}

static void
read_again (TlDraftKeeper *self)
{
  self->is_stale = FALSE;
  dex_future_disown (dex_future_then (tl_draft_read (self->replica, self->place), loaded,
                                      g_rc_box_acquire (self), keeper_unref));
}

static void
replica_changed (TlReplica *replica, const TlChanges *changes, TlDraftKeeper *self)
{
  if (tl_changes_has_type (changes, &tl_draft_type))
    read_again (self);
}

/* --- writing ------------------------------------------------------------------------------------ */

static DexFuture *
saved (DexFuture *future, gpointer data)
{
  TlDraftKeeper *self = data;

  self->saving--;
  if (self->is_stale && !self->is_gone && self->saving == 0)
    read_again (self);
  return NULL;
}

static gboolean
save (gpointer data)
{
  TlDraftKeeper *self = data;
  g_autofree char *text = typed_text (self);
  GHashTable *more = self->more ? self->more->get (self->owner) : NULL;

  self->has_more = more && g_hash_table_size (more) > 0;
  g_clear_handle_id (&self->save_timer, g_source_remove);
  self->saving++;
  dex_future_disown (dex_future_finally (
      tl_draft_keep (self->replica, self->place, text, more, self->known ? self->known : ""), saved,
      g_rc_box_acquire (self), keeper_unref));
  g_set_str (&self->known, text);
  return G_SOURCE_REMOVE;
}

static gboolean
share (gpointer data)
{
  TlDraftKeeper *self = data;

  self->share_timer = 0;
  if (self->save_timer)
    save (self);
  dex_future_disown (tl_draft_share (self->replica, self->place));
  return G_SOURCE_REMOVE;
}

void
tl_draft_keeper_changed (TlDraftKeeper *self)
{
  if (self->is_loading)
    return;
  self->is_typed = TRUE;
  if (self->save_timer == 0)
    self->save_timer = g_timeout_add (SAVE_AFTER_MS, save, self);
  g_clear_handle_id (&self->share_timer, g_source_remove);
  self->share_timer = g_timeout_add (SHARE_AFTER_MS, share, self);
}

static DexFuture *
settled (DexFuture *future, gpointer data)
{
  TlDraftKeeper *self = data;

  if (!self->is_gone)
    read_again (self);
  return NULL;
}

static void
decided (TlDraftOffer *offer, gboolean take, TlDraftKeeper *self)
{
  if (self->save_timer)
    save (self);
  dex_future_disown (dex_future_finally (tl_draft_decide (self->replica, self->place, take),
                                         settled, g_rc_box_acquire (self), keeper_unref));
}

/* --- making ------------------------------------------------------------------------------------- */

TlDraftKeeper *
tl_draft_keeper_new (TlReplica *replica, GtkTextBuffer *buffer, const char *place,
                     TlDraftOffer *offer)
{
  TlDraftKeeper *self = g_rc_box_new0 (TlDraftKeeper);

  self->replica = g_object_ref (replica);
  self->buffer = g_object_ref (buffer);
  self->offer = g_object_ref (offer);
  self->place = g_strdup (place);
  tl_draft_offer_show (offer, NULL);
  g_signal_connect_swapped (buffer, "changed", G_CALLBACK (tl_draft_keeper_changed), self);
  g_signal_connect (offer, "decided", G_CALLBACK (decided), self);
  g_signal_connect (replica, "changed", G_CALLBACK (replica_changed), self);
  read_again (self);
  return self;
}

void
tl_draft_keeper_set_more (TlDraftKeeper *self, const TlDraftMore *more, gpointer owner)
{
  self->more = more;
  self->owner = owner;
}

void
tl_draft_keeper_sent (TlDraftKeeper *self)
{
  g_clear_handle_id (&self->save_timer, g_source_remove);
  g_clear_handle_id (&self->share_timer, g_source_remove);
  self->is_typed = FALSE;
  g_set_str (&self->known, "");
}

void
tl_draft_keeper_free (TlDraftKeeper *self)
{
  if (self->save_timer)
    save (self);
  g_clear_handle_id (&self->share_timer, g_source_remove);
  if (self->is_typed)
    share (self);
  g_signal_handlers_disconnect_by_data (self->buffer, self);
  g_signal_handlers_disconnect_by_data (self->offer, self);
  g_signal_handlers_disconnect_by_data (self->replica, self);
  self->is_gone = TRUE;
  keeper_unref (self);
}

const char *
tl_draft_keeper_place (TlDraftKeeper *self)
{
  return self->place;
}
