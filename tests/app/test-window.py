#!/usr/bin/python3
"""The app's window on a real server, used as a person uses it: offline and back, killed at any moment, notified, signed
in and out. Three computers: the desk and the laptop are Robin's, the third is Inés's."""
import os, random, re, sys, time
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from desktop import PASSWORD, Computer, Desktop, Gate, Server, end, run_tests, until
from window import App, GLib, Window

NOTIFICATIONS = "/org/freedesktop/Notifications"
seed = int(os.environ.get("TIDELINE_SEED", random.randrange(2**31)))
chance = random.Random(seed)
print(f"# TIDELINE_SEED={seed}")

server = Server()
gate = Gate(server)
laptop, hers = Desktop(), Computer()
laptop.sign_in("http://" + server.address, "robin")
hers.sign_in("http://" + server.address, "ines")
room = hers.room("Boat crew")
desk = Desktop()
window = Window(desk)
read_offline = []  # titles


def sign_in(login, password):
    """In the page that asks for it, from the address on, by keyboard."""
    window.await_shown("Server", "text")
    window.type(gate.url, "Tab")
    window.type(login, "Tab")
    window.type(password, "Return")


def open_room():
    window.act("open-room", ("x", room))
    await_composer()


def await_composer():
    window.await_focus("text", "Message Boat crew")


def say(text):
    window.press("ctrl+a")
    window.type(text, "Return")


def await_synced():
    window.await_shown("Synced", "toggle button")
    until(lambda: not window.rows("SELECT 1 FROM op"), "an empty outbox")


def sync_now():
    hers.sync()  # the server is there again
    window.act("show-outbox")
    window.click("Sync Now")
    window.dismiss("Sync Now")
    await_synced()


def kept(words):
    """Whether each change in the outbox that has these words is the draft of what is being written."""
    return [place is not None for place, in
            window.rows(f"SELECT json_extract(body, '$.place') FROM op WHERE body LIKE '%{words}%'")]


def await_written(words):
    """In the outbox once, and not as a draft any more."""
    until(lambda: kept(words) == [False], f"“{words}” on disk")


def messages():
    """What the window shows of the room, from a row's sentence: "Who, 10:20: what, waiting for the network"."""
    rows = (re.match(r"[^,]+, \d\d:\d\d: (.*)", name) for role, name, _, _ in window.shown() if role == "list item")
    return [row[1] for row in rows if row]


def assert_everywhere_once(*bodies):
    """On the server as both see it, and at the end of the window's list: in one order."""
    said = laptop.bodies(room)
    assert said == hers.bodies(room)
    assert all(said.count(body) == 1 for body in bodies), said
    try:
        until(lambda: (shown := messages()) and shown == said[-len(shown):], "the room as it is", 10)
    except AssertionError:
        raise AssertionError(f"the window shows {messages()} and not {said[-12:]}") from None


# --- signing in


def asks_who_one_is_and_says_what_is_wrong():
    window.await_shown("Sign In", "heading")
    window.await_focus("text", "Server")
    sign_in("robin", "not-the-password")
    window.await_shown("password")
    window.await_focus("text", "Password")
    window.press("ctrl+a")
    window.type(PASSWORD, "Return")
    window.await_shown("Chat, ", "list item")
    await_synced()


# --- with the network


def people_hear_each_other_at_once():
    open_room()
    hers.run("send", str(room), "who has the keys?")
    until(lambda: messages()[-1:] == ["who has the keys?"], "the question")
    say("I have them")
    until(lambda: "I have them" in hers.bodies(room), "the answer")
    await_synced()
    assert_everywhere_once("who has the keys?", "I have them")


def what_is_looked_at_is_read():
    until(lambda: laptop.run("sync") is not None and
          next(one for one in laptop.run("list", "rooms", "--json") if one["key"] == room)["unread"] == 0,
          "the room read on the laptop")
    assert not desk.notifications("Notify")


def a_message_elsewhere_is_notified_until_it_is_read_on_another_computer():
    window.act("open-section", ("s", "news"))
    window.await_shown("Articles", "list")
    hers.run("send", str(room), "high water at noon")
    until(lambda: desk.notifications("Notify"), "a notification")
    laptop.sync()
    other = App(laptop)
    other.act("mark-room-read", ("x", room))
    until(lambda: desk.notifications("CloseNotification"), "its end")
    other.quit()
    told, = desk.notifications("Notify")
    assert '"Boat crew" "Inés Carrasco: high water at noon"' in told


