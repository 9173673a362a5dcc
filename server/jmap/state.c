/* state.c: parsing and writing states. */
#include "server/jmap/state.h"

#include <string.h>

#define MAX_LENGTH 16384
#define MAX_SPAN 400

void
tl_state_clear (TlState *self)
{
  g_clear_pointer (&self->since, g_free);
  g_clear_pointer (&self->until, g_free);
}

/* A number without sign and leading zero, up to `end`. */
static gboolean
parse_number (const char **text, char end, guint64 max, guint64 *number)
{
  guint64 value = 0;
  const char *p = *text;

  if (*p < '1' || *p > '9')
    return FALSE;
  for (; g_ascii_isdigit (*p); p++) {
    guint digit = (guint)(*p - '0');

    if (value > (max - digit) / 10)
      return FALSE;
    value = value * 10 + digit;
  }
  if (*p != end)
    return FALSE;
  *text = p + (end != '\0');
  *number = value;
  return TRUE;
}

static gboolean
check_running (const char *text, guint64 xmin, guint64 xmax)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);
  guint64 last = 0;

  for (guint i = 0; items[i]; i++) {
    const char *item = items[i];
    guint64 xid;

    if (!parse_number (&item, '\0', G_MAXINT64, &xid) || xid < xmin || xid >= xmax || xid <= last)
      return FALSE;
    last = xid;
  }
  return TRUE;
}

static gboolean
check_snapshot (const char *text)
{
  guint64 xmin, xmax;

  if (!parse_number (&text, ':', G_MAXINT64, &xmin) ||
      !parse_number (&text, ':', G_MAXINT64, &xmax) || xmin > xmax)
    return FALSE;
  return check_running (text, xmin, xmax);
}

static gboolean
parse_page (char **parts, TlState *state)
{
  const char *after = parts[2];
  guint64 id;

  if (!check_snapshot (parts[0]) || !check_snapshot (parts[1]) ||
      !parse_number (&after, '\0', G_MAXINT64, &id))
    return FALSE;
  state->since = g_strdup (parts[0]);
  state->until = g_strdup (parts[1]);
  state->after = (gint64)id;
  return TRUE;
}

gboolean
tl_state_parse (const char *text, TlState *state)
{
  g_auto (GStrv) parts = NULL;
  guint64 epoch;

  *state = (TlState){ 0 };
  if (strlen (text) > MAX_LENGTH || !parse_number (&text, '.', G_MAXINT, &epoch))
    return FALSE;
  state->epoch = (guint)epoch;
  parts = g_strsplit (text, "~", 4);
  if (g_strv_length (parts) == 3)
    return parse_page (parts, state);
  if (g_strv_length (parts) != 1 || !check_snapshot (text))
    return FALSE;
  state->since = g_strdup (text);
  return TRUE;
}

char *
tl_state_format (const char *epoch, const char *snapshot)
{
  return g_strconcat (epoch, ".", snapshot, NULL);
}

char *
tl_state_format_page (guint epoch, const char *since, const char *until, gint64 after)
{
  return g_strdup_printf ("%u.%s~%s~%" G_GINT64_FORMAT, epoch, since, until, after);
}

char *
tl_state_add (const char *snapshot, guint64 xid)
{
  const char *p = snapshot;
  guint64 xmin, xmax;
  GString *text;

  if (!parse_number (&p, ':', G_MAXINT64, &xmin) || !parse_number (&p, ':', G_MAXINT64, &xmax) ||
      xid < xmax || xid - xmax > MAX_SPAN)
    return NULL;
  text = g_string_new (NULL);
  g_string_append_printf (text, "%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ":%s",
                          xmin == xmax && xid == xmax ? xid + 1 : xmin, xid + 1, p);
  for (guint64 other = xmax; other < xid; other++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT,
                            g_str_has_suffix (text->str, ":") ? "" : ",", other);
  return g_string_free_and_steal (text);
}
