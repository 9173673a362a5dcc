/* config.c: every option is one row of a table: where it stands in the file and in the struct. Each
 * remembers where it was said, so that what is wrong with it is found there. */
#include "server/edge/config.h"

#include "server/edge/config-lines.h"
#include "server/stores/smtp.h"
#include "server/stores/sns.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_AMOUNT G_GUINT64_CONSTANT (1000000000000000)

typedef enum { STRING, NUMBER, SIZE, AMOUNT, BOOL } Kind;

static const struct {
  const char *group, *key;
  Kind kind;
  gsize offset;
} options[] = {
#define OPTION(group, key, kind, member) { group, key, kind, G_STRUCT_OFFSET (TlConfig, member) }
  OPTION ("server", "listen", STRING, listen),
  OPTION ("server", "public-url", STRING, public_url),
  OPTION ("server", "proxy", STRING, proxy),
  OPTION ("server", "name", STRING, name),
  OPTION ("server", "secret-file", STRING, secret_file),
  OPTION ("server", "workers", NUMBER, workers),
  OPTION ("server", "slow-workers", NUMBER, slow_workers),
  OPTION ("server", "max-request", SIZE, max_request),
  OPTION ("server", "max-upload", SIZE, max_upload),
  OPTION ("postgresql", "connection", STRING, postgresql),
  OPTION ("redis", "address", STRING, redis),
  OPTION ("blobs", "store", STRING, blob_store),
  OPTION ("blobs", "folder", STRING, blob_dir),
  OPTION ("blobs", "cache-bytes", AMOUNT, blob_cache),
  OPTION ("blobs", "files-per-person", AMOUNT, max_files),
  OPTION ("blobs", "bytes-per-person", AMOUNT, max_octets),
  OPTION ("blobs", "grace-hours", NUMBER, grace_hours),
  OPTION ("s3", "endpoint", STRING, s3.endpoint),
  OPTION ("s3", "region", STRING, s3.region),
  OPTION ("s3", "bucket", STRING, s3.bucket),
  OPTION ("s3", "access-key", STRING, s3.access_key),
  OPTION ("s3", "secret-key", STRING, s3.secret_key),
  OPTION ("s3", "path-style", BOOL, s3.is_path_style),
  OPTION ("s3", "redirect", BOOL, s3.is_redirecting),
  OPTION ("mail", "url", STRING, mail.url),
  OPTION ("mail", "user", STRING, mail.user),
  OPTION ("mail", "password", STRING, mail.password),
  OPTION ("mail", "from", STRING, mail.from),
  OPTION ("mail", "plain", BOOL, mail.is_plain),
  OPTION ("mail", "wait-minutes", NUMBER, mail.wait_minutes),
  OPTION ("sns", "topic", STRING, sns.topic),
  OPTION ("sns", "endpoint", STRING, sns.endpoint),
  OPTION ("sns", "access-key", STRING, sns.access_key),
  OPTION ("sns", "secret-key", STRING, sns.secret_key),
  OPTION ("oidc", "issuer", STRING, oidc.issuer),
  OPTION ("oidc", "name", STRING, oidc.name),
  OPTION ("oidc", "client-id", STRING, oidc.client_id),
  OPTION ("oidc", "client-secret", STRING, oidc.client_secret),
  OPTION ("oidc", "scopes", STRING, oidc.scopes),
  OPTION ("oidc", "algorithm", STRING, oidc.algorithm),
  OPTION ("oidc", "joins", BOOL, oidc.joins),
  OPTION ("oidc", "domains", STRING, oidc.domains),
  OPTION ("people", "registration", STRING, registration),
  OPTION ("people", "members-invite", BOOL, members_invite),
  OPTION ("news", "allow-private-addresses", BOOL, allow_private_feeds),
  OPTION ("demo", "enabled", BOOL, demo),
  OPTION ("demo", "folder", STRING, demo_dir),
#undef OPTION
};

