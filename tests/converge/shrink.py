#!/usr/bin/env python3
# shrink.py SEED: the fewest steps that still make the history of SEED fail. It may fail for what those before it left:
# they are taken in, twice as many at a time. Then steps are left out, many at a time first (delta debugging), as long as
# it fails in one of TRIES runs.
import os
import pathlib
import re
import subprocess
import sys

TRIES = 3
MOST_BEFORE = 64
program = pathlib.Path(os.environ["TIDELINE_BUILD"]) / "tests/converge/test-converge"


def fails(seed, before, skipped):
    """What the run that failed said, or None."""
    environment = os.environ | {
        "CONVERGE_SEED": str(seed - before),
        "CONVERGE_HISTORIES": str(before + 1),
        "CONVERGE_SKIP": ",".join(sorted(skipped)),
        "CONVERGE_ROUNDS": "6",
    }
    for _ in range(TRIES):
        run = subprocess.run([program], env=environment, text=True, capture_output=True)
        if run.returncode != 0 and f"seed {seed}" in run.stderr:
            return run.stdout
    return None


def find_history(seed):
    before = 0
    while before <= MOST_BEFORE:
        said = fails(seed, before, set())
        if said:
            return before, said
        before = max(1, before * 2)
    sys.exit(f"It did not fail again, with as many as {MOST_BEFORE} histories before it.")


def shrink(seed, before, said):
    skipped = set()
    left = re.findall(r"^# step (\S+)", said, re.M)
    size = (len(left) + 1) // 2
    while size > 0 and left:
        for at in range(0, len(left), size):
            found = fails(seed, before, skipped | set(left[at : at + size]))
            if found:
                skipped |= set(left[at : at + size])
                left, said = re.findall(r"^# step (\S+)", found, re.M), found
                break
        else:
            size //= 2
    return skipped, left, said


def main():
    seed = int(sys.argv[1])
    before, said = find_history(seed)
    skipped, left, said = shrink(seed, before, said)
    print("\n".join(line for line in said.splitlines() if re.match(r"# step|#   |#  [<>]", line)))
    print(f"{len(left)} of {len(left) + len(skipped)} steps: CONVERGE_SEED={seed - before} "
          f"CONVERGE_HISTORIES={before + 1} CONVERGE_SKIP={','.join(sorted(skipped))}")


main()
