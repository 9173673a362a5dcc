/* principal.c: people as others see them. The server makes them; each changes what is said of themselves. */
#include "server/services/user/user.h"

#include "server/services/hooks.h"
#include "server/services/storage/attachments.h"
#include "server/services/user/people.h"

#include <string.h>

static gboolean
check_name (JsonObject *patch, GError **error)
{
  g_autofree char *name = tl_hook_trimmed (patch, "name");

  if (!json_object_has_member (patch, "name"))
    return TRUE;
  if (name == NULL || !tl_people_is_name (name))
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "name: a line of 1 to 200 bytes is wanted");
  json_object_set_string_member (patch, "name", name);
  return TRUE;
}

/* An IANA name ("Europe/Helsinki") that this machine knows too. */
static gboolean
check_time_zone (JsonObject *patch, GError **error)
{
  const char *name = tl_hook_string (patch, "timeZone");
  g_autoptr (GTimeZone) zone = NULL;

  if (name == NULL)
    return TRUE;
  if (g_ascii_isalpha (name[0]) && !strstr (name, ".."))
    zone = g_time_zone_new_identifier (name);
  return zone != NULL || tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                                         "timeZone: a name such as “Europe/Helsinki” is wanted");
}

static gboolean
show_avatar (TlWrite *write, gint64 id, gint64 scope, JsonObject *patch, GError **error)
{
  gboolean is_own;

  if (!json_object_has_member (patch, "avatarBlobId"))
    return TRUE;
  tl_attachments_resolve (write, patch, "avatarBlobId");
  return tl_attachments_show_own (write, tl_hook_string (patch, "avatarBlobId"), scope, id, &is_own,
                                  error) &&
         (is_own || tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                                    "avatarBlobId: an image that you uploaded is wanted"));
}

static gboolean
update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
        GError **error)
{
  if (id != write->account)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                           "People change what is said of themselves");
  return check_name (patch, error) && check_time_zone (patch, error) &&
         show_avatar (write, id, scope, patch, error);
}

static const char *const words[] = { "type", "timeZone", "login", NULL };
static const char *const parts[] = { "name", NULL };

const TlTypeService tl_principal_service = {
  .type = &tl_principal_type,
  .words = words,
  .parts = parts,
  .update = update,
  .text = "name",
};
