/* post-words.h: posts in words: their text with its links, and one sentence for those who listen. */
#pragma once

#include "sync/models/items.h"

/* Pango markup; who is named by @login is a link to "tideline:person/LOGIN", a #tag one to "tideline:tag/TAG". */
char *tl_post_markup (const char *text);
/* "Ana Kovač, 09:14: First outing …, 3 replies, 2 boosts, 11 reactions" */
char *tl_post_sentence (TlPostItem *item);
/* An icon and what it says; no icon for what everybody may see. */
const char *tl_post_visibility_icon (const char *visibility);
const char *tl_post_visibility_words (const char *visibility);
