/* round.c: the steps of a round, in a fiber on the main thread. Each step is a request and one
 * transaction; a kill between any two of them loses nothing and doubles nothing. */
#include "sync/round.h"

#include "sync/deliver.h"
#include "sync/uploads.h"

#define OPS_PER_REQUEST 100
#define SNAPSHOT_PAGE 500

void
tl_round_init (TlRound *self, TlReplica *replica, TlRemote *remote, gint64 me)
{
  *self = (TlRound){ .replica = g_object_ref (replica), .remote = g_object_ref (remote), .me = me };
}

void
tl_round_clear (TlRound *self)
{
  g_clear_object (&self->replica);
  g_clear_object (&self->remote);
}

/* --- outbox ---------------------------------------------------------------------------------- */

typedef struct {
  GPtrArray *ops;
  GBytes *answer;
  char *waits;
} Delivery;

static gboolean
take_ops (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Delivery *delivery = data;

  delivery->ops = tl_outbox_take (db, OPS_PER_REQUEST, error);
  if (delivery->ops && delivery->ops->len > 0)
    tl_changes_local (changes);
  return delivery->ops != NULL;
}

static gboolean
apply_delivery (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Delivery *delivery = data;

  return tl_deliver_apply (db, changes, delivery->ops, delivery->answer, &delivery->waits, error);
}

static gboolean
release_ops (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  return tl_outbox_release (db, changes, error);
}

