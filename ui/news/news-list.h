/* news-list.h: the list of articles of a place or a feed, newest first under their days. */
#pragma once

#include "sync/models/lists.h"
#include "ui/place.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_NEWS_LIST (tl_news_list_get_type ())
G_DECLARE_FINAL_TYPE (TlNewsList, tl_news_list, TL, NEWS_LIST, AdwNavigationPage)

/* Signals: selected (TlArticleItem *); activated (): a person went for it; marked (char *sentence, GArray *keys):
 * all were marked read, `keys` (of gint64) were not before. */
TlNewsList *tl_news_list_new (const TlSession *session);
void tl_news_list_show_place (TlNewsList *self, TlPlaceKind kind);
void tl_news_list_show_feed (TlNewsList *self, TlFeedItem *feed);
/* +1: the next one; -1: the one before. */
void tl_news_list_move (TlNewsList *self, int step);
/* The next one below that is not read; at the end from the top. */
void tl_news_list_next_unread (TlNewsList *self);
/* The focus goes into the list. */
void tl_news_list_focus (TlNewsList *self);
void tl_news_list_select_first (TlNewsList *self);
/* Selects it once the list has it. */
void tl_news_list_select (TlNewsList *self, gint64 article);
