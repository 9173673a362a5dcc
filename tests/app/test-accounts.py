#!/usr/bin/python3
"""Two accounts in one window: one is shown, the other a choice away, each where it was left; signed out, the copy goes
or stays."""
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from desktop import PASSWORD, Computer, Desktop, Gate, Server, run_tests, until
from window import Window

NAMES = {"robin": "Robin Adeyemi", "ines": "Inés Carrasco"}

server = Server()
gate = Gate(server)
hers = Computer()
hers.sign_in("http://" + server.address, "ines")
desk = Desktop()
desk.sign_in(gate.url, "ines")
desk.sign_in(gate.url, "robin")
room = hers.room("Boat crew")
window = Window(desk)


def account(login):
    return f"{login}@127.0.0.1:{gate.port}"


def shows(login):
    """By the button below the list of places."""
    window.await_shown(NAMES[login] + " 127.0.0.1", "toggle button")
    window.await_shown("Synced", "toggle button")


def switch_to(login):
    window.act("switch-account", ("s", account(login)))
    shows(login)


def say_in_room(text):
    window.act("open-room", ("x", room))
    window.await_focus("text", "Message Boat crew")
    window.type(text, "Return")


def sign_out(keeps):
    window.act("sign-out")
    window.await_shown("The copy on this computer is removed")
    if keeps:
        window.press("alt+r")
        window.await_shown("is taken up again")
    window.click("Sign Out")
    window.await_shown("Sign In", "heading")


def in_menu():
    """The focus is on one of the menu's items: two accounts and another one to add."""
    items = [node for node, _ in window.walk() if node.get_role_name() == "menu item"]
    return len(items) == 3 and window.focused()[0] == "menu item"


def the_last_account_is_shown_and_the_menu_has_both():
    shows("robin")
    window.click("Robin Adeyemi 127.0.0.1", "toggle button")
    until(in_menu, "the menu of accounts")
    window.press("Down", "Return")
    shows("ines")
    switch_to("robin")


def each_is_where_it_was_left():
    window.act("open-room", ("x", room))
    window.await_focus("text", "Message Boat crew")
    window.act("switch-account", ("s", account("ines")))
    shows("ines")
    window.act("open-section", ("s", "news"))
    window.await_shown("Add Feed", "button")
    switch_to("robin")
    window.await_focus("text", "Message Boat crew")
    window.restart()
    shows("robin")


def what_was_written_before_leaves_by_its_own_account():
    say_in_room("robin says this")
    switch_to("ines")
    say_in_room("ines says that")
    until(lambda: {"robin says this", "ines says that"} <= set(hers.bodies(room)) or None, "both messages")
    said = server.sql("SELECT login || ': ' || body FROM chat.message JOIN people.principal p ON p.id = \"senderId\" "
                      "WHERE body LIKE '% says th%' ORDER BY body")
    assert said == ["ines: ines says that", "robin: robin says this"], said


def one_goes_back_from_the_page_that_asks_for_another():
    window.act("add-account")
    window.await_shown("Sign In", "heading")
    window.click("Back to Inés Carrasco")
    shows("ines")


def signed_out_with_the_copy_kept_nothing_is_shown_and_nothing_is_lost():
    gate.shut()
    say_in_room("written before signing out")
    sign_out(keeps=True)
    window.restart()
    gate.open()
    shows("robin")
    window.act("add-account")
    window.await_shown("Server", "text")
    window.type(gate.url, "Tab")
    window.type("ines", "Tab")
    window.type(PASSWORD, "Return")
    shows("ines")
    until(lambda: "written before signing out" in hers.bodies(room), "the message that waited")
    assert hers.bodies(room).count("written before signing out") == 1


def signed_out_with_the_copy_gone_the_other_account_stays():
    sign_out(keeps=False)
    until(lambda: [os.path.basename(path) for path in desk.accounts()] == [account("robin")], "robin's folder alone")
    window.click("Back to Robin Adeyemi")
    shows("robin")


run_tests("accounts", [
    the_last_account_is_shown_and_the_menu_has_both,
    each_is_where_it_was_left,
    what_was_written_before_leaves_by_its_own_account,
    one_goes_back_from_the_page_that_asks_for_another,
    signed_out_with_the_copy_kept_nothing_is_shown_and_nothing_is_lost,
    signed_out_with_the_copy_gone_the_other_account_stays,
])
window.quit()
server.stop()
