/* The replica finds what is in it and nothing else: things of each kind are written, changed and removed at random, and
 * each search is compared with a plain scan. The seed is g_test's (--seed). */
#include "tests/sync/models.h"

#include "sync/derived.h"
#include "sync/record-sql.h"

#define ME 9000
#define STEPS 60
#define SEARCHES 8
#define KEYS 80

static const struct {
  const char *text, *asked;
} vocabulary[] = {
  { "kelp", "kelp" },         { "otter", "OTTER" },       { "Café", "cafe" },
  { "Crème", "creme" },       { "今天天气很好", "天气" }, { "北京下雨", "北京" },
  { "low tide", "low tide" }, { "pier", "pi" },
};
#define WORDS G_N_ELEMENTS (vocabulary)

typedef enum { MESSAGE, POST, EVENT, ARTICLE, N_KINDS } Kind;

typedef struct {
  Kind kind;
  guint words; /* 0: it is not there */
  gint64 by;
} Thing;

typedef struct {
  char *dir;
  TlReplica *replica;
  TlKeyList *list;
  Thing things[KEYS]; /* their keys: 1000 and on */
} World;

typedef struct {
  gint64 key;
  Thing *thing;
  char *text;
} Edit;

static guint
pick (guint n)
{
  return (guint)g_test_rand_int_range (0, (gint32)n);
}

/* --- writing ---------------------------------------------------------------------------------- */

static gboolean
put (TlDb *db, const TlType *type, gconstpointer record, GError **error)
{
  return tl_record_store (db, type, record, error) &&
         tl_derived_put_record (db, type, record, error);
}

static const TlType *const types[] = { &tl_message_type, &tl_post_type, &tl_calendar_event_type,
                                       &tl_article_type };

static gboolean
write_thing (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  const Edit *edit = data;
  const TlRecord head = { edit->key, G_MAXUINT64 };
  g_autofree char *blocks =
      g_strdup_printf ("[{\"type\":\"paragraph\",\"runs\":[{\"t\":\"%s\"}]}]", edit->text);
  TlMessage message = {
    .record = head, .room_id = 1, .sender_id = edit->thing->by, .body = edit->text
  };
  TlPost post = { .record = head, .author_id = edit->thing->by, .text = edit->text };
  TlCalendarEvent event = { .record = head,
                            .created_by = edit->thing->by,
                            .title = edit->text,
                            .start = (char *)"2026-10-03T12:00:00" };
  TlArticle article = { .record = head, .title = (char *)"A", .blocks = blocks };
  gconstpointer records[] = { &message, &post, &event, &article };

  article.author = (char *)(edit->thing->by == ME ? "Me" : "Anna");
  tl_changes_all (changes);
  if (edit->thing->words == 0)
    return tl_record_remove (db, types[edit->thing->kind], edit->key, error) &&
           tl_derived_remove (db, types[edit->thing->kind], edit->key, error);
  return put (db, types[edit->thing->kind], records[edit->thing->kind], error);
}

static void
change (World *self)
{
  guint i = pick (KEYS);
  Thing *thing = &self->things[i];
  g_autoptr (GString) text = g_string_new ("so");
  Edit edit = { .key = 1000 + i, .thing = thing };

  if (thing->words && pick (3) == 0) {
    thing->words = 0;
    fixture_write (self->replica, write_thing, &edit);
    return;
  }
  if (thing->words == 0)
    *thing = (Thing){ .kind = (Kind)pick (N_KINDS), .by = ME + pick (2) };
  thing->words = 0;
  for (guint n = 1 + pick (3); n > 0; n--)
    thing->words |= 1u << pick (WORDS);
  for (guint word = 0; word < WORDS; word++)
    if (thing->words & 1u << word)
      g_string_append_printf (text, ", %s", vocabulary[word].text);
  edit.text = text->str;
  fixture_write (self->replica, write_thing, &edit);
}

/* --- asking ----------------------------------------------------------------------------------- */

typedef struct {
  guint all, none;
  gint64 by; /* 0: no matter */
  GString *text;
} Question;

static void
ask_word (Question *question, guint word, gboolean is_wanted)
{
  gboolean has_space = strchr (vocabulary[word].asked, ' ') != NULL;

  *(is_wanted ? &question->all : &question->none) |= 1u << word;
  g_string_append_printf (question->text, has_space ? "%s\"%s\" " : "%s%s ", is_wanted ? "" : "-",
                          vocabulary[word].asked);
}

static Question
some_question (void)
{
  Question question = { .text = g_string_new (NULL) };

  if (pick (3) == 0) {
    question.by = ME + pick (2);
    g_string_append_printf (question.text, "from:%s ", question.by == ME ? "me" : "ánna");
  }
  if (pick (2))
    ask_word (&question, pick (WORDS - 1), FALSE); /* the last is asked by its beginning */
  if (question.by == 0 || pick (2))
    ask_word (&question, pick (WORDS), TRUE);
  return question;
}

static char *
scan (const World *self, const Question *question)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < KEYS; i++) {
    const Thing *thing = &self->things[i];

    if (thing->words && (thing->words & question->all) == question->all &&
        (thing->words & question->none) == 0 && (question->by == 0 || question->by == thing->by))
      g_string_append_printf (out, "%s%u", out->len ? " " : "", 1000 + i);
  }
  return g_string_free_and_steal (out);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *)a, *(char *const *)b);
}

static void
check (World *self)
{
  Question question = some_question ();
  g_autofree char *expected = scan (self, &question);
  g_autofree char *keys = NULL;
  g_autofree char *found = NULL;
  g_auto (GStrv) sorted = NULL;

  tl_search_list_ask (self->list, question.text->str, 0);
  models_ready (self->list);
  keys = models_keys (self->list);
  sorted = g_strsplit (keys, " ", -1);
  qsort (sorted, g_strv_length (sorted), sizeof (char *), compare);
  found = g_strjoinv (" ", sorted);
  g_test_message ("%s", question.text->str);
  g_assert_cmpstr (found, ==, expected);
  g_string_free (question.text, TRUE);
}

static void
test_scan (void)
{
  World self = { .dir = fixture_dir () };

  self.replica = models_open (self.dir);
  models_sql (self.replica, "INSERT INTO principal (key, name, login) VALUES (9000, 'Me', 'me'), "
                            "(9001, 'Anna', 'anna');");
  self.list = tl_search_list_new (self.replica, ME);
  for (guint step = 0; step < STEPS; step++) {
    for (guint n = 0; n < 4; n++)
      change (&self);
    for (guint n = 0; n < SEARCHES; n++)
      check (&self);
  }
  g_object_unref (self.list);
  models_settle (self.replica);
  tl_replica_close (self.replica);
  g_object_unref (self.replica);
  fixture_remove (self.dir);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/search-scan/finds-what-is-there-and-nothing-else", test_scan);
  return g_test_run ();
}
