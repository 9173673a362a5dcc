/* rows-jmap.c: JMAP beside Cyrus: four accounts with as many messages as e-mails, the same questions. */
#include "tests/bench/jmap.h"
#include "tests/bench/peers/peer.h"

#define MESSAGES 250 /* an account has */
#define NEW 10

typedef struct {
  Cyrus *cyrus;
  BenchPerson people[PEER_ACCOUNTS];
  gint64 rooms[PEER_ACCOUNTS];
  GBytes *noop[2][PEER_ACCOUNTS];
  GBytes *delta[2][PEER_ACCOUNTS];
} Mail;

static GBytes *
emails_since (guint user, const char *state, gboolean whole)
{
  static const char get[] =
      ",[\"Email/get\",{\"#ids\":{\"resultOf\":\"0\",\"name\":\"Email/changes\",\"path\":\"/"
      "created\"},"
      "\"properties\":[\"id\",\"mailboxIds\",\"keywords\",\"from\",\"subject\",\"receivedAt\","
      "\"textBody\",\"bodyValues\"],\"fetchTextBodyValues\":true},\"1\"]";
  g_autofree char *calls = g_strdup_printf ("[[\"Email/changes\",{\"sinceState\":\"%s\"},\"0\"]%s]",
                                            state, whole ? get : "");

  return cyrus_request (user, calls);
}

static char *
email_state (HttpLine *line, guint user)
{
  g_autoptr (GBytes) request = cyrus_request (user, "[[\"Email/get\",{\"ids\":[]},\"0\"]]");
  gsize length = 0;
  const char *answer = http_exchange (line, request, &length, NULL);

  return jmap_member (answer, length, "state");
}

static gboolean
prepare_ours (Bench *bench, Mail *self, guint i, HttpLine *line, char **why)
{
  g_autofree char *login = g_strdup_printf ("mail%u", i);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  self->people[i] = bench_new_person (bench, login);
  self->rooms[i] = jmap_make_room (line, &self->people[i], NULL, 0, why);
  if (*why || !jmap_done (line, jmap_send_many (&self->people[i], self->rooms[i], MESSAGES), why) ||
      !(before = jmap_state (line, &self->people[i])) ||
      !jmap_done (line, jmap_send_many (&self->people[i], self->rooms[i], NEW), why) ||
      !(after = jmap_state (line, &self->people[i])))
    return FALSE;
  self->delta[0][i] = jmap_messages_since (&self->people[i], before, TRUE);
  self->noop[0][i] = jmap_messages_since (&self->people[i], after, FALSE);
  return TRUE;
}

static gboolean
prepare_theirs (Mail *self, guint i, HttpLine *line, char **why)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (!jmap_done (line, cyrus_write (self->cyrus, i, MESSAGES), why) ||
      !(before = email_state (line, i)) ||
      !jmap_done (line, cyrus_write (self->cyrus, i, NEW), why) || !(after = email_state (line, i)))
    return FALSE;
  self->delta[1][i] = emails_since (i, before, TRUE);
  self->noop[1][i] = emails_since (i, after, FALSE);
  return TRUE;
}

static gboolean
prepare (Bench *bench, Mail *self, char **why)
{
  g_autoptr (HttpLine) ours = http_line_new (bench->port);
  g_autoptr (HttpLine) theirs = http_line_new (self->cyrus->peer->port);

  for (guint i = 0; i < PEER_ACCOUNTS; i++)
    if (!prepare_ours (bench, self, i, ours, why) || !prepare_theirs (self, i, theirs, why))
      return FALSE;
  return TRUE;
}

static GBytes *
next_session (gpointer data, gboolean is_theirs, guint n)
{
  Mail *self = data;
  g_autofree char *header = g_strconcat ("Authorization: Bearer ", self->people[0].token, NULL);

  return is_theirs ? cyrus_session (0) : http_request ("GET", "/jmap/session", header, NULL);
}

static GBytes *
next_noop (gpointer data, gboolean is_theirs, guint n)
{
  return g_bytes_ref (((Mail *)data)->noop[is_theirs][0]);
}

static GBytes *
next_delta (gpointer data, gboolean is_theirs, guint n)
{
  return g_bytes_ref (((Mail *)data)->delta[is_theirs][0]);
}

/* The account that is written to last: its states stay as they were for the rows before. */
static GBytes *
next_set (gpointer data, gboolean is_theirs, guint n)
{
  Mail *self = data;

  return is_theirs ? cyrus_write (self->cyrus, 0, 1)
                   : jmap_send (&self->people[0], self->rooms[0],
                                "0: the tide turns a little after four today");
}

static void
measure (Bench *bench, Mail *self)
{
  const Peer *peer = self->cyrus->peer;

  peer_latency (bench, "peers.session", peer, next_session, self);
  peer_latency (bench, "peers.noop", peer, next_noop, self);
  peer_rate (bench, "peers.noop.rate", peer, self->noop[0], self->noop[1]);
  peer_latency (bench, "peers.delta10", peer, next_delta, self);
  peer_rate (bench, "peers.delta10.rate", peer, self->delta[0], self->delta[1]);
  peer_latency (bench, "peers.set", peer, next_set, self);
}

static void
mail_clear (Mail *self)
{
  for (guint i = 0; i < PEER_ACCOUNTS; i++) {
    bench_person_clear (&self->people[i]);
    for (guint side = 0; side < 2; side++) {
      g_clear_pointer (&self->noop[side][i], g_bytes_unref);
      g_clear_pointer (&self->delta[side][i], g_bytes_unref);
    }
  }
}

void
peers_jmap (Bench *bench)
{
  g_autofree char *why = NULL;
  Mail mail = { .cyrus = cyrus_start (&why) };

  if (mail.cyrus && prepare (bench, &mail, &why))
    measure (bench, &mail);
  else
    bench_skip (bench, "peers.session, .noop, .delta10, .set", why ? why : "no state was told");
  mail_clear (&mail);
  if (mail.cyrus)
    cyrus_stop (mail.cyrus);
}
