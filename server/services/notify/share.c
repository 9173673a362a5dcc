/* share.c: the type ShareNotification. It is no type of sync/wire: the client keeps none of it. A person has
 * the last hundred. */
#include "server/services/notify/share.h"

#include "server/jmap/row.h"

#define SQL "notify/notify.sql"

typedef struct {
  TlRecord record;
  gint64 created;
  char *changed_by;
  char *object_type;
  gint64 object_account_id;
  gint64 object_id;
  char *name;
  char *old_rights, *new_rights;
} Share;

static const TlField fields[] = {
  TL_FIELD (Share, created, "created", DATE, TL_SERVER_SET, 0),
  TL_FIELD (Share, changed_by, "changedBy", JSON, TL_SERVER_SET, 4096),
  TL_FIELD (Share, object_type, "objectType", STRING, TL_SERVER_SET, 256),
  TL_FIELD (Share, object_account_id, "objectAccountId", ID, TL_SERVER_SET, 0),
  TL_FIELD (Share, object_id, "objectId", ID, TL_SERVER_SET, 0),
  TL_FIELD (Share, name, "name", STRING, TL_SERVER_SET, 4096),
  TL_FIELD (Share, old_rights, "oldRights", JSON, TL_SERVER_SET | TL_NULLABLE, 256),
  TL_FIELD (Share, new_rights, "newRights", JSON, TL_SERVER_SET | TL_NULLABLE, 256),
};

static const TlType share_type = { .number = 31,
                                   .name = "ShareNotification",
                                   .schema = "notify",
                                   .table = "share_notification",
                                   .capability = TL_CAP_PRINCIPALS,
                                   .flags = TL_TYPE_PRIVATE,
                                   .size = sizeof (Share),
                                   .fields = fields,
                                   .n_fields = G_N_ELEMENTS (fields) };

static void
set_rights (JsonObject *object, const char *name, const char *role)
{
  static const char *const writers[] = { "owner", "moderator", "member", NULL };
  static const char *const sharers[] = { "owner", "moderator", NULL };
  JsonObject *rights;

  if (role == NULL) {
    json_object_set_null_member (object, name);
    return;
  }
  rights = json_object_new ();
  json_object_set_boolean_member (rights, "mayRead", TRUE);
  json_object_set_boolean_member (rights, "mayWrite", tl_hook_is_one_of (role, writers));
  json_object_set_boolean_member (rights, "mayShare", tl_hook_is_one_of (role, sharers));
  json_object_set_object_member (object, name, rights);
}

static void
set_changed_by (JsonObject *object, TlWrite *write, const char *name)
{
  JsonObject *person = json_object_new ();

  json_object_set_string_member (person, "name", name);
  json_object_set_null_member (person, "email");
  tl_hook_set_id (person, "principalId", write->account);
  json_object_set_object_member (object, "changedBy", person);
}

/* Beyond the last hundred. */
static gboolean
forget_old (TlWrite *write, gint64 scope, GError **error)
{
  g_autoptr (PGresult) gone = tl_hook_query (write, SQL, "old-shares", 1, &scope, error);

  for (int i = 0; gone && i < PQntuples (gone); i++)
    tl_write_log (write, scope, &share_type, tl_hook_number (gone, i, 0), TL_DESTROYED, NULL);
  return gone != NULL;
}

gboolean
tl_share_notify (TlWrite *write, gint64 account, const TlType *object_type, gint64 object,
                 const char *name, const char *old_role, const char *new_role, GError **error)
{
  const gint64 people[] = { account, write->account };
  g_autoptr (JsonObject) share = json_object_new ();
  g_autoptr (PGresult) found = NULL;
  g_autoptr (PGresult) row = NULL;
  gint64 scope;

  if (account == write->account || g_strcmp0 (old_role, new_role) == 0)
    return TRUE;
  found = tl_hook_query (write, SQL, "share-between", 2, people, error);
  if (found == NULL || PQntuples (found) == 0)
    return found != NULL;
  scope = tl_hook_number (found, 0, 0);
  set_changed_by (share, write, PQgetvalue (found, 0, 1));
  json_object_set_string_member (share, "objectType", object_type->name);
  tl_hook_set_id (share, "objectAccountId", account);
  tl_hook_set_id (share, "objectId", object);
  json_object_set_string_member (share, "name", name);
  set_rights (share, "oldRights", old_role);
  set_rights (share, "newRights", new_role);
  row = tl_row_insert (write->pg, &share_type, 0, scope, share, 0, error);
  if (row == NULL)
    return FALSE;
  tl_write_log (write, scope, &share_type, tl_hook_number (row, 0, 0), TL_CREATED, NULL);
  return forget_old (write, scope, error);
}

gboolean
tl_share_forget_person (TlWrite *write, gint64 person, GError **error)
{
  g_autoptr (PGresult) gone = tl_hook_query (write, SQL, "shares-by", 1, &person, error);

  for (int i = 0; gone && i < PQntuples (gone); i++)
    tl_write_log (write, tl_hook_number (gone, i, 1), &share_type, tl_hook_number (gone, i, 0),
                  TL_DESTROYED, NULL);
  return gone != NULL;
}

static const char *const words[] = { "objectType", NULL };

const TlTypeService tl_share_notification_service = {
  .type = &share_type,
  .destroy = tl_hook_destroy_own,
  .date = "created",
  .words = words,
};
