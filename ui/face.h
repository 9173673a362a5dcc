/* face.h: a person's picture in an AdwAvatar, their initials until it is there. */
#pragma once

#include "sync/media.h"
#include "sync/models/items.h"

#include <adwaita.h>

/* `blob`: of the picture, NULL for none. */
void tl_face_show (AdwAvatar *avatar, TlMedia *media, const char *name, const char *blob);
/* A person's, and follows it. */
void tl_face_follow (AdwAvatar *avatar, TlMedia *media, TlPersonItem *person);
