/* compose-dialog.h: where a post is written, answered or changed. What is typed is kept as a draft. */
#pragma once

#include "sync/models/items.h"
#include "ui/session.h"

#include <adwaita.h>

#define TL_TYPE_COMPOSE_DIALOG (tl_compose_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlComposeDialog, tl_compose_dialog, TL, COMPOSE_DIALOG, AdwDialog)

/* Signal: posted (): it is in the outbox. */

/* reply_to: what is answered, or NULL. */
AdwDialog *tl_compose_dialog_new (const TlSession *session, TlPostItem *reply_to);
/* Changes a post of one's own. */
AdwDialog *tl_compose_dialog_new_edit (const TlSession *session, TlPostItem *post);