def a_notification_leads_to_its_room():
    hers.run("send", str(room), "bring the oars")
    until(lambda: len(desk.notifications("Notify")) == 2, "a notification")
    window.call("org.freedesktop.Notifications", NOTIFICATIONS, "org.freedesktop.DBus.Mock", "EmitSignal",
                GLib.Variant("(sssav)", ("org.freedesktop.Notifications", "ActionInvoked", "us",
                                         [GLib.Variant("u", 2), GLib.Variant("s", "default")])))
    await_composer()
    until(lambda: messages()[-1:] == ["bring the oars"], "the message")


# --- without the network


def offline_one_reads_searches_writes_and_restarts():
    gate.shut()
    window.await_shown("Offline", "toggle button")
    window.act("open-section", ("s", "news"))
    until(lambda: window.focused()[0] == "list item", "the focus in the articles")
    window.press("n")
    title = window.await_shown("", "heading").get_name()
    read_offline.append(title)
    window.press("s")
    window.await_shown(f"{title}, from", "list item")
    until(lambda: "Unread" not in window.find(f"{title}, from", "list item").get_name(), "the article read")
    window.press("ctrl+k")
    window.await_shown("Search", "entry")
    window.type("trailer lights")
    window.await_shown("The trailer has new lights", "list item")
    window.await_shown("The server does not answer")
    window.press("Return")
    await_composer()
    for text in ("offline 1", "offline 2", "offline 3"):
        say(text)
        window.await_shown(f"{text}, waiting for the network", "list item")
    window.restart()
    open_room()
    window.await_shown("offline 3, waiting for the network", "list item")
    window.act("show-outbox")
    window.await_shown("marked as read", "list item")
    window.await_shown("Starred", "list item")
    window.dismiss("Sync Now")


def offline_one_posts_and_plans_and_is_killed():
    window.act("compose")
    window.await_focus("text", "Text of the post")
    window.type("written at sea", "ctrl+Return")
    await_written("written at sea")
    window.act("new-event")
    window.await_focus("text", "Title")
    window.type("Dry the sails")
    window.click("Save")
    await_written("Dry the sails")
    window.kill()
    window.start()
    window.await_shown("Offline", "toggle button")
    assert kept("written at sea") == kept("Dry the sails") == [False]


def back_all_of_it_arrives_once():
    title, = read_offline
    hers.run("send", str(room), "meanwhile 1")
    laptop.run("send", str(room), "meanwhile 2")
    gate.open()
    sync_now()
    assert_everywhere_once("offline 1", "offline 2", "offline 3", "meanwhile 1", "meanwhile 2")
    assert [text for text in laptop.bodies(room) if "offline" in text] == ["offline 1", "offline 2", "offline 3"]
    assert title in [one["title"] for one in laptop.run("list", "starred", "--json")]
    assert title not in [one["title"] for one in laptop.run("list", "articles", "--unread", "--json",
                                                            "--limit", "1000")]
    for one in (laptop, hers):
        assert [post["text"] for post in one.run("list", "posts", "--json")].count("written at sea") == 1
    assert [event["title"] for event in laptop.run("list", "events", "--json")].count("Dry the sails") == 1


# --- killed


def a_draft_is_kept_as_one_types():
    open_room()
    window.press("ctrl+a")
    window.type("half a thought")
    until(lambda: "half a thought" in window.drafts(), "the draft on disk", seconds=5)
    window.kill()
    window.start()
    open_room()
    window.await_shown("half a thought", "text")


def the_app_killed_while_sending_loses_and_doubles_nothing():
    kept = []
    texts = [f"app {i}" for i in range(4)]
    for text in texts:
        open_room()
        window.press("ctrl+a")
        window.type(text)
        until(lambda: text in window.drafts(), "the draft on disk")
        window.press("Return")
        time.sleep(chance.uniform(0, 0.25))
        window.kill()
        kept += window.drafts()
        window.start()
    await_synced()
    said = laptop.bodies(room)
    assert all(said.count(text) + kept.count(text) == 1 for text in texts), (said, kept)
    open_room()
    assert_everywhere_once(*(text for text in texts if text not in kept))


