/* neighbours.c: see the header. */
#include "tests/server/neighbours.h"

#include "server/services/user/people.h"

#define ID G_GINT64_FORMAT

void
neighbours_set_up (Neighbours *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->house = household_new ();
  self->ada = self->house->ada;
  self->ben = self->house->ben;
  self->cleo =
      tl_people_add (self->house->pg, "cleo.b", "Cleo", "a long password", "member", &error);
  g_assert_no_error (error);
  self->dora =
      tl_people_add (self->house->pg, "dora", "Dora", "a long password", "moderator", &error);
  g_assert_no_error (error);
}

void
neighbours_tear_down (Neighbours *self, gconstpointer data)
{
  household_free (self->house);
}

gint64
post (Neighbours *self, gint64 who, const char *text)
{
  return make (self->house, who, "Post", "{'text':'%s'}", text);
}

gint64
post_for (Neighbours *self, gint64 who, const char *visibility, const char *text)
{
  return make (self->house, who, "Post", "{'text':'%s','visibility':'%s'}", text, visibility);
}

gint64
reply (Neighbours *self, gint64 who, gint64 to, const char *text)
{
  return make (self->house, who, "Post", "{'text':'%s','replyToId':'t%" ID "'}", text, to);
}

gint64
boost (Neighbours *self, gint64 who, gint64 of)
{
  return make (self->house, who, "Post", "{'boostOfId':'t%" ID "'}", of);
}

gint64
follow (Neighbours *self, gint64 who, gint64 whom)
{
  return make (self->house, who, "Follow", "{'principalId':'t%" ID "'}", whom);
}

gint64
react (Neighbours *self, gint64 who, gint64 subject, const char *emoji)
{
  return make (self->house, who, "Reaction", "{'subjectId':'t%" ID "','emoji':'%s'}", subject,
               emoji);
}

/* What `who` has been told, oldest first: "kind subject actor preview; …" with names for people. */
static char *
told (Neighbours *self, gint64 who)
{
  return household_sql (self->house->pg,
                        "SELECT coalesce(string_agg(concat_ws(' ', n.kind, n.\"subjectType\", "
                        "n.\"subjectId\", p.login, n.preview), '; ' ORDER BY n.id), '') "
                        "FROM notify.notification n JOIN people.account a "
                        "ON a.private_scope = n.scope JOIN people.principal p "
                        "ON p.id = n.\"actorId\" WHERE a.id = %" ID,
                        who);
}

void
assert_told (Neighbours *self, gint64 who, const char *format, ...)
{
  g_autofree char *found = told (self, who);
  g_autofree char *expected = NULL;
  va_list args;

  va_start (args, format);
  expected = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_cmpstr (found, ==, expected);
}

void
assert_id (Neighbours *self, gint64 who, const char *kind, gint64 id, const char *name,
           gint64 expected)
{
  g_autofree char *text = g_strdup_printf ("t%" ID, expected);

  assert_text (self->house, who, kind, id, name, text);
}
