/* page.c: one template. The style is the page's own; a form goes back to the server alone. */
#include "server/services/user/page.h"

#include "server/services/notify/words.h"

#include <string.h>

/* As the app looks: one column, a card in it. "%" is written twice, as it goes through printf. */
#define STYLE                                                                                      \
  ":root{color-scheme:light dark;--back:#ebebed;--card:#fff;--text:#2e2e33;--faint:#5e5e66;"       \
  "--line:#8b8b93;--accent:#1a66c4;--on:#fff;--link:#1a66c4;--bad:#b5161c}"                        \
  "@media(prefers-color-scheme:dark){:root{--back:#222226;--card:#323237;--text:#fff;"             \
  "--faint:#c9c9ce;--line:#8b8b93;--accent:#1a66c4;--link:#8cc0ff;--bad:#ff9c93}}"                 \
  "*{box-sizing:border-box}body{margin:0;padding:1rem;min-height:100vh;display:grid;"              \
  "place-items:center;background:var(--back);color:var(--text);"                                   \
  "font:1rem/1.45 Inter,Cantarell,system-ui,sans-serif}"                                           \
  "main{width:100%%;max-width:25rem;padding:2rem 1.75rem;border-radius:1rem;"                      \
  "background:var(--card);overflow-wrap:anywhere}h1{margin:0 0 .5rem;font-size:1.5rem;"            \
  "line-height:1.2}p{margin:0 0 1rem;color:var(--faint)}form{margin:1.25rem 0}"                    \
  "label{display:block;margin:0 0 .9rem;font-weight:600}"                                          \
  "input{display:block;width:100%%;margin-top:.3rem;padding:.65rem .8rem;font:inherit;"            \
  "font-weight:400;color:inherit;background:var(--card);border:1px solid "                         \
  "var(--line);border-radius:.6rem}"                                                               \
  "button{width:100%%;padding:.7rem;font:inherit;font-weight:600;color:var(--on);"                 \
  "background:var(--accent);border:0;border-radius:2rem;cursor:pointer}a{color:var(--link)}"       \
  ":focus-visible{outline:3px solid var(--link);outline-offset:2px}"                               \
  "[role=alert]{color:var(--bad);font-weight:600}main>:last-child{margin-bottom:0}"

static const char page[] =
    "<!DOCTYPE html><html lang=\"%s\"><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>%s</title>"
    "<style>" STYLE "</style><body><main><h1>%s</h1><p>%s</p>%s</main></body></html>";

const char *
tl_page_language (TlRequest *request)
{
  const char *wanted = tl_request_header (request, "Accept-Language");
  g_auto (GStrv) languages = g_strsplit (wanted ? wanted : "", ",", 16);

  for (char **language = languages; *language; language++) {
    g_strdelimit (g_strstrip (*language), ";", '\0');
    if (tl_words_has (*language))
      return tl_words_language (*language);
  }
  return "en";
}

char *
tl_page_form (const char *fields, const char *button)
{
  g_autofree char *words = g_markup_escape_text (button, -1);

  return g_strdup_printf ("<form method=\"post\">%s<button>%s</button></form>", fields, words);
}

char *
tl_page_form_to (const char *address, const char *fields, const char *button)
{
  g_autofree char *action = g_markup_escape_text (address, -1);
  g_autofree char *words = g_markup_escape_text (button, -1);

  return g_strdup_printf ("<form method=\"post\" action=\"%s\">%s<button>%s</button></form>",
                          action, fields, words);
}

void
tl_page_answer (TlRequest *request, guint status, const char *title, const char *text,
                const char *form)
{
  tl_page_answer_to (request, status, title, text, form, "");
}

void
tl_page_answer_to (TlRequest *request, guint status, const char *title, const char *text,
                   const char *form, const char *target)
{
  g_autofree char *heading = g_markup_escape_text (title, -1);
  g_autofree char *sentence = g_markup_escape_text (text, -1);
  g_autofree char *policy =
      g_strdup_printf ("default-src 'none'; style-src 'unsafe-inline'; form-action 'self' %s; "
                       "frame-ancestors 'none'; base-uri 'none'",
                       target);
  char *html = g_strdup_printf (page, tl_page_language (request), heading, heading, sentence,
                                form ? form : "");

  tl_request_set_header (request, "Cache-Control", "no-store");
  tl_request_set_header (request, "Referrer-Policy", "no-referrer");
  tl_request_set_header (request, "X-Content-Type-Options", "nosniff");
  tl_request_set_header (request, "X-Frame-Options", "DENY");
  tl_request_set_header (request, "Content-Security-Policy", policy);
  request->status = status;
  request->type = "text/html; charset=utf-8";
  request->answer = g_bytes_new_take (html, strlen (html));
}
