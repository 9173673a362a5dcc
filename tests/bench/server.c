/* server.c: the server that is measured: the program itself, stand-alone in a temporary folder, filled in
 * bulk by seed.sql. Access tokens are signed here with the server's own secret, which spares hundreds of
 * sign-ins; the shipped client signs in as everybody does. */
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#define TOKEN_SECONDS 3600

GHashTable *
bench_statements (const char *path)
{
  g_autofree char *file = g_build_filename (g_getenv ("TIDELINE_SOURCE"), path, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GError) error = NULL;
  GHashTable *statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!g_file_get_contents (file, &text, NULL, &error))
    g_error ("%s", error->message);
  parts = g_strsplit (text, "-- name: ", -1);
  for (guint i = 1; parts[i]; i++) {
    char *end = strchr (parts[i], '\n');
    g_hash_table_insert (statements, g_strndup (parts[i], (gsize)(end - parts[i])), g_strdup (end));
  }
  return statements;
}

PGresult *
bench_sql (Bench *self, const char *name, int n, const char *const *args)
{
  PGresult *result =
      PQexecParams (self->pg, g_hash_table_lookup (self->sql, name), n, NULL, args, NULL, NULL, 0);

  if (PQresultStatus (result) != PGRES_TUPLES_OK && PQresultStatus (result) != PGRES_COMMAND_OK)
    g_error ("%s: %s", name, PQresultErrorMessage (result));
  return result;
}

gint64
bench_sql_number (Bench *self, const char *name, int n, const char *const *args)
{
  PGresult *result = bench_sql (self, name, n, args);
  gint64 value = PQntuples (result) ? g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10) : 0;

  PQclear (result);
  return value;
}

static void
run (Bench *self, const char *name, int n, const char *const *args)
{
  PQclear (bench_sql (self, name, n, args));
}

/* The lock's lines: process, runtime folder, PostgreSQL, Redis. */
void
bench_server_started (Bench *self)
{
  g_autofree char *path = g_build_filename (tl_test_server_folder (self->server), "lock", NULL);
  g_autofree char *secret = g_build_filename (tl_test_server_folder (self->server), "secret", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  lines = g_strsplit (text, "\n", -1);
  self->pid = (int)g_ascii_strtoll (lines[0], NULL, 10);
  g_set_str (&self->postgresql, lines[2]);
  g_set_str (&self->redis, lines[3]);
  self->port =
      (guint)g_ascii_strtoull (strrchr (tl_test_server_url (self->server), ':') + 1, NULL, 10);
  if (self->tokens == NULL && !(self->tokens = tl_tokens_new (secret, &error)))
    g_error ("%s", error->message);
  g_clear_pointer (&self->pg, PQfinish);
  self->pg = PQconnectdb (self->postgresql);
  if (PQstatus (self->pg) != CONNECTION_OK)
    g_error ("%s", PQerrorMessage (self->pg));
}

static BenchPerson
add_person (Bench *self, const char *login)
{
  return (BenchPerson){ .key = bench_sql_number (self, "person", 1, &login) };
}

static void
follow (Bench *self, const BenchPerson *person, guint feeds)
{
  g_autofree char *account = g_strdup_printf ("%" G_GINT64_FORMAT, person->key);
  g_autofree char *n = g_strdup_printf ("%u", feeds);

  run (self, "follow", 2, (const char *[]){ account, n });
}

/* `n` rooms of these two. */
static void
meet (Bench *self, const BenchPerson *one, const BenchPerson *other, guint n)
{
  g_autofree char *count = g_strdup_printf ("%u", n);
  g_autofree char *both =
      g_strdup_printf ("{%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "}", one->key, other->key);

  run (self, "rooms", 2, (const char *[]){ count, both });
}

/* The desktop's house: as many of each kind, and what people do about them. */
static void
furnish (Bench *self, const char *desktop)
{
  static const char *const all = G_STRINGIFY (BENCH_OF_EACH);

  run (self, "messages", 2, (const char *[]){ all, desktop });
  run (self, "circle", 1, &desktop);
  run (self, "posts", 2, (const char *[]){ all, desktop });
  run (self, "reactions", 1, &desktop);
  run (self, "calendars", 2, (const char *[]){ "4", desktop });
  run (self, "events", 2, (const char *[]){ all, desktop });
  run (self, "notifications", 2, (const char *[]){ G_STRINGIFY (BENCH_NOTIFICATIONS), desktop });
}

static void
fill (Bench *self)
{
  g_autofree char *desktop = NULL;

  run (self, "feeds", 1, (const char *[]){ G_STRINGIFY (BENCH_FEEDS) });
  for (guint i = 0; i < BENCH_PEOPLE; i++) {
    g_autofree char *login = g_strdup_printf ("person%u", i);
    self->people[i] = add_person (self, login);
    follow (self, &self->people[i], 20);
  }
  for (guint i = 0; i < BENCH_PEOPLE; i++)
    meet (self, &self->people[i], &self->people[(i + 1) % BENCH_PEOPLE], BENCH_ROOMS_EACH);
  self->reader = add_person (self, "reader");
  follow (self, &self->reader, BENCH_FEEDS);
  self->desktop = add_person (self, "desktop");
  follow (self, &self->desktop, BENCH_FEEDS);
  meet (self, &self->desktop, &self->people[0], 64);
  desktop = g_strdup_printf ("%" G_GINT64_FORMAT, self->desktop.key);
  run (self, "articles", 1, (const char *[]){ G_STRINGIFY (BENCH_OF_EACH) });
  furnish (self, desktop);
  run (self, "log", 0, NULL);
  run (self, "analyze", 0, NULL);
}

/* As if they had signed in: their number is their session's. */
static char *
sign_in (Bench *self, gint64 person)
{
  guint8 session[TL_SESSION_BYTES] = { 0 };
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, person);
  g_autofree char *uuid =
      g_strdup_printf ("00000000-0000-0000-0000-%012" G_GINT64_MODIFIER "x", person);

  for (guint i = 0; i < sizeof person; i++)
    session[TL_SESSION_BYTES - 1 - i] = (guint8)(person >> (8 * i));
  run (self, "session", 2, (const char *[]){ uuid, key });
  return tl_tokens_make (self->tokens, person, session, TOKEN_SECONDS);
}

