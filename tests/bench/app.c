#include "tests/bench/bench.h"
void
bench_app (Bench *self)
{
  bench_skip (self, "app.start", "later");
}
