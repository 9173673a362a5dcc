/* tokens.c: signs with libsodium's crypto_auth (HMAC-SHA-512/256) under keys derived from one secret.
 *
 * An access token is base64url of account, session, expiry (seconds) and their signature; numbers are
 * big-endian. One with dots in it is a JWT (server/services/oauth/signing-keys.h), and made by /oauth/token. Any thread: but for the set of sessions refused nothing changes after tl_tokens_new(). */
#include "server/services/user/tokens.h"

#include "server/services/oauth/signing-keys.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define SCHEME "Bearer "

typedef struct {
  gint64 account;
  guint8 session[TL_SESSION_BYTES];
  gint64 expires;
  guint8 signature[crypto_auth_BYTES];
} Token;

#define SIGNED_BYTES G_STRUCT_OFFSET (Token, signature)

typedef struct {
  guint8 access[crypto_auth_KEYBYTES];
  guint8 refresh[crypto_auth_KEYBYTES];
  guint8 seal[crypto_auth_KEYBYTES];
} Keys;

struct _TlTokens {
  Keys *keys; /* in guarded memory */
  GRWLock lock;
  GHashTable *refused; /* UUIDs as text; under the lock */
  TlSigningKeys *signing;
};

G_STATIC_ASSERT (sizeof (Token) == SIGNED_BYTES + crypto_auth_BYTES);
G_STATIC_ASSERT (TL_SECRET_BYTES == crypto_auth_BYTES);
G_STATIC_ASSERT (TL_SECRET_BYTES == crypto_kdf_KEYBYTES);

static gboolean
fail_errno (GError **error, const char *file, const char *what)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "The secret file “%s” %s: %s", file,
               what, g_strerror (code));
  return FALSE;
}

/* Whole or not at all: written aside, then linked. Another process may be quicker; that is fine. */
static gboolean
make_secret (const char *file, GError **error)
{
  g_autofree char *aside = g_strconcat (file, ".XXXXXX", NULL);
  guint8 secret[TL_SECRET_BYTES];
  int fd = g_mkstemp_full (aside, O_WRONLY | O_CLOEXEC, 0600);
  gboolean made;

  if (fd < 0)
    return fail_errno (error, file, "cannot be made");
  randombytes_buf (secret, sizeof secret);
  made = write (fd, secret, sizeof secret) == sizeof secret && fsync (fd) == 0 &&
         (link (aside, file) == 0 || errno == EEXIST);
  if (!made)
    fail_errno (error, file, "cannot be made");
  close (fd);
  g_unlink (aside);
  sodium_memzero (secret, sizeof secret);
  return made;
}

static gboolean
read_secret (const char *file, guint8 *secret, GError **error)
{
  int fd = open (file, O_RDONLY | O_CLOEXEC);
  guint8 bytes[TL_SECRET_BYTES + 1];
  gssize length;

  if (fd < 0 && errno == ENOENT) {
    if (!make_secret (file, error))
      return FALSE;
    fd = open (file, O_RDONLY | O_CLOEXEC);
  }
  if (fd < 0)
    return fail_errno (error, file, "cannot be opened");
  length = read (fd, bytes, sizeof bytes);
  close (fd);
  if (length != TL_SECRET_BYTES) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "The secret file “%s” does not hold exactly %d bytes; remove it to have a new one "
                 "made (everybody signs in again)",
                 file, TL_SECRET_BYTES);
    return FALSE;
  }
  memcpy (secret, bytes, TL_SECRET_BYTES);
  sodium_memzero (bytes, sizeof bytes);
  return TRUE;
}

TlTokens *
tl_tokens_new (const char *secret_file, GError **error)
{
  guint8 secret[TL_SECRET_BYTES];
  guint8 seal[TL_SIGNING_SEAL_BYTES];
  TlTokens *self;

  if (sodium_init () < 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "libsodium finds no source of randomness");
    return NULL;
  }
  if (!read_secret (secret_file, secret, error))
    return NULL;
  self = g_new0 (TlTokens, 1);
  self->keys = sodium_malloc (sizeof *self->keys);
  crypto_kdf_derive_from_key (self->keys->access, sizeof self->keys->access, 1, "tokens  ", secret);
  crypto_kdf_derive_from_key (self->keys->refresh, sizeof self->keys->refresh, 2, "tokens  ",
                              secret);
  crypto_kdf_derive_from_key (self->keys->seal, sizeof self->keys->seal, 3, "tokens  ", secret);
  crypto_kdf_derive_from_key (seal, sizeof seal, 4, "tokens  ", secret);
  sodium_memzero (secret, sizeof secret);
  sodium_mprotect_readonly (self->keys);
  self->signing = tl_signing_keys_new (seal);
  sodium_memzero (seal, sizeof seal);
  g_rw_lock_init (&self->lock);
  self->refused = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
tl_tokens_free (TlTokens *self)
{
  sodium_free (self->keys);
  tl_signing_keys_free (self->signing);
  g_hash_table_unref (self->refused);
  g_rw_lock_clear (&self->lock);
  g_free (self);
}

TlSigningKeys *
tl_tokens_signing (TlTokens *self)
{
  return self->signing;
}

