#!/usr/bin/env python3
# The convergence machine finds bugs: each of bugs/*.patch, put into a copy of the file that it changes and linked
# into a program of its own, makes a history fail. The first line of a patch says what the bug is, "Often: …" what such
# bugs are found by (CONVERGE_OFTEN), so that they are found soon, races among them.
# CONVERGE_HISTORIES: how many at most (500). Names as arguments: those only.
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

source = pathlib.Path(os.environ["TIDELINE_SOURCE"])
build = pathlib.Path(os.environ["TIDELINE_BUILD"])
programs = ["server/tidelined", "server/ctl/tidelinectl", "tests/converge/converge-client", "tests/converge/test-converge"]
verdict = re.compile(r"did not converge|does not come back|is there \d+ times|device ended during")


def patched(patch, scratch):
    """The file that the patch changes, changed, in `scratch`."""
    name = re.search(r"^\+\+\+ b/(\S+)", patch.read_text(), re.M).group(1)
    copy = scratch / name
    copy.parent.mkdir(parents=True)
    shutil.copy(source / name, copy)
    subprocess.run(["patch", "--quiet", "-p1", "-i", patch], cwd=scratch, check=True)
    return name, copy


def compile_copy(name, copy):
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
        if path == str(source / name):
            break
    words = shlex.split(entry["command"])
    compiled = copy.with_suffix(".o")
    words[words.index("-o") + 1] = str(compiled)
    words[-1] = str(copy)
    subprocess.run(words, cwd=build, check=True)
    return compiled


def link(program, compiled, output):
    """As it was, the changed file before the library that it is from."""
    commands = subprocess.run(["ninja", "-t", "commands", program], cwd=build, check=True, capture_output=True, text=True)
    words = shlex.split(commands.stdout.splitlines()[-1])
    at = words.index("-o")
    words[at + 1 : at + 2] = [str(output), str(compiled)]
    subprocess.run(words, cwd=build, check=True)


def make_world(name, compiled, scratch):
    changed = "server/tidelined" if name.startswith("server/") else "tests/converge/converge-client"
    for program in programs:
        (scratch / program).parent.mkdir(parents=True, exist_ok=True)
        if program == changed:
            link(program, compiled, scratch / program)
        else:
            os.symlink(build / program, scratch / program)


def play(patch, scratch):
    often = re.search(r"^Often: (\S+)", patch.read_text(), re.M)
    environment = os.environ | {"TIDELINE_BUILD": str(scratch), "TMPDIR": str(scratch), "CONVERGE_ROUNDS": "6"}
    environment.setdefault("CONVERGE_HISTORIES", "500")
    environment["CONVERGE_SEED"] = "1"
    if often:
        environment["CONVERGE_OFTEN"] = often.group(1)
    run = subprocess.run([scratch / "tests/converge/test-converge"], env=environment, text=True, capture_output=True)
    found = verdict.search(run.stderr) or verdict.search(run.stdout)
    words = [line for line in run.stderr.splitlines() if verdict.search(line) or "ERROR **" in line]
    return run.returncode != 0 and found is not None, words


def main():
    patches = sorted((source / "tests/converge/bugs").glob("*.patch"))
    wanted = sys.argv[1:]
    if wanted:
        patches = [one for one in patches if one.stem in wanted]
    print(f"1..{len(patches)}", flush=True)
    for number, patch in enumerate(patches, 1):
        with tempfile.TemporaryDirectory(prefix="tl-bug-", ignore_cleanup_errors=True) as folder:
            scratch = pathlib.Path(folder)
            name, copy = patched(patch, scratch)
            make_world(name, compile_copy(name, copy), scratch)
            caught, words = play(patch, scratch)
        for word in words:
            print("#", word)
        print(f"{'ok' if caught else 'not ok'} {number} {patch.stem}: {patch.read_text().splitlines()[0]}", flush=True)


sys.exit(main())
