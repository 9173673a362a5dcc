/* export.c: streams a person's archive: objects a page at a time, files a chunk at a time. The objects are read in one
 * transaction; files never change. */
#include "server/services/user/export.h"

#include "server/jmap/type-sql.h"
#include "server/jmap/type.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <unistd.h>

#define SQL "user/export.sql"
#define PAGE "500"
#define CHUNK 65536

typedef struct {
  TlServer *server;
  TlPg *pg;
  char number[24]; /* of the account, as SQL takes it */
  char id[TL_ID_MAX];
  struct archive *archive;
} Export;

/* Which of what one sees is one's own: the property that names oneself. */
static const struct {
  const TlType *type;
  const char *by, *or_by;
} shared[] = {
  { &tl_principal_type, "id", NULL },
  { &tl_message_type, "senderId", NULL },
  { &tl_post_type, "authorId", NULL },
  { &tl_reaction_type, "principalId", NULL },
  { &tl_follow_type, "principalId", "followerId" },
};

static gboolean
fail (Export *self, GError **error)
{
  g_set_error (error, G_IO_ERROR,
               archive_errno (self->archive) > 0
                   ? g_io_error_from_errno (archive_errno (self->archive))
                   : G_IO_ERROR_FAILED,
               "The archive cannot be written: %s", archive_error_string (self->archive));
  return FALSE;
}

/* `size` -1: not known yet. */
static gboolean
begin_entry (Export *self, const char *name, gint64 size, GError **error)
{
  struct archive_entry *entry = archive_entry_new ();
  gboolean begun;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_mtime (entry, g_get_real_time () / G_USEC_PER_SEC, 0);
  if (size >= 0)
    archive_entry_set_size (entry, size);
  begun = archive_write_header (self->archive, entry) == ARCHIVE_OK;
  archive_entry_free (entry);
  return begun || fail (self, error);
}

static gboolean
add_bytes (Export *self, const void *bytes, gsize length, GError **error)
{
  return archive_write_data (self->archive, bytes, length) == (la_ssize_t)length ||
         fail (self, error);
}

static gboolean
add_text (Export *self, const char *text, GError **error)
{
  return add_bytes (self, text, strlen (text), error);
}

static PGresult *
ask (Export *self, const char *statement, GError **error)
{
  g_autofree char *name = g_strconcat ("export.", statement, NULL);
  const char *args[] = { self->number };

  return tl_pg_query (self->pg, name, tl_sql (SQL, statement), 1, args, error);
}

/* --- objects ----------------------------------------------------------------------------------- */

static gboolean
names (JsonObject *object, const char *property, const char *id)
{
  return property &&
         g_strcmp0 (json_object_get_string_member_with_default (object, property, NULL), id) == 0;
}

static gboolean
is_own (Export *self, const TlType *type, const char *text)
{
  g_autoptr (JsonNode) node = NULL;
  guint i = 0;

  while (i < G_N_ELEMENTS (shared) && shared[i].type != type)
    i++;
  if (i == G_N_ELEMENTS (shared))
    return TRUE;
  node = json_from_string (text, NULL);
  return node && (names (json_node_get_object (node), shared[i].by, self->id) ||
                  names (json_node_get_object (node), shared[i].or_by, self->id));
}

/* Each on a line of its own; `count` of those before. */
static gboolean
add_page (Export *self, const TlType *type, PGresult *page, guint *count, GError **error)
{
  for (int i = 0; i < PQntuples (page); i++) {
    const char *text = PQgetvalue (page, i, 1);

    if (!is_own (self, type, text))
      continue;
    if (!add_text (self, *count ? ",\n" : "[\n", error) || !add_text (self, text, error))
      return FALSE;
    ++*count;
  }
  return TRUE;
}

static gboolean
add_type (Export *self, const TlType *type, GError **error)
{
  g_autofree char *name = g_strconcat (type->name, ".json", NULL);
  g_autofree char *below = g_strdup_printf ("%" G_GINT64_FORMAT, G_MAXINT64);
  guint count = 0;
  int found;

  if (!begin_entry (self, name, -1, error))
    return FALSE;
  do {
    const char *args[] = { self->number, below, PAGE };
    g_autoptr (PGresult) page = tl_type_query (self->pg, type, TL_TYPE_PAGE, 3, args, error);

    if (!page || !add_page (self, type, page, &count, error))
      return FALSE;
    found = PQntuples (page);
    if (found > 0)
      g_set_str (&below, PQgetvalue (page, found - 1, 0));
  } while (found > 0);
  return add_text (self, count ? "\n]\n" : "[]\n", error);
}

