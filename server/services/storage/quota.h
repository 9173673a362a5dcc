/* quota.h: an account's two quotas (RFC 9425): how many files it may have uploaded, and their bytes. */
#pragma once

#include "server/jmap/call.h"

typedef enum { TL_QUOTA_FILES, TL_QUOTA_OCTETS, TL_N_QUOTAS } TlQuotaKind;

typedef struct {
  gint64 used[TL_N_QUOTAS];
  gint64 limit[TL_N_QUOTAS];
} TlQuotas;

gboolean tl_quotas_read (TlCall *call, TlQuotas *quotas, GError **error);
/* Says all that the quotas are, so that two states tell what changed between them. */
char *tl_quotas_state (const TlQuotas *quotas);
/* All properties. */
JsonObject *tl_quota_object (const TlQuotas *quotas, TlQuotaKind kind);
