/* What a search finds is what one may see and no other, whatever happened before: random people join, leave, follow,
 * write, edit and delete; each search is compared with a plain scan of what is known to be there. The seed is
 * g_test's (--seed). */
#include "server/services/user/people.h"
#include "tests/server/words.h"

#include <string.h>

#define ID G_GINT64_FORMAT
#define PEOPLE 4
#define STEPS 120
#define SEARCHES 12

static const char *const vocabulary[] = {
  "kelp", "otter", "buoy", "anchor", "lagoon", "ternküken"
};
static const char *const logins[PEOPLE] = { "ada", "ben", "cleo", "dora" };

/* Where things lie: a room, a calendar, a person's posts for followers, everybody's posts. Its owner never leaves. */
typedef enum { ROOM, CALENDAR, FOLLOWERS, PUBLIC } Kind;

typedef struct {
  Kind kind;
  gint64 id;
  guint owner;
  gint64 members[PEOPLE]; /* the membership's id; 0: none */
} Place;

typedef struct {
  const Place *place;
  gint64 id;
  guint author;
  guint words; /* bits of the vocabulary */
} Thing;

typedef struct {
  Household *house;
  gint64 people[PEOPLE];
  Place places[12];
  guint n_places;
  GArray *things;
} World;

static const char *const types[] = { "Message", "CalendarEvent", "Post", "Post" };
static const char *const texts[] = { "body", "title", "text", "text" };

static guint
pick (guint n)
{
  return (guint)g_test_rand_int_range (0, (gint32)n);
}

static gboolean
is_in (const Place *place, guint person)
{
  return place->kind == PUBLIC || place->owner == person || place->members[person] != 0;
}

/* --- what happens ----------------------------------------------------------------------------- */

static Place *
add_place (World *self, Kind kind, guint owner)
{
  static const char *const objects[] = { "{'name':'Place'}", "{'name':'Place'}" };
  static const char *const kinds[] = { "Room", "Calendar" };
  Place *place = &self->places[self->n_places++];

  place->kind = kind;
  place->owner = owner;
  if (kind <= CALENDAR)
    place->id = make (self->house, self->people[owner], kinds[kind], "%s", objects[kind]);
  return place;
}

static void
join_or_leave (World *self)
{
  static const char *const kinds[] = { "RoomMember", "CalendarMember", "Follow" };
  static const char *const of[] = { "roomId", "calendarId" };
  Place *place = &self->places[pick (self->n_places)];
  guint person = pick (PEOPLE);
  gint64 by = self->people[place->kind == FOLLOWERS ? person : place->owner];

  if (place->kind == PUBLIC || place->owner == person)
    return;
  if (place->members[person]) {
    destroy (self->house, by, kinds[place->kind], place->members[person]);
    place->members[person] = 0;
  } else if (place->kind == FOLLOWERS)
    place->members[person] =
        make (self->house, by, "Follow", "{'principalId':'t%" ID "'}", self->people[place->owner]);
  else
    place->members[person] =
        make (self->house, by, kinds[place->kind], "{'%s':'t%" ID "','principalId':'t%" ID "'}",
              of[place->kind], place->id, self->people[person]);
}

static char *
some_text (guint *words)
{
  GString *text = g_string_new (NULL);

  *words = 0;
  for (guint n = 1 + pick (4); n > 0; n--) {
    guint word = pick (G_N_ELEMENTS (vocabulary));

    *words |= 1u << word;
    g_string_append_printf (text, "%s%s", text->len ? " and " : "The ", vocabulary[word]);
  }
  return g_string_free_and_steal (text);
}

static void
write_thing (World *self)
{
  static const char *const visibilities[] = { "", "", "followers", "public" };
  const Place *place = &self->places[pick (self->n_places)];
  Thing thing = { .place = place, .author = place->kind == PUBLIC ? pick (PEOPLE) : place->owner };
  g_autofree char *text = some_text (&thing.words);
  gint64 who = self->people[thing.author];

  if (place->kind == ROOM)
    thing.id =
        make (self->house, who, "Message", "{'roomId':'t%" ID "','body':'%s'}", place->id, text);
  else if (place->kind == CALENDAR)
    thing.id = make (self->house, who, "CalendarEvent",
                     "{'calendarId':'t%" ID "','title':'%s','start':'2026-11-23T12:00:00'}",
                     place->id, text);
  else
    thing.id = make (self->house, who, "Post", "{'text':'%s','visibility':'%s'}", text,
                     visibilities[place->kind]);
  g_array_append_val (self->things, thing);
}

static void
edit_or_delete (World *self)
{
  guint i = self->things->len ? pick (self->things->len) : 0;
  Thing *thing = self->things->len ? &g_array_index (self->things, Thing, i) : NULL;
  g_autofree char *text = NULL;
  g_autofree char *patch = NULL;

  if (thing == NULL)
    return;
  if (pick (3) == 0) {
    destroy (self->house, self->people[thing->author], types[thing->place->kind], thing->id);
    g_array_remove_index_fast (self->things, i);
    return;
  }
  text = some_text (&thing->words);
  patch = g_strdup_printf ("{'%s':'%s'}", texts[thing->place->kind], text);
  update (self->house, self->people[thing->author], types[thing->place->kind], thing->id, patch);
}

