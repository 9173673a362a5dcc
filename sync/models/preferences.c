/* preferences.c: the one row of settings, read again whenever it changed. */
#include "sync/models/preferences.h"

#include "sync/act.h"
#include "sync/models/asker.h"
#include "sync/models/busy.h"
#include "sync/models/key-list.h"
#include "sync/record-sql.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

struct _TlPreferences {
  GObject parent;
  gint64 me;
  TlAsker *asker;
  TlSettings *settings;
  TlBusy *busy;
};

G_DEFINE_FINAL_TYPE (TlPreferences, tl_preferences, G_TYPE_OBJECT)

enum { PROP_QUIET_UNTIL = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];
static guint changed_signal;

static void
settings_free (gpointer settings)
{
  tl_record_free (&tl_settings_type, settings);
}

static gpointer
begin (gpointer owner)
{
  return g_memdup2 (&TL_PREFERENCES (owner)->me, sizeof (gint64));
}

static gpointer
read_settings (TlDb *db, gpointer data, GError **error)
{
  g_autoptr (GError) failed = NULL;
  gpointer settings = tl_record_load (db, &tl_settings_type, *(gint64 *)data, &failed);

  if (failed == NULL)
    return settings ? settings : tl_record_new (&tl_settings_type);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

static gint64
quiet_until (const TlSettings *settings)
{
  return settings->do_not_disturb_until == TL_DATE_NULL ? 0 : settings->do_not_disturb_until;
}

static void
take (gpointer owner, gpointer result)
{
  TlPreferences *self = TL_PREFERENCES (owner);
  gint64 before = quiet_until (self->settings);

  settings_free (self->settings);
  self->settings = result;
  g_signal_emit (self, changed_signal, 0);
  if (quiet_until (self->settings) != before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUIET_UNTIL]);
}

static void
failed (gpointer owner, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_warning ("the settings could not be read: %s", error->message);
}

static const TlQuestion question = { begin, g_free, read_settings, take, failed, settings_free };

static void
replica_changed (TlReplica *replica, const TlChanges *changes, TlPreferences *self)
{
  if (changes->types & TL_SETTINGS)
    tl_asker_ask (self->asker);
}

TlPreferences *
tl_preferences_new (TlReplica *replica, gint64 me)
{
  TlPreferences *self = g_object_new (TL_TYPE_PREFERENCES, NULL);

  self->me = me;
  self->asker = tl_asker_new (replica, &question, self);
  g_signal_connect_object (replica, "changed", G_CALLBACK (replica_changed), self, 0);
  tl_asker_ask (self->asker);
  self->busy = tl_busy_new (replica, me);
  return self;
}

const TlSettings *
tl_preferences_get (TlPreferences *self)
{
  return self->settings;
}

/* --- what follows -------------------------------------------------------------------------------- */

static gboolean
parse_minute (const char *text, guint *minute)
{
  guint hour, rest;
  char end;

  if (text == NULL || sscanf (text, "%2u:%2u%c", &hour, &rest, &end) != 2 || hour > 23 || rest > 59)
    return FALSE;
  *minute = hour * 60 + rest;
  return TRUE;
}

gboolean
tl_hours_contain (const char *from, const char *to, guint minute)
{
  guint start, end;

  if (!parse_minute (from, &start) || !parse_minute (to, &end))
    return FALSE;
  return start <= end ? minute >= start && minute < end : minute >= start || minute < end;
}

static JsonObject *
parse_object (const char *json, JsonNode **keep)
{
  *keep = json ? json_from_string (json, NULL) : NULL;
  return *keep && JSON_NODE_HOLDS_OBJECT (*keep) ? json_node_get_object (*keep) : NULL;
}

gboolean
tl_preferences_is_quiet (TlPreferences *self, gint64 now)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *hours = parse_object (self->settings->quiet_hours, &node);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (now * 1000);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_local (utc) : NULL;

  if (quiet_until (self->settings) > now)
    return TRUE;
  return hours && local &&
         tl_hours_contain (
             json_object_get_string_member_with_default (hours, "from", NULL),
             json_object_get_string_member_with_default (hours, "to", NULL),
             (guint)(g_date_time_get_hour (local) * 60 + g_date_time_get_minute (local)));
}

gboolean
tl_preferences_may_disturb (TlPreferences *self, gint64 now)
{
  return !tl_preferences_is_quiet (self, now) &&
         !(self->settings->quiet_when_busy == TL_TRUE && tl_busy_is (self->busy, now));
}

gboolean
tl_preferences_hours (TlPreferences *self, char **from, char **to)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *hours = parse_object (self->settings->quiet_hours, &node);

  *from =
      hours ? g_strdup (json_object_get_string_member_with_default (hours, "from", NULL)) : NULL;
  *to = hours ? g_strdup (json_object_get_string_member_with_default (hours, "to", NULL)) : NULL;
  return *from && *to;
}

gboolean
tl_preferences_tells (TlPreferences *self, const char *kind)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *notify = parse_object (self->settings->notify, &node);

  return notify == NULL || json_object_get_boolean_member_with_default (notify, kind, TRUE);
}

/* What the server does without a word: docs/protocol.md, Letters. */
static gboolean
is_mailed (const char *kind)
{
  static const char *const quiet[] = { "reaction", "boost", "follow", NULL };

  return !g_strv_contains (quiet, kind);
}

