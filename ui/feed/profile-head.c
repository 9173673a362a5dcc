/* profile-head.c: follows one person of the circle list. Main thread. */
#include "ui/feed/profile-head.h"

#include "sync/actions-social.h"
#include "sync/models/posts.h"
#include "ui/face.h"
#include "ui/feed/profile-dialog.h"
#include "ui/feed/suspend-button.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlProfileHead {
  AdwBin parent;
  AdwAvatar *avatar;
  GtkLabel *name, *login, *description, *facts;
  GtkToggleButton *follow;
  GtkWidget *edit;
  GtkBox *deeds;

  const TlSession *session;
  TlKeyList *people;
  TlPersonItem *item;
};

G_DEFINE_FINAL_TYPE (TlProfileHead, tl_profile_head, ADW_TYPE_BIN)

static void
append_fact (GString *facts, const char *fact)
{
  g_string_append_printf (facts, "%s%s", facts->len ? " · " : "", fact);
}

static void
append_count (GString *facts, const char *words, guint count)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *fact = g_strdup_printf (words, count);
#pragma GCC diagnostic pop

  append_fact (facts, fact);
}

/* "10:42 there", where they are elsewhere. */
static void
append_time (GString *facts, const char *time_zone)
{
  g_autofree char *clock = tl_words_clock_in (time_zone);
  /* Translators: the clock where somebody is */
  g_autofree char *fact = clock ? g_strdup_printf (_ ("%s there"), clock) : NULL;

  if (fact)
    append_fact (facts, fact);
}

static char *
facts_of (TlPersonItem *item, gboolean is_me)
{
  GString *facts = g_string_new (NULL);

  append_count (facts, ngettext ("%u post", "%u posts", item->n_posts), item->n_posts);
  if (is_me || item->is_followed)
    append_count (facts, ngettext ("%u follower", "%u followers", item->n_followers),
                  item->n_followers);
  if (is_me)
    append_count (facts, ngettext ("follows %u", "follows %u", item->n_following),
                  item->n_following);
  if (item->follows_me)
    append_fact (facts, _ ("follows you"));
  if (!is_me)
    append_time (facts, item->time_zone);
  return g_string_free (facts, FALSE);
}

static void
update (TlProfileHead *self)
{
  TlPersonItem *item = self->item;
  gboolean is_me = item->key == self->session->account->key;
  g_autofree char *login = NULL, *facts = NULL;

  if (!item->loaded)
    return;
  login = g_strconcat ("@", item->login, NULL);
  facts = facts_of (item, is_me);
  tl_face_show (self->avatar, self->session->media, item->name, item->avatar_blob);
  gtk_label_set_label (self->name, item->name ? item->name : "");
  gtk_label_set_label (self->login, login);
  gtk_label_set_label (self->description, item->description ? item->description : "");
  gtk_widget_set_visible (GTK_WIDGET (self->description), item->description != NULL);
  gtk_label_set_label (self->facts, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->follow), !is_me);
  gtk_widget_set_visible (self->edit, is_me);
  gtk_toggle_button_set_active (self->follow, item->is_followed);
  gtk_button_set_label (GTK_BUTTON (self->follow),
                        item->is_followed ? _ ("Following") : _ ("Follow"));
  if (item->is_followed)
    gtk_widget_remove_css_class (GTK_WIDGET (self->follow), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->follow), "suggested-action");
}

static void
follow_clicked (TlProfileHead *self)
{
  gboolean follow = !self->item->is_followed;

  gtk_toggle_button_set_active (self->follow, self->item->is_followed);
  dex_future_disown (tl_action_follow (self->session->replica, self->item->key,
                                       self->session->account->key, follow));
}

static void
edit_clicked (TlProfileHead *self)
{
  adw_dialog_present (
      tl_profile_dialog_new (self->session->replica, self->session->media, self->item),
      GTK_WIDGET (self));
}

static void
people_changed (TlProfileHead *self)
{
  if (self->item || g_list_model_get_n_items (G_LIST_MODEL (self->people)) == 0)
    return;
  self->item = g_list_model_get_item (G_LIST_MODEL (self->people), 0);
  g_signal_connect_object (self->item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
tl_profile_head_dispose (GObject *object)
{
  TlProfileHead *self = TL_PROFILE_HEAD (object);

  g_clear_object (&self->item);
  g_clear_object (&self->people);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_PROFILE_HEAD);
  G_OBJECT_CLASS (tl_profile_head_parent_class)->dispose (object);
}

static void
tl_profile_head_class_init (TlProfileHeadClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_profile_head_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/feed/profile-head.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlProfileHead, name)
  CHILD (avatar);
  CHILD (name);
  CHILD (login);
  CHILD (description);
  CHILD (facts);
  CHILD (follow);
  CHILD (edit);
  CHILD (deeds);
#undef CHILD
}

static void
tl_profile_head_init (TlProfileHead *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->follow, "clicked", G_CALLBACK (follow_clicked), self);
  g_signal_connect_swapped (self->edit, "clicked", G_CALLBACK (edit_clicked), self);
}

GtkWidget *
tl_profile_head_new (const TlSession *session, gint64 person)
{
  TlProfileHead *self = g_object_new (TL_TYPE_PROFILE_HEAD, NULL);

  self->session = session;
  if (person != session->account->key)
    gtk_box_append (self->deeds, tl_suspend_button_new (session, person));
  self->people = tl_circle_list_new (session->replica, person, session->account->key);
  g_signal_connect_object (self->people, "items-changed", G_CALLBACK (people_changed), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
