/* set-answer.c: results and refusals of a /set as JSON (RFC 8620, 5.3). */
#include "server/jmap/set.h"

#include <string.h>

static const char *const names[] = {
  [TL_SET_ERROR_FORBIDDEN] = "forbidden",
  [TL_SET_ERROR_INVALID_PROPERTIES] = "invalidProperties",
  [TL_SET_ERROR_NOT_FOUND] = "notFound",
  [TL_SET_ERROR_TOO_LARGE] = "tooLarge",
  [TL_SET_ERROR_OVER_QUOTA] = "overQuota",
  [TL_SET_ERROR_SINGLETON] = "singleton",
  [TL_SET_ERROR_INVALID_PATCH] = "invalidPatch",
  [TL_SET_ERROR_CONFLICT] = "conflict",
  [TL_SET_ERROR_STATE_MISMATCH] = "stateMismatch",
  [TL_SET_ERROR_RATE_LIMIT] = "rateLimit",
};

/* A value that the field table or a constraint of the database doesn't take is invalidProperties. */
gboolean
tl_set_is_refusal (const GError *error)
{
  return error->domain == TL_SET_ERROR ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
         g_error_matches (error, TL_PG_ERROR, TL_PG_ERROR_UNIQUE) ||
         g_error_matches (error, TL_PG_ERROR, TL_PG_ERROR_FOREIGN) ||
         g_error_matches (error, TL_PG_ERROR, TL_PG_ERROR_DATA);
}

void
tl_set_append_refusal (GString *out, const GError *error, const char *current)
{
  TlSetError code = TL_SET_ERROR_INVALID_PROPERTIES;
  const char *description = error->message;
  const char *colon = strstr (error->message, ": ");

  if (error->domain == TL_SET_ERROR)
    code = (TlSetError)error->code;
  if (error->domain == TL_PG_ERROR) {
    description = "A value refers to what is not there, or is there already";
    colon = NULL;
  }
  g_string_append_printf (out, "{\"type\":\"%s\",\"description\":", names[code]);
  tl_json_append_string (out, description);
  if (code == TL_SET_ERROR_INVALID_PROPERTIES && colon) {
    g_autofree char *property = g_strndup (description, (gsize)(colon - description));

    g_string_append (out, ",\"properties\":[");
    tl_json_append_string (out, property);
    g_string_append_c (out, ']');
  }
  if (current)
    g_string_append_printf (out, ",\"current\":%s", current);
  g_string_append_c (out, '}');
}

typedef void (*AppendItem) (GString *out, const TlSetResult *result);

static void
append_value (GString *out, const TlSetResult *result)
{
  tl_json_append_string (out, result->name);
  g_string_append_c (out, ':');
  g_string_append (out, result->json);
}

static void
append_name (GString *out, const TlSetResult *result)
{
  tl_json_append_string (out, result->name);
}

static void
append_error (GString *out, const TlSetResult *result)
{
  tl_json_append_string (out, result->name);
  g_string_append_c (out, ':');
  tl_set_append_refusal (out, result->error, result->current);
}

/* null when there is nothing to say. */
static void
append_some (TlSet *set, GString *out, const char *member, TlChangeKind kind, gboolean refused,
             AppendItem append_item)
{
  gboolean is_list = append_item == append_name;
  gsize start;

  g_string_append_printf (out, ",\"%s\":", member);
  start = out->len;
  g_string_append_c (out, is_list ? '[' : '{');
  for (guint i = 0; i < set->results->len; i++) {
    const TlSetResult *result = set->results->pdata[i];

    if (result->kind != kind || (result->error != NULL) != refused)
      continue;
    tl_json_append_comma (out);
    append_item (out, result);
  }
  if (out->len == start + 1) {
    g_string_truncate (out, start);
    g_string_append (out, "null");
  } else {
    g_string_append_c (out, is_list ? ']' : '}');
  }
}

void
tl_set_append_answer (TlSet *set, GString *out)
{
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"oldState\":\"%s\",\"newState\":\"%s\"",
                          set->call->account_id, set->old_state, set->new_state);
  append_some (set, out, "created", TL_CREATED, FALSE, append_value);
  append_some (set, out, "updated", TL_UPDATED, FALSE, append_value);
  append_some (set, out, "destroyed", TL_DESTROYED, FALSE, append_name);
  append_some (set, out, "notCreated", TL_CREATED, TRUE, append_error);
  append_some (set, out, "notUpdated", TL_UPDATED, TRUE, append_error);
  append_some (set, out, "notDestroyed", TL_DESTROYED, TRUE, append_error);
  g_string_append_c (out, '}');
}