TlConfig *
tl_config_new (void)
{
  TlConfig *self = g_new0 (TlConfig, 1);

  self->listen = g_strdup ("127.0.0.1:8480");
  self->name = g_strdup ("Tideline");
  self->redis = g_strdup ("");
  self->blob_store = g_strdup ("folder");
  self->blob_cache = G_GINT64_CONSTANT (1000) * 1000 * 1000;
  self->s3.region = g_strdup ("us-east-1");
  self->mail.wait_minutes = 5;
  self->oidc.scopes = g_strdup ("openid profile email");
  self->oidc.algorithm = g_strdup ("RS256");
  self->registration = g_strdup ("invited");
  self->workers = 8;
  self->slow_workers = 4;
  self->max_request = 10 * 1000 * 1000;
  self->max_upload = 50 * 1000 * 1000;
  self->max_files = 100000;
  self->grace_hours = 24;
  self->max_octets = G_GINT64_CONSTANT (10) * 1000 * 1000 * 1000;
  self->origins = g_new0 (char *, G_N_ELEMENTS (options));
  return self;
}

void
tl_config_free (TlConfig *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].kind == STRING)
      g_free (G_STRUCT_MEMBER (char *, self, options[i].offset));
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    g_free (self->origins[i]);
  g_free (self->origins);
  g_free (self);
}

static gint
find_option (const char *group, const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_equal (options[i].group, group) && g_str_equal (options[i].key, key))
      return (gint)i;
  return -1;
}

static gboolean refuse (TlConfig *self, const char *group, const char *key, GError **error,
                        const char *why, ...) G_GNUC_PRINTF (5, 6);

/* "tidelined.conf:12: [server] listen: why" */
static gboolean
refuse (TlConfig *self, const char *group, const char *key, GError **error, const char *why, ...)
{
  const char *origin = self->origins[find_option (group, key)];
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, why);
  sentence = g_strdup_vprintf (why, args);
  va_end (args);
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "%s%s[%s] %s: %s",
               origin ? origin : "", origin ? ": " : "", group, key, sentence);
  return FALSE;
}

static gboolean
set_option (TlConfig *self, guint i, const char *text, GError **error)
{
  guint64 number = 0;

  switch (options[i].kind) {
  case STRING:
    g_set_str (&G_STRUCT_MEMBER (char *, self, options[i].offset), text);
    return TRUE;
  case BOOL:
    if (!g_str_equal (text, "true") && !g_str_equal (text, "false"))
      return refuse (self, options[i].group, options[i].key, error, "is neither true nor false");
    G_STRUCT_MEMBER (gboolean, self, options[i].offset) = g_str_equal (text, "true");
    return TRUE;
  case NUMBER:
    if (!g_ascii_string_to_unsigned (text, 10, 1, 1024, &number, NULL))
      return refuse (self, options[i].group, options[i].key, error,
                     "is not a number from 1 to 1024");
    G_STRUCT_MEMBER (guint, self, options[i].offset) = (guint)number;
    return TRUE;
  case SIZE:
    if (!g_ascii_string_to_unsigned (text, 10, 1024, G_MAXINT32, &number, NULL))
      return refuse (self, options[i].group, options[i].key, error,
                     "is not a number of bytes from 1024 to 2147483647");
    G_STRUCT_MEMBER (gsize, self, options[i].offset) = (gsize)number;
    return TRUE;
  case AMOUNT:
    if (!g_ascii_string_to_unsigned (text, 10, 1, MAX_AMOUNT, &number, NULL))
      return refuse (self, options[i].group, options[i].key, error,
                     "is not a number from 1 to 1000000000000000");
    G_STRUCT_MEMBER (gint64, self, options[i].offset) = (gint64)number;
    return TRUE;
  }
  return FALSE;
}

/* TIDELINE_<GROUP>_<KEY>, or the content of the file that …_FILE names. */
static gboolean
set_from_environment (TlConfig *self, guint i, GError **error)
{
  g_autofree char *plain = g_strdup_printf ("TIDELINE_%s_%s", options[i].group, options[i].key);
  g_autofree char *name = g_ascii_strup (g_strdelimit (plain, "-", '_'), -1);
  g_autofree char *file_name = g_strconcat (name, "_FILE", NULL);
  const char *path = g_getenv (file_name);
  g_autofree char *text = g_strdup (g_getenv (name));

  if (text && path)
    return refuse (self, options[i].group, options[i].key, error, "both %s and %s are set", name,
                   file_name);
  if (path && !g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  g_set_str (&self->origins[i], path ? file_name : name);
  return set_option (self, i, g_strchomp (text), error);
}

static gboolean
has_group (const char *group)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_equal (options[i].group, group))
      return TRUE;
  return FALSE;
}

