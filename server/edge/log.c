/* log.c: lines are built whole and written with one write, so that threads and processes don't mix. */
#include "server/edge/log.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = { "debug", "info", "warning", "error" };

static void
write_line (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  gssize n;

  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  line = g_strconcat (text, "\n", NULL);
  n = write (STDERR_FILENO, line, strlen (line));
  (void)n; /* there is nowhere to say that the log is full */
}

/* What came from outside may be anything; the log is UTF-8. */
static void
set_text (JsonObject *object, const char *name, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  json_object_set_string_member (object, name, valid);
}

static JsonObject *
begin_line (TlLogLevel level, const char *request, const char *message)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");

  json_object_set_string_member (object, "time", time);
  json_object_set_string_member (object, "level", names[level]);
  set_text (object, "message", message);
  if (request)
    json_object_set_string_member (object, "request", request);
  return object;
}

void
tl_log (TlLogLevel level, const char *request, const char *message, ...)
{
  JsonObject *object = begin_line (level, request, message);
  va_list args;

  va_start (args, message);
  for (const char *name = va_arg (args, const char *); name; name = va_arg (args, const char *)) {
    const char *value = va_arg (args, const char *);
    if (value)
      set_text (object, name, value);
  }
  va_end (args);
  write_line (object);
  json_object_unref (object);
}

static GLogWriterOutput
write_glib_message (GLogLevelFlags flags, const GLogField *fields, gsize n, gpointer data)
{
  TlLogLevel level = TL_LOG_INFO;
  const char *message = "", *domain = NULL;
  JsonObject *object;

  if (flags & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    level = TL_LOG_ERROR;
  else if (flags & G_LOG_LEVEL_WARNING)
    level = TL_LOG_WARNING;
  else if (flags & G_LOG_LEVEL_DEBUG)
    return G_LOG_WRITER_HANDLED;
  for (gsize i = 0; i < n; i++) {
    if (g_str_equal (fields[i].key, "MESSAGE"))
      message = fields[i].value;
    else if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
      domain = fields[i].value;
  }
  object = begin_line (level, NULL, message);
  if (domain)
    set_text (object, "domain", domain);
  write_line (object);
  json_object_unref (object);
  return G_LOG_WRITER_HANDLED;
}

void
tl_log_init (void)
{
  g_log_set_writer_func (write_glib_message, NULL, NULL);
}
