"""The app's window as a person has it: keys by xdotool, what it shows as assistive technology reads it, and its
actions over D-Bus."""
import glob, sqlite3, subprocess, time
import gi
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib
from desktop import BUILD, end, until

NAME, PATH = "org.tideline.Tideline", "/org/tideline/Tideline"


class App:
    """The running app, known by its D-Bus actions only."""

    def __init__(self, desktop):
        self.desktop = desktop
        self.bus = Gio.DBusConnection.new_for_address_sync(
            desktop.bus, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.start()

    def start(self):
        with open(self.desktop.home + "/app.log", "a") as log:
            self.process = self.desktop.spawn([BUILD + "/app/tideline"], stdout=log, stderr=log)
        self.desktop.await_name(NAME)

    def kill(self):
        end(self.process)

    def quit(self):
        self.act("quit")
        assert self.process.wait(60) == 0, self.log()

    def call(self, name, path, interface, method, arguments):
        return self.bus.call_sync(name, path, interface, method, arguments, None, 0, 60000, None)

    def act(self, action, parameter=None):
        values = [GLib.Variant(*parameter)] if parameter else []
        self.call(NAME, PATH, "org.gtk.Actions", "Activate", GLib.Variant("(sava{sv})", (action, values, {})))

    def log(self):
        with open(self.desktop.home + "/app.log") as file:
            return file.read()[-3000:]


class Window(App):
    def start(self):
        super().start()
        until(self.accessible, "the app among the accessible ones")
        until(self.frames, "the window on the screen")
        self.xdotool("windowfocus", "--sync", self.frames()[0])

    def restart(self):
        self.quit()
        self.start()

    # --- keys

    def frames(self):
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "tideline"],
                              env=self.desktop.environment, capture_output=True, text=True).stdout.split()

    def xdotool(self, *words):
        subprocess.run(["xdotool", *words], env=self.desktop.environment, check=True, stdout=subprocess.DEVNULL)

    def press(self, *keys):
        for key in keys:
            self.xdotool("key", key)

    def type(self, text, *keys):
        """The text, then the keys, where the focus is."""
        self.xdotool("type", "--delay", "12", text)
        self.press(*keys)

    # --- what is shown

    def accessible(self):
        """The app, when it has something to show."""
        assert self.process.poll() is None, f"the app ended with {self.process.poll()}: {self.log()}"
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache_single()
        for child in (desktop.get_child_at_index(i) for i in range(desktop.get_child_count())):
            try:
                if child and child.get_process_id() == self.process.pid and child.get_child_count() > 0:
                    return child
            except GLib.Error:
                continue  # one that was killed
        return None

    def walk(self):
        """(node, states) of everything that is showing, as a tree is read. Each question is a call over D-Bus."""
        stack = [self.accessible()]
        while stack:
            node = stack.pop()
            try:
                node.clear_cache_single()
                states = node.get_state_set()
                if states.contains(Atspi.StateType.SHOWING):
                    yield node, states
                elif node.get_role() != Atspi.Role.APPLICATION:
                    continue
                children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
                stack.extend(child for child in reversed(children) if child)
            except GLib.Error:
                assert self.process.poll() is None, "the app ended: " + self.log()  # else: it went while we looked

    @staticmethod
    def text(node):
        """What is written in a text field."""
        is_field = node.get_role() in (Atspi.Role.TEXT, Atspi.Role.ENTRY)
        return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node)) if is_field else ""

    def shown(self):
        """(role, name, text, node) of everything that is showing and says something."""
        found = []
        for node, _ in self.walk():
            try:
                line = node.get_role_name(), node.get_name() or "", self.text(node), node
            except GLib.Error:
                continue
            if line[1] or line[2]:
                found.append(line)
        return found

    def find(self, words, role=None):
        for each_role, name, text, node in self.shown():
            if (words in name or words in text) and role in (None, each_role):
                return node
        return None

    def await_shown(self, words, role=None):
        try:
            return until(lambda: self.find(words, role), f"“{words}”")
        except AssertionError as error:
            shown = "\n".join(f"{role}: {name} {text}" for role, name, text, _ in self.shown())
            raise AssertionError(f"{error}; there is\n{shown}\n{self.log()}") from None

    def await_gone(self, words):
        until(lambda: not self.find(words), f"no “{words}” any more")

    def dismiss(self, words):
        """Escape, until what says `words` is closed."""
        def is_closed():
            self.press("Escape")
            time.sleep(0.1)
            return not self.find(words)
        until(is_closed, f"“{words}” closed")

    def click(self, name, role="button"):
        """As assistive technology does it."""
        node = self.await_shown(name, role)
        assert node.get_action_iface().do_action(0), name

    def focused(self):
        """(role, name) of what has the focus."""
        for node, states in self.walk():
            if states.contains(Atspi.StateType.FOCUSED):
                return node.get_role_name(), node.get_name()
        return None

    def await_focus(self, role, name):
        try:
            until(lambda: self.focused() == (role, name), f"the focus in {name}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it is in {self.focused()}") from None

    # --- what is on disk

    def rows(self, statement):
        path, = glob.glob(self.desktop.environment["XDG_DATA_HOME"] + "/tideline/*/local.db")
        with sqlite3.connect(path) as db:
            return db.execute(statement).fetchall()

    def drafts(self):
        return [text for text, in self.rows("SELECT text FROM draft")]
