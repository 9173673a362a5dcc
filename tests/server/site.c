/* site.c: a small web site for tests: one connection a request, in a thread each. */
#include "tests/server/site.h"

#include <gio/gio.h>
#include <string.h>

typedef struct {
  guint status;
  char *headers, *etag;
  GBytes *body;
  guint count;
} Page;

struct _Site {
  GSocketService *service;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  guint16 port;
  GMutex mutex;
  GHashTable *pages; /* under the mutex, as */
  char *last_head;
};

static void
page_free (gpointer data)
{
  Page *page = data;

  g_free (page->headers);
  g_free (page->etag);
  g_bytes_unref (page->body);
  g_free (page);
}

static char *
read_head (GInputStream *input)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  GString *head = g_string_new (NULL);

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  for (;;) {
    g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

    if (line == NULL || *g_strchomp (line) == '\0')
      break;
    g_string_append_printf (head, "%s\n", line);
  }
  return g_string_free_and_steal (head);
}

static void
answer (Site *self, const char *head, GOutputStream *output)
{
  g_auto (GStrv) words = g_strsplit (head, " ", 3);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Page *page = words[0] && words[1] ? g_hash_table_lookup (self->pages, words[1]) : NULL;
  guint status = page ? page->status : 404;
  g_autofree char *start = NULL;
  gsize length = 0;
  const char *body = page ? g_bytes_get_data (page->body, &length) : NULL;

  g_set_str (&self->last_head, head);
  if (page)
    page->count++;
  if (page && page->etag && strstr (head, page->etag))
    status = 304;
  start = g_strdup_printf ("HTTP/1.1 %u X\r\nConnection: close\r\n%s%s%" G_GSIZE_FORMAT "\r\n\r\n",
                           status, page ? page->headers : "",
                           "Content-Length: ", status == 304 ? 0 : length);
  g_output_stream_write_all (output, start, strlen (start), NULL, NULL, NULL);
  if (status != 304 && length > 0)
    g_output_stream_write_all (output, body, length, NULL, NULL, NULL);
}

static gboolean
serve (GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
       gpointer data)
{
  GIOStream *stream = G_IO_STREAM (connection);
  g_autofree char *head = read_head (g_io_stream_get_input_stream (stream));

  if (*head)
    answer (data, head, g_io_stream_get_output_stream (stream));
  g_io_stream_close (stream, NULL, NULL);
  return TRUE;
}

static gpointer
run (gpointer data)
{
  Site *self = data;

  g_main_context_push_thread_default (self->context);
  g_socket_service_start (self->service);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

Site *
site_new (void)
{
  Site *self = g_new0 (Site, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, page_free);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  self->service = g_threaded_socket_service_new (8);
  g_socket_service_stop (self->service);
  g_signal_connect (self->service, "run", G_CALLBACK (serve), self);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  g_main_context_pop_thread_default (self->context);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->thread = g_thread_new ("site", run, self);
  return self;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* Its thread may not have come to its loop yet: it is told within it. */
static void
quit_within (Site *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit, self->loop, NULL);
  g_source_attach (source, self->context);
}

void
site_free (Site *self)
{
  quit_within (self);
  g_thread_join (self->thread);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->pages);
  g_free (self->last_head);
  g_free (self);
}

char *
site_url (Site *self, const char *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", self->port, path);
}

static char *
fill_in (Site *self, const char *text)
{
  g_autofree char *url = site_url (self, "");
  GString *string = g_string_new (text);

  g_string_replace (string, "SITE", url, 0);
  return g_string_free_and_steal (string);
}

static char *
find_etag (const char *headers)
{
  const char *at = strstr (headers, "ETag: ");

  return at ? g_strndup (at + 6, strcspn (at + 6, "\r\n")) : NULL;
}

static void
put (Site *self, const char *path, guint status, const char *headers, GBytes *body)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Page *before = g_hash_table_lookup (self->pages, path);
  Page *page = g_new0 (Page, 1);

  page->status = status;
  page->headers = fill_in (self, headers);
  page->etag = find_etag (headers);
  page->body = g_bytes_ref (body);
  page->count = before ? before->count : 0;
  g_hash_table_replace (self->pages, g_strdup (path), page);
}

void
site_put (Site *self, const char *path, guint status, const char *headers, const char *body)
{
  char *text = fill_in (self, body);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  put (self, path, status, headers, bytes);
}

void
site_put_bytes (Site *self, const char *path, const char *headers, GBytes *body)
{
  put (self, path, 200, headers, body);
}

guint
site_count (Site *self, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Page *page = g_hash_table_lookup (self->pages, path);

  return page ? page->count : 0;
}

char *
site_last_head (Site *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_strdup (self->last_head);
}
