/* principal.c: people as others see them. Made and changed by the server only. */
#include "server/services/user/user.h"

const TlTypeService tl_principal_service = {
  .type = &tl_principal_type,
  .text = "name",
};
