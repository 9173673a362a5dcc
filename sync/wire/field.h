/* field.h: how a data type of the protocol is described, once.
 *
 * A type is a plain struct whose first member is a TlRecord, and one table of TlFields. Small
 * walkers serve every type from that table: JSON to struct, struct to JSON, clear (here); bind to
 * and read from SQL (sync/record-sql.h); the server and the replica compose their statements from
 * it. Absent and null differ: `present` has a bit for each field that was there. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

typedef enum {
  TL_FIELD_ID,     /* reference to another object: JSON "t12", gint64 12; null is 0 */
  TL_FIELD_STRING, /* char *; UTF-8 */
  TL_FIELD_INT,    /* gint64; within ±2^53 (RFC 8620, 1.3) */
  TL_FIELD_BOOL,   /* TlTristate, so that null can be told from false */
  TL_FIELD_DATE,   /* gint64 milliseconds since 1970 UTC, null is G_MININT64; JSON UTCDate */
  TL_FIELD_JSON,   /* char *; any JSON value as compact text */
} TlFieldKind;

typedef enum { TL_NULL = -1, TL_FALSE = 0, TL_TRUE = 1 } TlTristate;

#define TL_DATE_NULL G_MININT64

typedef enum {
  TL_REQUIRED = 1 << 0,   /* a create without it is refused */
  TL_NULLABLE = 1 << 1,   /* null is a value of it */
  TL_IMMUTABLE = 1 << 2,  /* set by the create, never by an update */
  TL_SERVER_SET = 1 << 3, /* never set by a client */
} TlFieldFlags;

typedef struct {
  const char *name; /* JMAP property and column name */
  TlFieldKind kind;
  TlFieldFlags flags;
  guint max;    /* STRING and JSON: bytes at most */
  gsize offset; /* in the struct */
} TlField;

#define TL_FIELD(Struct, member, name, kind, flags, max)                                           \
  { name, TL_FIELD_##kind, (TlFieldFlags)(flags), max, G_STRUCT_OFFSET (Struct, member) }

/* First member of every type's struct. */
typedef struct {
  gint64 key;      /* the id's number; on the client negative for what the server has not seen */
  guint64 present; /* bit i: fields[i] was there */
} TlRecord;

typedef enum {
  TL_TYPE_PRIVATE = 1 << 0,  /* lives in its owner's private scope */
  TL_TYPE_READONLY = 1 << 1, /* clients get and follow it, the server makes it */
  TL_TYPE_ORDERED = 1 << 2,  /* has `seq`, set from scope_seq at creation: orders its scope */
} TlTypeFlags;

typedef struct {
  guint8 number;          /* in the change log and in the replica; never reused */
  const char *name;       /* "Article" */
  const char *table;      /* replica table; the server's is schema.table */
  const char *schema;     /* the server's schema: "news" */
  const char *capability; /* URI that gates it */
  TlTypeFlags flags;
  const char
      *keyed_by; /* id equals this reference's id (one object per person and target), or NULL */
  gsize size;    /* of the struct */
  const TlField *fields;
  guint n_fields;
} TlType;

/* The id of an object: "t" and its number (RFC 8620, 1.2). */
#define TL_ID_MAX 21
char *tl_id_format (gint64 key, char buffer[TL_ID_MAX]);
/* FALSE for anything that tl_id_format never makes. */
gboolean tl_id_parse (const char *id, gint64 *key);

const TlField *tl_type_field (const TlType *type, const char *name, guint *index);

/* Allocates a zeroed record of `type`, nothing present. */
gpointer tl_record_new (const TlType *type);
void tl_record_clear (const TlType *type, gpointer record);
void tl_record_free (const TlType *type, gpointer record);

/* Reads what is there; unknown properties are ignored; a value of the wrong kind or over its limit
 * fails, naming the property. `id` sets the key when there. */
gboolean tl_record_from_json (const TlType *type, JsonObject *object, gpointer record,
                              GError **error);
/* The present fields, and `id` when the key is positive. */
JsonObject *tl_record_to_json (const TlType *type, gconstpointer record);

/* Is `value` one that `field` takes? Otherwise an error that names the property and why. */
gboolean tl_field_check (const TlField *field, JsonNode *value, GError **error);

/* UTCDate (RFC 8620, 1.4) to and from milliseconds. */
char *tl_date_format (gint64 ms);
gboolean tl_date_parse (const char *text, gint64 *ms);
