/* round.c: the steps of a round, in a fiber on the main thread. Each step is a request and one
 * transaction; a kill between any two of them loses nothing and doubles nothing. */
#include "sync/round.h"

#include "sync/deliver.h"
#include "sync/uploads.h"

#define OPS_PER_REQUEST 100
#define SNAPSHOT_PAGE 500
/* More than these, and a server does not know what it says. */
#define PAGES_MAX 1000
#define SNAPSHOT_PAGES_MAX 100000
#define EMPTY_PAGES_MAX 100

void
tl_round_init (TlRound *self, TlReplica *replica, TlRemote *remote, gint64 me)
{
  *self = (TlRound){ .replica = g_object_ref (replica),
                     .remote = g_object_ref (remote),
                     .me = me,
                     .batch = OPS_PER_REQUEST };
}

void
tl_round_clear (TlRound *self)
{
  g_clear_object (&self->replica);
  g_clear_object (&self->remote);
}

/* --- outbox ---------------------------------------------------------------------------------- */

typedef struct {
  guint limit;
  GPtrArray *ops;
  GBytes *answer;
  TlDelivered out;
} Delivery;

static gboolean
take_ops (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Delivery *delivery = data;

  delivery->ops = tl_outbox_take (db, delivery->limit, error);
  if (delivery->ops && delivery->ops->len > 0)
    tl_changes_local (changes);
  return delivery->ops != NULL;
}

static gboolean
apply_delivery (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Delivery *delivery = data;

  return tl_deliver_apply (db, changes, delivery->ops, delivery->answer, &delivery->out, error);
}

static gboolean
apply_too_large (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Delivery *delivery = data;

  return tl_deliver_too_large (db, changes, delivery->ops, error);
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
  g_clear_pointer (&delivery->out.waits, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Delivery, delivery_clear)

/* Half as many when it was too much, and little by little more again. */
static void
adapt_batch (TlRound *self, const Delivery *delivery)
{
  if (delivery->out.is_too_large)
    self->batch = MAX (1, delivery->ops->len / 2);
  else
    self->batch = MIN (2 * self->batch, OPS_PER_REQUEST);
}

static gboolean
send_ops (TlRound *self, Delivery *delivery, GError **error)
{
  g_autoptr (GError) cause = NULL;

  delivery->answer = dex_await_boxed (
      tl_remote_call (self->remote, tl_deliver_request (self->me, delivery->ops)), &cause);
  if (delivery->answer &&
      dex_await (tl_replica_write (self->replica, apply_delivery, delivery, NULL), &cause))
    return TRUE;
  if (g_error_matches (cause, TL_REMOTE_ERROR, TL_REMOTE_ERROR_TOO_LARGE)) {
    delivery->out.is_too_large = TRUE;
    return dex_await (tl_replica_write (self->replica, apply_too_large, delivery, NULL), error);
  }
  dex_await (tl_replica_write (self->replica, release_ops, NULL, NULL), NULL);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* One request's worth. FALSE with *error; `*is_empty`: nothing was left to send; `*waits`: why some of it
 * cannot be done now. */
static gboolean
deliver_some (TlRound *self, gboolean *is_empty, GError **waits, GError **error)
{
  g_auto (Delivery) delivery = { .limit = self->batch };

  if (!dex_await (tl_replica_write (self->replica, take_ops, &delivery, NULL), error))
    return FALSE;
  *is_empty = delivery.ops->len == 0;
  if (*is_empty)
    return TRUE;
  if (!send_ops (self, &delivery, error))
    return FALSE;
  adapt_batch (self, &delivery);
  if (delivery.out.waits)
    g_set_error_literal (waits, TL_REMOTE_ERROR, TL_REMOTE_ERROR_BUSY, delivery.out.waits);
  return TRUE;
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

static gboolean
refuse_endless (GError **error)
{
  g_set_error_literal (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
                       "The server goes on and on without an end");
  return FALSE;
}

/* First sync, or again from nothing: pages until the cursor ends; a restart goes on where it stopped. */
static gboolean
fetch_snapshot (TlRound *self, const char *cursor, GError **error)
{
  g_auto (Intake) intake = { 0 };
  guint pages = 0, empty = 0;

  intake_init (&intake, self);
  intake.cursor = g_strdup (cursor);
  do {
    guint count = intake.count;

    g_clear_pointer (&intake.answer, g_bytes_unref);
    intake.answer = dex_await_boxed (
        tl_remote_call (self->remote, tl_snapshot_request (self->me, intake.cursor, SNAPSHOT_PAGE)),
        error);
    if (intake.answer == NULL ||
        !dex_await (tl_replica_write (self->replica, apply_snapshot, &intake, NULL), error))
      return FALSE;
    if (self->progress)
      self->progress (1.0 - 1.0 / (1.0 + intake.count / 5000.0), self->data);
    empty = intake.count == count ? empty + 1 : 0;
    if (++pages > SNAPSHOT_PAGES_MAX || empty > EMPTY_PAGES_MAX)
      return refuse_endless (error);
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
  if (intake.pull.needs_snapshot && self->is_anew) {
    g_set_error_literal (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
                         "The server does not know the state that it has just told");
    return FALSE;
  }
  self->is_anew |= intake.pull.needs_snapshot;
  tell_arrivals (self, &intake);
  *has_more = intake.pull.has_more || intake.pull.needs_snapshot ||
              position->unconfirmed->len == TL_PULL_UNCONFIRMED;
  return TRUE;
}

/* What cannot be done now keeps nothing from what else there is to send or to hear. */
gboolean
tl_round_run (TlRound *self, GError **error)
{
  gboolean is_empty = FALSE, has_more = TRUE;
  g_autoptr (GError) waits = NULL;

  while (!is_empty && waits == NULL)
    if (!tl_uploads_send (self->replica, self->remote, self->sent, self->data, error) ||
        !deliver_some (self, &is_empty, &waits, error))
      return FALSE;
  self->is_anew = FALSE;
  for (guint pages = 0; has_more; pages++) {
    if (pages == PAGES_MAX)
      return refuse_endless (error);
    if (!pull_once (self, &has_more, error))
      return FALSE;
  }
  if (waits == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&waits));
  return FALSE;
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
