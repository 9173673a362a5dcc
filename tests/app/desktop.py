"""What the window is tested with: a server with the demo behind a gate that opens and shuts, computers with a home, a
session bus and a keyring of their own, and a desktop (screen, accessibility, notifications) for the app.

Everything that runs here ends with the test, however it ends, and leaves no folder."""
import atexit, ctypes, json, os, shutil, signal, socket, subprocess, sys, tempfile, threading, time, traceback

SOURCE, BUILD = os.environ["TIDELINE_SOURCE"], os.environ["TIDELINE_BUILD"]
PSQL = "/usr/lib/postgresql/17/bin/psql"
PASSWORD = "lantern-street"
HOMES = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
BUS_CONFIG = """<busconfig><type>session</type><listen>unix:dir=%s</listen><policy context="default">
<allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""


running, folders = [], []


@atexit.register
def clean_up():
    for process in reversed(running):
        process.terminate()
    for process in running:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def make_folder(prefix):
    folders.append(tempfile.mkdtemp(prefix=prefix))
    return folders[-1]


def until(condition, what, seconds=60):
    """The first true value of `condition`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, "waited in vain for " + what
        time.sleep(0.05)


def spawn(argv, **options):
    def die_with_test():
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    running.append(subprocess.Popen(argv, preexec_fn=die_with_test, **dict({"stdout": subprocess.DEVNULL}, **options)))
    return running[-1]


def end(process):
    process.kill()
    process.wait()


def run_tests(suite, tests):
    """Each test once, in order, as TAP; the first that fails ends the suite: the next ones build on it."""
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        name = f"{number} - /{suite}/{test.__name__.replace('_', '-')}"
        begin = time.monotonic()
        try:
            test()
        except Exception:
            print(f"{test.__name__}: {traceback.format_exc()}", file=sys.stderr, flush=True)
            print(f"not ok {name}\nBail out!", flush=True)
            sys.exit(1)
        print(f"ok {name}\n# {time.monotonic() - begin:.1f} s", flush=True)


