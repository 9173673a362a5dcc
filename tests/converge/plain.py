#!/usr/bin/python3
# plain.py: a device of another make, or of before: it knows what RFC 8620 says and a few properties of a few types,
# asks by HTTP when it is told to, and holds what it saw in a file. No pushes, no snapshots, no operation ids.
# Driven as client.c is; of its commands those that it has no use for are answered and nothing more.
#
# Arguments: FOLDER SERVER LOGIN PASSWORD-FILE FEEDS-URL.
import json
import os
import pathlib
import random
import sys
import time
import urllib.error
import urllib.request

USING = ["urn:ietf:params:jmap:core", "https://tideline.org/jmap/chat", "https://tideline.org/jmap/social",
         "https://tideline.org/jmap/calendars", "https://tideline.org/jmap/news"]
KNOWN = {
    "Room": ["kind", "name", "topic"],
    "RoomMember": ["roomId", "principalId", "role"],
    "Message": ["roomId", "senderId", "body", "replyToId"],
    "Post": ["authorId", "text", "visibility"],
    "Calendar": ["name", "color"],
    "CalendarEvent": ["calendarId", "title", "start", "duration"],
    "Article": ["feedId", "title", "url"],
}
# What it changes when it can: of one's own, or of what members may.
CHANGED = {"Room": "topic", "Post": "text", "CalendarEvent": "title"}
PAGE = 50


class Away(Exception):
    pass


class Replica:
    """{type: {id: object}}, {type: state}; written whole, by renaming, after each step."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "replica.json"
        held = json.loads(self.path.read_text()) if self.path.exists() else {}
        self.objects = held.get("objects", {name: {} for name in KNOWN})
        self.states = held.get("states", {})

    def keep(self):
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps({"objects": self.objects, "states": self.states}))
        os.replace(part, self.path)


class Server:
    def __init__(self, url, login, password):
        self.url, self.login, self.password = url, login, password
        until = time.monotonic() + 60
        while True:
            try:
                return self.sign_in()
            except Away:
                if time.monotonic() > until:
                    raise

    def post(self, path, body, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            if error.code == 401 and token:
                raise PermissionError from error
            raise Away(f"{error.code} {error.read()[:200]!r}") from error
        except (OSError, ValueError, urllib.error.URLError) as error:
            raise Away(repr(error)) from error
        except Exception as error:  # half an answer: http.client has a name for each way
            raise Away(repr(error)) from error

    def sign_in(self):
        answer = self.post("/auth/login", {"login": self.login, "password": self.password, "device": "plain"})
        self.account, self.token = answer["accountId"], answer["accessToken"]

    def call(self, name, **arguments):
        body = {"using": USING, "methodCalls": [[name, {"accountId": self.account} | arguments, "c"]]}
        try:
            answer = self.post("/jmap/api", body, self.token)
        except PermissionError:
            self.sign_in()
            answer = self.post("/jmap/api", body, self.token)
        kind, result, _ = answer["methodResponses"][0]
        if kind == "error" and result["type"] in ("serverUnavailable", "serverFail"):
            raise Away(result["type"])
        return kind, result


def take(server, replica, name, ids):
    """Gets objects; one that is gone by now is told of by the next changes."""
    for at in range(0, len(ids), PAGE):
        kind, result = server.call(name + "/get", ids=ids[at : at + PAGE], properties=KNOWN[name])
        assert kind != "error", result
        for found in result["list"]:
            replica.objects[name][found["id"]] = found


def begin_anew(server, replica, name):
    """A state first, and then everything there is: what happens meanwhile is told from that state on."""
    kind, result = server.call(name + "/get", ids=[], properties=["id"])
    assert kind != "error", result
    ids, state = [], result["state"]
    while True:
        kind, result = server.call(name + "/query", position=len(ids), limit=PAGE)
        assert kind != "error", result
        ids += result["ids"]
        if not result["ids"]:
            break
    replica.objects[name] = {}
    take(server, replica, name, list(dict.fromkeys(ids)))
    replica.states[name] = state


def follow(server, replica, name):
    more = True
    while more:
        if name not in replica.states:
            begin_anew(server, replica, name)
        kind, result = server.call(name + "/changes", sinceState=replica.states[name], maxChanges=PAGE)
        if kind == "error" and result["type"] == "cannotCalculateChanges":
            del replica.states[name]
            continue
        assert kind != "error", result
        for gone in result["destroyed"]:
            replica.objects[name].pop(gone, None)
        take(server, replica, name, result["created"] + result["updated"])
        replica.states[name] = result["newState"]
        more = result["hasMoreChanges"]


def sync(server, replica):
    try:
        for name in KNOWN:
            follow(server, replica, name)
    except Away as error:
        return f"fail {error}".replace("\n", " ")
    finally:
        replica.keep()
    return "ok"


def change(server, replica, seed):
    """One property of something, at once and once: a refusal or a lost answer is passed over."""
    draw = random.Random(seed)
    name, member = draw.choice(list(CHANGED.items()))
    ids = sorted(replica.objects[name])
    if not ids:
        return "nothing"
    try:
        server.call(name + "/set", update={draw.choice(ids): {member: f"plain {draw.getrandbits(32):08x}"}})
    except Away:
        pass
    return "change"


def dump(replica, path):
    with open(path, "w") as file:
        for name in KNOWN:
            for found in sorted(replica.objects[name].values(), key=lambda found: int(found["id"][1:])):
                print(name, json.dumps(found, sort_keys=True), file=file)
    return "ok"


def answer(server, replica, line):
    words = line.split(" ", 1)
    if words[0] == "sync":
        return sync(server, replica)
    if words[0] == "op":
        return change(server, replica, int(words[1]))
    if words[0] == "dump":
        return dump(replica, words[1])
    return {"pending": "0 0", "waiting": "waiting", "discard": "discarded"}.get(words[0], "nothing")


def main():
    folder, url, login, password_file, _ = sys.argv[1:]
    server = Server(url, login, pathlib.Path(password_file).read_text().strip())
    replica = Replica(folder)
    print("ready", flush=True)
    for line in sys.stdin:
        print(answer(server, replica, line.strip()), flush=True)


main()