gboolean
tl_config_option (guint i, const char **group, const char **key)
{
  if (i >= G_N_ELEMENTS (options))
    return FALSE;
  *group = options[i].group;
  *key = options[i].key;
  return TRUE;
}

gboolean
tl_config_set (TlConfig *self, const char *group, const char *key, const char *text,
               const char *origin, GError **error)
{
  guint i = (guint)find_option (group, key);

  g_set_str (&self->origins[i], origin);
  return set_option (self, i, text, error);
}

static gboolean
refuse_name (GError **error, const char *path, const char *text, const char *group, const char *key)
{
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
               "%s:%u: [%s]%s%s: there is no such %s", path, tl_config_line (text, group, key),
               group, key ? " " : "", key ? key : "", key ? "option" : "group");
  return FALSE;
}

static gboolean
set_group (TlConfig *self, GKeyFile *file, const char *path, const char *text, const char *group,
           GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint k = 0; keys && keys[k]; k++) {
    g_autofree char *origin = NULL;
    g_autofree char *value = NULL;

    if (find_option (group, keys[k]) < 0)
      return refuse_name (error, path, text, group, keys[k]);
    origin = g_strdup_printf ("%s:%u", path, tl_config_line (text, group, keys[k]));
    value = g_key_file_get_string (file, group, keys[k], error);
    if (value == NULL)
      g_prefix_error (error, "%s: ", origin);
    if (value == NULL || !tl_config_set (self, group, keys[k], value, origin, error))
      return FALSE;
  }
  return TRUE;
}

static GKeyFile *
parse_file (const char *path, const char *text, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  guint line = tl_config_broken_line (text);

  if (g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, error))
    return g_steal_pointer (&file);
  if (line)
    g_prefix_error (error, "%s:%u: ", path, line);
  else
    g_prefix_error (error, "%s: ", path);
  return NULL;
}

static gboolean
set_from_file (TlConfig *self, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GKeyFile) file = NULL;
  g_auto (GStrv) groups = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  file = parse_file (path, text, error);
  if (file == NULL)
    return FALSE;
  groups = g_key_file_get_groups (file, NULL);
  for (guint g = 0; groups[g]; g++)
    if (!has_group (groups[g]))
      return refuse_name (error, path, text, groups[g], NULL);
    else if (!set_group (self, file, path, text, groups[g], error))
      return FALSE;
  return TRUE;
}

TlConfig *
tl_config_load (const char *path, GError **error)
{
  g_autoptr (TlConfig) self = tl_config_new ();

  if (path && !set_from_file (self, path, error))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (!set_from_environment (self, i, error))
      return NULL;
  return g_steal_pointer (&self);
}

static gboolean
is_address (const char *address)
{
  g_autoptr (GSocketConnectable) connectable = g_network_address_parse (address, 8480, NULL);
  const char *colon = strrchr (address, ':');
  guint64 port;

  return connectable && colon > address &&
         g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &port, NULL) &&
         (address[0] == '[' || strchr (address, ':') == colon);
}

static gboolean
check_registration (TlConfig *self, GError **error)
{
  static const char *const words[] = { "closed", "invited", "open", NULL };

  return g_strv_contains (words, self->registration) ||
         refuse (self, "people", "registration", error, "“%s” is not closed, invited or open",
                 self->registration);
}

static gboolean
check_mail (TlConfig *self, GError **error)
{
  if (self->mail.url == NULL)
    return TRUE;
  if (!g_str_has_prefix (self->mail.url, "smtp://") &&
      !g_str_has_prefix (self->mail.url, "smtps://"))
    return refuse (self, "mail", "url", error,
                   "“%s” is not one such as smtp://mail.example.org:587", self->mail.url);
  if (self->mail.from == NULL)
    return refuse (self, "mail", "from", error, "is missing");
  return tl_smtp_is_address (self->mail.from) ||
         refuse (self, "mail", "from", error, "“%s” is not an address such as news@example.org",
                 self->mail.from);
}

