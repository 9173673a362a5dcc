/* storage.c: `storage init` makes the bucket and its rules; `storage move` copies all blobs between the folder and the
 * bucket, as often as one likes: what is there is not copied again; `storage collect` removes what nothing names. */
#include "server/ctl/archive.h"
#include "server/services/storage/collect.h"

#include <stdio.h>
#include <string.h>

/* What an upload that broke off left is removed after a day. */
#define LIFECYCLE                                                                                  \
  "<LifecycleConfiguration><Rule><ID>tideline-abandoned-uploads</ID><Status>Enabled</Status>"      \
  "<Filter><Prefix></Prefix></Filter><AbortIncompleteMultipartUpload>"                             \
  "<DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"           \
  "</LifecycleConfiguration>"
#define CORS                                                                                       \
  "<CORSConfiguration><CORSRule><AllowedOrigin>%s</AllowedOrigin><AllowedMethod>GET"               \
  "</AllowedMethod><AllowedMethod>HEAD</AllowedMethod><MaxAgeSeconds>3600</MaxAgeSeconds>"         \
  "</CORSRule></CORSConfiguration>"

static gboolean
check_account (TlCtl *ctl, GError **error)
{
  const TlConfig *config = ctl->config;

  if (config->s3.endpoint && config->s3.bucket && config->s3.access_key && config->s3.secret_key)
    return TRUE;
  g_set_error_literal (
      error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      "the group [s3] of the configuration says no endpoint, bucket, access-key or "
      "secret-key");
  return FALSE;
}

static gboolean
set_rule (TlS3 *s3, const char *bucket, const char *query, const char *xml, GError **error)
{
  guint8 digest[16];
  gsize size = sizeof digest;
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree char *md5 = NULL;

  g_checksum_update (checksum, (const guint8 *)xml, -1);
  g_checksum_get_digest (checksum, digest, &size);
  g_checksum_free (checksum);
  md5 = g_base64_encode (digest, size);
  return tl_s3_exchange (s3,
                         &TL_S3_CALL (.method = "PUT", .bucket = bucket, .query = query,
                                      .data = xml, .size = strlen (xml), .md5 = md5),
                         NULL, error);
}

static gboolean
make_bucket (TlS3 *s3, const char *bucket, GError **error)
{
  return tl_s3_exchange (s3, &TL_S3_CALL (.method = "HEAD", .bucket = bucket), NULL, NULL) ||
         tl_s3_exchange (s3, &TL_S3_CALL (.method = "PUT", .bucket = bucket), NULL, error);
}

static gboolean
run_init (TlCtl *ctl, char **arguments, GError **error)
{
  g_autofree char *cors = NULL;
  TlS3Account account;
  g_autoptr (TlS3) s3 = NULL;
  const char *bucket, *origin;

  if (!tl_ctl_open (ctl, error) || !check_account (ctl, error))
    return FALSE;
  account = tl_s3_account (ctl->config);
  bucket = ctl->config->s3.bucket;
  origin = ctl->config->public_url ? ctl->config->public_url : "http://127.0.0.1";
  cors = g_markup_printf_escaped (CORS, origin);
  s3 = tl_s3_new (&account, error);
  if (s3 == NULL || !make_bucket (s3, bucket, error) ||
      !set_rule (s3, bucket, "lifecycle=", LIFECYCLE, error) ||
      !set_rule (s3, bucket, "cors=", cors, error))
    return FALSE;
  printf ("The bucket “%s” at %s is ready.\n", bucket, ctl->config->s3.endpoint);
  return TRUE;
}

const TlCommand tl_command_storage_init = {
  "storage init", "", "Make the bucket of [s3] and set its rules", NULL, 0, run_init,
};

static gboolean
run_move (TlCtl *ctl, char **arguments, GError **error)
{
  gboolean is_to_s3 = g_str_equal (arguments[0], "s3");
  TlBlobs *folder, *bucket;
  TlS3Account account;
  int count = 0;

  if (!is_to_s3 && !g_str_equal (arguments[0], "folder")) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is neither s3 nor folder",
                 arguments[0]);
    return FALSE;
  }
  if (!tl_ctl_open (ctl, error) || !check_account (ctl, error) ||
      !tl_archive_hold_bytes (ctl->pg, error))
    return FALSE;
  account = tl_s3_account (ctl->config);
  folder = tl_blobs_dir_new (ctl->config->blob_dir, error);
  bucket = folder ? tl_blobs_s3_new (&account, ctl->config->s3.bucket, ctl->config->blob_dir, 0,
                                     FALSE, error)
                  : NULL;
  if (!tl_archive_copy_blobs (ctl->pg, is_to_s3 ? folder : bucket, is_to_s3 ? bucket : folder,
                              is_to_s3 ? ctl->config->s3.bucket : ctl->config->blob_dir, &count,
                              error))
    return FALSE;
  printf ("Files that are in the %s now: %d. To use it: [blobs] store = %s\n",
          is_to_s3 ? "bucket" : "folder", count, is_to_s3 ? "s3" : "folder");
  return TRUE;
}

const TlCommand tl_command_storage_move = {
  "storage move", "s3|folder", "Copy all files to the other store, compared; may be repeated",
  NULL,           1,           run_move,
};

/* --- collect ------------------------------------------------------------------------------------- */

#define BATCH 1000

static gboolean is_dry;

static const GOptionEntry collect_options[] = {
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &is_dry, "Only say how many there are", NULL },
  G_OPTION_ENTRY_NULL,
};

static gboolean
collect (TlCtl *ctl, TlCollected *all, GError **error)
{
  TlBlobs *blobs = tl_blobs_open (ctl->config, error);
  TlCollected some = { .files = BATCH };
  gboolean done = blobs != NULL;

  while (done && some.files == BATCH) {
    done = tl_collect_rows (ctl->pg, ctl->config->grace_hours, BATCH, &some, error);
    all->files += some.files;
    all->octets += some.octets;
  }
  done = done && tl_collect_bytes (ctl->pg, blobs, error);
  if (blobs)
    blobs->class->free (blobs);
  return done;
}

static gboolean
run_collect (TlCtl *ctl, char **arguments, GError **error)
{
  TlCollected found = { 0 };
  g_autofree char *size = NULL;

  if (!tl_ctl_open (ctl, error) ||
      !(is_dry ? tl_collect_count (ctl->pg, ctl->config->grace_hours, &found, error)
               : collect (ctl, &found, error)))
    return FALSE;
  size = g_format_size ((guint64)found.octets);
  printf (is_dry ? "Files that nothing named for %u hours: %" G_GINT64_FORMAT ", %s\n"
                 : "Removed that nothing named for %u hours: %" G_GINT64_FORMAT ", %s\n",
          ctl->config->grace_hours, found.files, size);
  return TRUE;
}

const TlCommand tl_command_storage_collect = {
  "storage collect", "", "Remove files that nothing names", collect_options, 0, run_collect,
};
