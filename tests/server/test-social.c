/* The rules of posts, follows and marks, on a real PostgreSQL, by requests as clients make them. */
#include "tests/server/neighbours.h"

#include <string.h>

#define ID G_GINT64_FORMAT

/* --- posts ------------------------------------------------------------------------------------- */

static void
test_public (Neighbours *self, gconstpointer data)
{
  g_autofree char *state = household_state (self->house);
  gint64 id = post (self, self->ada, "  Low tide at noon. \\n");

  assert_text (self->house, self->ben, "Post", id, "text", "Low tide at noon.");
  assert_text (self->house, self->ben, "Post", id, "visibility", "public");
  assert_id (self, self->cleo, "Post", id, "authorId", self->ada);
  assert_text (self->house, self->ada, "Post", id, "editedAt", NULL);
  assert_changes (self->house, self->cleo, "Post", state, "1 0 0");
}

static void
test_text (Neighbours *self, gconstpointer data)
{
  g_autofree char *letters = g_strnfill (5000, 'a');
  g_autofree char *more = g_strdup_printf ("{'text':'%sa'}", letters);
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'a');
  g_autofree char *huge = g_strdup_printf ("{'text':'%s'}", megabyte);
  static const struct {
    const char *object, *why;
  } rubbish[] = {
    { "{}", "text: " },
    { "{'text':null}", "text: " },
    { "{'text':' \\n\\t '}", "text: " },
    { "{'text':7}", "text: " },
    { "{'text':'x','visibility':'secret'}", "visibility: " },
    { "{'text':'x','visibility':null}", "visibility: " },
    { "{'text':'x','authorId':'t1'}", "authorId: " },
    { "{'text':'x','mentions':[]}", "mentions: " },
    { "{'text':'x','mood':'good'}", "mood: " },
    { "{'text':'x','replyToId':'t1'}", "replyToId: there is no such post" },
    { "{'text':'x','replyToId':'x'}", "replyToId: " },
    { "{'text':'x','images':{}}", "images: " },
    { "{'text':'x','card':'x'}", "card: " },
  };

  post (self, self->ada, letters);
  refuse_create (self->house, self->ada, "Post", more, "invalidProperties", "5,000 letters");
  refuse_create (self->house, self->ada, "Post", huge, "invalidProperties", "text: longer than");
  for (guint i = 0; i < G_N_ELEMENTS (rubbish); i++)
    refuse_create (self->house, self->ada, "Post", rubbish[i].object, "invalidProperties",
                   rubbish[i].why);
  make (self->house, self->ada, "Post", "{'card':{'type':'Article','title':'Eelgrass'}}");
}

static void
test_followers (Neighbours *self, gconstpointer data)
{
  gint64 before = post_for (self, self->ada, "followers", "To you");
  g_autofree char *state = household_state (self->house);
  gint64 following, after;

  assert_sees (self->house, self->ada, "Post", before, TRUE);
  assert_sees (self->house, self->ben, "Post", before, FALSE);
  following = follow (self, self->ben, self->ada);
  after = post_for (self, self->ada, "followers", "To you again");
  assert_sees (self->house, self->ben, "Post", before, TRUE);
  assert_sees (self->house, self->ben, "Post", after, TRUE);
  assert_sees (self->house, self->cleo, "Post", after, FALSE);
  assert_changes (self->house, self->ben, "Post", state, "2 0 0");
  assert_changes (self->house, self->ben, "Follow", state, "1 0 0");
  assert_changes (self->house, self->ada, "Follow", state, "1 0 0");
  assert_changes (self->house, self->cleo, "Post", state, "0 0 0");
  post_for (self, self->ada, "followers", "You, @ben");
  g_free (state);
  state = household_state (self->house);
  destroy (self->house, self->ben, "Follow", following);
  assert_told (self, self->ben, "%s", "");
  assert_sees (self->house, self->ben, "Post", before, FALSE);
  assert_changes (self->house, self->ben, "Post", state, "0 0 3");
  assert_changes (self->house, self->ben, "Follow", state, "0 0 1");
  assert_changes (self->house, self->ada, "Follow", state, "0 0 1");
  assert_changes (self->house, self->ada, "Post", state, "0 0 0");
}

