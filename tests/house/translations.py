#!/usr/bin/env python3
"""Words for a person are known to the translators: po/POTFILES and po/tideline.pot are up to date with the
sources, and each translation takes in every word. po/update.sh mends it."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

root = pathlib.Path(os.environ["TIDELINE_SOURCE"])
number = 0


def check(name, wrong):
    global number
    number += 1
    print(f"{'not ok' if wrong else 'ok'} {number} {name}")
    for line in wrong:
        print(f"# {line}")


def words(path):
    """The messages of a catalogue: (context, singular) -> whether it is translated."""
    found = {}
    for block in path.read_text().split("\n\n")[1:]:
        if block.startswith("#~") or "msgid" not in block:
            continue
        texts = {}
        for key, text in re.findall(r'^(msg\w+(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)', block, re.M):
            texts[key] = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))
        translated = all(text for key, text in texts.items() if key.startswith("msgstr"))
        found[texts.get("msgctxt"), texts["msgid"]] = translated and "#, fuzzy" not in block
    return found


def listed(path):
    return path.read_text().splitlines()


print("TAP version 13")
with tempfile.TemporaryDirectory() as scratch:
    copy = pathlib.Path(scratch)
    for folder in ("app", "ui", "sync", "data", "po"):
        shutil.copytree(root / folder, copy / folder, symlinks=True)
    subprocess.run(["sh", str(copy / "po" / "update.sh")], check=True)
    now, kept = listed(copy / "po" / "POTFILES"), listed(root / "po" / "POTFILES")
    check("files-with-words-are-listed",
          [f"po/POTFILES: {file}: run po/update.sh" for file in sorted(set(now) ^ set(kept))])
    now, kept = words(copy / "po" / "tideline.pot"), words(root / "po" / "tideline.pot")
    check("the-template-is-up-to-date",
          [f"po/tideline.pot: “{text}”: run po/update.sh" for _, text in sorted(set(now) ^ set(kept), key=str)])
    for language in listed(root / "po" / "LINGUAS"):
        done = words(root / "po" / f"{language}.po")
        check(f"{language}-knows-every-word",
              [f"po/{language}.po: “{text}” is not translated" for (context, text) in kept
               if not done.get((context, text))])
print(f"1..{number}")