def the_server_killed_while_sending_loses_and_doubles_nothing():
    texts = [f"server {i}" for i in range(3)]
    open_room()
    for text in texts:
        say(text)
        time.sleep(chance.uniform(0, 0.25))
        server.kill()
        server.start()
    sync_now()
    assert_everywhere_once(*texts)


def postgresql_killed_while_sending_loses_and_doubles_nothing():
    texts = [f"postgres {i}" for i in range(3)]
    open_room()
    for text in texts:
        say(text)
        time.sleep(chance.uniform(0, 0.25))
        server.kill_postgres()
    sync_now()
    assert_everywhere_once(*texts)


# --- the end of a session


def a_refused_session_asks_to_sign_in_again_and_keeps_everything():
    server.sql("UPDATE people.session SET revoked_at = now()")
    window.restart()
    window.await_shown("Please sign in again")
    open_room()
    say("written while signed out")
    window.await_shown("written while signed out, waiting", "list item")
    window.click("Sign In")
    window.await_shown("Password", "text")
    window.await_focus("text", "Password")
    window.type(PASSWORD, "Return")
    window.await_shown("Chat", "list item")
    await_synced()
    laptop.sign_in("http://" + server.address, "robin")
    hers.sign_in("http://" + server.address, "ines")
    open_room()
    assert_everywhere_once("written while signed out")


def another_device_is_signed_out_from_here():
    sessions = "SELECT count(*) FROM people.session WHERE revoked_at IS NULL"
    before = int(server.sql(sessions)[0])
    window.act("preferences", ("s", "devices"))
    window.await_shown("Signed In On")
    window.await_shown("This device")
    window.click("Sign Out")
    until(lambda: int(server.sql(sessions)[0]) == before - 1, "the other device's session ended")
    window.press("Escape")


def signing_out_leaves_nothing_here():
    sessions = "SELECT count(*) FROM people.session WHERE revoked_at IS NULL"
    before = int(server.sql(sessions)[0])
    window.act("sign-out")
    window.await_shown("The copy on this computer is removed")
    window.click("Sign Out")
    window.await_shown("Sign In", "heading")
    until(lambda: not desk.accounts(), "the account's folder gone")
    assert int(server.sql(sessions)[0]) == before - 1
    window.restart()
    window.await_shown("Sign In", "heading")


def without_a_keyring_one_is_told_and_asked_again_the_next_time():
    end(desk.keyring)
    sign_in("robin", PASSWORD)
    window.await_shown("Chat, ", "list item")
    window.await_shown("no keyring")
    await_synced()
    window.restart()
    window.await_shown("Please sign in again")
    open_room()
    window.await_shown("written while signed out", "list item")


def without_a_keyring_the_demo_signs_itself_in():
    with open(desk.home + "/password", "w") as file:
        file.write(PASSWORD)
    desk.environment["TIDELINE_DEMO_PASSWORD_FILE"] = file.name
    window.restart()
    await_synced()


def it_quits_with_a_dialog_open():
    window.act("preferences", ("s", "devices"))
    window.await_shown("Signed In On")
    window.quit()


run_tests("window", [
    asks_who_one_is_and_says_what_is_wrong,
    people_hear_each_other_at_once,
    what_is_looked_at_is_read,
    a_message_elsewhere_is_notified_until_it_is_read_on_another_computer,
    a_notification_leads_to_its_room,
    offline_one_reads_searches_writes_and_restarts,
    offline_one_posts_and_plans_and_is_killed,
    back_all_of_it_arrives_once,
    a_draft_is_kept_as_one_types,
    the_app_killed_while_sending_loses_and_doubles_nothing,
    the_server_killed_while_sending_loses_and_doubles_nothing,
    postgresql_killed_while_sending_loses_and_doubles_nothing,
    a_refused_session_asks_to_sign_in_again_and_keeps_everything,
    another_device_is_signed_out_from_here,
    signing_out_leaves_nothing_here,
    without_a_keyring_one_is_told_and_asked_again_the_next_time,
    without_a_keyring_the_demo_signs_itself_in,
    it_quits_with_a_dialog_open,
])
server.stop()

