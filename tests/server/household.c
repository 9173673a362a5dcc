/* household.c: the two people that the JMAP tests are about. */
#include "tests/server/household.h"

#include "tests/fixtures/postgres.h"

#include <string.h>

static char *
run_sql (TlPg *pg, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) result = tl_pg_query (pg, NULL, sql, 0, NULL, &error);

  g_assert_no_error (error);
  if (PQntuples (result) == 0 || PQgetisnull (result, 0, 0))
    return NULL;
  return g_strdup (PQgetvalue (result, 0, 0));
}

char *
household_sql (TlPg *pg, const char *format, ...)
{
  va_list args;
  g_autofree char *sql = NULL;

  va_start (args, format);
  sql = g_strdup_vprintf (format, args);
  va_end (args);
  return run_sql (pg, sql);
}

gint64
household_number (TlPg *pg, const char *format, ...)
{
  va_list args;
  g_autofree char *sql = NULL;
  g_autofree char *text = NULL;

  va_start (args, format);
  sql = g_strdup_vprintf (format, args);
  va_end (args);
  text = run_sql (pg, sql);
  return text ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gint64
add_person (Household *self, const char *login)
{
  gint64 private = household_number (self->pg, "INSERT INTO sync.scope (kind) VALUES ('private') "
                                               "RETURNING id");
  gint64 id = household_number (self->pg,
                                "INSERT INTO people.principal (scope, name, login) "
                                "VALUES (%" G_GINT64_FORMAT ", initcap('%s'), '%s') RETURNING id",
                                self->directory, login, login);

  g_free (household_sql (self->pg,
                         "INSERT INTO people.account (id, private_scope, password_hash) "
                         "VALUES (%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", 'x')",
                         id, private));
  household_join (self, id, private);
  household_join (self, id, self->directory);
  household_log (self->pg, self->directory, &tl_principal_type, id, TL_CREATED, NULL);
  return id;
}

Household *
household_new (void)
{
  Household *self = g_new0 (Household, 1);
  g_autoptr (GError) error = NULL;

  self->conninfo = tl_test_database_new ();
  self->pg = tl_pg_new (self->conninfo);
  tl_migrate (self->pg, &error);
  g_assert_no_error (error);
  self->server.config = g_new0 (TlConfig, 1);
  self->server.config->public_url = "http://127.0.0.1:8480";
  self->server.config->max_request = 10 * 1024 * 1024;
  self->server.config->max_upload = 50 * 1024 * 1024;
  self->server.config->max_files = 1000;
  self->server.config->max_octets = 100 * 1024 * 1024;
  self->directory = household_number (
      self->pg, "INSERT INTO sync.scope (kind) VALUES ('directory') RETURNING id");
  self->ada = add_person (self, "ada");
  self->ben = add_person (self, "ben");
  return self;
}

void
household_free (Household *self)
{
  tl_pg_free (self->pg);
  g_free (self->server.config);
  g_free (self->conninfo);
  g_free (self);
}

JsonObject *
household_request (Household *self, gint64 account, const char *calls)
{
  g_autofree char *id = g_strdup_printf ("'t%" G_GINT64_FORMAT "'", account);
  GString *json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_autofree char *using = g_strjoinv ("','", (char **)tl_capabilities);

  g_string_printf (json, "{'using':['%s','%s','%s','%s'],'methodCalls':%s}", TL_CAP_CORE,
                   TL_CAP_BLOB, TL_CAP_QUOTA, using, calls);
  g_string_replace (json, "ACCOUNT", id, 0);
  g_string_replace (json, "'", "\"", 0);
  text = tl_jmap_process (&self->server, self->pg, account, json->str, json->len, &error);
  g_string_free (json, TRUE);
  g_assert_no_error (error);
  node = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_node_dup_object (node);
}

JsonObject *
household_call (Household *self, gint64 account, const char *call, const char **name)
{
  g_autofree char *calls = g_strdup_printf ("[%s]", call);
  g_autoptr (JsonObject) response = household_request (self, account, calls);
  JsonArray *responses = json_object_get_array_member (response, "methodResponses");
  JsonArray *first = json_array_get_array_element (responses, 0);

  g_assert_cmpuint (json_array_get_length (responses), ==, 1);
  if (name)
    *name = g_intern_string (json_array_get_string_element (first, 0));
  return json_object_ref (json_array_get_object_element (first, 1));
}

char *
household_call_text (Household *self, gint64 account, const char *call)
{
  g_autoptr (JsonObject) object = household_call (self, account, call, NULL);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

char *
household_state (Household *self)
{
  g_autoptr (GError) error = NULL;
  char *state = tl_jmap_state (self->pg, &error);

  g_assert_no_error (error);
  return state;
}

gint64
household_feed (Household *self, const char *url, gint64 *feed)
{
  gint64 scope =
      household_number (self->pg, "INSERT INTO sync.scope (kind) VALUES ('feed') RETURNING id");

  *feed = household_number (self->pg,
                            "INSERT INTO news.feed (scope, url) VALUES (%" G_GINT64_FORMAT
                            ", '%s') RETURNING id",
                            scope, url);
  household_log (self->pg, scope, &tl_feed_type, *feed, TL_CREATED, NULL);
  return scope;
}

gint64
household_article (TlPg *pg, gint64 scope, gint64 feed, const char *title)
{
  gint64 id = household_number (
      pg,
      "INSERT INTO news.article (scope, \"feedId\", guid, content_hash, title, \"publishedAt\") "
      "VALUES (%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", gen_random_uuid()::text, '', '%s', "
      "now()) RETURNING id",
      scope, feed, title);

  household_log (pg, scope, &tl_article_type, id, TL_CREATED, NULL);
  return id;
}

void
household_log (TlPg *pg, gint64 scope, const TlType *type, gint64 id, char kind, const char *props)
{
  g_autofree char *quoted = props ? g_strdup_printf ("'%s'", props) : g_strdup ("NULL");

  g_free (household_sql (pg,
                         "SELECT sync.append(ARRAY[%" G_GINT64_FORMAT "]::bigint[], "
                         "ARRAY[%u]::smallint[], ARRAY[%" G_GINT64_FORMAT "]::bigint[], "
                         "ARRAY['%c'], ARRAY[%s]::text[])",
                         scope, type->number, id, kind, quoted));
}

static TlWrite
begin_write (Household *self)
{
  g_autoptr (GError) error = NULL;
  TlWrite write;

  tl_write_begin (&write, &self->server, self->pg, 0, &error);
  g_assert_no_error (error);
  return write;
}

void
household_join (Household *self, gint64 account, gint64 scope)
{
  g_autoptr (GError) error = NULL;
  TlWrite write = begin_write (self);

  tl_write_join (&write, account, scope, "reader", &error);
  g_assert_no_error (error);
  tl_write_commit (&write, &error);
  g_assert_no_error (error);
}

void
household_leave (Household *self, gint64 account, gint64 scope)
{
  g_autoptr (GError) error = NULL;
  TlWrite write = begin_write (self);

  tl_write_leave (&write, account, scope, &error);
  g_assert_no_error (error);
  tl_write_commit (&write, &error);
  g_assert_no_error (error);
}
