/* turns.h: how long the main loop's turns are: from when it wakes to when it sleeps again. Main thread. */
#pragma once

#include <glib.h>

/* From now on. */
void turns_watch (void);
/* What turns belong to from now on; borrowed for ever. */
void turns_step (const char *step);
/* Milliseconds, the step it was in, and seconds of CPU of the turn that took most of these. */
double turns_longest (const char **step, double *cpu);

/* Seconds that this thread used. */
double turns_cpu (void);

double turns_percentile (GArray *microseconds, double part); /* of gint64; sorts */
void turns_sort (double *values, guint n);
