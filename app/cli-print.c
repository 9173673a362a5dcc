/* cli-print.c: see the header. */
#include "app/cli-print.h"

#include "app/terminal.h"
#include "sync/models/items.h"

#include <glib/gi18n.h>
#include <pango/pango.h>
#include <stdio.h>

/* --- JSON ------------------------------------------------------------------------------------ */

static void
add_property (JsonObject *object, GObject *item, GParamSpec *pspec)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, pspec->value_type);
  g_object_get_property (item, pspec->name, &value);
  if (G_VALUE_HOLDS_STRING (&value)) {
    if (g_value_get_string (&value))
      json_object_set_string_member (object, pspec->name, g_value_get_string (&value));
    else
      json_object_set_null_member (object, pspec->name);
  } else if (G_VALUE_HOLDS_BOOLEAN (&value)) {
    json_object_set_boolean_member (object, pspec->name, g_value_get_boolean (&value));
  } else {
    g_auto (GValue) number = G_VALUE_INIT;

    g_value_init (&number, G_TYPE_INT64);
    if (g_value_transform (&value, &number))
      json_object_set_int_member (object, pspec->name, g_value_get_int64 (&number));
  }
}

static JsonObject *
item_to_json (GObject *item)
{
  JsonObject *object = json_object_new ();
  guint n = 0;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (item), &n);

  for (guint i = 0; i < n; i++)
    if (!g_str_equal (pspecs[i]->name, "loaded"))
      add_property (object, item, pspecs[i]);
  return object;
}

static void
print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  tl_terminal_say_json (stdout, text);
  json_node_unref (node);
}

static JsonArray *
items_to_json (GPtrArray *items)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < items->len; i++)
    json_array_add_object_element (array, item_to_json (items->pdata[i]));
  return array;
}

/* --- lines ----------------------------------------------------------------------------------- */

static char *
short_time (gint64 ms)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (ms * 1000);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_local (utc) : NULL;

  return local ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("");
}

static void
print_article_line (TlArticleItem *item)
{
  g_autofree char *time = short_time (item->published_at);

  tl_terminal_say (stdout, "%-8" G_GINT64_FORMAT " %s %s%s  %s · %s\n", item->key, time,
                   item->is_read ? " " : "•", item->is_starred ? "★" : " ", item->title,
                   item->feed_title ? item->feed_title : "");
}

static void
print_message_line (TlMessageItem *item)
{
  g_autofree char *time = short_time (item->sent_at);
  const char *state = "";

  if (item->delivery == TL_DELIVERY_WAITING)
    state = _ (" (waiting)");
  else if (item->delivery == TL_DELIVERY_FAILED)
    state = _ (" (not sent)");
  tl_terminal_say (stdout, "%-8" G_GINT64_FORMAT " %s  %s: %s%s\n", item->key, time,
                   item->sender_name ? item->sender_name : "?", item->body, state);
}

static void
print_post_line (TlPostItem *item)
{
  g_autofree char *time = short_time (item->created_at);
  const char *state = "";

  if (item->delivery == TL_DELIVERY_WAITING)
    state = _ (" (waiting)");
  else if (item->delivery == TL_DELIVERY_FAILED)
    state = _ (" (not sent)");
  tl_terminal_say (stdout, "%-8" G_GINT64_FORMAT " %s  %s: ", item->key, time,
                   item->author_name ? item->author_name : "?");
  if (item->warning)
    tl_terminal_say (stdout, "[%s] ", item->warning);
  tl_terminal_say (stdout, "%s%s\n", item->text ? item->text : "", state);
}

static void
print_hit_line (TlHitItem *item)
{
  g_autofree char *time = short_time (item->time);
  g_autofree char *snippet = NULL;

  /* The snippet is Pango markup: its plain text. */
  if (!item->snippet || !pango_parse_markup (item->snippet, -1, 0, NULL, &snippet, NULL, NULL))
    snippet = g_strdup ("");
  tl_terminal_say (stdout, "%-8" G_GINT64_FORMAT " %s  %s · %s: %s\n", item->key, time, item->title,
                   item->context ? item->context : "", snippet);
}

