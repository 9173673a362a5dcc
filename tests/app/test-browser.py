#!/usr/bin/python3
"""Signing in by the system's browser: the app opens the server's page, a stand-in for the browser fills it in, and what
comes back to the loopback signs the window in."""
import os, re, socket, sys, urllib.error, urllib.parse, urllib.request
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from desktop import PASSWORD, SOURCE, Desktop, Server, run_tests, until
from window import Window

server = Server()
desk = Desktop()
answers, asked = desk.home + "/answers", desk.home + "/asked"


def install_browser():
    """It notes down where it was sent, and goes there when it may."""
    applications = desk.environment["XDG_DATA_HOME"] + "/applications"
    os.makedirs(applications)
    with open(desk.home + "/browser", "w") as file:
        file.write(f"#!/bin/sh\necho \"$1\" >>'{asked}'\n[ ! -e '{answers}' ] || "
                   f"exec /usr/bin/python3 '{SOURCE}/tests/app/stand-in-browser.py' '{answers}' \"$1\"\n")
    os.chmod(desk.home + "/browser", 0o755)
    with open(applications + "/browser.desktop", "w") as file:
        file.write(f"[Desktop Entry]\nType=Application\nName=Browser\nExec={desk.home}/browser %u\n"
                   "MimeType=x-scheme-handler/http;x-scheme-handler/https;\n")
    with open(desk.environment["XDG_CONFIG_HOME"] + "/mimeapps.list", "w") as file:
        file.write("[Default Applications]\nx-scheme-handler/http=browser.desktop\n")


install_browser()
window = Window(desk)


def answer(*lines):
    with open(answers, "w") as file:
        file.write("\n".join(lines) + "\n")


def asked_last():
    with open(asked) as file:
        return file.read().split("\n")[-2]


def begin():
    window.await_shown("Server", "text")
    window.press("ctrl+a")
    window.type("http://" + server.address)
    window.click("Sign In With the Browser…")


def it_waits_and_can_be_called_off():
    begin()
    window.await_shown("Continue in Your Browser")
    until(lambda: os.path.exists(asked), "the browser opened")
    window.click("Cancel")
    window.await_gone("Continue in Your Browser")
    back = urllib.parse.unquote(re.search(r"redirect_uri=([^&]*)", asked_last())[1])
    port = int(re.search(r":(\d+)/", back)[1])

    def is_closed():
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) != 0
    until(is_closed, "nobody listening any more")


def what_others_say_to_the_loopback_is_not_heard():
    window.click("Sign In With the Browser…")
    window.await_shown("Continue in Your Browser")
    until(lambda: open(asked).read().count("\n") == 2, "the browser opened again")
    back = urllib.parse.unquote(re.search(r"redirect_uri=([^&]*)", asked_last())[1])
    for query in ("?code=abc", "?code=abc&state=wrong", "?error=access_denied&state=", ""):
        try:
            urllib.request.urlopen(back + query)
            assert False, query
        except urllib.error.HTTPError as error:
            assert error.code == 404, error
    assert window.find("Continue in Your Browser")
    window.click("Cancel")
    window.await_gone("Continue in Your Browser")


def who_thinks_better_of_it_is_not_signed_in():
    answer("nobody")
    window.click("Sign In With the Browser…")
    window.await_shown("Nobody was signed in.")


def a_password_on_the_page_signs_the_window_in():
    answer("robin", PASSWORD)
    window.click("Sign In With the Browser…")
    window.await_shown("Robin Adeyemi 127.0.0.1", "toggle button")
    window.await_shown("Synced", "toggle button")
    sessions = server.sql("SELECT client, device FROM people.session WHERE revoked_at IS NULL")
    assert sessions == ["tideline|" + socket.gethostname()], sessions


def it_is_signed_in_after_a_restart():
    window.restart()
    window.await_shown("Synced", "toggle button")


run_tests("browser", [
    it_waits_and_can_be_called_off,
    what_others_say_to_the_loopback_is_not_heard,
    who_thinks_better_of_it_is_not_signed_in,
    a_password_on_the_page_signs_the_window_in,
    it_is_signed_in_after_a_restart,
])
window.quit()
server.stop()
