#!/usr/bin/python3
"""What a desktop has as its browser in tests: goes where it is sent, signs in as the file says, and follows where that
leads. Its arguments: a file of login and password, a line each (a third one: a code), and an address."""
import html, http.cookiejar, re, sys, urllib.parse, urllib.request

with open(sys.argv[1]) as file:
    said = file.read().split("\n")
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
address = sys.argv[2]
page = browser.open(address).read().decode()


def fill_in(page, **fields):
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page)
    fields.update((name, html.unescape(value)) for name, value in hidden)
    return browser.open(address, urllib.parse.urlencode(fields).encode()).read().decode()


if said[0] == "nobody":  # who thinks better of it
    browser.open(html.unescape(re.search(r'<a href="([^"]*)"', page)[1]))
else:
    page = fill_in(page, login=said[0], password=said[1])
    if 'name="code"' in page:
        fill_in(page, code=said[2])
