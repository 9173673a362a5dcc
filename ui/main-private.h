/* main-private.h: what main-view.c (sections, going places) and main-keys.c (keys for reading) share. */
#pragma once

#include "ui/calendar/calendar-page.h"
#include "ui/chat/room-page.h"
#include "ui/chat/rooms-page.h"
#include "ui/feed/feed-view.h"
#include "ui/inbox/inbox-view.h"
#include "ui/main-view.h"
#include "ui/news/news-list.h"
#include "ui/news/reader.h"
#include "ui/sidebar.h"
#include "ui/state-banner.h"

struct _TlMainView {
  AdwBreakpointBin parent;
  AdwNavigationSplitView *outer, *news, *chat;
  AdwNavigationPage *section_page;
  GtkStack *sections;
  TlStateBanner *banner;
  TlInboxView *inbox;
  AdwBin *calendar_place, *feed_place;

  const TlSession *session;
  TlReplica *replica;
  gint64 me;
  TlSidebar *sidebar;
  /* The pages of a section, NULL until it is first shown. */
  TlCalendarPage *calendar;
  TlFeedView *feed;
  TlNewsList *list;
  TlReader *reader;
  TlRoomsPage *rooms;
  TlRoomPage *room;
  AdwDialog *search; /* while it is open */
};

/* Is this section the one that is shown? */
gboolean tl_main_view_is_in (TlMainView *self, const char *section);
/* The keys that a person reads with, of the class. */
void tl_main_view_add_keys (GtkWidgetClass *class);
