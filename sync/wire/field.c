/* field.c: the walkers over a field table that need only JSON. */
#include "sync/wire/field.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_SAFE_INTEGER G_GINT64_CONSTANT (9007199254740991)

char *
tl_id_format (gint64 key, char buffer[TL_ID_MAX])
{
  g_snprintf (buffer, TL_ID_MAX, "t%" G_GINT64_FORMAT, key);
  return buffer;
}

gboolean
tl_id_parse (const char *id, gint64 *key)
{
  if (id == NULL || id[0] != 't' || id[1] < '1' || id[1] > '9' || strlen (id) >= TL_ID_MAX)
    return FALSE;
  return g_ascii_string_to_signed (id + 1, 10, 1, G_MAXINT64, key, NULL);
}

const TlField *
tl_type_field (const TlType *type, const char *name, guint *index)
{
  for (guint i = 0; i < type->n_fields; i++)
    if (g_str_equal (type->fields[i].name, name)) {
      if (index)
        *index = i;
      return &type->fields[i];
    }
  return NULL;
}

static void
set_null (const TlField *field, gpointer record)
{
  switch (field->kind) {
  case TL_FIELD_ID:
  case TL_FIELD_INT:
    G_STRUCT_MEMBER (gint64, record, field->offset) = 0;
    break;
  case TL_FIELD_BOOL:
    G_STRUCT_MEMBER (TlTristate, record, field->offset) = TL_NULL;
    break;
  case TL_FIELD_DATE:
    G_STRUCT_MEMBER (gint64, record, field->offset) = TL_DATE_NULL;
    break;
  case TL_FIELD_STRING:
  case TL_FIELD_JSON:
    g_clear_pointer (&G_STRUCT_MEMBER (char *, record, field->offset), g_free);
    break;
  }
}

gpointer
tl_record_new (const TlType *type)
{
  gpointer record = g_malloc0 (type->size);

  for (guint i = 0; i < type->n_fields; i++)
    set_null (&type->fields[i], record);
  return record;
}

void
tl_record_clear (const TlType *type, gpointer record)
{
  for (guint i = 0; i < type->n_fields; i++)
    set_null (&type->fields[i], record);
  memset (record, 0, sizeof (TlRecord));
}

void
tl_record_free (const TlType *type, gpointer record)
{
  if (record == NULL)
    return;
  tl_record_clear (type, record);
  g_free (record);
}

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (const TlField *field, GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *why = NULL;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s", field->name, why);
  return FALSE;
}

static gboolean
is_within_integers (JsonNode *value)
{
  double number;

  if (json_node_get_value_type (value) == G_TYPE_INT64)
    return ABS (json_node_get_int (value)) <= MAX_SAFE_INTEGER;
  number = json_node_get_double (value);
  return ABS (number) <= (double)MAX_SAFE_INTEGER && number == (double)(gint64)number;
}

static gboolean
check_text (const TlField *field, JsonNode *value, GError **error)
{
  const char *text = json_node_get_string (value);
  gint64 unused;

  switch (field->kind) {
  case TL_FIELD_ID:
    return tl_id_parse (text, &unused) || refuse (field, error, "“%.40s” is not an id", text);
  case TL_FIELD_DATE:
    return tl_date_parse (text, &unused) ||
           refuse (field, error, "“%.40s” is not a UTC date", text);
  case TL_FIELD_STRING:
    return strlen (text) <= field->max || refuse (field, error, "longer than %u bytes", field->max);
  default:
    return refuse (field, error, "is a string");
  }
}

gboolean
tl_field_check (const TlField *field, JsonNode *value, GError **error)
{
  GType kind;

  if (JSON_NODE_HOLDS_NULL (value))
    return (field->flags & TL_NULLABLE) || refuse (field, error, "cannot be null");
  if (field->kind == TL_FIELD_JSON) {
    g_autofree char *text = json_to_string (value, FALSE);
    return strlen (text) <= field->max || refuse (field, error, "longer than %u bytes", field->max);
  }
  if (!JSON_NODE_HOLDS_VALUE (value))
    return refuse (field, error, "is not a plain value");

  kind = json_node_get_value_type (value);
  if (kind == G_TYPE_STRING)
    return check_text (field, value, error);
  if (kind == G_TYPE_BOOLEAN)
    return field->kind == TL_FIELD_BOOL || refuse (field, error, "is a boolean");
  if (field->kind != TL_FIELD_INT)
    return refuse (field, error, "is a number");
  return is_within_integers (value) || refuse (field, error, "is not an integer within ±2^53");
}

static void
read_value (const TlField *field, JsonNode *value, gpointer record)
{
  set_null (field, record);
  if (JSON_NODE_HOLDS_NULL (value))
    return;
  switch (field->kind) {
  case TL_FIELD_ID:
    tl_id_parse (json_node_get_string (value), &G_STRUCT_MEMBER (gint64, record, field->offset));
    break;
  case TL_FIELD_DATE:
    tl_date_parse (json_node_get_string (value), &G_STRUCT_MEMBER (gint64, record, field->offset));
    break;
  case TL_FIELD_INT:
    G_STRUCT_MEMBER (gint64, record, field->offset) = json_node_get_int (value);
    break;
  case TL_FIELD_BOOL:
    G_STRUCT_MEMBER (TlTristate, record, field->offset) = json_node_get_boolean (value);
    break;
  case TL_FIELD_STRING:
    G_STRUCT_MEMBER (char *, record, field->offset) = json_node_dup_string (value);
    break;
  case TL_FIELD_JSON:
    G_STRUCT_MEMBER (char *, record, field->offset) = json_to_string (value, FALSE);
    break;
  }
}

