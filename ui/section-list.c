/* section-list.c: passes everything on to its key list; the list's sections are GTK's. A row whose section
 * changes is removed and added by the key list, so sections need no signal of their own. */
#include "ui/section-list.h"

struct _TlSectionList {
  GObject parent;
  TlKeyList *list;
};

static GType
get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (G_LIST_MODEL (TL_SECTION_LIST (model)->list));
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (TL_SECTION_LIST (model)->list));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (TL_SECTION_LIST (model)->list), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
get_section (GtkSectionModel *model, guint position, guint *start, guint *end)
{
  TlSectionList *self = TL_SECTION_LIST (model);
  guint n = get_n_items (G_LIST_MODEL (model));

  if (position < n) {
    tl_key_list_section (self->list, position, start, end);
    return;
  }
  *start = n;
  *end = G_MAXUINT;
}

static void
section_model_init (GtkSectionModelInterface *iface)
{
  iface->get_section = get_section;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TlSectionList, tl_section_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SECTION_MODEL,
                                                          section_model_init))

static void
tl_section_list_finalize (GObject *object)
{
  g_object_unref (TL_SECTION_LIST (object)->list);
  G_OBJECT_CLASS (tl_section_list_parent_class)->finalize (object);
}

static void
tl_section_list_class_init (TlSectionListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tl_section_list_finalize;
}

static void
tl_section_list_init (TlSectionList *self)
{
}

GListModel *
tl_section_list_new (TlKeyList *list)
{
  TlSectionList *self = g_object_new (TL_TYPE_SECTION_LIST, NULL);

  self->list = g_object_ref (list);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (g_list_model_items_changed), self,
                           G_CONNECT_SWAPPED);
  return G_LIST_MODEL (self);
}