const char *
tl_preferences_mails (TlPreferences *self, guint *hour)
{
  static const char *const whens[] = { "each", "daily", "never" };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *email = parse_object (self->settings->email, &node);
  const char *when =
      email ? json_object_get_string_member_with_default (email, "when", "each") : "each";
  gint64 at = email ? json_object_get_int_member_with_default (email, "hour", 8) : 8;

  *hour = (guint)CLAMP (at, 0, 23);
  for (guint i = 0; i < G_N_ELEMENTS (whens); i++)
    if (g_str_equal (when, whens[i]))
      return whens[i];
  return whens[0];
}

gboolean
tl_preferences_mails_of (TlPreferences *self, const char *kind)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *email = parse_object (self->settings->email, &node);
  JsonNode *kinds = email ? json_object_get_member (email, "kinds") : NULL;

  return kinds && JSON_NODE_HOLDS_OBJECT (kinds)
             ? json_object_get_boolean_member_with_default (json_node_get_object (kinds), kind,
                                                            is_mailed (kind))
             : is_mailed (kind);
}

/* --- making -------------------------------------------------------------------------------------- */

static void
tl_preferences_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_int64 (value, quiet_until (TL_PREFERENCES (object)->settings));
}

static void
tl_preferences_finalize (GObject *object)
{
  TlPreferences *self = TL_PREFERENCES (object);

  tl_asker_free (self->asker);
  tl_busy_free (self->busy);
  settings_free (self->settings);
  G_OBJECT_CLASS (tl_preferences_parent_class)->finalize (object);
}

static void
tl_preferences_class_init (TlPreferencesClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = tl_preferences_get_property;
  object_class->finalize = tl_preferences_finalize;
  properties[PROP_QUIET_UNTIL] = g_param_spec_int64 ("quiet-until", NULL, NULL, 0, G_MAXINT64, 0,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  changed_signal = g_signal_new ("changed", TL_TYPE_PREFERENCES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
tl_preferences_init (TlPreferences *self)
{
  self->settings = tl_record_new (&tl_settings_type);
}

DexFuture *
tl_action_do_not_disturb (TlReplica *replica, gint64 me, gint64 until)
{
  JsonObject *body = json_object_new ();
  g_autofree char *date = until > 0 ? tl_date_format (until) : NULL;

  if (date)
    json_object_set_string_member (body, "doNotDisturbUntil", date);
  else
    json_object_set_null_member (body, "doNotDisturbUntil");
  return tl_act_do_plain (replica, &tl_settings_type, TL_OP_UPDATE, me, body);
}

static DexFuture *
change (TlReplica *replica, gint64 me, const char *name, JsonNode *value)
{
  JsonObject *body = json_object_new ();

  json_object_set_member (body, name, value);
  return tl_act_do_plain (replica, &tl_settings_type, TL_OP_UPDATE, me, body);
}

DexFuture *
tl_action_quiet_hours (TlReplica *replica, gint64 me, const char *from, const char *to)
{
  JsonObject *hours;

  if (from == NULL)
    return change (replica, me, "quietHours", json_node_new (JSON_NODE_NULL));
  hours = json_object_new ();
  json_object_set_string_member (hours, "from", from);
  json_object_set_string_member (hours, "to", to);
  return change (replica, me, "quietHours", json_node_init_object (json_node_alloc (), hours));
}

DexFuture *
tl_action_notify_of (TlPreferences *self, TlReplica *replica, const char *kind, gboolean tells)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *now = parse_object (self->settings->notify, &node);
  JsonObject *notify = now ? json_object_ref (now) : json_object_new ();

  json_object_set_boolean_member (notify, kind, tells);
  return change (replica, self->me, "notify", json_node_init_object (json_node_alloc (), notify));
}

DexFuture *
tl_action_quiet_when_busy (TlReplica *replica, gint64 me, gboolean is_quiet)
{
  return change (replica, me, "quietWhenBusy",
                 json_node_init_boolean (json_node_alloc (), is_quiet));
}

DexFuture *
tl_action_mail (TlPreferences *self, TlReplica *replica, const char *when, guint hour)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *now = parse_object (self->settings->email, &node);
  JsonObject *email = now ? json_object_ref (now) : json_object_new ();

  json_object_set_string_member (email, "when", when);
  json_object_set_int_member (email, "hour", hour);
  return change (replica, self->me, "email", json_node_init_object (json_node_alloc (), email));
}

DexFuture *
tl_action_mail_of (TlPreferences *self, TlReplica *replica, const char *kind, gboolean mails)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *now = parse_object (self->settings->email, &node);
  JsonObject *email = now ? json_object_ref (now) : json_object_new ();
  JsonNode *member = json_object_get_member (email, "kinds");
  JsonObject *kinds = member && JSON_NODE_HOLDS_OBJECT (member)
                          ? json_object_ref (json_node_get_object (member))
                          : json_object_new ();

  json_object_set_boolean_member (kinds, kind, mails);
  json_object_set_object_member (email, "kinds", kinds);
  return change (replica, self->me, "email", json_node_init_object (json_node_alloc (), email));
}

static DexFuture *
change_number (TlReplica *replica, gint64 me, const char *name, int value)
{
  return change (replica, me, name, json_node_init_int (json_node_alloc (), value));
}

DexFuture *
tl_action_week_start (TlReplica *replica, gint64 me, int day)
{
  return change_number (replica, me, "weekStart", day);
}

DexFuture *
tl_action_reminder_minutes (TlReplica *replica, gint64 me, int minutes)
{
  return change_number (replica, me, "reminderMinutes", minutes);
}
