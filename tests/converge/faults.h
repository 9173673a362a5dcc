/* faults.h: what happens to a machine beside the network's faults (proxy.h): processes end, clocks jump, logs are cut, a
 * backup comes back. Each is counted. */
#pragma once

#include "tests/converge/machine.h"

typedef enum {
  FAULT_DEVICE,
  FAULT_SERVER,
  FAULT_POSTGRES,
  FAULT_REDIS,
  FAULT_CLOCK,
  FAULT_LOG,
  FAULT_RESTORE,
  N_FAULTS
} Fault;

/* Now and then one of the first six; FALSE: none, this time. */
gboolean fault_strikes (Machine *self, Device *device, GRand *random);

/* The one that the history of `seed` is sure to see, in its middle: of 40 histories in a row, six see one each.
 * FALSE: none. */
gboolean fault_is_due (Machine *self, Device *device, guint32 seed, GRand *random);

/* A backup, and its return: the server and its devices begin where it was. What was written since may be gone. */
void fault_back_up (Machine *self);
void fault_restore (Machine *self);

/* How often each struck, as words. */
char *fault_report (void);
gboolean fault_all_struck (void);