static void
test_mentioned (Neighbours *self, gconstpointer data)
{
  g_autofree char *state = household_state (self->house);
  gint64 id = post_for (self, self->ada, "mentioned", "@ben the key is under the tin");
  gint64 answer = reply (self, self->ben, id, "Found it. @cleo.b knows nothing");
  gint64 own = post_for (self, self->ada, "mentioned", "To nobody but me");

  assert_sees (self->house, self->ben, "Post", id, TRUE);
  assert_sees (self->house, self->cleo, "Post", id, FALSE);
  assert_changes (self->house, self->ben, "Post", state, "2 0 0");
  assert_changes (self->house, self->cleo, "Post", state, "0 0 0");
  assert_text (self->house, self->ada, "Post", answer, "visibility", "mentioned");
  assert_sees (self->house, self->cleo, "Post", answer, FALSE);
  assert_told (self, self->cleo, "%s", "");
  assert_sees (self->house, self->ben, "Post", own, FALSE);
  assert_sees (self->house, self->ada, "Post", own, TRUE);
  /* A moderator keeps order among what they see, and this they don't. */
  refuse_destroy (self->house, self->dora, "Post", id, "notFound", "");
}

static void
test_replies (Neighbours *self, gconstpointer data)
{
  gint64 open = post (self, self->ada, "Soup?");
  gint64 narrow = post_for (self, self->ada, "followers", "Soup for friends?");
  gint64 answer, whisper;
  g_autofree char *object = g_strdup_printf ("{'text':'x','replyToId':'t%" ID "'}", narrow);
  g_autofree char *cycle = g_strdup_printf ("{'replyToId':'t%" ID "'}", open);

  refuse_create (self->house, self->cleo, "Post", object, "invalidProperties", "replyToId: ");
  follow (self, self->ben, self->ada);
  answer = reply (self, self->ben, narrow, "Yes");
  assert_text (self->house, self->ada, "Post", answer, "visibility", "followers");
  assert_sees (self->house, self->cleo, "Post", answer, FALSE);
  whisper = make (self->house, self->ben, "Post",
                  "{'text':'@ada only you','visibility':'mentioned','replyToId':'t%" ID "'}", open);
  assert_sees (self->house, self->ada, "Post", whisper, TRUE);
  assert_sees (self->house, self->cleo, "Post", whisper, FALSE);
  answer = reply (self, self->cleo, open, "Yes please");
  /* What it answers is there before it and never changes: no circle. */
  refuse_update (self->house, self->ada, "Post", open, cycle, "invalidProperties", "replyToId: ");
  g_free (cycle);
  cycle = g_strdup_printf ("{'replyToId':'t%" ID "'}", answer);
  refuse_update (self->house, self->ada, "Post", open, cycle, "invalidProperties", "replyToId: ");
  g_free (cycle);
  cycle = g_strdup ("{'text':'x','replyToId':'#x'}");
  refuse_create (self->house, self->ada, "Post", cycle, "invalidProperties", "replyToId: ");
}

static void
test_boosts (Neighbours *self, gconstpointer data)
{
  gint64 open = post (self, self->ada, "The crossing opens in April");
  gint64 narrow = post_for (self, self->ada, "followers", "Not for everybody");
  gint64 first = boost (self, self->ben, open);
  gint64 again, second;
  g_autofree char *state = NULL;
  g_autofree char *of_narrow = g_strdup_printf ("{'boostOfId':'t%" ID "'}", narrow);
  g_autofree char *wordy = g_strdup_printf ("{'boostOfId':'t%" ID "','text':'!'}", open);

  follow (self, self->cleo, self->ada);
  refuse_create (self->house, self->cleo, "Post", of_narrow, "invalidProperties", "public");
  refuse_create (self->house, self->ben, "Post", of_narrow, "invalidProperties", "no such post");
  refuse_create (self->house, self->ben, "Post", wordy, "invalidProperties", "text: ");
  refuse_update (self->house, self->ben, "Post", first, "{'text':'!'}", "forbidden", "boost");
  second = boost (self, self->cleo, first);
  assert_id (self, self->ada, "Post", second, "boostOfId", open);
  assert_told (self, self->ada,
               "boost Post %" ID " ben; follow Principal %" ID " cleo.b; boost Post %" ID " cleo.b",
               open, self->cleo, open);
  state = household_state (self->house);
  again = boost (self, self->ben, open);
  g_assert_cmpint (again, !=, first);
  assert_changes (self->house, self->ada, "Post", state, "1 0 1");
  assert_changes (self->house, self->ada, "Notification", state, "0 0 0");
  destroy (self->house, self->ben, "Post", again);
  assert_told (self, self->ada, "follow Principal %" ID " cleo.b; boost Post %" ID " cleo.b",
               self->cleo, open);
}

