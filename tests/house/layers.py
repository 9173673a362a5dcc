"""The rules of the house that a compiler doesn't hold: who may include whom, sizes, no SQL in C strings.

Prints TAP. Run by meson with TIDELINE_SOURCE set.
"""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(os.environ["TIDELINE_SOURCE"])
LAYERS = {  # a folder: the folders whose headers it may include
    "sync/wire": ["sync/wire"],
    "sync": ["sync"],
    "ui": ["ui", "sync"],
    "app": ["app", "ui", "sync"],
    "server": ["server", "sync/wire"],
}
FORBIDDEN = {  # system headers that a layer must not see
    "sync/wire": re.compile(r"<(gtk|adwaita|sqlite3|libsoup|libsecret|libpq)"),
    "sync": re.compile(r"<(gtk|adwaita|libpq|microhttpd)"),
    "ui": re.compile(r"<(sqlite3|libsoup|libpq|json-glib)"),
    "server": re.compile(r"<(gtk|adwaita|libsoup|sqlite3)"),
}
WALL = 800
failures = []


def layer_of(path):
    return next(layer for layer in LAYERS if path.startswith(layer + "/"))


def sources():
    for layer in ("sync", "ui", "app", "server"):
        for path in sorted((ROOT / layer).rglob("*.[ch]")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def check(name, problems):
    check.n += 1
    for problem in problems:
        print(f"# {problem}")
    print(f"{'not ok' if problems else 'ok'} {check.n} - {name}")
    failures.extend(problems)


check.n = 0
files = list(sources())
print("1..4")

problems = []
for path, text in files:
    layer = layer_of(path)
    for header in re.findall(r'#include "([^"]+)"', text):
        if not any(header.startswith(allowed + "/") for allowed in LAYERS[layer]):
            problems.append(f"{path} includes {header}: {layer} may not")
check("/house/layers-include-only-what-is-below", problems)

problems = []
for path, text in files:
    pattern = FORBIDDEN.get(layer_of(path))
    if pattern and pattern.search(text):
        problems.append(f"{path} includes {pattern.search(text).group(0)}>")
check("/house/layers-see-only-their-libraries", problems)

check("/house/no-file-beyond-the-wall",
      [f"{path} has {text.count(chr(10))} lines" for path, text in files if text.count("\n") > WALL])

problems = []
for path, text in files:
    for line in text.splitlines():
        if re.search(r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM) ', line):
            problems.append(f"{path}: SQL in a C string: {line.strip()[:80]}")
# What is composed once from the field tables, or from a query's conditions (docs/architecture.md).
allowed = ("server/jmap/type-sql.c", "server/jmap/row.c", "server/jmap/query", "sync/apply.c",
           "sync/record-sql.c")
check("/house/sql-lies-in-sql-files", [p for p in problems if not p.startswith(allowed)])

sys.exit(1 if failures else 0)
