"""Joining by an invitation in the window: its link opens the app, a name and a password, and one is in."""
import subprocess
from desktop import BUILD, Computer, Desktop, Server, run_tests, until
from window import Window

server = Server()


def ctl(*words):
    done = subprocess.run([BUILD + "/server/ctl/tidelinectl", "--standalone", server.folder + "/data", *words],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def invite(*words):
    return ctl("invite", "--url", "http://" + server.address, *words)


link, once = invite("--role", "moderator"), invite()
desk = Desktop()
window = Window(desk)


def open_link(address):
    done = subprocess.run([BUILD + "/app/tideline", address], env=desk.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def a_link_asks_for_a_name_and_a_password():
    window.await_shown("Join With an Invitation", "button")
    open_link(link)
    window.await_shown("You are invited to http://" + server.address)
    window.await_focus("text", "Your Name, as Others See It")


def what_the_server_refuses_is_said_in_its_place():
    window.type("Nora Holm", "Tab")
    window.type("robin", "Tab")
    window.type("a lantern in the street", "Return")
    window.await_shown("This name is taken")


def the_name_is_changed_and_one_is_in():
    window.press("shift+Tab", "ctrl+a")
    window.type("nora", "Return")
    window.await_shown("Synced", "toggle button")
    assert server.sql("SELECT p.name, a.role FROM people.principal p JOIN people.account a USING (id) "
                      "WHERE login = 'nora'") == ["Nora Holm|moderator"]


def who_is_in_may_join_as_another_or_go_back():
    open_link(once)
    window.await_shown("You are invited to http://" + server.address)
    window.dismiss("You are invited to")
    window.click("Back to Nora Holm")
    window.await_shown("Synced", "toggle button")


def a_moderator_invites_from_the_preferences():
    window.act("preferences", ("s", "devices"))
    window.click("Invite Somebody")
    window.await_shown("/join/")
    until(lambda: server.sql("SELECT count(*) FROM people.invitation WHERE made_by IS NOT NULL") == ["1"], "an invitation")
    window.await_shown("For 1 person")
    window.dismiss("Invite Somebody")


def a_moderator_suspends_from_a_profile():
    ines = "SELECT p.id, a.disabled_at IS NOT NULL FROM people.principal p JOIN people.account a USING (id) " \
        "WHERE login = 'ines'"
    window.act("open-person", ("x", int(server.sql(ines)[0].split("|")[0])))
    window.click("Suspend…")
    window.click("Keep Out")
    until(lambda: server.sql(ines)[0].endswith("t"), "ines kept out")
    window.click("Let In Again")
    until(lambda: server.sql(ines)[0].endswith("f"), "ines let in")


def the_account_is_deleted_from_the_preferences():
    window.act("preferences", ("s", "devices"))
    window.click("Delete Account")
    window.await_focus("text", "Password")
    window.type("a lantern in the street")
    window.click("Delete Everything")
    window.await_shown("Sign In", "heading")
    until(lambda: server.sql("SELECT count(*) FROM people.principal WHERE login = 'nora'") == ["0"], "nobody called nora")
    until(lambda: not desk.accounts(), "nothing of it here")


def what_computers_know(of):
    """Everything that a computer lists, rooms with what was said in them."""
    rooms = of.run("list", "rooms", "--json")
    lists = [of.run("list", what, "--json", "--limit", "10000") for what in ("people", "posts", "events")]
    return lists + [rooms] + [of.run("list", "messages", str(room["key"]), "--json", "--limit", "10000") for room in rooms]


def who_is_deleted_goes_from_every_computer():
    before, after = Computer(), Computer()
    before.sign_in("http://" + server.address, "robin")
    assert any(person["login"] == "ines" for person in what_computers_know(before)[0])
    ctl("user", "delete", "--yes", "ines")
    before.sync()
    after.sign_in("http://" + server.address, "robin")
    assert what_computers_know(before) == what_computers_know(after)
    assert "Carrasco" not in str([person["name"] for person in what_computers_know(before)[0]])


run_tests("join", [
    a_link_asks_for_a_name_and_a_password,
    what_the_server_refuses_is_said_in_its_place,
    the_name_is_changed_and_one_is_in,
    who_is_in_may_join_as_another_or_go_back,
    a_moderator_invites_from_the_preferences,
    a_moderator_suspends_from_a_profile,
    the_account_is_deleted_from_the_preferences,
    who_is_deleted_goes_from_every_computer,
])
window.quit()
server.stop()
