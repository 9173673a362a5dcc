/* event.c: the types CalendarEvent and EventMark. An event is checked as a whole after every change, and its span is
 * kept beside it for queries. Who only reads a calendar may still answer for themselves. */
#include "server/services/calendar/calendar.h"

#include "server/services/notify/notify.h"
#include "server/services/storage/attachments.h"
#include "sync/wire/ical.h"
#include "sync/wire/recurrence.h"

#include <string.h>

#define SQL "calendar/calendar.sql"
#define MOST_PARTICIPANTS 500

static const char *const statuses[] = { "confirmed", "tentative", "cancelled", NULL };
static const char *const busy_statuses[] = { "busy", "free", NULL };
static const char *const answers[] = { "needs-action", "accepted",  "declined",
                                       "tentative",    "delegated", NULL };

/* --- checking ------------------------------------------------------------------------------------ */

static JsonObject *
object_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
check_participants (JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "participants");
  JsonObject *participants = object_member (object, "participants");
  JsonObjectIter iter;
  const char *id;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (participants == NULL || json_object_get_size (participants) > MOST_PARTICIPANTS)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "participants: an object of at most 500 people is wanted");
  json_object_iter_init (&iter, participants);
  while (json_object_iter_next (&iter, &id, &node)) {
    const char *answer =
        JSON_NODE_HOLDS_OBJECT (node)
            ? json_object_get_string_member_with_default (json_node_get_object (node),
                                                          "participationStatus", "needs-action")
            : NULL;

    if (!tl_hook_is_one_of (answer, answers))
      return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                             "participants: each is an object with a known participationStatus");
  }
  return TRUE;
}

static gboolean
check_shape (JsonObject *object, const char *name, gboolean is_array, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node) ||
      (is_array ? JSON_NODE_HOLDS_ARRAY (node) : JSON_NODE_HOLDS_OBJECT (node)))
    return TRUE;
  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES, "%s: %s is wanted", name,
               is_array ? "an array" : "an object");
  return FALSE;
}

static gboolean
check_word (JsonObject *object, const char *name, const char *const *words, GError **error)
{
  const char *word = tl_hook_string (object, name);

  if (word == NULL || tl_hook_is_one_of (word, words))
    return TRUE;
  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES, "%s: “%.40s” is unknown", name,
               word);
  return FALSE;
}

/* The whole event as it would be; its span in ms, *end null for ever. */
static gboolean
check (JsonObject *whole, gint64 *start, gint64 *end, GError **error)
{
  TlCalendarEvent *event = tl_record_new (&tl_calendar_event_type);
  g_autoptr (GError) why = NULL;
  gboolean is_fine = tl_record_from_json (&tl_calendar_event_type, whole, event, &why) &&
                     tl_event_check (event, &why);

  if (is_fine)
    tl_event_span (event, start, end);
  else
    g_set_error_literal (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES, why->message);
  tl_record_free (&tl_calendar_event_type, event);
  return is_fine && check_shape (whole, "alerts", FALSE, error) &&
         check_shape (whole, "links", FALSE, error) && check_participants (whole, error) &&
         check_word (whole, "status", statuses, error) &&
         check_word (whole, "freeBusyStatus", busy_statuses, error);
}

static gboolean
set_span (TlWrite *write, gint64 id, gint64 start, gint64 end, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  g_autofree char *from = g_strdup_printf ("%" G_GINT64_FORMAT, start);
  g_autofree char *to =
      end == TL_FOR_EVER ? NULL : g_strdup_printf ("%" G_GINT64_FORMAT, MAX (end, start));
  const char *args[] = { key, from, to };

  return tl_pg_run (write->pg, SQL ".event-span", tl_sql (SQL, "event-span"), 3, args, error);
}

/* --- invitations --------------------------------------------------------------------------------- */

/* Who has said already whether they come is not asked. */
static gboolean
is_asked (JsonNode *participant)
{
  JsonObject *one =
      JSON_NODE_HOLDS_OBJECT (participant) ? json_node_get_object (participant) : NULL;
  const char *answer = one ? tl_hook_string (one, "participationStatus") : NULL;

  return answer == NULL || g_str_equal (answer, "needs-action");
}

