/* config.h: the server's one configuration: a key file ([server] [postgresql] [redis] [blobs] …),
 * overridden by TIDELINE_<GROUP>_<KEY> variables, or the stand-alone mode's embedded defaults. */
#pragma once

#include <gio/gio.h>

typedef struct {
  char *listen;      /* "127.0.0.1:8480"; port 0 takes a free one */
  char *public_url;  /* as clients reach it: "http://127.0.0.1:8480" */
  char *proxy;       /* its address, whose X-Forwarded-For is believed; NULL for none */
  char *name;        /* of the installation, shown at sign-in */
  char *postgresql;  /* libpq connection string */
  char *redis;       /* "unix:/path" or "host:port"; "" for none */
  char *blob_store;  /* "folder" or "s3" */
  char *blob_dir;    /* the blobs; with s3: those that were read last */
  gint64 blob_cache; /* bytes of them */
  struct {
    char *endpoint, *region, *bucket, *access_key, *secret_key;
    gboolean is_path_style;
    gboolean is_redirecting; /* clients download from the service itself */
  } s3;
  struct {
    char *url; /* "smtp://host:587", "smtps://host:465"; NULL: no mail leaves */
    char *user, *password;
    char *from;         /* an address */
    gboolean is_plain;  /* without TLS, for a relay on the same machine */
    guint wait_minutes; /* how long what is told may be read on a device before it is mailed */
  } mail;
  struct {
    char *topic; /* NULL: nothing is published */
    char *endpoint, *access_key, *secret_key;
  } sns;
  struct {
    char *issuer; /* NULL: there is no external provider */
    char *name;   /* on the sign-in page */
    char *client_id, *client_secret, *scopes, *algorithm;
    gboolean joins; /* may who is known there join by signing in? */
    char *domains;  /* of whose confirmed addresses alone, commas between; NULL: of any */
  } oidc;
  char *registration;      /* who may join by themselves: "closed" (nobody), "invited", "open" */
  gboolean members_invite; /* may members invite, too? */
  char *secret_file;       /* 32 random bytes that sign access tokens; made when missing */
  guint workers;           /* worker threads */
  guint slow_workers;
  gboolean allow_private_feeds; /* may feeds be fetched from loopback and private addresses? */
  gboolean demo;                /* serve the demo's own feeds under /demo/ */
  char *demo_dir;
  gsize max_request; /* bytes: maxSizeRequest */
  gsize max_upload;  /* bytes: maxSizeUpload */
  gint64 max_files;  /* that a person may have uploaded, */
  gint64 max_octets; /* and their bytes */
  guint grace_hours; /* how long files stay that nothing names */
  char **origins;    /* "FILE:LINE" or a variable: where each option was said, NULL for nowhere */
} TlConfig;

TlConfig *tl_config_new (void); /* the defaults */
/* Unknown groups and keys are refused by name; errors say in which file and line, or variable. */
TlConfig *tl_config_load (const char *path, GError **error);
/* One option as text; `origin` says where it comes from. */
gboolean tl_config_set (TlConfig *self, const char *group, const char *key, const char *text,
                        const char *origin, GError **error);
/* `listen`, `public-url`, `proxy`, `registration`, `[mail]` and `[sns]` alone: all that a stand-alone server is told. */
gboolean tl_config_check_addresses (TlConfig *self, GError **error);
/* Everything that can be checked without connecting: addresses, folders, permissions. */
gboolean tl_config_check (TlConfig *self, GError **error);
/* The options one by one; FALSE after the last. */
gboolean tl_config_option (guint i, const char **group, const char **key);
void tl_config_free (TlConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlConfig, tl_config_free)