static void
test_edit (Neighbours *self, gconstpointer data)
{
  gint64 id = post (self, self->ada, "Fog, @ben");
  g_autoptr (JsonObject) edited = NULL;

  refuse_update (self->house, self->ben, "Post", id, "{'text':'x'}", "forbidden", "author");
  refuse_update (self->house, self->dora, "Post", id, "{'text':'x'}", "forbidden", "author");
  refuse_update (self->house, self->ada, "Post", id, "{'text':'  '}", "invalidProperties",
                 "text: ");
  refuse_update (self->house, self->ada, "Post", id, "{'visibility':'followers'}",
                 "invalidProperties", "visibility: ");
  update (self->house, self->ada, "Post", id, "{'text':' Fog, @ben and @cleo.b. ','warning':' '}");
  edited = get (self->house, self->ben, "Post", id);
  g_assert_cmpstr (json_object_get_string_member (edited, "text"), ==, "Fog, @ben and @cleo.b.");
  g_assert_true (json_object_get_null_member (edited, "warning"));
  g_assert_false (json_object_get_null_member (edited, "editedAt"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (edited, "mentions")), ==,
                    2);
  assert_told (self, self->ben, "mention Post %" ID " ada Fog, @ben", id);
  assert_told (self, self->cleo, "mention Post %" ID " ada Fog, @ben and @cleo.b.", id);
}

static void
assert_unread (Neighbours *self, gint64 expected)
{
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM notify.notification "
                                                      "WHERE NOT \"isRead\""),
                   ==, expected);
}

/* What a filter silences is there, and nobody has to be told of it. */
static void
test_silence (Neighbours *self, gconstpointer data)
{
  gint64 first = post (self, self->ada, "Fog, @ben");
  gint64 second, third, fourth, fifth, words, over;

  assert_unread (self, 1);
  words =
      make (self->house, self->ben, "Filter", "{'words':'low tide\\nflood','action':'silence'}");
  second = post (self, self->ada, "LOW tide, @ben");
  third = post (self, self->ada, "A low and tidy pier, @ben");
  assert_unread (self, 2);
  update (self->house, self->ben, "Filter", words, "{'kinds':['home']}");
  fourth = post (self, self->ada, "Flood, @ben");
  assert_unread (self, 3);
  over = make (self->house, self->ben, "Filter",
               "{'personId':'t%" ID "','action':'silence','expiresAt':'2020-01-01T00:00:00Z'}",
               self->ada);
  update (self->house, self->ben, "Filter", over, "{'expiresAt':null}");
  fifth = post (self, self->ada, "Ebb, @ben");
  assert_unread (self, 3);
  post (self, self->cleo, "And I, @ben");
  post (self, self->cleo, "And you, @ada");
  assert_unread (self, 5);
  assert_sees (self->house, self->ben, "Post", fifth, TRUE);
  g_assert_cmpint (household_number (self->house->pg,
                                     "SELECT count(*) FROM notify.notification WHERE "
                                     "\"subjectId\" IN (%" ID ", %" ID ", %" ID ", %" ID ", %" ID
                                     ")",
                                     first, second, third, fourth, fifth),
                   ==, 5);
}

/* Everything that hangs on a post goes with it; replies stay. */
static void
test_destroy (Neighbours *self, gconstpointer data)
{
  gint64 id = post (self, self->ada, "Whose ladder is this, @ben?");
  gint64 answer = reply (self, self->ben, id, "Oskar has one");
  gint64 boosted = boost (self, self->cleo, id);
  g_autofree char *state = NULL;

  react (self, self->ben, id, "🪜");
  make (self->house, self->cleo, "PostMark", "{'postId':'t%" ID "','isSaved':true}", id);
  refuse_destroy (self->house, self->cleo, "Post", id, "forbidden", "moderator");
  state = household_state (self->house);
  destroy (self->house, self->ada, "Post", id);
  assert_sees (self->house, self->ben, "Post", id, FALSE);
  assert_sees (self->house, self->ben, "Post", boosted, FALSE);
  assert_sees (self->house, self->ben, "Post", answer, TRUE);
  assert_changes (self->house, self->ben, "Post", state, "0 0 2");
  assert_changes (self->house, self->ben, "Reaction", state, "0 0 1");
  assert_changes (self->house, self->cleo, "PostMark", state, "0 0 1");
  assert_changes (self->house, self->ben, "PostMark", state, "0 0 0");
  assert_changes (self->house, self->ada, "Notification", state, "0 0 2");
  assert_changes (self->house, self->ben, "Notification", state, "0 0 1");
  assert_told (self, self->ada, "reply Post %" ID " ben Oskar has one", answer);
  destroy (self->house, self->dora, "Post", answer);
  assert_told (self, self->ada, "%s", "");
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM social.reaction"), ==,
                   0);
}