static void
delivery_clear (Delivery *delivery)
{
  g_clear_pointer (&delivery->ops, g_ptr_array_unref);
  g_clear_pointer (&delivery->answer, g_bytes_unref);
  g_clear_pointer (&delivery->waits, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Delivery, delivery_clear)

/* One request's worth. FALSE with *error; `*is_empty`: nothing was left to send. */
static gboolean
deliver_some (TlRound *self, gboolean *is_empty, GError **error)
{
  g_auto (Delivery) delivery = { 0 };
  g_autoptr (GError) cause = NULL;

  if (!dex_await (tl_replica_write (self->replica, take_ops, &delivery, NULL), error))
    return FALSE;
  *is_empty = delivery.ops->len == 0;
  if (*is_empty)
    return TRUE;
  delivery.answer = dex_await_boxed (
      tl_remote_call (self->remote, tl_deliver_request (self->me, delivery.ops)), &cause);
  if (delivery.answer &&
      dex_await (tl_replica_write (self->replica, apply_delivery, &delivery, NULL), &cause)) {
    if (delivery.waits == NULL)
      return TRUE;
    g_set_error_literal (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_BUSY, delivery.waits);
    return FALSE;
  }
  dex_await (tl_replica_write (self->replica, release_ops, NULL, NULL), NULL);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* --- changes --------------------------------------------------------------------------------- */

typedef struct {
  char **states; /* by type number; NULL entries: no state yet */
  char *cursor;
  GArray *unconfirmed; /* of TlObjectRef */
  gboolean is_complete;
} Position;

static void
position_free (gpointer data)
{
  Position *position = data;

  for (guint i = 0; tl_types[i]; i++)
    g_free (position->states[tl_types[i]->number]);
  g_free (position->states);
  g_free (position->cursor);
  g_clear_pointer (&position->unconfirmed, g_array_unref);
  g_free (position);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Position, position_free)

static gpointer
read_position (TlDb *db, gpointer data, GError **error)
{
  g_autoptr (Position) position = g_new0 (Position, 1);

  position->states = g_new0 (char *, 256);
  position->cursor = tl_replica_get_meta (db, "snapshot");
  position->is_complete = TRUE;
  for (guint i = 0; tl_types[i]; i++) {
    g_autofree char *name = g_strdup_printf ("state:%s", tl_types[i]->name);

    position->states[tl_types[i]->number] = tl_replica_get_meta (db, name);
    position->is_complete &= position->states[tl_types[i]->number] != NULL;
  }
  position->unconfirmed = tl_pull_unconfirmed (db, error);
  return position->unconfirmed ? g_steal_pointer (&position) : NULL;
}

typedef struct {
  TlPull pull;
  GBytes *answer;
  char *cursor;
  guint count;
  const char *frame;
} Intake;

static void
intake_clear (Intake *intake)
{
  g_clear_pointer (&intake->pull.arrivals, g_array_unref);
  g_clear_pointer (&intake->answer, g_bytes_unref);
  g_clear_pointer (&intake->cursor, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Intake, intake_clear)

static char *
answer_text (GBytes *answer)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (answer, &length);

  return g_strndup (data, length);
}

static gboolean
apply_pull (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Intake *intake = data;
  g_autofree char *json = answer_text (intake->answer);

  if (!tl_pull_apply (db, changes, &intake->pull, json, error))
    return FALSE;
  return !intake->pull.needs_snapshot || tl_replica_begin_anew (db, changes, error);
}

static gboolean
apply_snapshot (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Intake *intake = data;
  g_autofree char *json = answer_text (intake->answer);

  return tl_snapshot_apply (db, changes, json, &intake->cursor, &intake->count, error);
}

static gboolean
apply_push (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Intake *intake = data;

  return tl_push_apply (db, changes, &intake->pull, intake->frame, error);
}

static void
intake_init (Intake *intake, TlRound *self)
{
  *intake = (Intake){ .pull = { .me = self->me,
                                .arrivals = g_array_new (FALSE, FALSE, sizeof (TlArrival)) } };
}

static void
tell_arrivals (TlRound *self, const Intake *intake)
{
  if (intake->pull.arrivals->len > 0 && self->arrived)
    self->arrived (&g_array_index (intake->pull.arrivals, TlArrival, 0), intake->pull.arrivals->len,
                   self->data);
}

/* First sync, or again from nothing: pages until the cursor ends; a restart goes on where it stopped. */
static gboolean
fetch_snapshot (TlRound *self, const char *cursor, GError **error)
{
  g_auto (Intake) intake = { 0 };

  intake_init (&intake, self);
  intake.cursor = g_strdup (cursor);
  do {
    g_clear_pointer (&intake.answer, g_bytes_unref);
    intake.answer = dex_await_boxed (
        tl_remote_call (self->remote, tl_snapshot_request (self->me, intake.cursor, SNAPSHOT_PAGE)),
        error);
    if (intake.answer == NULL ||
        !dex_await (tl_replica_write (self->replica, apply_snapshot, &intake, NULL), error))
      return FALSE;
    if (self->progress)
      self->progress (1.0 - 1.0 / (1.0 + intake.count / 5000.0), self->data);
  } while (intake.cursor);
  return TRUE;
}

static gboolean
pull_once (TlRound *self, gboolean *has_more, GError **error)
{
  g_autoptr (Position) position = dex_await_pointer (
      tl_replica_read (self->replica, read_position, NULL, NULL, position_free), error);
  g_auto (Intake) intake = { 0 };

  if (position == NULL)
    return FALSE;
  if (!position->is_complete || position->cursor) {
    *has_more = TRUE;
    return fetch_snapshot (self, position->cursor, error);
  }
  intake_init (&intake, self);
  intake.answer =
      dex_await_boxed (tl_remote_call (self->remote, tl_pull_request (self->me, position->states,
                                                                      position->unconfirmed)),
                       error);
  if (intake.answer == NULL ||
      !dex_await (tl_replica_write (self->replica, apply_pull, &intake, NULL), error))
    return FALSE;
  tell_arrivals (self, &intake);
  *has_more = intake.pull.has_more || intake.pull.needs_snapshot ||
              position->unconfirmed->len == TL_PULL_UNCONFIRMED;
  return TRUE;
}

gboolean
tl_round_run (TlRound *self, GError **error)
{
  gboolean is_empty = FALSE, has_more = TRUE;

  while (!is_empty)
    if (!tl_uploads_send (self->replica, self->remote, self->sent, self->data, error) ||
        !deliver_some (self, &is_empty, error))
      return FALSE;
  while (has_more)
    if (!pull_once (self, &has_more, error))
      return FALSE;
  return TRUE;
}

gboolean
tl_round_push (TlRound *self, const char *frame, GError **error)
{
  g_auto (Intake) intake = { 0 };

  intake_init (&intake, self);
  intake.frame = frame;
  if (!dex_await (tl_replica_write (self->replica, apply_push, &intake, NULL), error))
    return FALSE;
  tell_arrivals (self, &intake);
  return TRUE;
}
