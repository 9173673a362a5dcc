/* user.h: what the user service offers: the type Principal and signing in. */
#pragma once

#include "server/jmap/type.h"

extern const TlTypeService tl_principal_service;
extern const TlTypeService tl_settings_service;
extern const TlTypeService tl_draft_service;
extern const TlTypeService tl_content_filter_service;

/* Routes: POST /auth/login (slow: argon2id), /auth/refresh, /auth/logout. Any worker thread. */
void tl_sign_in (TlRequest *request);
void tl_sign_in_refresh (TlRequest *request);
void tl_sign_out (TlRequest *request);
/* POST /auth/login/code: the second step; GET and POST /auth/totp (slow: argon2id), /auth/totp/confirm, /auth/totp/off
 * (slow): the second factor. Any worker thread. */
void tl_second_step (TlRequest *request);
void tl_totp_state (TlRequest *request);
void tl_totp_begin (TlRequest *request);
void tl_totp_confirm (TlRequest *request);
void tl_totp_off (TlRequest *request);
/* GET /auth/devices, POST /auth/devices/end, POST /auth/password (slow: argon2id). Any worker thread. */
void tl_devices_list (TlRequest *request);
void tl_devices_end (TlRequest *request);
void tl_password_change (TlRequest *request);
/* GET /auth/server: is this a Tideline server, and which? For the sign-in page, before anyone is known. */
void tl_sign_in_server (TlRequest *request);
/* Signs `account` in on `device`, and answers with the tokens. */
void tl_sign_in_as (TlRequest *request, const char *account, const char *device);
/* GET and POST /auth/email (slow: argon2id): where one is written to. GET and POST /auth/email/confirm, /auth/email/stop:
 * the pages of the links in letters, and one click (RFC 8058). */
void tl_address_get (TlRequest *request);
void tl_address_set (TlRequest *request);
void tl_address_page (TlRequest *request);
void tl_address_confirm (TlRequest *request);
void tl_address_stop (TlRequest *request);
/* POST /auth/reset: a letter to whoever forgot their password; GET and POST /auth/reset/new (slow), its link. */
void tl_forgotten (TlRequest *request);
void tl_forgotten_page (TlRequest *request);
void tl_forgotten_change (TlRequest *request);
/* POST /auth/register (slow: argon2id); GET /join/TOKEN, for browsers; GET and POST /auth/invitations,
 * POST /auth/invitations/revoke. */
void tl_register (TlRequest *request);
void tl_register_page (TlRequest *request);
void tl_invitations_list (TlRequest *request);
void tl_invitations_make (TlRequest *request);
void tl_invitations_revoke (TlRequest *request);
/* GET /auth/people/ID; POST /auth/people/role, suspend, let-in. */
void tl_order_person (TlRequest *request);
void tl_order_do (TlRequest *request);
/* POST /auth/export (slow: argon2id) asks for everything of oneself, GET tells where it is; the job makes it. */
void tl_export_ask (TlRequest *request);
void tl_export_state (TlRequest *request);
extern const TlJobKind tl_export_job;
/* POST /auth/delete (slow: argon2id): deletes oneself, or as an administrator somebody else. */
void tl_erase_ask (TlRequest *request);
extern const TlJobKind tl_erase_job;
