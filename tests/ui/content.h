/* content.h: an account folder with made-up news in its replica, as if a server had told it. */
#pragma once

#include "sync/account.h"

/* Makes it under the user's data folder (XDG_DATA_HOME). Times are counted back from now, so that days read
 * the same whenever the test runs. */
TlAccount *content_make_account (void);
