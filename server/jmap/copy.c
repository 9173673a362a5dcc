/* copy.c: Foo/copy (RFC 8620, 5.4). An account is one person and sees itself alone: there is never another
 * one to copy from, and within one account nothing is copied. */
#include "server/jmap/call.h"

gboolean
tl_call_copy (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
              GError **error)
{
  const char *from = NULL;
  JsonObject *create = NULL;

  if (!tl_arg_string (args, "fromAccountId", &from, error) ||
      !tl_arg_object (args, "create", &create, error))
    return FALSE;
  if (from == NULL || create == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“%s” is missing",
                      from ? "create" : "fromAccountId");
  if (g_str_equal (from, call->account_id))
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS,
                      "“fromAccountId” and “accountId” are the same");
  return tl_refuse (error, TL_METHOD_ERROR_FROM_ACCOUNT_NOT_FOUND, "No account “%.40s” here", from);
}