/* What the answer says was created. */
static char *
id_in (const char *answer)
{
  const char *id = strstr (answer, "\"created\":{\"x\":{\"id\":\"t");

  g_assert_nonnull (id);
  return g_strndup (id, strcspn (id, ","));
}

/* An outbox that did not hear the answer sends its operation again. */
static void
test_retry (Neighbours *self, gconstpointer data)
{
  static const char *const objects[] = {
    "['Post/set',{'accountId':ACCOUNT,'create':{'x':{'text':'Once, @ben',"
    "'@opId':'018f4e6c-0000-7000-8000-0000000000a1'}}},'c']",
    "['Follow/set',{'accountId':ACCOUNT,'create':{'x':{'principalId':'BEN',"
    "'@opId':'018f4e6c-0000-7000-8000-0000000000a2'}}},'c']",
  };

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++) {
    g_autofree char *id = g_strdup_printf ("t%" ID, self->ben);
    GString *call = g_string_new (objects[i]);
    g_autofree char *first = NULL, *second = NULL, *first_id = NULL, *second_id = NULL;

    g_string_replace (call, "BEN", id, 0);
    first = household_call_text (self->house, self->ada, call->str);
    second = household_call_text (self->house, self->ada, call->str);
    first_id = id_in (first);
    second_id = id_in (second);
    g_assert_cmpstr (first_id, ==, second_id);
    g_string_free (call, TRUE);
  }
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM social.post"), ==, 1);
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM notify.notification"),
                   ==, 2);
}

/* --- follows and marks ------------------------------------------------------------------------- */

static void
test_follows (Neighbours *self, gconstpointer data)
{
  gint64 id = follow (self, self->ben, self->ada);
  g_autofree char *state = household_state (self->house);
  g_autofree char *oneself = g_strdup_printf ("{'principalId':'t%" ID "'}", self->ben);
  gint64 again = follow (self, self->ben, self->ada);

  g_assert_cmpint (again, !=, id);
  assert_sees (self->house, self->ada, "Follow", again, TRUE);
  assert_sees (self->house, self->cleo, "Follow", again, FALSE);
  assert_changes (self->house, self->ada, "Follow", state, "1 0 1");
  assert_changes (self->house, self->ben, "Follow", state, "1 0 1");
  assert_told (self, self->ada, "follow Principal %" ID " ben", self->ben);
  refuse_create (self->house, self->ben, "Follow", oneself, "invalidProperties", "oneself");
  refuse_create (self->house, self->ben, "Follow", "{'principalId':'t1'}", "invalidProperties",
                 "nobody");
  follow (self, self->cleo, self->ada);
  refuse_destroy (self->house, self->cleo, "Follow", again, "forbidden", "end it");
  destroy (self->house, self->ada, "Follow", again);
  assert_sees (self->house, self->ben, "Follow", again, FALSE);
  assert_told (self, self->ada, "follow Principal %" ID " cleo.b", self->cleo);
}

static void
test_marks (Neighbours *self, gconstpointer data)
{
  gint64 open = post (self, self->ada, "Worth keeping");
  gint64 narrow = post_for (self, self->ada, "followers", "Worth keeping too");
  g_autofree char *unseen = g_strdup_printf ("{'postId':'t%" ID "'}", narrow);

  g_assert_cmpint (
      make (self->house, self->ben, "PostMark", "{'postId':'t%" ID "','isSaved':true}", open), ==,
      open);
  make (self->house, self->ben, "PostMark", "{'postId':'t%" ID "','isSaved':false}", open);
  update (self->house, self->ben, "PostMark", open, "{'isSaved':true}");
  assert_sees (self->house, self->ada, "PostMark", open, FALSE);
  refuse_create (self->house, self->ben, "PostMark", unseen, "invalidProperties", "postId: ");
  destroy (self->house, self->ben, "PostMark", open);
}

/* --- at once ----------------------------------------------------------------------------------- */

typedef struct {
  Neighbours *fixture;
  gint64 who, post;
  guint refused;
} Hurry;

