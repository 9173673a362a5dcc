"""A second step in the window: set up in the preferences, asked for at the next sign-in, finished by a recovery code,
turned off again."""
import base64, hmac, os, re, struct, sys, time
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from desktop import PASSWORD, Desktop, Server, run_tests, until
from window import Window

server = Server()
address = "http://" + server.address
desk = Desktop()
window = Window(desk)
kept = {}


def code(steps=0):
    """Of the time, by RFC 6238, written here once more."""
    secret = bytes.fromhex(server.sql("SELECT encode(secret, 'hex') FROM people.factor")[0])
    mac = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30 + steps), "sha1").digest()
    at = mac[19] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 10**6)


def sign_in():
    """From the name on; the address is known."""
    window.await_focus("text", "Name or e-mail")
    window.type("robin", "Tab")
    window.type(PASSWORD, "Return")


def is_on():
    return server.sql("SELECT count(*) FROM people.factor WHERE confirmed_at IS NOT NULL") == ["1"]


def is_set_up_in_the_preferences():
    window.await_focus("text", "Server")
    window.type(address, "Tab")
    sign_in()
    window.await_shown("Synced", "toggle button")
    window.act("preferences", ("s", "devices"))
    window.await_shown("Off. The password alone")
    window.click("Set Up…")
    window.await_focus("text", "Password")
    window.type(PASSWORD, "Return")
    window.await_focus("text", "Code")
    key = base64.b32encode(bytes.fromhex(server.sql("SELECT encode(secret, 'hex') FROM people.factor")[0])).decode()
    window.await_shown(" ".join(re.findall("....", key)))
    window.type("12345", "Return")
    window.await_shown("This code is wrong")
    window.await_focus("text", "Code")
    window.type(code(), "Return")
    window.await_shown("Your Recovery Codes")
    until(is_on, "a second factor")
    kept["codes"] = re.findall("(?:[a-z0-9]{4}-){3}[a-z0-9]{4}", str(window.shown()))
    assert len(set(kept["codes"])) == 10, window.shown()
    window.click("I Have Them")
    window.await_shown("On. 10 recovery codes are left")


def is_asked_for_at_the_next_sign_in():
    window.dismiss("Signed In On")
    window.act("sign-out")
    window.await_shown("The copy on this computer is removed")
    window.click("Sign Out")
    until(lambda: not desk.accounts(), "nobody signed in")
    sign_in()
    window.await_shown("One More Step")
    window.await_focus("text", "Code")
    assert not desk.accounts()
    window.type("000000x", "Return")
    window.await_shown("This code is wrong")
    window.await_focus("text", "Code")
    window.type(kept["codes"][0], "Return")
    window.await_shown("Synced", "toggle button")


def is_turned_off_with_password_and_code():
    window.act("preferences", ("s", "devices"))
    window.await_shown("On. 9 recovery codes are left")
    window.click("Turn Off…")
    window.await_focus("text", "Password")
    window.type(PASSWORD, "Tab", "Tab")  # past the button that shows it
    window.await_focus("text", "Code")
    window.type(kept["codes"][1], "Return")
    window.await_shown("Off. The password alone")
    until(lambda: not is_on(), "no second factor")
    window.dismiss("Signed In On")


run_tests("second-step", [
    is_set_up_in_the_preferences,
    is_asked_for_at_the_next_sign_in,
    is_turned_off_with_password_and_code,
])
window.quit()
server.stop()
