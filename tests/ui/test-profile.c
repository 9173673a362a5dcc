/* test-profile.c: one's own picture: the square that is cut from it, and that it is one's own then. */
#include "tests/ui/desk.h"

#include "ui/feed/avatar-crop.h"
#include "ui/feed/avatar-dialog.h"

#define WIDE 400
#define HIGH 200

/* Its left half is red, its right half blue. */
static GdkPixbuf *
two_halves (void)
{
  GdkPixbuf *picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, WIDE, HIGH);
  g_autoptr (GdkPixbuf) right = gdk_pixbuf_new_subpixbuf (picture, WIDE / 2, 0, WIDE / 2, HIGH);

  gdk_pixbuf_fill (picture, 0xff0000ff);
  gdk_pixbuf_fill (right, 0x0000ffff);
  return picture;
}

/* 'r' or 'b' at a place of the square that is chosen, told in hundredths. */
static char
colour_at (TlAvatarCrop *crop, int x)
{
  g_autoptr (GdkPixbuf) square = tl_avatar_crop_get (crop, 100);
  int side = gdk_pixbuf_get_width (square);
  const guint8 *pixel = gdk_pixbuf_read_pixels (square) +
                        (gsize)(side / 2) * (gsize)gdk_pixbuf_get_rowstride (square) +
                        (gsize)(x * side / 100) * (gsize)gdk_pixbuf_get_n_channels (square);

  g_assert_cmpint (gdk_pixbuf_get_height (square), ==, side);
  g_assert_cmpint (side, <=, 100);
  return pixel[0] > pixel[2] ? 'r' : 'b';
}

static void
test_crop (gconstpointer data)
{
  g_autoptr (GdkPixbuf) picture = two_halves ();
  g_autoptr (GtkWidget) widget = g_object_ref_sink (tl_avatar_crop_new (picture));
  TlAvatarCrop *crop = TL_AVATAR_CROP (widget);

  g_assert_cmpint (colour_at (crop, 10), ==, 'r');
  g_assert_cmpint (colour_at (crop, 90), ==, 'b');
  tl_avatar_crop_move (crop, 1000, 1000); /* never out of the picture */
  g_assert_cmpint (colour_at (crop, 98), ==, 'r');
  tl_avatar_crop_move (crop, -1000, 0);
  g_assert_cmpint (colour_at (crop, 2), ==, 'b');
  gtk_adjustment_set_value (tl_avatar_crop_get_zoom (crop), 4);
  tl_avatar_crop_move (crop, 75, 0); /* half a square over the middle */
  g_assert_cmpint (colour_at (crop, 40), ==, 'b');
  tl_avatar_crop_move (crop, 60, 0);
  tl_avatar_crop_move (crop, 10, 0);
  g_assert_cmpint (colour_at (crop, 20), ==, 'r');
}

static gboolean
is_button (GtkWidget *widget, gconstpointer label)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static gboolean
has_button (Desk *desk, gconstpointer label)
{
  return desk_find (GTK_WIDGET (desk->window), is_button, label) != NULL;
}

static gboolean
has_no_button (Desk *desk, gconstpointer label)
{
  return !has_button (desk, label);
}

static void
click (Desk *desk, const char *label)
{
  g_signal_emit_by_name (desk_find (GTK_WIDGET (desk->window), is_button, label), "clicked");
}

/* It shows at once, waits to be sent, and is taken away again. */
static void
test_avatar (gconstpointer data)
{
  Desk *desk = (Desk *)data;
  g_autoptr (GdkPixbuf) picture = two_halves ();

  desk_open (desk);
  tl_main_view_open_person (desk->view, desk->account->key);
  DESK_AWAIT (has_button, "Edit Profile…");
  click (desk, "Edit Profile…");
  DESK_AWAIT (has_button, "Choose _Picture…");
  if (has_button (desk, "_Remove Picture")) {
    click (desk, "_Remove Picture");
    DESK_AWAIT (has_no_button, "_Remove Picture");
  }
  adw_dialog_present (tl_avatar_dialog_new (desk->session->replica, desk->account->key, picture),
                      GTK_WIDGET (desk->window));
  DESK_AWAIT (has_button, "_Use");
  click (desk, "_Use");
  DESK_AWAIT (has_button, "_Remove Picture");
  click (desk, "_Remove Picture");
  DESK_AWAIT (has_no_button, "_Remove Picture");
  desk_close (desk);
}

static void
add_tests (Desk *desk)
{
  g_test_add_data_func ("/profile/a-square-is-cut-from-the-picture", desk, test_crop);
  g_test_add_data_func ("/profile/one-s-picture-is-chosen-and-removed", desk, test_avatar);
}

int
main (int argc, char **argv)
{
  return desk_run (argc, argv, add_tests);
}
