/* filters.h: what a person would rather not see (sync/wire/types.h, Filter): words and phrases, found whole, in any
 * case, with or without accents, in the full-text index: so a list leaves rows out without reading a text; or what
 * comes from somebody, who writes no articles. */
#pragma once

#include "sync/models/key-list.h"

typedef enum {
  TL_FILTER_HOME = 1 << 0,
  TL_FILTER_EVERYONE = 1 << 1,
  TL_FILTER_NOTIFICATIONS = 1 << 2,
  TL_FILTER_ARTICLES = 1 << 3,
  TL_FILTER_ALL = (1 << 4) - 1,
} TlFilterPlaces;

/* Hidden; shown folded; or shown, and never notified of. */
typedef enum { TL_FILTER_HIDE, TL_FILTER_FOLD, TL_FILTER_SILENCE } TlFilterAction;

/* --- reader threads: what a list leaves out --- */

typedef struct _TlFilters TlFilters;

/* Those that hide something in the place now; NULL without an error: none does. For notifications, the keys are
 * those of the notifications. `no_folds`: rows have nothing to unfold there, folding is hiding. */
TlFilters *tl_filters_load (TlDb *db, TlFilterPlaces place, gboolean no_folds, GError **error);
void tl_filters_free (TlFilters *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlFilters, tl_filters_free)
/* A row that would be there otherwise; it is counted. `self` may be NULL. */
gboolean tl_filters_hides (TlFilters *self, gint64 key);
/* How many were hidden, and the words of the filter that hid most of them (or NULL). */
guint tl_filters_count (TlFilters *self, const char **words);
/* What the filter is called that folds this post or article there, or NULL. */
char *tl_filters_fold (TlDb *db, TlFilterPlaces place, gint64 key, GError **error);
/* May a person not be told of this notification, although it is shown? */
gboolean tl_filters_silence (TlDb *db, gint64 notification, GError **error);

/* --- main thread --- */

#define TL_TYPE_FILTER_ITEM (tl_filter_item_get_type ())
G_DECLARE_FINAL_TYPE (TlFilterItem, tl_filter_item, TL, FILTER_ITEM, GObject)
struct _TlFilterItem {
  GObject parent;
  gboolean loaded;
  gint64 key;
  char *words;   /* one a line, or NULL */
  gint64 person; /* 0: anybody */
  char *person_name;
  guint places;
  guint action;      /* TlFilterAction */
  gint64 expires_at; /* ms; 0: never */
};
/* The newest first. */
TlKeyList *tl_filter_list_new (TlReplica *replica);

typedef struct {
  const char *words; /* or NULL: all that comes from the person */
  TlFilterPlaces places;
  TlFilterAction action;
  gint64 expires_at;
  gint64 person; /* 0: anybody */
} TlFilterEdit;
/* filter 0: a new one. */
DexFuture *tl_action_set_filter (TlReplica *replica, gint64 filter, const TlFilterEdit *edit);
DexFuture *tl_action_remove_filter (TlReplica *replica, gint64 filter);

/* What a list leaves out: resolves to a sentence such as "12 posts are hidden by your filter “oars”" (G_TYPE_STRING),
 * NULL when it leaves out nothing. Home or everyone; for articles, of a feed or a folder. */
DexFuture *tl_filters_explain (TlReplica *replica, TlFilterPlaces place, gint64 me, gint64 feed,
                               const char *folder);

/* Who there is but `me`: resolves to a GPtrArray of TlFilterPerson by name (G_TYPE_PTR_ARRAY). */
typedef struct {
  gint64 key;
  char *name;
} TlFilterPerson;
DexFuture *tl_filter_people (TlReplica *replica, gint64 me);
