#!/usr/bin/python3
"""Something of every kind, written in the window without a network, kept over the end of the app and its kill, and back
once on the server and on every other computer. Three computers: the desk and the laptop are Robin's, the third is Inés's."""
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from desktop import Computer, Desktop, Gate, Server, run_tests, until
from window import Window

server = Server()
gate = Gate(server)
laptop, hers = Computer(), Computer()
laptop.sign_in("http://" + server.address, "robin")
hers.sign_in("http://" + server.address, "ines")
room = hers.room("Boat crew")
desk = Desktop()
desk.sign_in(gate.url, "robin")
window = Window(desk)
robin, = server.sql("SELECT id FROM people.principal WHERE login = 'robin'")
ines, = server.sql("SELECT id FROM people.principal WHERE login = 'ines'")
supper, = server.sql("SELECT id FROM calendar.event WHERE title = 'Crew supper'")
hers_own, = server.sql("""SELECT id FROM social.post WHERE "authorId" = %s AND visibility = 'public' AND text IS NOT NULL
                          AND NOT EXISTS (SELECT 1 FROM social.reaction WHERE "subjectId" = post.id AND "principalId" = %s)
                          ORDER BY id DESC LIMIT 1""" % (ines, robin))


def waiting(what):
    """Operations in the outbox that name it."""
    return [body for body, in window.rows("SELECT body FROM op") if what in (body or "")]


def await_waiting(what):
    until(lambda: waiting(what), f"“{what}” in the outbox")


def open_thread():
    """Keys are then those of the post."""
    window.act("open-post", ("x", int(hers_own)))
    until(lambda: window.focused()[0] == "list item" and window.focused()[1].startswith("Inés Carrasco"), "her post")


def count(statement):
    number, = server.sql("SELECT count(*) FROM " + statement)
    return int(number)


# --- without the network


def the_network_goes():
    window.await_shown("Synced", "toggle button")
    gate.shut()
    window.await_shown("Offline", "toggle button")


def a_post_and_an_answer():
    window.act("compose")
    until(lambda: window.focused()[0] == "text", "the focus in the new post")
    window.type("Posted from the slip, without a network", "ctrl+Return")
    await_waiting("Posted from the slip")
    open_thread()
    window.press("r")
    until(lambda: window.focused()[0] == "text", "the focus in the answer")
    window.type("Answered from the slip", "ctrl+Return")
    await_waiting("Answered from the slip")


def a_reaction_and_a_boost():
    open_thread()
    window.press("f")
    await_waiting("emoji")
    window.press("b")
    await_waiting("boostOfId")


def nobody_is_followed_any_more():
    window.act("open-person", ("x", int(ines)))
    window.click("Following", "toggle button")
    until(lambda: window.rows("SELECT 1 FROM op WHERE verb = 'destroy'") or
          window.rows("SELECT 1 FROM op WHERE verb = 2"), "the end of following in the outbox")


def an_event_and_an_answer_to_an_invitation():
    window.act("new-event")
    window.await_shown("New Event")
    until(lambda: window.focused() == ("text", "Title"), "the focus in the title")
    window.type("Paint the oars")
    window.click("Save")
    await_waiting("Paint the oars")
    window.act("open-event", ("x", int(supper)))
    window.click("Maybe")
    await_waiting("tentative")


def an_event_of_a_message():
    window.act("open-room", ("x", room))
    until(lambda: window.focused() == ("text", "Message Boat crew"), "the composer")
    for _ in range(20):
        if window.focused()[0] == "list item" and "My wrist says no" in window.focused()[1]:
            break
        window.press("shift+Tab")
    window.press("Menu")
    until(lambda: window.focused()[0] == "menu item", "the focus in the menu")
    window.press("e")  # its mnemonic
    until(lambda: window.focused() == ("text", "Title"), "the focus in the title")
    window.click("Save")
    await_waiting("madeOfId")


