/* changes.h: what changed of a type since a state. */
#pragma once

#include "server/jmap/call.h"

/* The ids (gint64) of all objects of the type that something happened to since `since`, and the state up to
 * which that is all. TL_METHOD_ERROR_CANNOT_CALCULATE_CHANGES also when they are more than a page. */
gboolean tl_changes_ids (TlCall *call, const TlTypeService *service, const char *since, GArray *ids,
                         char **new_state, GError **error);
/* Did anything of the type happen since `state`? TRUE as well when that cannot be told. */
gboolean tl_changes_any (TlCall *call, const TlTypeService *service, const char *state,
                         gboolean *any, GError **error);

/* A page of what changed of a type: what is there (gint64) and what is gone ("[id…]", empty when nothing is). */
typedef struct {
  GArray *present;
  GString *destroyed;
  char *new_state;
  gboolean has_more;
} TlChangesPage;
void tl_changes_page_clear (TlChangesPage *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlChangesPage, tl_changes_page_clear)
gboolean tl_changes_page (TlCall *call, const TlTypeService *service, const char *since, gint64 max,
                          TlChangesPage *page, GError **error);

/* Refuses a state that changes cannot be told from; FALSE. */
gboolean tl_changes_cannot (GError **error);
