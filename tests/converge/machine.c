/* machine.c: see the header. */
#include "tests/converge/machine.h"

#include "tests/converge/world.h"

#include <stdlib.h>

guint
machine_share (const char *what, guint usual)
{
  g_auto (GStrv) words = g_strsplit (g_getenv ("CONVERGE_OFTEN") ?: "", ":", 2);
  gboolean is_it = words[0] && words[1] && g_str_equal (words[0], what);

  return is_it ? (guint)atoi (words[1]) : usual;
}

void
machine_set_fate (Machine *self, const char *token, const char *fate)
{
  g_hash_table_replace (self->written, g_strdup (token), (gpointer)fate);
}

void
machine_tell (Machine *self, const Device *device, const char *what, const char *result)
{
  g_string_append_printf (self->story, "#   %s's device %u: %s: %s\n", device->login,
                          (guint)(device - self->devices), what, result);
}

static void
note (Machine *self, const char *what)
{
  g_auto (GStrv) words = g_strsplit (what, " ", 2);

  self->operations++;
  if (g_str_equal (words[0], "send"))
    machine_set_fate (self, words[1], "here");
  else if (g_str_equal (words[0], "delete"))
    machine_set_fate (self, words[1], "deleted");
}

void
machine_do (Machine *self, Device *device, const char *what, GRand *random)
{
  g_autofree char *command = g_strdup_printf ("%s %u", what, g_rand_int (random));
  g_autofree char *answer = device_ask (device, command);

  note (self, answer);
  machine_tell (self, device, what, answer);
}

gboolean
machine_hear_sync (Machine *self, Device *device)
{
  g_autofree char *answer = device_hear (device);

  g_assert_nonnull (answer);
  coverage_add (self->coverage, answer);
  machine_tell (self, device, "sync", answer);
  return g_str_has_prefix (answer, "ok");
}

gboolean
machine_sync (Machine *self, Device *device)
{
  device_tell (device, "sync");
  return machine_hear_sync (self, device);
}

static void
start_devices (Machine *self)
{
  static const char *const logins[N_DEVICES] = { "alice", "alice", "bob", "carol", "bob" };

  for (guint i = 0; i < N_DEVICES; i++) {
    device_init (&self->devices[i], logins[i], i == N_DEVICES - 1 ? "plain.py" : "converge-client",
                 g_strdup_printf ("%s/device-%u", self->folder, i));
    device_start (&self->devices[i], &self->world);
    machine_sync (self, &self->devices[i]);
  }
}

void
machine_start (Machine *self)
{
  const char *url;

  self->folder = g_dir_make_tmp ("tideline-converge-XXXXXX", NULL);
  self->clock = g_build_filename (self->folder, "server.clock", NULL);
  self->coverage = coverage_new ();
  self->story = g_string_new (NULL);
  self->written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_setenv ("TIDELINE_NEWS_ALLOW_PRIVATE_ADDRESSES", "true", TRUE);
  self->server = tl_test_server_new_with_clock (self->clock);
  tl_test_server_add_user (self->server, "alice", "Alice");
  tl_test_server_add_user (self->server, "bob", "Bob");
  tl_test_server_add_user (self->server, "carol", "Carol");
  url = tl_test_server_url (self->server);
  self->proxy = tl_proxy_new ((guint16)atoi (strrchr (url, ':') + 1));
  self->world.url = g_strdup_printf ("http://127.0.0.1:%u", tl_proxy_port (self->proxy));
  self->world.password_file = g_build_filename (self->folder, "password", NULL);
  self->world.feeds = world_serve_feeds ();
  g_assert_true (g_file_set_contents (self->world.password_file, TL_TEST_PASSWORD, -1, NULL));
  start_devices (self);
}

void
machine_stop (Machine *self)
{
  g_autofree char *cleanup = g_strdup_printf ("rm -rf '%s'", self->folder);

  for (guint i = 0; i < N_DEVICES; i++) {
    device_end (&self->devices[i], FALSE);
    device_clear (&self->devices[i]);
  }
  tl_proxy_free (self->proxy);
  tl_test_server_free (self->server);
  g_assert_cmpint (system (cleanup), ==, 0);
  g_hash_table_unref (self->written);
  g_hash_table_unref (self->coverage);
  g_free ((char *)self->world.url);
  g_free ((char *)self->world.password_file);
  g_free (self->folder);
  g_free (self->clock);
  g_free (self->kept);
  g_string_free (self->story, TRUE);
}
