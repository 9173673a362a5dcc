/* confine.c: limits, then a list of system calls (seccomp); all others kill. */
#include "server/scale/confine.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define MEMORY_BYTES ((rlim_t)1024 * 1024 * 1024)
#define CPU_SECONDS 10
#define SECONDS 30

static gboolean
limit (void)
{
  const struct rlimit memory = { MEMORY_BYTES, MEMORY_BYTES };
  const struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS };
  const struct rlimit none = { 0, 0 };

  alarm (SECONDS);
  return setrlimit (RLIMIT_AS, &memory) == 0 && setrlimit (RLIMIT_CPU, &cpu) == 0 &&
         setrlimit (RLIMIT_CORE, &none) == 0 && prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

static gboolean
allow_calls (scmp_filter_ctx filter)
{
  static const int calls[] = {
    SCMP_SYS (read),          SCMP_SYS (write),
    SCMP_SYS (close),         SCMP_SYS (fstat),
    SCMP_SYS (newfstatat),    SCMP_SYS (lseek),
    SCMP_SYS (munmap),        SCMP_SYS (mremap),
    SCMP_SYS (madvise),       SCMP_SYS (brk),
    SCMP_SYS (futex),         SCMP_SYS (sched_yield),
    SCMP_SYS (clock_gettime), SCMP_SYS (gettimeofday),
    SCMP_SYS (getrandom),     SCMP_SYS (rt_sigprocmask),
    SCMP_SYS (rt_sigreturn),  SCMP_SYS (restart_syscall),
    SCMP_SYS (gettid),        SCMP_SYS (getpid),
    SCMP_SYS (exit),          SCMP_SYS (exit_group),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
      return FALSE;
  /* Memory, but nothing that can be run. */
  return seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 1,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
         seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

gboolean
tl_confine (void)
{
  scmp_filter_ctx filter = limit () ? seccomp_init (SCMP_ACT_KILL_PROCESS) : NULL;
  gboolean done = filter && allow_calls (filter) && seccomp_load (filter) == 0;

  if (filter)
    seccomp_release (filter);
  return done;
}
