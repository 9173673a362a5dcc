/* content.c: content.json with its times and pictures filled in, applied as the server's word. */
#include "tests/ui/content.h"

#include "sync/apply.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MINUTE ((gint64)60 * 1000)

/* "today:N": N minutes after the last midnight; "ago:N": N minutes ago. */
static char *
time_of (const char *text)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) midnight =
      g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                             g_date_time_get_day_of_month (now), 0, 0, 0);
  gint64 minutes = g_ascii_strtoll (strchr (text, ':') + 1, NULL, 10);

  if (g_str_has_prefix (text, "today:"))
    return tl_date_format (g_date_time_to_unix (midnight) * 1000 + (10 - minutes) * MINUTE);
  return tl_date_format (g_date_time_to_unix (now) * 1000 - minutes * MINUTE);
}

/* "art:NAME": the hash under which the picture of that name lies in the account's folder. */
static char *
picture_of (const char *text, const char *dir)
{
  const char *name = strchr (text, ':') + 1;
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
  g_autofree char *base = g_strdup_printf ("%s.jpg", name);
  g_autofree char *from =
      g_build_filename (g_getenv ("TIDELINE_SOURCE"), "data", "demo", "art", base, NULL);
  g_autofree char *to = g_build_filename (dir, "media", hash, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (from, &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, bytes, (gssize)length, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&hash);
}

static char *
fill_in (const char *json, const char *dir)
{
  g_autoptr (GRegex) regex = g_regex_new ("(today|ago|art):[a-z0-9]+", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gint at = 0;

  g_regex_match (regex, json, 0, &match);
  while (g_match_info_matches (match)) {
    g_autofree char *word = g_match_info_fetch (match, 0), *value = NULL;
    gint start, end;

    g_match_info_fetch_pos (match, 0, &start, &end);
    value = g_str_has_prefix (word, "art:") ? picture_of (word, dir) : time_of (word);
    g_string_append_len (text, json + at, start - at);
    g_string_append (text, value);
    at = end;
    g_match_info_next (match, NULL);
  }
  g_string_append (text, json + at);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
apply (const char *dir, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TlChanges) changes = tl_changes_new ();
  g_autoptr (TlDb) db = tl_db_open (dir, TRUE, &error);

  g_assert_no_error (error);
  g_assert_true (tl_db_begin (db, &error));
  for (guint i = 0; tl_types[i]; i++) {
    g_autofree char *path = g_strdup_printf ("$.%s", tl_types[i]->name);

    tl_apply_objects (db, changes, tl_types[i], json, path, &error);
    g_assert_no_error (error);
  }
  tl_db_commit (db, &error);
  g_assert_no_error (error);
}

TlAccount *
content_make_account (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_build_filename (g_getenv ("TIDELINE_SOURCE"), "tests", "ui", "content.json", NULL);
  g_autofree char *json = NULL, *text = NULL, *media = NULL;
  TlAccount *account = tl_account_save ("http://127.0.0.1:1", "robin", "Robin Hale", 1, &error);

  g_assert_no_error (error);
  media = g_build_filename (account->dir, "media", NULL);
  g_mkdir_with_parents (media, 0700);
  g_file_get_contents (path, &json, NULL, &error);
  g_assert_no_error (error);
  text = fill_in (json, account->dir);
  apply (account->dir, text);
  return account;
}
