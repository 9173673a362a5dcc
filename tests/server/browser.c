/* browser.c: see the header. */
#include "tests/server/browser.h"

#include <string.h>

#define FORM "application/x-www-form-urlencoded"

Browser *
browser_new (void)
{
  Browser *self = g_new0 (Browser, 1);

  self->session = soup_session_new ();
  soup_session_add_feature_by_type (self->session, SOUP_TYPE_COOKIE_JAR);
  return self;
}

void
browser_free (Browser *self)
{
  g_object_unref (self->session);
  g_free (self->address);
  g_free (self->text);
  g_free (self->location);
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_free (self);
}

/* Takes `message`. */
static guint
send (Browser *self, SoupMessage *taken)
{
  g_autoptr (SoupMessage) message = taken;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  gsize size;
  const char *data;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_append (soup_message_get_request_headers (message), "Accept-Language", "en");
  body = soup_session_send_and_read (self->session, message, NULL, &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (body, &size);
  g_free (self->text);
  self->text = g_strndup (size ? data : "", size);
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  self->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  g_set_str (&self->location, soup_message_headers_get_one (self->headers, "Location"));
  return soup_message_get_status (message);
}

guint
browser_open (Browser *self, const char *address)
{
  g_set_str (&self->address, address);
  return send (self, soup_message_new ("GET", address));
}

guint
browser_post (Browser *self, const char *address, const char *form)
{
  SoupMessage *message = soup_message_new ("POST", address);
  g_autoptr (GBytes) body = g_bytes_new (form, strlen (form));

  soup_message_set_request_body_from_bytes (message, FORM, body);
  return send (self, message);
}

static void
append (GString *form, const char *name, const char *value)
{
  g_string_append_printf (form, "%s%s=", form->len ? "&" : "", name);
  g_string_append_uri_escaped (form, value, NULL, FALSE);
}

char *
browser_hidden (Browser *self, const char *name)
{
  g_autofree char *mark = g_strdup_printf ("type=\"hidden\" name=\"%s\" value=\"", name);
  const char *at = strstr (self->text, mark);

  at += at ? strlen (mark) : 0;
  return at ? g_strndup (at, strcspn (at, "\"")) : NULL;
}

guint
browser_submit (Browser *self, ...)
{
  static const char *const hidden[] = { "form", "step" };
  g_autoptr (GString) form = g_string_new (NULL);
  va_list list;
  const char *name;

  for (guint i = 0; i < G_N_ELEMENTS (hidden); i++) {
    g_autofree char *value = browser_hidden (self, hidden[i]);

    if (value)
      append (form, hidden[i], value);
  }
  va_start (list, self);
  while ((name = va_arg (list, const char *)))
    append (form, name, va_arg (list, const char *));
  va_end (list);
  return browser_post (self, self->address, form->str);
}

char *
browser_led (Browser *self, const char *name)
{
  const char *query = self->location ? strchr (self->location, '?') : NULL;
  g_autoptr (GHashTable) fields =
      query ? g_uri_parse_params (query + 1, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;

  return fields ? g_strdup (g_hash_table_lookup (fields, name)) : NULL;
}
