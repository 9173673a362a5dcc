/* factor.c: keeps and checks second factors.
 *
 * The row of a person's factor is locked while a code is looked at, so that tries made at once at several processes are
 * counted one by one, and a code is taken once. Any thread, on its connection. */
#include "server/services/user/factor.h"

#include "server/services/user/totp.h"

#include <sodium.h>
#include <string.h>

#define SQL "user/factor.sql"
#define HASH_HEX (2 * crypto_generichash_BYTES + 1)
#define RECOVERY_LETTERS 16 /* of 32: 80 bits */
#define CODE_MAX 64

static PGresult *
ask (TlPg *pg, const char *name, gint64 account, const char *argument, GError **error)
{
  g_autofree char *prepared = g_strconcat (SQL, ".", name, NULL);
  char number[24];
  const char *args[] = { number, argument };

  g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, account);
  return tl_pg_query (pg, prepared, tl_sql (SQL, name), argument ? 2 : 1, args, error);
}

TlFactorAnswer
tl_factor_state (TlPg *pg, gint64 account, guint *codes, GError **error)
{
  g_autoptr (PGresult) row = ask (pg, "state", account, NULL, error);

  if (row == NULL)
    return TL_FACTOR_FAILED;
  if (PQntuples (row) == 0)
    return TL_FACTOR_NONE;
  *codes = (guint)g_ascii_strtoull (PQgetvalue (row, 0, 0), NULL, 10);
  return TL_FACTOR_GOOD;
}

/* --- checking ---------------------------------------------------------------------------------- */

/* As people type it: without spaces and dashes, in lower case. */
static char *
plain (const char *code)
{
  GString *text = g_string_new (NULL);

  for (const char *p = code; *p && text->len < CODE_MAX; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (text, g_ascii_tolower (*p));
  return g_string_free_and_steal (text);
}

static void
hash_code (const char *code, char hex[HASH_HEX])
{
  guint8 hash[crypto_generichash_BYTES];

  crypto_generichash (hash, sizeof hash, (const guint8 *)code, strlen (code), NULL, 0);
  sodium_bin2hex (hex, HASH_HEX, hash, sizeof hash);
}

static TlFactorAnswer
use_recovery (TlPg *pg, gint64 account, const char *code, GError **error)
{
  g_autoptr (PGresult) row = NULL;
  char hash[HASH_HEX];

  hash_code (code, hash);
  row = ask (pg, "use-recovery", account, hash, error);
  if (row == NULL)
    return TL_FACTOR_FAILED;
  return PQntuples (row) ? TL_FACTOR_GOOD : TL_FACTOR_WRONG;
}

static TlFactorAnswer
use_step (TlPg *pg, gint64 account, PGresult *kept, const char *code, GError **error)
{
  gint64 last = g_ascii_strtoll (PQgetvalue (kept, 0, 1), NULL, 10);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC, step;
  const char *hex = PQgetvalue (kept, 0, 0);
  guint8 secret[TL_TOTP_BYTES];
  g_autoptr (PGresult) used = NULL;
  char text[24];
  gsize length;

  sodium_hex2bin (secret, sizeof secret, hex, strlen (hex), NULL, &length, NULL);
  step = tl_totp_match (secret, length, code, now, last);
  sodium_memzero (secret, sizeof secret);
  if (step < 0)
    return TL_FACTOR_WRONG;
  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, step);
  used = ask (pg, "used", account, text, error);
  return used ? TL_FACTOR_GOOD : TL_FACTOR_FAILED;
}

/* In a transaction. */
static TlFactorAnswer
look (TlPg *pg, gint64 account, const char *code, gboolean is_new, guint *wait, GError **error)
{
  g_autoptr (PGresult) kept = ask (pg, "lock", account, is_new ? "true" : "false", error);
  g_autoptr (PGresult) counted = NULL;
  TlFactorAnswer answer;

  if (kept == NULL)
    return TL_FACTOR_FAILED;
  if (PQntuples (kept) == 0)
    return TL_FACTOR_NONE;
  *wait = (guint)g_ascii_strtoull (PQgetvalue (kept, 0, 2), NULL, 10);
  if (*wait)
    return TL_FACTOR_WAIT;
  if (strlen (code) == RECOVERY_LETTERS)
    answer = use_recovery (pg, account, code, error);
  else
    answer = use_step (pg, account, kept, code, error);
  if (answer == TL_FACTOR_WRONG) {
    counted = ask (pg, "wrong", account, NULL, error);
    return counted ? TL_FACTOR_WRONG : TL_FACTOR_FAILED;
  }
  return answer;
}

TlFactorAnswer
tl_factor_check (TlPg *pg, gint64 account, const char *code, gboolean is_new, guint *wait,
                 GError **error)
{
  g_autofree char *typed = plain (code);
  TlFactorAnswer answer = TL_FACTOR_FAILED;

  *wait = 0;
  if (tl_pg_begin (pg, error))
    answer = look (pg, account, typed, is_new, wait, error);
  if (answer != TL_FACTOR_FAILED && !tl_pg_commit (pg, error))
    answer = TL_FACTOR_FAILED;
  tl_pg_rollback (pg);
  return answer;
}

/* --- on and off -------------------------------------------------------------------------------- */

char *
tl_factor_begin (TlPg *pg, gint64 account, GError **error)
{
  guint8 secret[TL_TOTP_BYTES];
  char hex[2 * TL_TOTP_BYTES + 1];
  g_autoptr (PGresult) row = NULL;
  char *text;

  randombytes_buf (secret, sizeof secret);
  sodium_bin2hex (hex, sizeof hex, secret, sizeof secret);
  row = ask (pg, "begin", account, hex, error);
  text = row && PQntuples (row) ? tl_totp_base32 (secret, sizeof secret) : NULL;
  sodium_memzero (secret, sizeof secret);
  sodium_memzero (hex, sizeof hex);
  return text;
}

static char *
make_recovery_code (void)
{
  static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
  char code[RECOVERY_LETTERS + 1] = "";

  for (guint i = 0; i < RECOVERY_LETTERS; i++)
    code[i] = letters[randombytes_uniform (sizeof letters - 1)];
  return g_strdup_printf ("%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
}

char **
tl_factor_turn_on (TlPg *pg, gint64 account, GError **error)
{
  g_autoptr (GStrvBuilder) codes = g_strv_builder_new ();
  g_autoptr (GString) hashes = g_string_new ("{");
  g_autoptr (PGresult) row = NULL;

  for (guint i = 0; i < TL_RECOVERY_CODES; i++) {
    char *code = make_recovery_code ();
    g_autofree char *bare = plain (code);
    char hash[HASH_HEX];

    hash_code (bare, hash);
    g_string_append_printf (hashes, "%s%s", i ? "," : "", hash);
    g_strv_builder_take (codes, code);
  }
  g_string_append_c (hashes, '}');
  row = ask (pg, "turn-on", account, hashes->str, error);
  return row && PQntuples (row) ? g_strv_builder_end (codes) : NULL;
}

TlFactorAnswer
tl_factor_turn_off (TlPg *pg, gint64 account, GError **error)
{
  g_autoptr (PGresult) row = ask (pg, "turn-off", account, NULL, error);

  if (row == NULL)
    return TL_FACTOR_FAILED;
  return PQntuples (row) && *PQgetvalue (row, 0, 0) == 't' ? TL_FACTOR_GOOD : TL_FACTOR_NONE;
}
