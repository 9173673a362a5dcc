/* storage-private.h: what the routes of uploads and downloads share. */
#pragma once

#include "server/services/storage/storage.h"

#define TL_URN_LIMIT "urn:ietf:params:jmap:error:limit"

void tl_storage_answer_problem (TlRequest *request, guint status, const char *detail);
/* What the stores may say. */
void tl_storage_answer_error (TlRequest *request, const GError *error);
/* Who asks, when it is the account that `id` names; otherwise answers and gives 0. */
gint64 tl_storage_check_account (TlRequest *request, const char *id);
/* The Content-Type as it came, when it looks like one. */
const char *tl_storage_media_type (TlRequest *request);
void tl_storage_answer_uploaded (TlRequest *request, gint64 account, const char *blob,
                                 const char *type, gint64 size);
