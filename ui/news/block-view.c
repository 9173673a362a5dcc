/* block-view.c: a maker for each kind of block. Nothing is wider than the column: what may be (code,
 * tables) scrolls in its own box; pictures have their size before they are there. Main thread. */
#include "ui/news/block-view.h"

#include "sync/wire/blocks.h"
#include "ui/picture.h"

#include <glib/gi18n-lib.h>

static GtkWidget *
markup_label (const char *markup, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), markup ? markup : "");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
make_paragraph (const TlBlock *block, TlMedia *media)
{
  return markup_label (block->markup, NULL);
}

static GtkWidget *
make_heading (const TlBlock *block, TlMedia *media)
{
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "wrap", TRUE,
                    "xalign", 0.0f, "selectable", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "label",
                    block->markup, "use-markup", TRUE, NULL);

  gtk_widget_add_css_class (label, block->level <= 2 ? "reader-h2" : "reader-h3");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LEVEL,
                                  block->level, -1);
  return label;
}

static GtkWidget *
make_list (const TlBlock *block, TlMedia *media)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 10);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 8);
  for (guint i = 0; i < block->items->len; i++) {
    g_autofree char *number = g_strdup_printf ("%u.", i + 1);
    GtkWidget *marker = gtk_label_new (block->ordered ? number : "•");
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

    gtk_widget_set_valign (marker, GTK_ALIGN_START);
    gtk_label_set_xalign (GTK_LABEL (marker), 1);
    gtk_widget_add_css_class (marker, "dimmed");
    gtk_widget_add_css_class (marker, "numeric");
    gtk_widget_set_hexpand (box, TRUE);
    tl_block_view_fill (GTK_BOX (box), block->items->pdata[i], media);
    gtk_grid_attach (GTK_GRID (grid), marker, 0, (int)i, 1, 1);
    gtk_grid_attach (GTK_GRID (grid), box, 1, (int)i, 1, 1);
  }
  return grid;
}

static GtkWidget *
make_quote (const TlBlock *block, TlMedia *media)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  gtk_widget_add_css_class (box, "quote");
  gtk_widget_add_css_class (box, "news");
  tl_block_view_fill (GTK_BOX (box), block->items, media);
  if (block->text) {
    g_autofree char *escaped = g_markup_escape_text (block->text, -1);
    GtkWidget *cite = markup_label (escaped, "caption");

    gtk_widget_add_css_class (cite, "dimmed");
    gtk_box_append (GTK_BOX (box), cite);
  }
  return box;
}

/* Scrolls sideways by itself, as high as what is in it. */
static GtkWidget *
sideways (GtkWidget *child, const char *css_class)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), child);
  gtk_widget_add_css_class (scroller, css_class);
  return scroller;
}

static GtkWidget *
make_code (const TlBlock *block, TlMedia *media)
{
  GtkWidget *label = gtk_label_new (block->text);

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "monospace");
  return sideways (label, "code-block");
}

static gboolean
is_number (const char *markup)
{
  gboolean has_digit = FALSE;

  for (const char *c = markup; *c; c++) {
    if (g_ascii_isdigit (*c))
      has_digit = TRUE;
    else if (strchr (" .,%+-−–€$£/:~<>", *c) == NULL && (guchar)*c < 0x80)
      return FALSE;
  }
  return has_digit;
}

static GtkWidget *
make_cell (const char *markup, gboolean is_head, gboolean has_line)
{
  GtkWidget *cell = markup_label (markup, "td");

  gtk_label_set_max_width_chars (GTK_LABEL (cell), 40);
  gtk_label_set_xalign (GTK_LABEL (cell), is_number (markup) ? 1 : 0);
  gtk_widget_set_hexpand (cell, TRUE);
  if (is_head)
    gtk_widget_add_css_class (cell, "th");
  if (has_line)
    gtk_widget_add_css_class (cell, "line");
  return cell;
}

static GtkWidget *
make_table (const TlBlock *block, TlMedia *media)
{
  GtkWidget *grid = gtk_grid_new ();

  for (guint row = 0; row < block->items->len; row++) {
    char **cells = block->items->pdata[row];

    for (guint column = 0; cells[column]; column++)
      gtk_grid_attach (GTK_GRID (grid),
                       make_cell (cells[column], block->header && row == 0, row > 0), (int)column,
                       (int)row, 1, 1);
  }
  return sideways (grid, "table-block");
}

static GtkWidget *
make_image (const TlBlock *block, TlMedia *media)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *picture = g_object_new (TL_TYPE_PICTURE, NULL);

  gtk_widget_add_css_class (picture, "photo");
  tl_picture_show (TL_PICTURE (picture), media, block->src, block->width, block->height);
  tl_picture_set_alternative (TL_PICTURE (picture), block->text ? block->text : _ ("Picture"));
  gtk_box_append (GTK_BOX (box), picture);
  if (block->markup && *block->markup) {
    GtkWidget *caption = markup_label (block->markup, "caption");

    gtk_widget_add_css_class (caption, "dimmed");
    gtk_box_append (GTK_BOX (box), caption);
  }
  return box;
}

static GtkWidget *
make_embed (const TlBlock *block, TlMedia *media)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (block->text && *block->text ? block->text : block->href);
  GtkWidget *button = gtk_link_button_new (block->href);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name ("video-x-generic-symbolic"));
  gtk_box_append (GTK_BOX (content), label);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, block->href);
  return button;
}

static GtkWidget *
make_rule (const TlBlock *block, TlMedia *media)
{
  return gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
}

static GtkWidget *(*const makers[]) (const TlBlock *, TlMedia *) = {
  [TL_BLOCK_PARAGRAPH] = make_paragraph, [TL_BLOCK_HEADING] = make_heading,
  [TL_BLOCK_LIST] = make_list,           [TL_BLOCK_QUOTE] = make_quote,
  [TL_BLOCK_CODE] = make_code,           [TL_BLOCK_TABLE] = make_table,
  [TL_BLOCK_IMAGE] = make_image,         [TL_BLOCK_EMBED] = make_embed,
  [TL_BLOCK_RULE] = make_rule,
};

void
tl_block_view_fill (GtkBox *box, GPtrArray *blocks, TlMedia *media)
{
  for (guint i = 0; i < blocks->len; i++) {
    const TlBlock *block = blocks->pdata[i];

    gtk_box_append (box, makers[block->kind](block, media));
  }
}
