/* Who may do what to whom, and that there is always an administrator. */
#include "server/services/user/people.h"
#include "server/services/user/standing.h"
#include "tests/server/neighbours.h"

#include <string.h>

#define ROUNDS 8

/* Letters: a(dmin), m(oderator), p(erson: member), o: somebody who cannot sign in. */
static const char *
role_of (char letter)
{
  return letter == 'a' ? "admin" : letter == 'm' ? "moderator" : letter == 'p' ? "member" : NULL;
}

static void
test_table (void)
{
  static const struct {
    TlDeed deed;
    const char *pairs; /* who to whom, of those that may */
  } cases[] = {
    { TL_DEED_INVITE, "aa am ap ma mm mp" }, { TL_DEED_REMOVE_WORDS, "aa am ap ma mm mp" },
    { TL_DEED_SUSPEND, "aa am ap mp" },      { TL_DEED_GIVE_ROLE, "aa am ap" },
    { TL_DEED_DELETE_PERSON, "aa am ap" },
  };

  g_assert_cmpuint (G_N_ELEMENTS (cases), ==, TL_N_DEEDS);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (const char *who = "ampo"; *who; who++)
      for (const char *whom = "amp"; *whom; whom++) {
        char pair[] = { *who, *whom, '\0' };

        g_assert_cmpint (tl_role_may (role_of (*who), cases[i].deed, role_of (*whom)), ==,
                         strstr (cases[i].pairs, pair) != NULL);
      }
}

static void
assert_done (PGresult *done, GError *error)
{
  g_assert_no_error (error);
  g_assert_nonnull (done);
  PQclear (done);
}

static void
assert_refused (PGresult *done, GError *error, int code)
{
  g_assert_null (done);
  g_assert_error (error, G_IO_ERROR, code);
  g_error_free (error);
}

#define DONE(call)                                                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    GError *error = NULL;                                                                          \
    PGresult *done = call;                                                                         \
    assert_done (done, error);                                                                     \
  }                                                                                                \
  G_STMT_END
#define REFUSED(call, code)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    GError *error = NULL;                                                                          \
    PGresult *done = call;                                                                         \
    assert_refused (done, error, code);                                                            \
  }                                                                                                \
  G_STMT_END

/* Ada is an administrator, Ben and Cleo members, Dora a moderator. */
static void
test_people (Neighbours *self, gconstpointer data)
{
  TlPg *pg = self->house->pg;

  DONE (tl_standing_give_role (pg, self->ada, "admin", 0, &error));
  REFUSED (tl_standing_give_role (pg, self->ben, "admin", self->dora, &error),
           G_IO_ERROR_PERMISSION_DENIED);
  REFUSED (tl_standing_give_role (pg, self->ben, "admin", self->ben, &error),
           G_IO_ERROR_PERMISSION_DENIED);
  REFUSED (tl_standing_give_role (pg, self->ben, "king", self->ada, &error),
           G_IO_ERROR_INVALID_ARGUMENT);
  REFUSED (tl_standing_suspend (pg, self->ada, self->dora, &error), G_IO_ERROR_PERMISSION_DENIED);
  REFUSED (tl_standing_suspend (pg, self->dora, self->ben, &error), G_IO_ERROR_PERMISSION_DENIED);
  REFUSED (tl_standing_suspend (pg, self->dora, self->dora, &error), G_IO_ERROR_PERMISSION_DENIED);
  REFUSED (tl_standing_suspend (pg, 424242, self->dora, &error), G_IO_ERROR_NOT_FOUND);
  REFUSED (tl_standing_suspend (pg, self->ada, 0, &error), G_IO_ERROR_PERMISSION_DENIED);
  DONE (tl_standing_suspend (pg, self->ben, self->dora, &error));
  REFUSED (tl_standing_suspend (pg, self->cleo, self->ben, &error), G_IO_ERROR_PERMISSION_DENIED);
  DONE (tl_standing_let_in (pg, self->ben, self->dora, &error));
  DONE (tl_standing_give_role (pg, self->dora, "member", self->ada, &error));
  REFUSED (tl_standing_suspend (pg, self->ben, self->dora, &error), G_IO_ERROR_PERMISSION_DENIED);
}

/* What others wrote goes by its room's keepers and by moderators of the server who are in it. */
static void
test_words (Neighbours *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make (house, self->ada, "Room",
                      "{'name':'Quay','members':['t%" G_GINT64_FORMAT "','t%" G_GINT64_FORMAT
                      "','t%" G_GINT64_FORMAT "']}",
                      self->ben, self->cleo, self->dora);
  gint64 message =
      make (house, self->ben, "Message", "{'roomId':'t%" G_GINT64_FORMAT "','body':'rude'}", room);
  gint64 words = post (self, self->ben, "rude");

  refuse_destroy (house, self->cleo, "Message", message, "forbidden", "moderator");
  refuse_destroy (house, self->cleo, "Post", words, "forbidden", "moderator");
  destroy (house, self->dora, "Message", message);
  destroy (house, self->dora, "Post", words);
  assert_sees (house, self->ben, "Message", message, FALSE);
  assert_sees (house, self->ben, "Post", words, FALSE);
}

/* --- two at once ------------------------------------------------------------------------------- */

typedef struct {
  const char *conninfo;
  gint64 by, whom;
  gboolean disables;
} Rival;

static gpointer
demote (gpointer data)
{
  Rival *rival = data;
  g_autoptr (TlPg) pg = tl_pg_new (rival->conninfo);
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) done =
      rival->disables ? tl_standing_suspend (pg, rival->whom, rival->by, &error)
                      : tl_standing_give_role (pg, rival->whom, "member", rival->by, &error);

  if (!done)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  return GINT_TO_POINTER (done != NULL);
}

static void
test_rivals (Neighbours *self, gconstpointer data)
{
  Household *house = self->house;

  for (guint i = 0; i < ROUNDS; i++) {
    Rival rivals[] = {
      { house->conninfo, self->ada, self->ben, i % 2 },
      { house->conninfo, self->ben, self->ada, i % 3 == 0 },
    };
    GThread *threads[2];
    int won = 0;

    g_free (household_sql (house->pg,
                           "UPDATE people.account SET disabled_at = NULL, role = CASE WHEN id IN "
                           "(%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
                           ") THEN 'admin' ELSE 'member' END",
                           self->ada, self->ben));
    for (guint t = 0; t < 2; t++)
      threads[t] = g_thread_new ("demote", demote, &rivals[t]);
    for (guint t = 0; t < 2; t++)
      won += GPOINTER_TO_INT (g_thread_join (threads[t]));
    g_assert_cmpint (won, ==, 1);
    g_assert_cmpint (household_number (house->pg, "SELECT count(*) FROM people.account WHERE role "
                                                  "= 'admin' AND disabled_at IS NULL"),
                     ==, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/standing/each-deed-is-for-some-roles", test_table);
  g_test_add ("/standing/people-are-suspended-and-given-roles-by-who-may", Neighbours, NULL,
              neighbours_set_up, test_people, neighbours_tear_down);
  g_test_add ("/standing/words-of-others-go-by-who-keeps-order", Neighbours, NULL,
              neighbours_set_up, test_words, neighbours_tear_down);
  g_test_add ("/standing/two-who-demote-each-other-leave-one", Neighbours, NULL, neighbours_set_up,
              test_rivals, neighbours_tear_down);
  return g_test_run ();
}
