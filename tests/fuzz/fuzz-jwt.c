/* JSON Web Tokens: taken apart, asked for what everybody asks them for, and verified by a key that signed none of them. */
#include "server/services/oauth/jwt.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const gboolean tl_fuzz_quotes = FALSE;
const char *const tl_fuzz_seeds[] = {
  "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCIsImtpZCI6Im93biJ9"
  ".eyJpc3MiOiJodHRwczovL2hhcmJvdXIuZXhhbXBsZSIsInN1YiI6InQxIiwiZXhwIjoxNzYzOTAwMDAwfQ"
  ".AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-Pw",
  "eyJhbGciOiJub25lIn0.e30.",
  "W10.W10.AA",
  "..",
  NULL,
};

void
tl_fuzz_begin (void)
{
}

void
tl_fuzz_end (void)
{
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint8 key[TL_JWT_PUBLIC_BYTES] = { 7 };
  static const char *const names[] = { "alg", "kid", "iss", "sub", "exp" };
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (TlJwt) token = tl_jwt_parse (text);
  gint64 number;

  if (token == NULL)
    return 0;
  g_assert_cmpuint (strlen (text), <=, TL_JWT_MAX);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *word = tl_jwt_string (token->head, names[i]);

    g_assert_true (word == NULL || g_utf8_validate (word, -1, NULL));
    tl_jwt_string (token->claims, names[i]);
    tl_jwt_number (token->claims, names[i], &number);
  }
  g_assert_false (tl_jwt_is_by (token, "at+jwt", key));
  g_assert_true (g_str_has_prefix (text, token->is_signed));
  return 0;
}