static gpointer
hurry (gpointer data)
{
  static const struct {
    const char *type, *rest;
  } things[] = {
    { "Follow", "\"principalId\":\"t" },
    { "Reaction", "\"emoji\":\"🌊\",\"subjectId\":\"t" },
    { "Post", "\"boostOfId\":\"t" },
  };
  Hurry *self = data;
  Household *house = self->fixture->house;
  g_autoptr (TlPg) pg = tl_pg_new (house->conninfo);

  for (guint i = 0; i < 8 * G_N_ELEMENTS (things); i++) {
    guint which = i % G_N_ELEMENTS (things);
    g_autofree char *request =
        g_strdup_printf ("{\"using\":[\"" TL_CAP_CORE "\",\"" TL_CAP_SOCIAL
                         "\"],\"methodCalls\":[[\"%s/set\",{\"accountId\":\"t%" ID
                         "\",\"create\":{\"x\":{%s%" ID "\"}}},\"c\"]]}",
                         things[which].type, self->who, things[which].rest,
                         which == 0 ? self->fixture->ada : self->post);
    g_autofree char *answer =
        tl_jmap_process (&house->server, pg, self->who, request, strlen (request), NULL);

    if (!strstr (answer, "\"created\":{\"x\"")) {
      g_test_message ("%s", answer);
      self->refused++;
    }
  }
  return NULL;
}

/* Two devices of each of two people do the same at the same time. */
static void
test_hurry (Neighbours *self, gconstpointer data)
{
  gint64 id = post (self, self->ada, "Everybody!");
  Hurry hurries[] = {
    { self, self->ben, id },
    { self, self->ben, id },
    { self, self->cleo, id },
    { self, self->cleo, id },
  };
  GThread *threads[G_N_ELEMENTS (hurries)];

  for (guint i = 0; i < G_N_ELEMENTS (hurries); i++)
    threads[i] = g_thread_new ("hurry", hurry, &hurries[i]);
  for (guint i = 0; i < G_N_ELEMENTS (hurries); i++) {
    g_thread_join (threads[i]);
    g_assert_cmpuint (hurries[i].refused, ==, 0);
  }
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM social.follow"), ==, 2);
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM social.reaction"), ==,
                   2);
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM social.post"), ==, 3);
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM notify.notification"),
                   ==, 6);
}

/* --- search ------------------------------------------------------------------------------------ */

static guint
count_hits (Neighbours *self, gint64 who, const char *text)
{
  g_autofree char *call = g_strdup_printf (
      "['Search/query',{'accountId':ACCOUNT,'text':'%s','types':['Post'],'limit':20},'c']", text);
  g_autoptr (JsonObject) result = household_call (self->house, who, call, NULL);

  return json_array_get_length (json_object_get_array_member (result, "hits"));
}

static void
test_search (Neighbours *self, gconstpointer data)
{
  TlSearch *search = tl_search_pg_new ();

  self->house->server.search = search;
  boost (self, self->ben, post (self, self->ada, "Anemones at low tide"));
  post_for (self, self->ada, "followers", "Secret anemones");
  make (self->house, self->ben, "Post", "{'text':'The whale','warning':'Sad anemones'}");
  g_assert_cmpuint (count_hits (self, self->ada, "anem"), ==, 3);
  g_assert_cmpuint (count_hits (self, self->cleo, "anemones"), ==, 2);
  g_assert_cmpuint (count_hits (self, self->cleo, "secret"), ==, 0);
  search->class->free (search);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Neighbours *self, gconstpointer data);
  } tests[] = {
    { "/post/what-a-filter-silences-is-told-as-read", test_silence },
    { "/post/public-ones-are-seen-by-everybody", test_public },
    { "/post/rubbish-is-refused-with-a-sentence", test_text },
    { "/post/for-followers-comes-and-goes-with-following", test_followers },
    { "/post/for-the-mentioned-is-seen-by-them-alone", test_mentioned },
    { "/post/a-reply-is-seen-by-no-more-than-what-it-answers", test_replies },
    { "/post/is-boosted-once-by-a-person", test_boosts },
    { "/post/is-its-authors-to-edit", test_edit },
    { "/post/takes-everything-but-replies-with-it", test_destroy },
    { "/post/a-retry-is-done-once", test_retry },
    { "/follow/is-there-once-and-ended-by-either", test_follows },
    { "/mark/is-of-a-post-that-one-sees", test_marks },
    { "/social/two-devices-at-once-do-it-once", test_hurry },
    { "/search/finds-posts-that-one-sees", test_search },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Neighbours, NULL, neighbours_set_up, tests[i].run,
                neighbours_tear_down);
  return g_test_run ();
}