/* --- what is found ---------------------------------------------------------------------------- */

typedef struct {
  guint all, any, none; /* words; any 0: no matter */
  int from;             /* a person, or -1 */
  char *text;
} Question;

static Question
some_question (void)
{
  guint a = pick (G_N_ELEMENTS (vocabulary)), b = pick (G_N_ELEMENTS (vocabulary));
  const char *first = vocabulary[a], *second = vocabulary[b];
  guint person = pick (PEOPLE);

  switch (pick (5)) {
  case 0:
    return (Question){ .all = 1u << a, .from = -1, .text = g_strdup (first) };
  case 1:
    return (Question){ .all = 1u << a | 1u << b,
                       .from = -1,
                       .text = g_strdup_printf ("%s %s", first, second) };
  case 2:
    return (Question){ .any = 1u << a | 1u << b,
                       .from = -1,
                       .text = g_strdup_printf ("%s or %s", first, second) };
  case 3:
    return (Question){
      .all = 1u << a, .none = 1u << b, .from = -1, .text = g_strdup_printf ("%s -%s", first, second)
    };
  default:
    return (Question){ .all = 1u << a,
                       .from = (int)person,
                       .text = g_strdup_printf ("%s from:%s", first, logins[person]) };
  }
}

static gboolean
answers (const Question *question, const Thing *thing, guint person)
{
  return is_in (thing->place, person) && (thing->words & question->all) == question->all &&
         (question->any == 0 || (thing->words & question->any)) &&
         (thing->words & question->none) == 0 &&
         (question->from < 0 || thing->author == (guint)question->from);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return (*(const gint64 *)a > *(const gint64 *)b) - (*(const gint64 *)a < *(const gint64 *)b);
}

static char *
describe (GArray *ids)
{
  GString *out = g_string_new (NULL);

  g_array_sort (ids, compare);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (out, " %" ID, g_array_index (ids, gint64, i));
  return g_string_free_and_steal (out);
}

static char *
find (World *self, const Question *question, guint person)
{
  g_autofree char *call = g_strdup_printf (
      "['Search/query',{'accountId':ACCOUNT,'text':'%s','types':null,'limit':100},'c']",
      question->text);
  g_autoptr (JsonObject) result = household_call (self->house, self->people[person], call, NULL);
  JsonArray *hits = json_object_get_array_member (result, "hits");
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < json_array_get_length (hits); i++) {
    JsonObject *hit = json_array_get_object_element (hits, i);
    gint64 id;

    g_assert_true (tl_id_parse (json_object_get_string_member (hit, "id"), &id));
    g_array_append_val (ids, id);
  }
  return describe (ids);
}

static void
check (World *self)
{
  Question question = some_question ();
  guint person = pick (PEOPLE);
  g_autofree char *found = find (self, &question, person);
  g_autofree char *expected = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < self->things->len; i++) {
    const Thing *thing = &g_array_index (self->things, Thing, i);

    if (answers (&question, thing, person))
      g_array_append_val (ids, thing->id);
  }
  expected = describe (ids);
  if (strcmp (found, expected) != 0)
    g_error ("%s asks “%s”: found%s, and may find%s", logins[person], question.text, found,
             expected);
  g_free (question.text);
}

static void
test_sees (void)
{
  World self = { .house = household_new () };
  g_autoptr (GError) error = NULL;

  self.things = g_array_new (FALSE, FALSE, sizeof (Thing));
  self.people[0] = self.house->ada;
  self.people[1] = self.house->ben;
  for (guint i = 2; i < PEOPLE; i++) {
    self.people[i] =
        tl_people_add (self.house->pg, logins[i], logins[i], "a long password", "member", &error);
    g_assert_no_error (error);
  }
  self.house->server.search = tl_search_pg_new ();
  add_place (&self, PUBLIC, 0);
  for (guint i = 0; i < PEOPLE; i++)
    add_place (&self, FOLLOWERS, i);
  for (guint i = 0; i < 6; i++)
    add_place (&self, i % 2 ? CALENDAR : ROOM, pick (PEOPLE));
  for (guint step = 0; step < STEPS; step++) {
    guint what = pick (10);

    if (what < 5 && self.things->len < 90)
      write_thing (&self);
    else
      (what < 8 ? join_or_leave : edit_or_delete) (&self);
    for (guint i = 0; step % 4 == 0 && i < SEARCHES; i++)
      check (&self);
  }
  g_array_unref (self.things);
  self.house->server.search->class->free (self.house->server.search);
  household_free (self.house);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-sees/what-one-may-see-and-no-other", test_sees);
  return g_test_run ();
}
