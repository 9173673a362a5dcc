/* post-words.c: see the header. Any thread. */
#include "ui/feed/post-words.h"

#include "ui/words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SPACE " \t\n"
#define OF_A_NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

/* How long a login or tag at the beginning is; 0: it is none. What ends a sentence is no part of it. */
static gsize
name_length (const char *word, char sign)
{
  gsize length = 0;

  for (const char *at = word; *at; at = g_utf8_next_char (at)) {
    gboolean belongs = sign == '@'
                           ? strchr (OF_A_NAME, *at) != NULL
                           : g_unichar_isalnum (g_utf8_get_char (at)) || *at == '_' || *at == '-';
    if (!belongs)
      break;
    length = (gsize)(g_utf8_next_char (at) - word);
  }
  while (length > 0 && strchr (".-", word[length - 1]))
    length--;
  return length;
}

static void
append_word (GString *markup, const char *word)
{
  gsize before = strspn (word, "([{'\"*"), length = 0;
  char sign = word[before];
  g_autofree char *head = g_markup_escape_text (word, (gssize)before);
  g_autofree char *name = NULL, *tail = NULL;

  if (sign == '@' || sign == '#')
    length = name_length (word + before + 1, sign);
  if (length == 0) {
    g_autofree char *plain = tl_words_link_markup (word);
    g_string_append (markup, plain);
    return;
  }
  name = g_strndup (word + before + 1, length);
  tail = g_markup_escape_text (word + before + 1 + length, -1);
  g_string_append_printf (markup, "%s<a href=\"tideline:%s/%s\">%c%s</a>%s", head,
                          sign == '@' ? "person" : "tag", name, sign, name, tail);
}

char *
tl_post_markup (const char *text)
{
  GString *markup = g_string_new (NULL);
  const char *rest = text ? text : "";

  while (*rest) {
    gsize space = strspn (rest, SPACE), length = strcspn (rest + space, SPACE);
    g_autofree char *word = g_strndup (rest + space, length);

    g_string_append_len (markup, rest, (gssize)space);
    append_word (markup, word);
    rest += space + length;
  }
  return g_string_free (markup, FALSE);
}

static void
append_counts (GString *sentence, TlPostItem *item)
{
  if (item->n_replies)
    g_string_append_printf (sentence, ngettext (", %u reply", ", %u replies", item->n_replies),
                            item->n_replies);
  if (item->n_boosts)
    g_string_append_printf (sentence, ngettext (", %u boost", ", %u boosts", item->n_boosts),
                            item->n_boosts);
  if (item->n_reactions)
    g_string_append_printf (sentence,
                            ngettext (", %u reaction", ", %u reactions", item->n_reactions),
                            item->n_reactions);
}

char *
tl_post_sentence (TlPostItem *item)
{
  g_autofree char *time = tl_words_short_time (item->created_at);
  GString *sentence = g_string_new (NULL);

  if (item->booster)
    g_string_append_printf (sentence, _ ("%s boosted: "), item->booster);
  g_string_append_printf (sentence, "%s, %s: ", item->is_mine ? _ ("You") : item->author_name,
                          time);
  if (item->warning)
    g_string_append_printf (sentence, _ ("content warning: %s"), item->warning);
  else
    g_string_append (sentence, item->text ? item->text : "");
  append_counts (sentence, item);
  if (item->delivery == TL_DELIVERY_WAITING)
    g_string_append (sentence, _ (", waiting for the network"));
  else if (item->delivery == TL_DELIVERY_FAILED)
    g_string_append (sentence, _ (", not sent"));
  return g_string_free (sentence, FALSE);
}

const char *
tl_post_visibility_icon (const char *visibility)
{
  if (g_strcmp0 (visibility, "followers") == 0)
    return "system-users-symbolic";
  return g_strcmp0 (visibility, "mentioned") == 0 ? "channel-secure-symbolic" : NULL;
}

const char *
tl_post_visibility_words (const char *visibility)
{
  if (g_strcmp0 (visibility, "followers") == 0)
    return _ ("For followers");
  return g_strcmp0 (visibility, "mentioned") == 0 ? _ ("For those named") : _ ("For everyone");
}
