/* s3.h: requests to an S3 service, signed with AWS signature version 4 (by libcurl; presigned addresses by us). What
 * fails on the way (no connection, 429, 5xx) is tried again a few times: every request here may be. Any thread. */
#pragma once

#include <gio/gio.h>

typedef struct {
  const char *endpoint; /* "https://s3.eu-central-1.amazonaws.com", "http://127.0.0.1:8500" */
  const char *region;   /* "eu-central-1" */
  const char *access_key, *secret_key;
  gboolean is_path_style; /* ENDPOINT/BUCKET/KEY; else the bucket is a part of the host's name */
} TlS3Account;

typedef struct _TlS3 TlS3;

/* NULL when the endpoint is not an http or https address. */
TlS3 *tl_s3_new (const TlS3Account *account, GError **error);
void tl_s3_free (TlS3 *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlS3, tl_s3_free)

typedef struct {
  const char *method; /* GET, HEAD, PUT, POST, DELETE */
  const char *bucket;
  const char *key;   /* NULL: the bucket itself */
  const char *query; /* NULL for none */
  const char *range; /* "0-99", bytes of the object; NULL: all */
  gconstpointer data;
  gsize size;
  const char *hash; /* SHA-256 of the data in hex, when it is known; NULL: it is computed */
  const char *md5;  /* in base64, for the few requests that want it; or NULL */
  int fd;           /* where the object goes (from its start), -1: into the answer */
} TlS3Call;

#define TL_S3_CALL(...) ((TlS3Call){ .fd = -1, __VA_ARGS__ })

typedef struct {
  GBytes *body; /* at most 1 MB; NULL when it went to a descriptor */
  char *etag;
  guint64 size; /* Content-Length */
} TlS3Answer;

void tl_s3_answer_clear (TlS3Answer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlS3Answer, tl_s3_answer_clear)

/* FALSE for what is not 2xx: G_IO_ERROR_NOT_FOUND (404), PERMISSION_DENIED (403), BUSY (the service does not
 * answer, or not now), FAILED; the sentence has the service's own code and words. `answer` may be NULL. */
gboolean tl_s3_exchange (TlS3 *self, const TlS3Call *call, TlS3Answer *answer, GError **error);

/* The text of the first element `name` of an answer in XML, NULL for none. */
char *tl_s3_element (GBytes *xml, const char *name);

/* An address that gives the object to whoever has it, for `seconds` (at most a week) from `now` on. `query`: more
 * parameters, encoded and in order ("response-content-type=…"), or NULL.
 * (AWS Signature Version 4, "Authenticating Requests: Using Query Parameters") */
char *tl_s3_presign (TlS3 *self, const char *bucket, const char *key, const char *query,
                     GDateTime *now, guint seconds);
