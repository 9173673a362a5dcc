#!/bin/sh
# update.sh: after words for a person changed: lists the files that have some, collects the words into
# tideline.pot and brings every translation up to it. tests/house/translations.py holds this.
set -eu
cd "$(dirname "$0")/.."
{
  echo '# Every file with words for a person, sorted.'
  grep -rlE '\b(N?_|C_|ngettext) ?\("' app ui sync --include=*.c --include=*.blp
  ls data/*.desktop.in data/*.metainfo.xml.in
} | LC_ALL=C sort >po/POTFILES
grep -v '^#' po/POTFILES >po/POTFILES.plain
GETTEXTDATADIRS=data xgettext --files-from=po/POTFILES.plain --output=po/tideline.pot --from-code=UTF-8 \
  --add-location=file --add-comments=Translators --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=ngettext:1,2 \
  --flag=ngettext:1:pass-c-format --flag=_:1:pass-c-format --package-name=tideline --sort-by-file 2>/dev/null
rm po/POTFILES.plain
sed -i '/^"POT-Creation-Date:/d; s/charset=CHARSET/charset=UTF-8/' po/tideline.pot
for language in $(grep -v '^#' po/LINGUAS); do
  msgmerge --quiet --update --backup=none --no-fuzzy-matching --add-location=file --sort-by-file "po/$language.po" po/tideline.pot
done
