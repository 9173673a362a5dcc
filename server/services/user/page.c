/* page.c: one template. The style is the page's own; a form goes back to the server alone. */
#include "server/services/user/page.h"

#include "server/services/notify/words.h"

#include <string.h>

#define STYLE                                                                                      \
  ":root{color-scheme:light dark}"                                                                 \
  "body{font:1.1em sans-serif;max-width:32em;margin:4em auto;padding:0 1em;line-height:1.4}"       \
  "h1{line-height:1.2}input,button{font:inherit;padding:.5em .8em;margin:.3em 0;max-width:100%%;"  \
  "box-sizing:border-box}label{display:block}label.wide input{display:block;width:100%%}"          \
  "[role=alert]{border-inline-start:.3em solid #c64600;padding-inline-start:.8em}"

static const char page[] =
    "<!DOCTYPE html><html lang=\"%s\"><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>%s</title>"
    "<style>" STYLE "</style><main><h1>%s</h1><p>%s</p>%s</main></html>";

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
