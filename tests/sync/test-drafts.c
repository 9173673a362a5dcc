/* What one writes on one device and goes on with on another: two replicas of one person and a real server. */
#include "tests/sync/phone.h"

#include "sync/actions-social.h"
#include "sync/actions.h"

static TlTestServer *server;

static TlDraftText *
read_draft (Phone *phone, const char *place)
{
  g_autoptr (DexFuture) future = tl_draft_read (phone->replica, place);

  return g_value_get_pointer (phone_done (future));
}

static void
assert_draft (Phone *phone, const char *place, const char *text, const char *other)
{
  g_autoptr (TlDraftText) draft = read_draft (phone, place);

  g_assert_cmpstr (draft->text, ==, text);
  g_assert_cmpstr (draft->other, ==, other);
}

/* Typed and left. */
static void
type (Phone *phone, const char *place, const char *text)
{
  phone_do (tl_draft_save (phone->replica, place, text));
  phone_do (tl_draft_share (phone->replica, place));
}

static void
test_follows (void)
{
  g_autoptr (Phone) desk = phone_new (server, "ana"), lap = phone_new (server, "ana");

  type (desk, "post:new", "dry");
  type (desk, "post:new", "dry oars");
  phone_sync (desk);
  phone_sync (lap);
  assert_draft (lap, "post:new", "dry oars", NULL);
  type (lap, "post:new", "wet oars");
  phone_sync (lap);
  phone_sync (desk);
  assert_draft (desk, "post:new", "wet oars", NULL);
  type (desk, "post:new", "");
  phone_sync (desk);
  phone_sync (lap);
  assert_draft (lap, "post:new", NULL, NULL);
  type (lap, "post:new", "once more");
  phone_sync (lap);
  phone_sync (desk);
  assert_draft (desk, "post:new", "once more", NULL);
}

static void
test_sent (void)
{
  g_autoptr (Phone) desk = phone_new (server, "ana"), lap = phone_new (server, "ana");
  TlNewPost post = { .text = "hello", .visibility = "public", .draft = "post:sent" };

  type (desk, "post:sent", "hel");
  phone_sync (desk);
  phone_sync (lap);
  assert_draft (lap, "post:sent", "hel", NULL);
  phone_do (tl_action_post (desk->replica, &post));
  assert_draft (desk, "post:sent", NULL, NULL);
  phone_sync (desk);
  phone_sync (lap);
  assert_draft (lap, "post:sent", NULL, NULL);
}

/* Whoever comes second has both. */
static void
test_both (void)
{
  g_autoptr (Phone) desk = phone_new (server, "ana"), lap = phone_new (server, "ana");

  type (desk, "post:both", "common");
  phone_sync (desk);
  phone_sync (lap);
  type (desk, "post:both", "at the desk");
  type (lap, "post:both", "on the lap");
  phone_sync (desk);
  phone_sync (lap); /* its own is the later one on the server, without knowing of the desk's */
  phone_sync (desk);
  assert_draft (desk, "post:both", "at the desk", "on the lap");
  assert_draft (lap, "post:both", "on the lap", NULL);
  phone_do (tl_draft_decide (desk->replica, "post:both", FALSE));
  phone_sync (desk);
  phone_sync (lap);
  assert_draft (desk, "post:both", "at the desk", NULL);
  assert_draft (lap, "post:both", "at the desk", NULL);
}

/* Begun on two devices that were offline: on the server there is one Draft of a place. */
static void
test_begun_twice (void)
{
  g_autoptr (Phone) desk = phone_new (server, "ana"), lap = phone_new (server, "ana");

  type (desk, "post:twice", "at the desk");
  type (lap, "post:twice", "on the lap");
  phone_sync (desk);
  phone_sync (lap);
  phone_sync (desk);
  assert_draft (desk, "post:twice", "at the desk", "on the lap");
  phone_do (tl_draft_decide (desk->replica, "post:twice", TRUE));
  type (desk, "post:twice", "on the lap, and on");
  phone_sync (desk);
  phone_sync (lap);
  assert_draft (lap, "post:twice", "on the lap, and on", NULL);
  assert_draft (desk, "post:twice", "on the lap, and on", NULL);
}

/* What is typed while another device's comes is not lost, nor is that. */
static void
test_typing (void)
{
  g_autoptr (Phone) desk = phone_new (server, "ana"), lap = phone_new (server, "ana");

  type (desk, "post:typing", "one");
  phone_sync (desk);
  phone_sync (lap);
  type (lap, "post:typing", "two");
  phone_sync (lap);
  phone_sync (desk);
  phone_do (tl_draft_keep (desk->replica, "post:typing", "three", NULL, "one"));
  assert_draft (desk, "post:typing", "three", "two");
}

static void
test_more (void)
{
  g_autoptr (Phone) desk = phone_new (server, "ana"), lap = phone_new (server, "ana");
  GHashTable *more = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (TlDraftText) draft = NULL;

  g_hash_table_insert (more, "warning", g_strdup ("rowing"));
  phone_do (tl_draft_keep (desk->replica, "post:more", "", more, NULL));
  phone_do (tl_draft_share (desk->replica, NULL));
  phone_sync (desk);
  phone_sync (lap);
  draft = read_draft (lap, "post:more");
  g_assert_null (draft->text);
  g_assert_cmpstr (g_hash_table_lookup (draft->more, "warning"), ==, "rowing");
}

/* A replica that is made anew knows of no Draft: what is here stays. */
static void
test_lost_replica (void)
{
  g_autoptr (Phone) desk = phone_new (server, "ana");

  type (desk, "post:lost", "still here");
  phone_sync (desk);
  models_sql (desk->replica, "DELETE FROM kept_draft");
  assert_draft (desk, "post:lost", "still here", NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  /* There is no keyring here. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  dex_init ();
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ana", "Ana");
  g_test_add_func ("/drafts/go-on-on-another-device", test_follows);
  g_test_add_func ("/drafts/sent-ones-go-everywhere", test_sent);
  g_test_add_func ("/drafts/written-on-both-are-both-kept", test_both);
  g_test_add_func ("/drafts/begun-on-both-are-both-kept", test_begun_twice);
  g_test_add_func ("/drafts/what-comes-while-one-types-is-offered", test_typing);
  g_test_add_func ("/drafts/keep-what-is-beside-the-text", test_more);
  g_test_add_func ("/drafts/survive-the-replica", test_lost_replica);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