class Server:
    """tidelined with its stores and the demo's content; killed and started it keeps its address."""

    def __init__(self):
        self.folder = make_folder("tideline-server-")
        os.chmod(self.folder, 0o755)
        self.address = "127.0.0.1:0"
        self.start()

    def start(self):
        environment = dict(os.environ, TIDELINE_NEWS_ALLOW_PRIVATE_ADDRESSES="true")
        with open(self.folder + "/log", "a") as log:
            self.process = spawn([BUILD + "/server/tidelined", "--standalone", self.folder + "/data", "--demo",
                                  SOURCE + "/data/demo", "--listen", self.address],
                                 env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("Tideline answers at http://"), line
        self.address = line.split()[-1].removeprefix("http://")

    def kill(self):
        end(self.process)

    def postmaster(self):
        """The lines of PostgreSQL's pid file: 0 its process, 4 the folder of its socket."""
        def whole():
            with open(self.folder + "/data/postgresql/postmaster.pid") as file:
                lines = file.read().split("\n")
            return lines if len(lines) > 7 and lines[7].strip() == "ready" else None
        return until(whole, "PostgreSQL")

    def kill_postgres(self):
        """The one that runs: after another kill the file is there before the process."""
        def is_killed():
            try:
                os.kill(int(self.postmaster()[0]), signal.SIGKILL)
            except ProcessLookupError:
                return False
            return True
        until(is_killed, "PostgreSQL to kill")

    def sql(self, statement):
        done = subprocess.run([PSQL, "-qAtX", "-h", self.postmaster()[4], "-U", "tideline", "-d", "tideline", "-c",
                               statement], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n")[:-1]

    def stop(self):
        self.process.terminate()
        assert self.process.wait() == 0, "tidelined did not stop cleanly"


class Gate:
    """The network between one computer and the server: shut, connections break and new ones are refused."""

    def __init__(self, server):
        self.server, self.port, self.open_sockets, self.lock = server, 0, set(), threading.Lock()
        self.open()

    def open(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, args=[self.listener], daemon=True).start()

    def shut(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            for one in self.open_sockets:
                one.shutdown(socket.SHUT_RDWR)

    def accept(self, listener):
        while True:
            try:
                near = listener.accept()[0]
            except OSError:
                return
            host, port = self.server.address.split(":")
            try:
                far = socket.create_connection((host, int(port)))
            except OSError:
                near.close()
                continue
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=[one, other], daemon=True).start()

    def pump(self, one, other):
        with self.lock:
            self.open_sockets.add(one)
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        with self.lock:
            self.open_sockets.discard(one)
        try:
            other.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Computer:
    """A home with a session bus: `tideline` runs on it as a command line."""

    def __init__(self):
        self.home = make_folder("tideline-home-")
        self.environment = dict(os.environ, HOME=self.home, LC_ALL="C.UTF-8", GSETTINGS_BACKEND="memory")
        for name in HOMES:
            self.environment[name] = os.path.join(self.home, name)
            os.mkdir(self.environment[name], 0o700)
        with open(self.home + "/bus.conf", "w") as file:
            file.write(BUS_CONFIG % self.home)
        bus = self.spawn(["dbus-daemon", "--config-file=" + self.home + "/bus.conf", "--nofork", "--print-address=1"],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.bus = self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        self.start_keyring()

    def spawn(self, argv, **options):
        return spawn(argv, env=self.environment, **options)

    def start_keyring(self):
        self.keyring = self.spawn(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                                  stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.keyring.stdin.write(b"\n")
        self.keyring.stdin.close()
        self.await_name("org.freedesktop.secrets")

    def await_name(self, name):
        until(lambda: "true" in subprocess.run(
            ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/", "--method",
             "org.freedesktop.DBus.NameHasOwner", name], env=self.environment, capture_output=True, text=True).stdout,
            name + " on the bus")

    def accounts(self):
        return [entry.path for entry in
                os.scandir(self.environment["XDG_DATA_HOME"] + "/tideline") if entry.is_dir()]

    # --- the command line

    def tideline(self, *words, input=""):
        return subprocess.run([BUILD + "/app/tideline", *words], env=self.environment, input=input,
                              capture_output=True, text=True)

    def run(self, *words, input=""):
        """What a command prints as JSON, or as text."""
        done = self.tideline(*words, input=input)
        assert done.returncode == 0, f"tideline {' '.join(words)}: {done.stderr}"
        return json.loads(done.stdout) if "--json" in words else done.stdout

    def sign_in(self, url, login):
        self.run("sign-in", url, login, input=PASSWORD + "\n")
        self.run("sync")

    def sync(self):
        until(lambda: self.tideline("sync").returncode == 0, "a sync")

    def room(self, name):
        return next(room["key"] for room in self.run("list", "rooms", "--json") if room["name"] == name)

    def bodies(self, room):
        """What was said in the room, oldest first, as the server has it."""
        self.sync()
        return [message["body"] for message in
                self.run("list", "messages", str(room), "--json", "--limit", "10000")]


class Desktop(Computer):
    """A computer with a screen, accessibility and notifications; Atspi looks at the last one that was made."""

    def __init__(self):
        super().__init__()
        read, write = os.pipe()
        self.spawn(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
                   pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            self.environment["DISPLAY"] = ":" + pipe.readline().strip()
        self.environment.update(GDK_BACKEND="x11", GSK_RENDERER="cairo", GTK_A11Y="atspi", TIDELINE_NO_ANIMATIONS="1")
        os.environ.update({name: self.environment[name] for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")})
        self.spawn(["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"], stderr=subprocess.DEVNULL)
        self.await_name("org.a11y.Bus")
        with open(self.home + "/notifications", "w") as file:
            self.spawn([sys.executable, "-m", "dbusmock", "--session", "--template", "notification_daemon"], stdout=file)
        self.await_name("org.freedesktop.Notifications")

    def notifications(self, call):
        """What was asked of the notification daemon so far: the lines of "Notify" or "CloseNotification"."""
        with open(self.home + "/notifications") as file:
            return [line for line in file if f" {call} " in line]