static gboolean
add_account (Export *self, GError **error)
{
  g_autoptr (PGresult) row = ask (self, "account", error);

  if (row && PQntuples (row) == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no account %s", self->number);
  return row && PQntuples (row) > 0 && begin_entry (self, "account.json", -1, error) &&
         add_text (self, PQgetvalue (row, 0, 0), error);
}

/* --- files ------------------------------------------------------------------------------------- */

static gboolean
list_files (Export *self, PGresult *files, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_array (builder);
  for (int i = 0; i < PQntuples (files); i++) {
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "blobId");
    json_builder_add_string_value (builder, PQgetvalue (files, i, 0));
    json_builder_set_member_name (builder, "size");
    json_builder_add_int_value (builder, g_ascii_strtoll (PQgetvalue (files, i, 1), NULL, 10));
    json_builder_set_member_name (builder, "type");
    json_builder_add_string_value (builder, PQgetvalue (files, i, 2));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return begin_entry (self, "files.json", (gint64)strlen (text), error) &&
         add_text (self, text, error);
}

static gboolean
copy_file (Export *self, int fd, const char *blob, gint64 left, GError **error)
{
  g_autofree char *name = g_strconcat ("files/", blob, NULL);
  g_autofree guint8 *bytes = g_malloc (CHUNK);

  if (!begin_entry (self, name, left, error))
    return FALSE;
  while (left > 0) {
    gssize n = read (fd, bytes, CHUNK);

    if (n <= 0) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The file %s cannot be read to its end",
                   blob);
      return FALSE;
    }
    if (!add_bytes (self, bytes, (gsize)n, error))
      return FALSE;
    left -= n;
  }
  return TRUE;
}

static gboolean
add_files (Export *self, PGresult *files, GError **error)
{
  const TlBlobsClass *store = self->server->blobs->class;

  for (int i = 0; i < PQntuples (files); i++) {
    const char *blob = PQgetvalue (files, i, 0);
    gsize size;
    int fd = store->open (self->server->blobs, blob, &size, error);
    gboolean copied;

    if (fd < 0)
      return FALSE;
    copied = copy_file (self, fd, blob, (gint64)size, error);
    close (fd);
    if (!copied)
      return FALSE;
  }
  return TRUE;
}

/* --- the whole --------------------------------------------------------------------------------- */

/* Gives the list of files. In one transaction. */
static PGresult *
add_objects (Export *self, GError **error)
{
  g_autoptr (PGresult) files = NULL;

  if (!tl_pg_run (self->pg, NULL, tl_sql (SQL, "whole"), 0, NULL, error) ||
      !add_account (self, error))
    return NULL;
  for (guint i = 0; tl_types[i]; i++)
    if (tl_types[i] != &tl_article_type && tl_type_service (tl_types[i]) &&
        !add_type (self, tl_types[i], error))
      return NULL;
  files = ask (self, "files", error);
  return files && list_files (self, files, error) ? g_steal_pointer (&files) : NULL;
}

static gboolean
write_all (Export *self, GError **error)
{
  g_autoptr (PGresult) files = NULL;

  if (!tl_pg_begin (self->pg, error))
    return FALSE;
  files = add_objects (self, error);
  tl_pg_rollback (self->pg); /* it only read */
  return files && add_files (self, files, error);
}

gboolean
tl_export_write (TlServer *server, TlPg *pg, gint64 account, int fd, GError **error)
{
  Export self = { .server = server, .pg = pg, .archive = archive_write_new () };
  gboolean done;

  g_snprintf (self.number, sizeof self.number, "%" G_GINT64_FORMAT, account);
  tl_id_format (account, self.id);
  archive_write_set_format_zip (self.archive);
  done = archive_write_open_fd (self.archive, fd) == ARCHIVE_OK || fail (&self, error);
  done = done && write_all (&self, error);
  done = done && (archive_write_close (self.archive) == ARCHIVE_OK || fail (&self, error));
  archive_write_free (self.archive);
  return done;
}