/* Tells those whom `now` names and `before` did not. */
static gboolean
invite (TlWrite *write, gint64 id, JsonObject *now, JsonObject *before, const char *title,
        GError **error)
{
  JsonObject *participants = object_member (now, "participants");
  JsonObject *old = before ? object_member (before, "participants") : NULL;
  JsonObjectIter iter;
  const char *who;
  JsonNode *node;

  if (participants == NULL)
    return TRUE;
  json_object_iter_init (&iter, participants);
  while (json_object_iter_next (&iter, &who, &node)) {
    gint64 principal;

    if (tl_id_parse (who, &principal) && !(old && json_object_has_member (old, who)) &&
        is_asked (node) &&
        !tl_notify (write, principal, "invitation", &tl_calendar_event_type, id, write->account,
                    title, error))
      return FALSE;
  }
  return TRUE;
}

/* `participants` as text, with the answer of `id` in it. */
static JsonNode *
with_answer (JsonNode *participants, const char *id, const char *answer)
{
  g_autofree char *text = json_to_string (participants, FALSE);
  JsonNode *edited = json_from_string (text, NULL);

  json_object_set_string_member (object_member (json_node_get_object (edited), id),
                                 "participationStatus", answer ? answer : "needs-action");
  return edited;
}

static void
keep_answer (JsonObject *participant, JsonObject *before)
{
  const char *answer = tl_hook_string (before, "participationStatus");

  if (answer)
    json_object_set_string_member (participant, "participationStatus", answer);
  else if (json_object_has_member (participant, "participationStatus"))
    json_object_remove_member (participant, "participationStatus");
}

/* Nobody answers for another person: who writes `participants` whole, as they knew it, takes nobody's answer
 * back that came meanwhile. */
static void
keep_answers (TlWrite *write, JsonObject *current, JsonObject *patch)
{
  JsonObject *before = object_member (current, "participants");
  g_autofree char *text = NULL;
  JsonNode *edited;
  JsonObjectIter iter;
  const char *who;
  JsonNode *node;
  gint64 principal;

  if (before == NULL || object_member (patch, "participants") == NULL)
    return;
  text = json_to_string (json_object_get_member (patch, "participants"), FALSE);
  edited = json_from_string (text, NULL);
  json_object_iter_init (&iter, json_node_get_object (edited));
  while (json_object_iter_next (&iter, &who, &node))
    if (tl_id_parse (who, &principal) && principal != write->account &&
        JSON_NODE_HOLDS_OBJECT (node) && object_member (before, who))
      keep_answer (json_node_get_object (node), object_member (before, who));
  json_object_set_member (patch, "participants", edited);
}

/* Is the patch nothing but the writer's own answer? */
static gboolean
is_own_answer (TlWrite *write, JsonObject *current, JsonObject *patch)
{
  JsonObject *now = object_member (patch, "participants");
  JsonObject *before = object_member (current, "participants");
  g_autoptr (JsonNode) expected = NULL;
  char id[TL_ID_MAX];

  tl_id_format (write->account, id);
  if (now == NULL || before == NULL || json_object_get_size (patch) != 1 ||
      object_member (now, id) == NULL || object_member (before, id) == NULL)
    return FALSE;
  expected = with_answer (json_object_get_member (current, "participants"), id,
                          tl_hook_string (object_member (now, id), "participationStatus"));
  return json_node_equal (expected, json_object_get_member (patch, "participants"));
}

/* --- CalendarEvent ------------------------------------------------------------------------------- */

static gboolean
check_uid (TlWrite *write, JsonObject *object, gint64 calendar, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, calendar);
  g_autofree char *made = NULL;
  const char *uid = tl_hook_string (object, "uid");
  const char *args[] = { key, uid };
  g_autoptr (PGresult) taken = NULL;

  if (uid == NULL || *uid == '\0') {
    made = g_uuid_string_random ();
    json_object_set_string_member (object, "uid", made);
    return TRUE;
  }
  taken = tl_pg_query (write->pg, SQL ".uid-taken", tl_sql (SQL, "uid-taken"), 2, args, error);
  if (taken == NULL)
    return FALSE;
  return PQntuples (taken) == 0 || tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                                                   "uid: this event is in the calendar already");
}