char *
tl_tokens_make (TlTokens *self, gint64 account, const guint8 *session, guint seconds)
{
  gint64 expires = g_get_real_time () / G_USEC_PER_SEC + seconds;
  gsize size = sodium_base64_ENCODED_LEN (sizeof (Token), BASE64);
  Token token = { .account = GINT64_TO_BE (account), .expires = GINT64_TO_BE (expires) };

  memcpy (token.session, session, TL_SESSION_BYTES);
  crypto_auth (token.signature, (const guint8 *)&token, SIGNED_BYTES, self->keys->access);
  return sodium_bin2base64 (g_malloc (size), size, (const guint8 *)&token, sizeof token, BASE64);
}

static gboolean
is_refused (TlTokens *self, const guint8 *session)
{
  char text[TL_SESSION_TEXT];
  gboolean found;

  tl_session_format (session, text);
  g_rw_lock_reader_lock (&self->lock);
  found = g_hash_table_contains (self->refused, text);
  g_rw_lock_reader_unlock (&self->lock);
  return found;
}

void
tl_tokens_refuse (TlTokens *self, GHashTable *sessions)
{
  GHashTable *before;

  g_rw_lock_writer_lock (&self->lock);
  before = self->refused;
  self->refused = sessions;
  g_rw_lock_writer_unlock (&self->lock);
  g_hash_table_unref (before);
}

gint64
tl_tokens_account (TlTokens *self, const char *authorization_header)
{
  guint8 session[TL_SESSION_BYTES];

  return tl_tokens_session (self, authorization_header, session);
}

/* The account of one of our own; 0 for anything else. */
static gint64
read_own (TlTokens *self, const char *text, guint8 session[TL_SESSION_BYTES])
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gsize length;
  Token token;

  if (sodium_base642bin ((guint8 *)&token, sizeof token, text, strlen (text), NULL, &length, NULL,
                         BASE64) != 0 ||
      length != sizeof token ||
      crypto_auth_verify (token.signature, (const guint8 *)&token, SIGNED_BYTES,
                          self->keys->access) != 0 ||
      GINT64_FROM_BE (token.expires) <= now)
    return 0;
  memcpy (session, token.session, TL_SESSION_BYTES);
  return GINT64_FROM_BE (token.account);
}

gint64
tl_tokens_session (TlTokens *self, const char *authorization_header,
                   guint8 session[TL_SESSION_BYTES])
{
  const char *text = authorization_header;
  gint64 account;

  if (text == NULL || g_ascii_strncasecmp (text, SCHEME, strlen (SCHEME)) != 0)
    return 0;
  text += strlen (SCHEME);
  account = strchr (text, '.') ? tl_signing_keys_verify (self->signing, text, session)
                               : read_own (self, text, session);
  return account && !is_refused (self, session) ? account : 0;
}

/* The purpose is signed, and not said. */
static void
sign_sealed (TlTokens *self, const char *purpose, const char *text, guint8 *signature)
{
  g_autofree char *all = g_strconcat (purpose, "\n", text, NULL);

  crypto_auth (signature, (const guint8 *)all, strlen (all), self->keys->seal);
}

char *
tl_tokens_seal (TlTokens *self, const char *purpose, const char *text)
{
  gsize length = strlen (text), size = crypto_auth_BYTES + length;
  gsize encoded = sodium_base64_ENCODED_LEN (size, BASE64);
  g_autofree guint8 *bytes = g_malloc (size);

  sign_sealed (self, purpose, text, bytes);
  memcpy (bytes + crypto_auth_BYTES, text, length);
  return sodium_bin2base64 (g_malloc (encoded), encoded, bytes, size, BASE64);
}

char *
tl_tokens_unseal (TlTokens *self, const char *purpose, const char *token)
{
  gsize most = strlen (token), size;
  g_autofree guint8 *bytes = g_malloc0 (most + 1);
  guint8 signature[crypto_auth_BYTES];
  const char *text = (const char *)bytes + crypto_auth_BYTES;

  if (sodium_base642bin (bytes, most, token, most, NULL, &size, NULL, BASE64) != 0 ||
      size < crypto_auth_BYTES || strlen (text) != size - crypto_auth_BYTES)
    return NULL;
  sign_sealed (self, purpose, text, signature);
  return sodium_memcmp (signature, bytes, sizeof signature) == 0 ? g_strdup (text) : NULL;
}

void
tl_tokens_next_secret (TlTokens *self, const guint8 *session, const guint8 *secret, guint8 *next)
{
  guint8 input[TL_SESSION_BYTES + TL_SECRET_BYTES];

  memcpy (input, session, TL_SESSION_BYTES);
  memcpy (input + TL_SESSION_BYTES, secret, TL_SECRET_BYTES);
  crypto_auth (next, input, sizeof input, self->keys->refresh);
  sodium_memzero (input, sizeof input);
}

void
tl_session_format (const guint8 session[TL_SESSION_BYTES], char text[TL_SESSION_TEXT])
{
  char hex[2 * TL_SESSION_BYTES + 1];

  sodium_bin2hex (hex, sizeof hex, session, TL_SESSION_BYTES);
  g_snprintf (text, TL_SESSION_TEXT, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
              hex + 20);
}
