/* ask-dialog.h: a question with a field or two, for what is needed once: a password, a code. Main thread. */
#pragma once

#include <adwaita.h>

typedef struct {
  const char *title; /* untranslated */
  gboolean is_secret;
} TlQuestion;

/* The response "yes" can be given once every field is filled; any other one is no. `questions`: at most three, ended by
 * one without a title. */
AdwAlertDialog *tl_ask_dialog_new (const char *heading, const char *body, const char *yes,
                                   const TlQuestion *questions);
/* What was typed into a field, good while the dialog is. */
const char *tl_ask_dialog_answer (AdwAlertDialog *self, guint i);
/* What one looks at while answering stands above the fields. */
void tl_ask_dialog_show (AdwAlertDialog *self, GtkWidget *widget);
