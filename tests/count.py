"""Reads meson's JUnit log and prints `N passed, N failed, N skipped`; fails when none passed."""
import sys
import xml.etree.ElementTree as ET

passed = failed = skipped = 0
for case in ET.parse(sys.argv[1]).getroot().iter("testcase"):
    if case.find("failure") is not None or case.find("error") is not None:
        failed += 1
    elif (skip := case.find("skipped")) is not None:
        skipped += 1
        print(f"skipped: {case.get('name')}: {skip.get('message') or (skip.text or '').strip()}")
    else:
        passed += 1
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not passed else 0)
