/* article-row.h: one article of a list: source and time, title, minutes, a thumbnail. */
#pragma once

#include "sync/media.h"

#include <gtk/gtk.h>

#define TL_TYPE_ARTICLE_ROW (tl_article_row_get_type ())
G_DECLARE_FINAL_TYPE (TlArticleRow, tl_article_row, TL, ARTICLE_ROW, GtkBox)

/* Signal: clicked (). */
GtkWidget *tl_article_row_new (TlMedia *media);
/* NULL unbinds. */
void tl_article_row_bind (TlArticleRow *self, GtkListItem *cell);
GtkListItem *tl_article_row_cell (TlArticleRow *self);
