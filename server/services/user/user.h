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
/* GET /auth/devices, POST /auth/devices/end, POST /auth/password (slow: argon2id). Any worker thread. */
void tl_devices_list (TlRequest *request);
void tl_devices_end (TlRequest *request);
void tl_password_change (TlRequest *request);
/* GET /auth/server: is this a Tideline server, and which? For the sign-in page, before anyone is known. */
void tl_sign_in_server (TlRequest *request);