static void
print_line (gpointer object)
{
  if (TL_IS_ARTICLE_ITEM (object)) {
    print_article_line (object);
  } else if (TL_IS_MESSAGE_ITEM (object)) {
    print_message_line (object);
  } else if (TL_IS_POST_ITEM (object)) {
    print_post_line (object);
  } else if (TL_IS_HIT_ITEM (object)) {
    print_hit_line (object);
  } else if (TL_IS_ROOM_ITEM (object)) {
    TlRoomItem *room = object;
    tl_terminal_say (stdout, "%-8" G_GINT64_FORMAT " %-24s %3u  %s\n", room->key, room->name,
                     room->unread, room->preview ? room->preview : "");
  } else if (TL_IS_FEED_ITEM (object)) {
    TlFeedItem *feed = object;
    tl_terminal_say (stdout, "%-8" G_GINT64_FORMAT " %s%-30s %4u  %s\n", feed->key,
                     feed->is_folder ? "" : "  ", feed->title, feed->unread,
                     feed->error ? feed->error : "");
  } else if (TL_IS_PERSON_ITEM (object)) {
    TlPersonItem *person = object;
    tl_terminal_say (stdout, "%-8" G_GINT64_FORMAT " %-16s %s\n", person->key, person->login,
                     person->name);
  } else if (TL_IS_OUTBOX_ITEM (object)) {
    TlOutboxItem *op = object;
    tl_terminal_say (stdout, "%-8" G_GINT64_FORMAT " %-18s %s%s%s\n", op->key, op->action,
                     op->subject ? op->subject : "", op->error ? ": " : "",
                     op->error ? op->error : "");
  }
}

void
tl_cli_print_items (GPtrArray *items, gboolean as_json)
{
  if (as_json) {
    JsonNode *node = json_node_new (JSON_NODE_ARRAY);
    json_node_take_array (node, items_to_json (items));
    print_json (node);
    return;
  }
  for (guint i = 0; i < items->len; i++)
    print_line (items->pdata[i]);
}

void
tl_cli_print_article (const TlArticle *article, const char *text, gboolean as_json)
{
  g_autofree char *time = short_time (article->published_at);

  if (as_json) {
    JsonNode *node = json_node_new (JSON_NODE_OBJECT);
    JsonObject *object = tl_record_to_json (&tl_article_type, article);
    json_object_set_string_member (object, "text", text);
    json_node_take_object (node, object);
    print_json (node);
    return;
  }
  tl_terminal_say (stdout, "%s\n", article->title);
  tl_terminal_say (stdout, "%s%s%s\n", article->author ? article->author : "",
                   article->author ? ", " : "", time);
  tl_terminal_say (stdout, "%s\n", article->url ? article->url : "");
  puts ("");
  tl_terminal_say_text (stdout, text);
}

void
tl_cli_print_status (const char *name, const char *server, guint unread_articles,
                     guint unread_messages, GPtrArray *waiting, gboolean as_json)
{
  if (as_json) {
    JsonNode *node = json_node_new (JSON_NODE_OBJECT);
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "name", name);
    json_object_set_string_member (object, "server", server);
    json_object_set_int_member (object, "unread-articles", unread_articles);
    json_object_set_int_member (object, "unread-messages", unread_messages);
    json_object_set_array_member (object, "outbox", items_to_json (waiting));
    json_node_take_object (node, object);
    print_json (node);
    return;
  }
  tl_terminal_say (stdout, _ ("%s on %s\n"), name, server);
  tl_terminal_say (stdout,
                   ngettext ("%u unread article\n", "%u unread articles\n", unread_articles),
                   unread_articles);
  tl_terminal_say (stdout,
                   ngettext ("%u unread message\n", "%u unread messages\n", unread_messages),
                   unread_messages);
  tl_terminal_say (
      stdout,
      ngettext ("%u change waits in the outbox\n", "%u changes wait in the outbox\n", waiting->len),
      waiting->len);
}
