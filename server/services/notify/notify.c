/* notify.c: the types Notification (made by other services' hooks, read by its owner) and InboxMark. */
#include "server/services/notify/notify.h"

#include "server/jmap/row.h"
#include "server/services/notify/delivery.h"

#define SQL "notify/notify.sql"
#define PREVIEW_LETTERS 200

static char *
first_letters (const char *text)
{
  g_autofree char *start = g_utf8_strlen (text, -1) > PREVIEW_LETTERS
                               ? g_utf8_substring (text, 0, PREVIEW_LETTERS)
                               : g_strdup (text);

  return g_strdelimit (g_steal_pointer (&start), "\r\n\t", ' ');
}

static gboolean
is_silenced (TlWrite *write, gint64 scope, gint64 actor, const char *text, gboolean *is,
             GError **error)
{
  g_autofree char *where = g_strdup_printf ("%" G_GINT64_FORMAT, scope);
  g_autofree char *who = g_strdup_printf ("%" G_GINT64_FORMAT, actor);
  const char *args[] = { where, who, text };
  g_autoptr (PGresult) found = tl_pg_query (
      write->pg, SQL ".is-silenced", tl_sql (SQL, "is-silenced"), G_N_ELEMENTS (args), args, error);

  *is = found && *PQgetvalue (found, 0, 0) == 't';
  return found != NULL;
}

gboolean
tl_notify (TlWrite *write, gint64 account, const char *kind, const TlType *subject_type,
           gint64 subject, gint64 actor, const char *preview, GError **error)
{
  g_autoptr (PGresult) found = NULL;
  g_autoptr (PGresult) row = NULL;
  g_autoptr (JsonObject) object = json_object_new ();
  gboolean is_read;
  gint64 scope;

  if (account == actor)
    return TRUE;
  found = tl_hook_query (write, SQL, "private-scope", 1, &account, error);
  if (found == NULL)
    return FALSE;
  if (PQntuples (found) == 0)
    return TRUE;
  scope = tl_hook_number (found, 0, 0);
  if (!is_silenced (write, scope, actor, preview, &is_read, error))
    return FALSE;
  json_object_set_string_member (object, "kind", kind);
  tl_hook_set_id (object, "subjectId", subject);
  json_object_set_string_member (object, "subjectType", subject_type->name);
  tl_hook_set_id (object, "actorId", actor);
  if (preview) {
    g_autofree char *line = first_letters (preview);
    json_object_set_string_member (object, "preview", line);
  }
  if (is_read)
    json_object_set_boolean_member (object, "isRead", TRUE);
  row = tl_row_insert (write->pg, &tl_notification_type, 0, scope, object, 0, error);
  if (row == NULL)
    return FALSE;
  tl_write_log (write, scope, &tl_notification_type, tl_hook_number (row, 0, 0), TL_CREATED, NULL);
  return is_read || tl_delivery_add (write, scope, kind, tl_hook_number (row, 0, 0), error);
}

/* Takes `gone`; NULL: the statement failed. */
static gboolean
log_gone (TlWrite *write, PGresult *rows)
{
  g_autoptr (PGresult) gone = rows;

  for (int i = 0; gone && i < PQntuples (gone); i++)
    tl_write_log (write, tl_hook_number (gone, i, 1),
                  tl_type_by_number ((guint)tl_hook_number (gone, i, 2)),
                  tl_hook_number (gone, i, 0), TL_DESTROYED, NULL);
  return gone != NULL;
}

gboolean
tl_notify_withdraw (TlWrite *write, gint64 account, const char *kind, gint64 subject, gint64 actor,
                    const char *preview, GError **error)
{
  g_autofree char *owner = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  g_autofree char *about = g_strdup_printf ("%" G_GINT64_FORMAT, subject);
  g_autofree char *who = g_strdup_printf ("%" G_GINT64_FORMAT, actor);
  const char *args[] = { owner, kind, about, who, preview };

  return log_gone (write, tl_pg_query (write->pg, SQL ".taken-back", tl_sql (SQL, "taken-back"),
                                       G_N_ELEMENTS (args), args, error));
}

gboolean
tl_notify_forget (TlWrite *write, gint64 subject, GError **error)
{
  return log_gone (write, tl_hook_query (write, SQL, "about", 1, &subject, error));
}

gboolean
tl_notify_forget_person (TlWrite *write, gint64 person, GError **error)
{
  return log_gone (write, tl_hook_query (write, SQL, "about-person", 1, &person, error));
}

gboolean
tl_notify_forget_room (TlWrite *write, gint64 scope, GError **error)
{
  return log_gone (write, tl_hook_query (write, SQL, "about-room", 1, &scope, error));
}

gboolean
tl_notify_forget_lost (TlWrite *write, gint64 account, gint64 scope, GError **error)
{
  const gint64 args[] = { account, scope };

  return log_gone (write, tl_hook_query (write, SQL, "about-lost", 2, args, error));
}

const TlTypeService tl_notification_service = {
  .type = &tl_notification_type,
  .update = tl_hook_update_own,
  .destroy = tl_hook_destroy_own,
  .date = "createdAt",
};

const TlTypeService tl_inbox_mark_service = {
  .type = &tl_inbox_mark_type,
  .create = tl_hook_create_own,
  .update = tl_hook_update_own,
  .destroy = tl_hook_destroy_own,
};
