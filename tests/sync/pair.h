/* pair.h: a device and its server, which is a liar: what is here, what waits, and how a lie is taken. */
#pragma once

#include "tests/sync/liar.h"
#include "tests/sync/phone.h"

#include "sync/actions.h"
#include "sync/outbox.h"
#include "sync/record-sql.h"

#define API "/jmap/api"

typedef struct {
  Liar *liar;
  Phone *phone;
} Pair;

static inline void
set_up (Pair *self, gconstpointer data)
{
  self->liar = liar_new ();
  self->phone = phone_new_at (liar_url (self->liar), "ana");
}

static inline void
tear_down (Pair *self, gconstpointer data)
{
  phone_free (self->phone);
  liar_free (self->liar);
}

/* --- what is here ------------------------------------------------------------------------------ */

static inline gpointer
read_body (TlDb *db, gpointer data, GError **error)
{
  TlMessage *message = tl_record_load (db, &tl_message_type, GPOINTER_TO_INT (data), error);
  char *body = message ? g_strdup (message->body) : NULL;

  tl_record_free (&tl_message_type, message);
  return body;
}

static inline void
assert_body (Pair *self, int key, const char *body)
{
  g_autoptr (DexFuture) future =
      tl_replica_read (self->phone->replica, read_body, GINT_TO_POINTER (key), NULL, g_free);

  g_assert_cmpstr (g_value_get_pointer (phone_done (future)), ==, body);
}

/* The operations: a letter each, "w"aiting, "s"ending or "r"efused; and the last refusal. */
static inline gpointer
read_ops (TlDb *db, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ops = tl_outbox_list (db, error);
  GString *text = g_string_new (NULL);
  const char *refusal = "";

  for (guint i = 0; ops && i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];

    g_string_append_c (text, "wsr"[op->status]);
    refusal = op->error_type ? op->error_type : refusal;
  }
  g_string_append (text, refusal);
  return g_string_free_and_steal (text);
}

static inline void
assert_ops (Pair *self, const char *ops)
{
  g_autoptr (DexFuture) future =
      tl_replica_read (self->phone->replica, read_ops, NULL, NULL, g_free);

  g_assert_cmpstr (g_value_get_pointer (phone_done (future)), ==, ops);
}

static inline void
edit (Pair *self, const char *body)
{
  phone_do (tl_action_edit_message (self->phone->replica, 7, body));
}

static inline void
send_messages (Pair *self, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *body = g_strdup_printf ("m%u", i);

    phone_do (tl_action_send (self->phone->replica, 3, body, 0));
  }
}

/* --- lies ---------------------------------------------------------------------------------------- */

static inline void
lie (Pair *self, guint status, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  liar_lie (self->liar, API, status, NULL, bytes);
}

/* What went wrong is said in words. */
static inline void
assert_sync_fails (Pair *self, int code)
{
  g_autoptr (GError) error = phone_fails (tl_engine_sync_once (self->phone->engine));

  g_test_message ("%s", error->message);
  g_assert_true (error->domain == TL_REMOTE_ERROR);
  g_assert_cmpint (error->code, ==, code);
  g_assert_cmpuint (strlen (error->message), >, 10);
  g_assert_cmpuint (strlen (error->message), <, 1000);
}

/* Before and after, the message and the edit of it are here; the edit is done once when it is heard. */
static inline void
assert_survives (Pair *self, int code)
{
  assert_sync_fails (self, code);
  assert_body (self, 7, "mine");
  assert_ops (self, "w");
}
