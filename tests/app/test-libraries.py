#!/usr/bin/python3
"""JMAP libraries that nobody here wrote on a real server: jmap-jam (npm) and jmapc (PyPI). They are installed once in the
cache folder; what cannot be had is named, and skipped."""
import json, os, subprocess, sys, urllib.request
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from desktop import PASSWORD, SOURCE, Server, make_folder
from packages import CACHE, install, install_npm

JAM, JMAPC = "jmap-jam@0.13.1", "jmapc==0.4.0"
SCRIPTS = SOURCE + "/tests/app/libraries/"


def install_jam(folder):
    return install_npm(folder, JAM, "dist/index.js")


def install_jmapc(folder):
    if not (folder / "done").exists():
        why = install(JMAPC, ["/usr/bin/python3", "-m", "venv", "--clear", str(folder)],
                      [str(folder / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "--retries=1",
                       "--timeout=20", JMAPC])
        if why:
            return why
        (folder / "done").touch()


def sign_in(server):
    body = json.dumps({"login": "robin", "password": PASSWORD, "device": "libraries"}).encode()
    request = urllib.request.Request(f"http://{server.address}/auth/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["accessToken"]


def jam(folder, server):
    return ["node", SCRIPTS + "jam.mjs", str(folder / "node_modules/jmap-jam/dist/index.js"), f"http://{server.address}",
            sign_in(server)]


def jmapc(folder, server):
    return [str(folder / "bin/python"), "-B", SCRIPTS + "with_jmapc.py", server.address, sign_in(server),
            make_folder("tideline-libraries-")]


def main():
    server, failed = Server(), False
    tests = ((JAM, install_jam, jam), (JMAPC, install_jmapc, jmapc))
    print(f"1..{len(tests)}", flush=True)
    for number, (name, get, command) in enumerate(tests, 1):
        folder = CACHE / name.replace("==", "@")
        line = f"{number} - /libraries/{name.replace('==', '@')}"
        why = get(folder)
        if why:
            print(f"ok {line} # SKIP {why}", flush=True)
            continue
        done = subprocess.run(command(folder, server), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=120)
        print("# " + done.stdout.replace("\n", "\n# ") if done.stdout else "# done")
        print(("not ok " if done.returncode else "ok ") + line, flush=True)
        failed |= done.returncode != 0
    server.stop()
    return 1 if failed else 0


sys.exit(main())