/* The text that an event came as is of this event and no other. */
static gboolean
check_ical (JsonObject *object, GError **error)
{
  const char *text = tl_hook_string (object, "ical");
  g_autoptr (TlIcal) ical = text ? tl_ical_parse (text, strlen (text), NULL) : NULL;
  const TlCalendarEvent *event = ical && ical->events->len == 1 ? ical->events->pdata[0] : NULL;

  return text == NULL || (event && g_str_equal (event->uid, tl_hook_string (object, "uid"))) ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "ical: the iCalendar text of this event, with its uid, is wanted");
}

static gboolean
create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  gint64 calendar = tl_hook_id (object, "calendarId"), start, end;

  *scope = tl_calendar_find (write, calendar, error);
  if (*scope == 0)
    return FALSE;
  if (!tl_calendar_may_write (write, *scope))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "You only read this calendar");
  if (!check_uid (write, object, calendar, error) || !check_ical (object, error) ||
      !check (object, &start, &end, error) || !tl_calendar_check_files (write, object, error))
    return FALSE;
  tl_hook_set_id (object, "createdBy", write->account);
  tl_hook_set_now (object, "createdAt");
  return TRUE;
}

static gboolean
created (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GError **error)
{
  gint64 start, end;

  return check (object, &start, &end, error) && set_span (write, id, start, end, error) &&
         tl_calendar_show_files (write, object, scope, id, error) &&
         invite (write, id, object, NULL, tl_hook_string (object, "title"), error);
}

static JsonObject *
merge (JsonObject *current, JsonObject *patch)
{
  JsonObject *whole = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, current);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (whole, name, json_node_copy (node));
  json_object_iter_init (&iter, patch);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (whole, name, json_node_copy (node));
  return whole;
}

static gboolean
update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
        GError **error)
{
  g_autoptr (JsonObject) whole = NULL;
  gint64 start, end;

  keep_answers (write, current, patch);
  whole = merge (current, patch);
  if (!tl_calendar_may_write (write, scope) && !is_own_answer (write, current, patch))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "You only read this calendar");
  if (!check (whole, &start, &end, error) || !set_span (write, id, start, end, error) ||
      !invite (write, id, patch, current, tl_hook_string (whole, "title"), error))
    return FALSE;
  if (json_object_has_member (patch, "links") &&
      (!tl_calendar_check_files (write, patch, error) ||
       !tl_calendar_show_files (write, patch, scope, id, error)))
    return FALSE;
  tl_hook_set_now (patch, "updatedAt");
  return TRUE;
}

gboolean
tl_calendar_forget_event (TlWrite *write, gint64 id, GError **error)
{
  g_autoptr (PGresult) marks = tl_calendar_query (write, "event-marks-delete", 1, &id, error);

  for (int i = 0; marks && i < PQntuples (marks); i++)
    tl_write_log (write, tl_hook_number (marks, i, 0), &tl_event_mark_type, id, TL_DESTROYED, NULL);
  return marks != NULL && tl_attachments_forget (write, id, error) &&
         tl_notify_forget (write, id, error);
}

static gboolean
destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  if (!tl_calendar_may_write (write, scope))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "You only read this calendar");
  return tl_calendar_forget_event (write, id, error);
}

const TlTypeService tl_calendar_event_service = {
  .type = &tl_calendar_event_type,
  .create = create,
  .created = created,
  .update = update,
  .destroy = destroy,
  .range = "span",
  .text = "title",
};

/* --- EventMark ----------------------------------------------------------------------------------- */

static gboolean
create_mark (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  gint64 id = tl_hook_id (object, "eventId");
  g_autoptr (PGresult) found = tl_calendar_query (write, "event-scope", 1, &id, error);

  *scope = 0;
  if (found == NULL)
    return FALSE;
  return (PQntuples (found) == 1 && tl_write_role (write, tl_hook_number (found, 0, 0))) ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "eventId: there is no such event that you see");
}

const TlTypeService tl_event_mark_service = {
  .type = &tl_event_mark_type,
  .create = create_mark,
  .update = tl_hook_update_own,
  .destroy = tl_hook_destroy_own,
};
