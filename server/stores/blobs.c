/* blobs.c: the names of blobs, and the store that is configured. */
#include "server/stores/blobs.h"

#include <string.h>

#define ID_LENGTH 65

char *
tl_blob_id (GBytes *bytes)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  return g_strconcat ("b", hash, NULL);
}

gboolean
tl_blob_is_id (const char *id)
{
  return id[0] == 'b' && strspn (id + 1, "0123456789abcdef") == ID_LENGTH - 1 && !id[ID_LENGTH];
}

TlS3Account
tl_s3_account (const TlConfig *config)
{
  return (TlS3Account){ config->s3.endpoint, config->s3.region, config->s3.access_key,
                        config->s3.secret_key, config->s3.is_path_style };
}

static gboolean
is_s3 (const TlConfig *config)
{
  return g_str_equal (config->blob_store, "s3");
}

const char *
tl_blobs_name (const TlConfig *config)
{
  return is_s3 (config) ? config->s3.bucket : config->blob_dir;
}

TlBlobs *
tl_blobs_open (const TlConfig *config, GError **error)
{
  TlS3Account account = tl_s3_account (config);

  return is_s3 (config)
             ? tl_blobs_s3_new (&account, config->s3.bucket, config->blob_dir,
                                (guint64)config->blob_cache, config->s3.is_redirecting, error)
             : tl_blobs_dir_new (config->blob_dir, error);
}