static gboolean
check_sns (TlConfig *self, GError **error)
{
  if (self->sns.topic == NULL)
    return TRUE;
  if (!tl_sns_is_topic (self->sns.topic))
    return refuse (self, "sns", "topic", error,
                   "“%s” is not one such as arn:aws:sns:eu-central-1:123456789012:tideline",
                   self->sns.topic);
  if (self->sns.access_key == NULL)
    return refuse (self, "sns", "access-key", error, "is missing");
  return self->sns.secret_key || refuse (self, "sns", "secret-key", error, "is missing");
}

static gboolean
check_oidc (TlConfig *self, GError **error)
{
  static const char *const algorithms[] = { "RS256", "ES256", "EdDSA", NULL };
  const char *issuer = self->oidc.issuer;

  if (issuer == NULL)
    return TRUE;
  if (!g_str_has_prefix (issuer, "https://") && !g_str_has_prefix (issuer, "http://127.0.0.1") &&
      !g_str_has_prefix (issuer, "http://[::1]"))
    return refuse (self, "oidc", "issuer", error,
                   "“%s” is not one such as https://id.example.org (http is for this machine "
                   "alone)",
                   issuer);
  if (self->oidc.client_id == NULL)
    return refuse (self, "oidc", "client-id", error, "is missing");
  return g_strv_contains (algorithms, self->oidc.algorithm) ||
         refuse (self, "oidc", "algorithm", error, "“%s” is not RS256, ES256 or EdDSA",
                 self->oidc.algorithm);
}

gboolean
tl_config_check_addresses (TlConfig *self, GError **error)
{
  if (!is_address (self->listen))
    return refuse (self, "server", "listen", error,
                   "“%s” is not an address and a port, as in 127.0.0.1:8480", self->listen);
  if (self->public_url && !g_str_has_prefix (self->public_url, "http://") &&
      !g_str_has_prefix (self->public_url, "https://"))
    return refuse (self, "server", "public-url", error,
                   "“%s” is not one such as https://example.org", self->public_url);
  if (self->proxy && !g_hostname_is_ip_address (self->proxy))
    return refuse (self, "server", "proxy", error, "“%s” is not a numeric address", self->proxy);
  return check_registration (self, error) && check_mail (self, error) && check_sns (self, error) &&
         check_oidc (self, error);
}

static gboolean
check_secret (TlConfig *self, GError **error)
{
  g_autofree char *folder = self->secret_file ? g_path_get_dirname (self->secret_file) : NULL;

  if (self->secret_file == NULL)
    return refuse (self, "server", "secret-file", error, "is missing");
  if (g_file_test (self->secret_file, G_FILE_TEST_EXISTS) ? g_access (self->secret_file, R_OK) != 0
                                                          : g_access (folder, W_OK | X_OK) != 0)
    return refuse (self, "server", "secret-file", error, "%s cannot be read, or not be made",
                   self->secret_file);
  return TRUE;
}

static gboolean
check_s3 (TlConfig *self, GError **error)
{
  const struct {
    const char *key, *value;
  } needed[] = {
    { "endpoint", self->s3.endpoint },
    { "bucket", self->s3.bucket },
    { "access-key", self->s3.access_key },
    { "secret-key", self->s3.secret_key },
  };

  if (g_str_equal (self->blob_store, "folder"))
    return TRUE;
  if (!g_str_equal (self->blob_store, "s3"))
    return refuse (self, "blobs", "store", error, "“%s” is neither folder nor s3",
                   self->blob_store);
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (needed[i].value == NULL)
      return refuse (self, "s3", needed[i].key, error, "is missing");
  return TRUE;
}

gboolean
tl_config_check (TlConfig *self, GError **error)
{
  if (!tl_config_check_addresses (self, error) || !check_secret (self, error))
    return FALSE;
  if (self->postgresql == NULL)
    return refuse (self, "postgresql", "connection", error, "is missing");
  if (self->blob_dir == NULL)
    return refuse (self, "blobs", "folder", error, "is missing");
  if (!g_file_test (self->blob_dir, G_FILE_TEST_IS_DIR))
    return refuse (self, "blobs", "folder", error, "%s is not a folder", self->blob_dir);
  if (g_access (self->blob_dir, R_OK | W_OK | X_OK) != 0)
    return refuse (self, "blobs", "folder", error, "%s cannot be written to", self->blob_dir);
  if (!check_s3 (self, error))
    return FALSE;
  if (self->demo && self->demo_dir == NULL)
    return refuse (self, "demo", "folder", error, "is missing");
  return TRUE;
}
