/* The rules of mentions and reactions, in posts and in rooms. */
#include "server/services/social/emoji.h"
#include "tests/server/neighbours.h"

#define ID G_GINT64_FORMAT

/* --- mentions ---------------------------------------------------------------------------------- */

static void
test_mentions (Neighbours *self, gconstpointer data)
{
  static const struct {
    const char *text, *named;
  } texts[] = {
    { "@ben", "ben" },
    { "Hello @BEN, and @cleo.b.", "ben cleo.b" },
    { "(@ben)@cleo.b", "ben cleo.b" },
    { "@ben @ben @ben", "ben" },
    { "@ben-", "ben" },
    { "@cleo", "" },
    { "@bento", "" },
    { "@bené", "" },
    { "é@ben", "" },
    { "mail@ben or @ben@example.org", "" },
    { "@@ben @ @. @nobody", "" },
    { "@{\\\"}',NULL) @null", "" },
    { "潮@ben", "" },
    { "潮 @ben。", "ben" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *text = g_strdelimit (g_strdup (texts[i].text), "'", '`');
    gint64 id = post (self, self->ada, text);
    g_autofree char *named = household_sql (
        self->house->pg,
        "SELECT coalesce(string_agg(p.login, ' ' ORDER BY m.n), '') FROM social.post t, "
        "json_array_elements_text(t.mentions) WITH ORDINALITY AS m (id, n) "
        "JOIN people.principal p ON p.id = sync.from_id(m.id) WHERE t.id = %" ID,
        id);

    g_assert_cmpstr (named, ==, texts[i].named);
  }
}

static void
test_mentions_in_rooms (Neighbours *self, gconstpointer data)
{
  gint64 room =
      make (self->house, self->ada, "Room", "{'name':'Slip','members':['t%" ID "']}", self->ben);
  gint64 id = make (self->house, self->ada, "Message",
                    "{'roomId':'t%" ID "','body':'@ben, ask @cleo.b and @ada'}", room);
  g_autofree char *state = NULL;

  assert_told (self, self->ben, "mention Message %" ID " ada @ben, ask @cleo.b and @ada", id);
  assert_told (self, self->cleo, "%s", "");
  assert_told (self, self->ada, "%s", "");
  update (self->house, self->ada, "Message", id, "{'body':'@ben again'}");
  assert_told (self, self->ben, "mention Message %" ID " ada @ben, ask @cleo.b and @ada", id);
  destroy (self->house, self->ada, "Message", id);
  assert_told (self, self->ben, "%s", "");
  id = make (self->house, self->ada, "Message", "{'roomId':'t%" ID "','body':'@ben?'}", room);
  assert_told (self, self->ben, "mention Message %" ID " ada @ben?", id);
  make (self->house, self->ben, "InboxMark", "{'subjectId':'t%" ID "','isDone':true}",
        household_number (self->house->pg, "SELECT max(id) FROM notify.notification"));
  state = household_state (self->house);
  destroy (self->house, self->ada, "Room", room);
  assert_told (self, self->ben, "%s", "");
  assert_changes (self->house, self->ben, "InboxMark", state, "0 0 1");
}

static void
test_warned (Neighbours *self, gconstpointer data)
{
  gint64 id = make (self->house, self->ada, "Post",
                    "{'text':'@ben the butler did it','warning':' The film '}");

  assert_text (self->house, self->ben, "Post", id, "warning", "The film");
  assert_told (self, self->ben, "mention Post %" ID " ada The film", id);
}

/* --- reactions --------------------------------------------------------------------------------- */

static void
test_reactions (Neighbours *self, gconstpointer data)
{
  gint64 open = post (self, self->ada, "Bread is ready");
  gint64 narrow = post_for (self, self->ada, "followers", "The good bread");
  gint64 first = react (self, self->ben, open, "🍞");
  gint64 second = react (self, self->ben, open, "❤️");
  g_autofree char *state = household_state (self->house);
  gint64 again = react (self, self->ben, open, "🍞");
  g_autofree char *unseen = g_strdup_printf ("{'subjectId':'t%" ID "','emoji':'🍞'}", narrow);

  g_assert_cmpint (first, !=, again);
  assert_sees (self->house, self->cleo, "Reaction", again, TRUE);
  assert_changes (self->house, self->cleo, "Reaction", state, "1 0 1");
  assert_told (self, self->ada, "reaction Post %" ID " ben 🍞; reaction Post %" ID " ben ❤️", open,
               open);
  refuse_create (self->house, self->ben, "Reaction", unseen, "invalidProperties", "subjectId: ");
  refuse_destroy (self->house, self->ada, "Reaction", second, "forbidden", "reacted");
  refuse_update (self->house, self->ben, "Reaction", second, "{'emoji':'🍞'}", "invalidProperties",
                 "emoji: ");
  destroy (self->house, self->ben, "Reaction", again);
  assert_told (self, self->ada, "reaction Post %" ID " ben ❤️", open);
  follow (self, self->ben, self->ada);
  again = react (self, self->ben, narrow, "🍞");
  assert_sees (self->house, self->ada, "Reaction", again, TRUE);
  assert_sees (self->house, self->cleo, "Reaction", again, FALSE);
  again = react (self, self->cleo, boost (self, self->ben, open), "🎉");
  assert_id (self, self->ada, "Reaction", again, "subjectId", open);
}

static void
test_reactions_in_rooms (Neighbours *self, gconstpointer data)
{
  gint64 room =
      make (self->house, self->ada, "Room", "{'name':'Slip','members':['t%" ID "']}", self->ben);
  gint64 message =
      make (self->house, self->ada, "Message", "{'roomId':'t%" ID "','body':'High water'}", room);
  gint64 other =
      make (self->house, self->ada, "Message", "{'roomId':'t%" ID "','body':'at noon'}", room);
  gint64 id = react (self, self->ben, message, "🌊");
  g_autofree char *unseen = g_strdup_printf ("{'subjectId':'t%" ID "','emoji':'🌊'}", message);
  g_autofree char *nothing = g_strdup_printf ("{'subjectId':'t%" ID "','emoji':'🌊'}", room);
  g_autofree char *state = NULL;

  assert_sees (self->house, self->ada, "Reaction", id, TRUE);
  assert_sees (self->house, self->cleo, "Reaction", id, FALSE);
  refuse_create (self->house, self->cleo, "Reaction", unseen, "invalidProperties", "subjectId: ");
  refuse_create (self->house, self->ben, "Reaction", nothing, "invalidProperties", "subjectId: ");
  assert_told (self, self->ada, "reaction Message %" ID " ben 🌊", message);
  react (self, self->ben, other, "🌊");
  state = household_state (self->house);
  destroy (self->house, self->ada, "Message", message);
  assert_changes (self->house, self->ben, "Reaction", state, "0 0 1");
  assert_told (self, self->ada, "reaction Message %" ID " ben 🌊", other);
  destroy (self->house, self->ada, "Room", room);
  assert_changes (self->house, self->ben, "Reaction", state, "0 0 2");
  assert_told (self, self->ada, "%s", "");
}

static void
test_emoji (Neighbours *self, gconstpointer data)
{
  static const char *const good[] = {
    "👍",
    "👍🏽",
    "❤",
    "❤️",
    "😀",
    "🫠",
    "🇫🇮",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "1️⃣",
    "#⃣",
    "👩‍🚀",
    "👨🏿‍🤝‍👨🏻",
    "👩🏽‍❤️‍💋‍👨🏿",
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "☝🏾",
    "🍞",
  };
  static const char *const bad[] = {
    "",  " ",   "a",       "ok",      "1", "#",  "👍👍",         "👍 ", "👍a",
    "🇫", "🇫🇮🇸", "👩‍", "‍👩", "️",  "潮", "🏴󠁧󠁢", "é",   "👍‍a",
  };
  gint64 id = post (self, self->ada, "x");

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    if (!tl_emoji_is_one (good[i]))
      g_error ("%s is an emoji", good[i]);
    react (self, self->ben, id, good[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *object = g_strdup_printf ("{'subjectId':'t%" ID "','emoji':'%s'}", id, bad[i]);

    refuse_create (self->house, self->ben, "Reaction", object, "invalidProperties", "emoji: ");
  }
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Neighbours *self, gconstpointer data);
  } tests[] = {
    { "/mention/is-a-whole-login", test_mentions },
    { "/mention/in-a-room-is-told-to-who-is-there", test_mentions_in_rooms },
    { "/mention/does-not-tell-what-is-behind-a-warning", test_warned },
    { "/reaction/is-there-once-and-seen-with-its-post", test_reactions },
    { "/reaction/to-a-message-stays-in-the-room", test_reactions_in_rooms },
    { "/reaction/is-one-emoji", test_emoji },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Neighbours, NULL, neighbours_set_up, tests[i].run,
                neighbours_tear_down);
  return g_test_run ();
}
