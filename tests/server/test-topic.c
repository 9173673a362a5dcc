/* What is told, published to a topic: on a real PostgreSQL and a stand-in of AWS (moto), where a queue listens. */
#include "server/services/notify/delivery.h"
#include "server/stores/sns.h"
#include "tests/fixtures/s3.h"
#include "tests/server/neighbours.h"

#include <string.h>

#define ID G_GINT64_FORMAT

static char *topic;

/* What topic.py prints for `word`. */
static char *
ask (const char *word)
{
  g_autofree char *script =
      g_build_filename (g_getenv ("TIDELINE_SOURCE"), "tests", "fixtures", "topic.py", NULL);
  const char *argv[] = { "/usr/bin/python3", script, tl_test_moto_account ()->endpoint, word,
                         NULL };
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return g_strchomp (output);
}

static void
set_up (Neighbours *self, gconstpointer data)
{
  const TlS3Account *account = tl_test_moto_account ();
  TlConfig *config;

  neighbours_set_up (self, data);
  config = self->house->server.config;
  config->sns.topic = topic;
  config->sns.endpoint = (char *)account->endpoint;
  config->sns.access_key = (char *)account->access_key;
  config->sns.secret_key = (char *)account->secret_key;
}

/* The words of its failure, or NULL. */
static char *
deliver (Neighbours *self)
{
  TlJob job = { .key = "sns 1", .payload = "{}" };
  g_autoptr (GError) error = NULL;
  gint64 next = 0;

  tl_deliver_job.run (&self->house->server, self->house->pg, &job, &next, &error);
  return error ? g_strdup (error->message) : NULL;
}

static gint64
waiting (Neighbours *self, const char *condition)
{
  return household_number (self->house->pg, "SELECT count(*) FROM notify.delivery WHERE %s",
                           condition);
}

static void
test_publish (Neighbours *self, gconstpointer data)
{
  g_autofree char *failure = NULL, *said = NULL, *expected = NULL, *again = NULL;
  gint64 subject = post (self, self->ada, "@ben 100% & “secret”"), notification;

  follow (self, self->ada, self->cleo);
  notification = household_number (self->house->pg,
                                   "SELECT id FROM notify.notification WHERE kind = 'mention'");
  g_free (household_sql (self->house->pg,
                         "UPDATE notify.notification SET \"isRead\" = true WHERE kind = 'follow'"));
  failure = deliver (self);
  g_assert_cmpstr (failure, ==, NULL);
  said = ask ("take");
  expected = g_strdup_printf ("mention t%" ID " {\"id\": \"t%" ID
                              "\", \"kind\": \"mention\", \"account\": \"t%" ID
                              "\", \"subjectId\": \"t%" ID "\", \"subjectType\": \"Post\"}",
                              self->ben, notification, self->ben, subject);
  g_assert_cmpstr (said, ==, expected);
  g_assert_cmpint (waiting (self, "true"), ==, 0);
  again = ask ("take");
  g_assert_cmpstr (again, ==, "");
}

static void
test_refused (Neighbours *self, gconstpointer data)
{
  g_autofree char *failure = NULL, *away = NULL, *said = NULL;
  TlConfig *config = self->house->server.config;

  config->sns.topic = (char *)"arn:aws:sns:eu-central-1:123456789012:nowhere";
  post (self, self->ada, "@ben look");
  failure = deliver (self);
  g_assert_cmpstr (failure, ==, NULL);
  g_assert_cmpint (waiting (self, "dead_at IS NOT NULL AND last_error LIKE '%NotFound%'"), ==, 1);
  config->sns.topic = topic;
  config->sns.endpoint = (char *)"http://127.0.0.1:1";
  post (self, self->ada, "@ben look again");
  away = deliver (self);
  g_assert_nonnull (away);
  g_assert_cmpint (waiting (self, "dead_at IS NULL AND attempts = 0"), ==, 1);
  config->sns.endpoint = (char *)tl_test_moto_account ()->endpoint;
  g_free (deliver (self));
  said = ask ("take");
  g_assert_true (g_str_has_prefix (said, "mention "));
  g_assert_null (strchr (said, '\n'));
}

static void
test_topics (void)
{
  g_assert_true (tl_sns_is_topic ("arn:aws:sns:eu-central-1:123456789012:tideline"));
  g_assert_false (tl_sns_is_topic ("arn:aws:sns:eu-central-1:123456789012"));
  g_assert_false (tl_sns_is_topic ("arn:aws:sqs:eu-central-1:123456789012:tideline"));
  g_assert_false (tl_sns_is_topic ("tideline"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  topic = ask ("make");
  g_test_add ("/topic/what-nobody-read-is-published-by-its-ids", Neighbours, NULL, set_up,
              test_publish, neighbours_tear_down);
  g_test_add ("/topic/refused-is-given-up-and-away-is-waited-for", Neighbours, NULL, set_up,
              test_refused, neighbours_tear_down);
  g_test_add_func ("/topic/topics-have-names-of-their-own", test_topics);
  return g_test_run ();
}
