/* identity.c: known by issuer and subject alone. An e-mail address says nothing of who is here already: whoever runs the
 * provider could take anybody's place by it. */
#include "server/services/oidc/identity.h"

#include "server/services/oauth/jwt.h"
#include "server/services/user/join.h"
#include "server/services/user/people.h"

#include <string.h>

#define SQL "oidc/oidc.sql"

static PGresult *
find (TlPg *pg, const char *issuer, const char *subject, GError **error)
{
  return tl_pg_query (pg, SQL ".person", tl_sql (SQL, "person"), 2,
                      (const char *[]){ issuer, subject }, error);
}

/* Is the confirmed address of one of the domains (commas between)? */
static gboolean
is_of_domains (JsonObject *claims, const char *domains)
{
  JsonNode *verified = json_object_get_member (claims, "email_verified");
  const char *email = tl_jwt_string (claims, "email");
  const char *at = email ? strrchr (email, '@') : NULL;
  g_auto (GStrv) list = g_strsplit (domains, ",", -1);

  if (at == NULL || verified == NULL || json_node_get_value_type (verified) != G_TYPE_BOOLEAN ||
      !json_node_get_boolean (verified))
    return FALSE;
  for (char **domain = list; *domain; domain++)
    if (g_ascii_strcasecmp (g_strstrip (*domain), at + 1) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
may_join (const TlConfig *config, JsonObject *claims)
{
  return config->oidc.joins &&
         (config->oidc.domains == NULL || is_of_domains (claims, config->oidc.domains));
}

/* A login as they are called there, without what no login here has in it. */
static char *
wanted_login (JsonObject *claims)
{
  const char *name = tl_jwt_string (claims, "preferred_username");
  g_autofree char *text = NULL;

  if (name == NULL || *name == '\0')
    name = tl_jwt_string (claims, "email");
  text = g_strndup (name ? name : "", name ? MIN (strcspn (name, "@"), 32) : 0);
  g_strcanon (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", '-');
  return *text ? g_ascii_strdown (text, -1) : g_strdup ("person");
}

/* Within a transaction. */
static gboolean
join (TlPg *pg, const char *issuer, JsonObject *claims, GError **error)
{
  const char *name = tl_jwt_string (claims, "name");
  g_autofree char *login = wanted_login (claims), *number = NULL;
  gint64 account =
      tl_people_join_near (pg, login, name && tl_people_is_name (name) ? name : login, error);

  if (account == 0)
    return FALSE;
  number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  return tl_pg_run (pg, SQL ".link", tl_sql (SQL, "link"), 3,
                    (const char *[]){ issuer, tl_jwt_string (claims, "sub"), number }, error);
}

PGresult *
tl_identity_person (TlPg *pg, const TlConfig *config, JsonObject *claims, GError **error)
{
  const char *issuer = config->oidc.issuer, *subject = tl_jwt_string (claims, "sub");
  g_autoptr (GError) cause = NULL;
  g_autoptr (PGresult) person = find (pg, issuer, subject, error);

  if (person && PQntuples (person) == 0 && may_join (config, claims)) {
    if (tl_pg_begin (pg, &cause) && join (pg, issuer, claims, &cause))
      tl_pg_commit (pg, &cause);
    tl_pg_rollback (pg);
    /* Of two at once one has joined, and the other one is the same. */
    if (cause && !g_error_matches (cause, TL_PG_ERROR, TL_PG_ERROR_UNIQUE)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
    g_clear_pointer (&person, PQclear);
    person = find (pg, issuer, subject, error);
  }
  if (person == NULL || PQntuples (person) == 0 || *PQgetvalue (person, 0, 3) == 't')
    return NULL;
  return g_steal_pointer (&person);
}