def a_calendar_is_hidden():
    window.dismiss("Maybe")
    for _ in range(40):
        if window.focused() == ("check box", "Family"):
            break
        window.press("Tab")
    window.press("space")
    await_waiting("isHidden")


def a_message_with_a_file():
    path = desk.home + "/tide table.txt"
    with open(path, "w") as file:
        file.write("high water 11:52\n" * 100)
    desk.run("send", str(room), "the table", "--file", path)
    await_waiting("the table")


def marks_and_quiet():
    window.act("open-section", ("s", "inbox"))
    until(lambda: window.focused()[0] == "list item", "the focus in the inbox")
    window.press("Down", "e")
    await_waiting("isDone")
    window.click("Do Not Disturb", "toggle button")
    window.await_shown("Do Not Disturb", "menu")
    window.press("Return")  # the first: for an hour
    await_waiting("doNotDisturbUntil")


def the_app_ends_and_is_killed():
    before = len(window.rows("SELECT 1 FROM op"))
    window.restart()
    window.await_shown("Offline", "toggle button")
    window.kill()
    window.start()
    window.await_shown("Offline", "toggle button")
    assert len(window.rows("SELECT 1 FROM op")) == before
    window.act("show-outbox")
    window.await_shown("Posted from the slip", "list item")
    window.dismiss("Sync Now")


# --- back


def all_of_it_arrives_once():
    hers.run("send", str(room), "and where is Robin?")
    gate.open()
    window.act("show-outbox")
    window.click("Sync Now")
    window.dismiss("Sync Now")
    window.await_shown("Synced", "toggle button")
    until(lambda: not window.rows("SELECT 1 FROM op"), "an empty outbox")
    assert count("social.post WHERE text = 'Posted from the slip, without a network'") == 1
    assert count(f"""social.post WHERE text = 'Answered from the slip' AND "replyToId" = {hers_own}""") == 1
    assert count(f"""social.post WHERE "boostOfId" = {hers_own} AND "authorId" = {robin}""") == 1
    assert count(f"""social.reaction WHERE "subjectId" = {hers_own} AND "principalId" = {robin}""") == 1
    assert count(f"""social.follow WHERE "principalId" = {ines} AND "followerId" = {robin}""") == 0
    assert count("calendar.event WHERE title = 'Paint the oars'") == 1
    assert count(f"calendar.event WHERE id = {supper} AND participants::text LIKE '%tentative%'") == 1
    assert count("""calendar.event JOIN chat.message ON message.id = "madeOfId" """) == 1
    assert count("""calendar.calendar_mark WHERE "isHidden" """) == 1
    assert count("""chat.message WHERE body = 'the table' AND attachments IS NOT NULL""") == 1
    assert count("""notify.inbox_mark WHERE "isDone" """) == 1
    assert count("""people.settings WHERE "doNotDisturbUntil" > now ()""") == 1


def it_is_on_the_other_computers():
    laptop.sync()
    assert laptop.bodies(room) == hers.bodies(room)
    assert laptop.bodies(room).count("the table") == 1
    for who in (laptop, hers):
        texts = [post["text"] for post in who.run("list", "posts", "--json", "--limit", "50")]
        assert texts.count("Posted from the slip, without a network") == 1, texts
    titles = [event["title"] for event in laptop.run("list", "events", "--json")]
    assert titles.count("Paint the oars") == 1, titles
    assert "Mum’s birthday" not in titles, titles
    window.act("open-room", ("x", room))
    window.await_shown("and where is Robin?", "list item")


run_tests("window-offline", [
    the_network_goes,
    a_post_and_an_answer,
    a_reaction_and_a_boost,
    nobody_is_followed_any_more,
    an_event_and_an_answer_to_an_invitation,
    a_calendar_is_hidden,
    an_event_of_a_message,
    a_message_with_a_file,
    marks_and_quiet,
    the_app_ends_and_is_killed,
    all_of_it_arrives_once,
    it_is_on_the_other_computers,
])
window.quit()
server.stop()
