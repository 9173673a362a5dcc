/* block-runs.h: the text of one paragraph on its way to JSON: runs of one style, blanks collapsed. */
#pragma once

#include <glib.h>

typedef enum { TL_RUN_BOLD, TL_RUN_ITALIC, TL_RUN_CODE, TL_RUN_STRIKE, TL_N_RUN_STYLES } TlRunStyle;

typedef struct _TlRuns TlRuns;

/* What is added is also appended to `plain`, which is kept by the caller. */
TlRuns *tl_runs_new (GString *plain);
void tl_runs_free (TlRuns *self);

void tl_runs_add (TlRuns *self, const char *text, gsize length);
/* FALSE when the line is empty already. */
gboolean tl_runs_break (TlRuns *self);
/* Styles nest: each TRUE wants its FALSE. */
void tl_runs_style (TlRuns *self, TlRunStyle style, gboolean on);
/* NULL ends it. */
void tl_runs_link (TlRuns *self, const char *address);

/* Ends the paragraph: "{…},{…}", or NULL when there is nothing to see in it. */
char *tl_runs_take (TlRuns *self);
