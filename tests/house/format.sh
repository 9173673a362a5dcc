#!/bin/sh
# Every C file as .clang-format says. TAP.
cd "$TIDELINE_SOURCE" || exit 1
echo 1..1
bad=$(find app sync ui server tests -name '*.[ch]' -print0 | xargs -0 clang-format-19 --dry-run -Werror 2>&1 |
  sed -n 's/:[0-9]*:[0-9]*: error: .*Wclang-format.*//p' | sort -u)
if [ -z "$bad" ]; then
  echo "ok 1 - /house/every-file-is-formatted"
else
  echo "$bad" | sed 's/^/# run clang-format-19 -i on /'
  echo "not ok 1 - /house/every-file-is-formatted"
fi