/* A person of the database, and a token for them. */
static BenchPerson
know (Bench *self, const char *login)
{
  BenchPerson person = { .key = bench_sql_number (self, "person-key", 1, &login) };
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, person.key);
  PGresult *rooms = bench_sql (self, "rooms-of", 1, (const char *[]){ key });

  for (int i = 0; i < MIN (PQntuples (rooms), BENCH_ROOMS_EACH); i++)
    person.rooms[i] = g_ascii_strtoll (PQgetvalue (rooms, i, 0), NULL, 10);
  PQclear (rooms);
  person.token = sign_in (self, person.key);
  return person;
}

BenchPerson
bench_new_person (Bench *self, const char *login)
{
  add_person (self, login);
  return know (self, login);
}

static void
know_all (Bench *self)
{
  for (guint i = 0; i < BENCH_PEOPLE; i++) {
    g_autofree char *login = g_strdup_printf ("person%u", i);
    self->people[i] = know (self, login);
  }
  self->reader = know (self, "reader");
  self->desktop = know (self, "desktop");
}

/* Made once and kept while it is what today's schema would give: filling takes a minute. */
static void
start_filled (Bench *self)
{
  g_autofree char *kept = bench_kept (self, "server");

  self->server = kept ? tl_test_server_new_copy (kept) : tl_test_server_new ();
  if (kept == NULL)
    tl_test_server_add_user (self->server, "first", "First");
  bench_server_started (self);
  if (kept)
    return;
  bench_forget ();
  fill (self);
  tl_test_server_stop (self->server);
  bench_keep (self, "server", tl_test_server_folder (self->server));
  tl_test_server_start (self->server);
  bench_server_started (self);
}

/* What the server logs goes into the scratch folder, not between our rows. */
static void
start_with_log (Bench *self)
{
  g_autofree char *path = g_build_filename (self->scratch, "server.log", NULL);
  int kept = dup (STDERR_FILENO);
  int log = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

  dup2 (log, STDERR_FILENO);
  start_filled (self);
  dup2 (kept, STDERR_FILENO);
  close (log);
  close (kept);
}

void
bench_need_server (Bench *self)
{
  if (self->server)
    return;
  self->sql = bench_statements ("tests/bench/seed.sql");
  self->scratch = g_dir_make_tmp ("tideline-bench-XXXXXX", NULL);
  g_setenv ("TIDELINE_NEWS_ALLOW_PRIVATE_ADDRESSES", "true", TRUE);
  start_with_log (self);
  know_all (self);
}

void
bench_person_clear (BenchPerson *person)
{
  g_clear_pointer (&person->token, g_free);
}

void
bench_close (Bench *self)
{
  const char *remove[] = { "rm", "-rf", self->scratch, NULL };

  if (self->server == NULL)
    return;
  g_clear_pointer (&self->pg, PQfinish);
  g_clear_pointer (&self->server, tl_test_server_free);
  g_clear_pointer (&self->tokens, tl_tokens_free);
  g_clear_pointer (&self->sql, g_hash_table_unref);
  for (guint i = 0; i < BENCH_PEOPLE; i++)
    bench_person_clear (&self->people[i]);
  bench_person_clear (&self->reader);
  bench_person_clear (&self->desktop);
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_free (self->postgresql);
  g_free (self->redis);
  g_free (self->scratch);
}