gboolean
tl_record_from_json (const TlType *type, JsonObject *object, gpointer record, GError **error)
{
  TlRecord *head = record;
  JsonNode *id = json_object_get_member (object, "id");

  if (id && (!JSON_NODE_HOLDS_VALUE (id) || json_node_get_value_type (id) != G_TYPE_STRING ||
             !tl_id_parse (json_node_get_string (id), &head->key))) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: not an id", type->name);
    return FALSE;
  }
  for (guint i = 0; i < type->n_fields; i++) {
    JsonNode *value = json_object_get_member (object, type->fields[i].name);

    if (value == NULL)
      continue;
    if (!tl_field_check (&type->fields[i], value, error))
      return FALSE;
    read_value (&type->fields[i], value, record);
    head->present |= G_GUINT64_CONSTANT (1) << i;
  }
  return TRUE;
}

static JsonNode *
write_value (const TlField *field, gconstpointer record)
{
  JsonNode *node = json_node_new (JSON_NODE_NULL);
  gint64 number = 0;
  const char *text = NULL;
  char id[TL_ID_MAX];

  switch (field->kind) {
  case TL_FIELD_ID:
    number = G_STRUCT_MEMBER (gint64, record, field->offset);
    if (number != 0)
      json_node_init_string (node, tl_id_format (number, id));
    break;
  case TL_FIELD_INT:
    json_node_init_int (node, G_STRUCT_MEMBER (gint64, record, field->offset));
    break;
  case TL_FIELD_BOOL:
    if (G_STRUCT_MEMBER (TlTristate, record, field->offset) != TL_NULL)
      json_node_init_boolean (node, G_STRUCT_MEMBER (TlTristate, record, field->offset));
    break;
  case TL_FIELD_DATE:
    number = G_STRUCT_MEMBER (gint64, record, field->offset);
    if (number != TL_DATE_NULL) {
      g_autofree char *date = tl_date_format (number);
      json_node_init_string (node, date);
    }
    break;
  case TL_FIELD_STRING:
    text = G_STRUCT_MEMBER (char *, record, field->offset);
    if (text)
      json_node_init_string (node, text);
    break;
  case TL_FIELD_JSON:
    text = G_STRUCT_MEMBER (char *, record, field->offset);
    if (text) {
      json_node_unref (node);
      node = json_from_string (text, NULL);
    }
    break;
  }
  return node ? node : json_node_new (JSON_NODE_NULL);
}

JsonObject *
tl_record_to_json (const TlType *type, gconstpointer record)
{
  const TlRecord *head = record;
  JsonObject *object = json_object_new ();
  char id[TL_ID_MAX];

  if (head->key > 0)
    json_object_set_string_member (object, "id", tl_id_format (head->key, id));
  for (guint i = 0; i < type->n_fields; i++)
    if (head->present & (G_GUINT64_CONSTANT (1) << i))
      json_object_set_member (object, type->fields[i].name, write_value (&type->fields[i], record));
  return object;
}

char *
tl_date_format (gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc_usec (ms * 1000);
  int fraction = (int)(((ms % 1000) + 1000) % 1000);

  if (time == NULL)
    return g_strdup ("1970-01-01T00:00:00Z");
  if (fraction == 0)
    return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
  {
    g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf ("%s.%03dZ", seconds, fraction);
  }
}

/* `n` digits, or -1. */
static int
read_digits (const char *text, int n)
{
  int value = 0;

  for (int i = 0; i < n; i++) {
    if (!g_ascii_isdigit (text[i]))
      return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/* Digits of a second beyond milliseconds are cut. Returns what follows them. */
static const char *
read_fraction (const char *text, int *ms)
{
  int unit = 100;

  *ms = 0;
  if (*text != '.' || !g_ascii_isdigit (text[1]))
    return text;
  for (text++; g_ascii_isdigit (*text); text++, unit /= 10)
    *ms += (*text - '0') * unit;
  return text;
}

/* Days since 1970-01-01 of a Gregorian date (years count from March, so that leap days come last). */
static gint64
days_since_1970 (int year, int month, int day)
{
  int y = month <= 2 ? year - 1 : year;
  int era = y / 400, of_era = y % 400;
  int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

  return (gint64)era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Without GDateTime: exact to the millisecond, and called for every date of a first sync. */
gboolean
tl_date_parse (const char *text, gint64 *ms)
{
  int year, month, day, hour, minute, second, fraction;

  if (text == NULL || strnlen (text, 20) < 20 || text[4] != '-' || text[7] != '-' ||
      text[10] != 'T' || text[13] != ':' || text[16] != ':')
    return FALSE;
  year = read_digits (text, 4), month = read_digits (text + 5, 2), day = read_digits (text + 8, 2);
  hour = read_digits (text + 11, 2), minute = read_digits (text + 14, 2);
  second = read_digits (text + 17, 2);
  if (!g_str_equal (read_fraction (text + 19, &fraction), "Z") || year < 1 || month < 1 ||
      month > 12 || day < 1 ||
      day > g_date_get_days_in_month ((GDateMonth)month, (GDateYear)year) || hour < 0 ||
      hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return FALSE;
  *ms = ((days_since_1970 (year, month, day) * 24 + hour) * 60 + minute) * 60000 +
        MIN (second, 59) * 1000 + fraction; /* a leap second is the one before it */
  return TRUE;
}
