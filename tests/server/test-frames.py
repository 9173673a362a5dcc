#!/usr/bin/python3
"""WebSocket to the letter (RFC 6455): the Autobahn test suite's cases (frame_cases.py) on a real server, spoken by a
library that nobody here wrote. A case that fails does not end the others."""
import json, os, sys, traceback
sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "app"))
sys.dont_write_bytecode = True
from websockets.frames import Opcode
from desktop import PASSWORD, Server
from frame_cases import GROUPS, HELLO, NORMAL, ask, of_size
from independent import DEFLATE, Peer, closing, frame, sign_in

ROUND_TRIPS = 1000


def meaning(heard):
    """What a frame says, as the cases have it."""
    if heard.opcode is not Opcode.TEXT:
        return heard.opcode.name.lower(), bytes(heard.data)
    assert heard.fin, "an answer in fragments"
    said = json.loads(heard.data)
    if said["@type"] == "RequestError":
        return "problem", said["type"]
    return "echo", said["requestId"], said["methodResponses"][0][1]["text"]


def brief(said):
    return str(said) if len(str(said)) < 300 else str(said)[:300] + "…"


def check(heard, expected):
    """Pongs come in their order, answers in any."""
    said = [meaning(one) for one in heard]
    for kind in ("pong", "answers"):
        one = [x for x in said if (x[0] == "pong") == (kind == "pong")]
        other = [x for x in expected if (x[0] == "pong") == (kind == "pong")]
        if kind == "answers":
            one, other = sorted(one), sorted(other)
        assert one == other, f"{kind}: {brief(one)}, not {brief(other)}"


def run_case(connect, sent, expected, end, chop):
    peer, heard = connect(), []
    peer.send(sent, chop)
    if end == NORMAL:
        while len(heard) < len(expected):
            heard.append(peer.hear())
            assert heard[-1] and heard[-1].opcode is not Opcode.CLOSE, f"closed: {heard[-1]}"
        peer.send(closing(1000))
    code = peer.hear_close(heard)
    peer.hang_up()
    wanted = 1000 if end == NORMAL else end
    assert code == wanted, f"closed with {code}, not {wanted}"
    check(heard, expected)


def run_round_trips(connect, opcode, size):
    """One after the other on one connection; binary ones end it at once."""
    peer = connect()
    data, answer = of_size(size)
    for _ in range(ROUND_TRIPS):
        peer.send(frame(opcode, data))
        heard = peer.hear()
        if opcode == Opcode.BINARY:
            assert heard.opcode is Opcode.CLOSE and heard.data[:2] == b"\x03\xeb", heard
            break
        assert meaning(heard) == answer, brief(heard)
    peer.hang_up()


def run_declined(connect):
    """Compression is asked for and not given; what is sent as if it were is refused."""
    peer = connect(DEFLATE)
    assert peer.extensions == [], peer.extensions
    peer.send(frame(Opcode.TEXT, HELLO))
    check([peer.hear()], [("echo", "1", "Hello, world!")])
    peer.send(frame(Opcode.TEXT, b"\xf2\x48\xcd\xc9\xc9\x07\x00", rsv=4))
    assert peer.hear_close([]) == 1002
    peer.hang_up()


def run_in_order(connect):
    """After all of that the server still answers, many at once."""
    peer = connect()
    for i in range(50):
        peer.send(frame(Opcode.TEXT, ask(f"number {i}", str(i))))
    check([peer.hear() for _ in range(50)], [("echo", str(i), f"number {i}") for i in range(50)])
    peer.hang_up()


def cases():
    for group in GROUPS:
        for number, *rest in group():
            yield number, run_case, rest
    for i, size in enumerate((0, 16, 64, 256, 1024, 4096), 1):
        yield f"9.7.{i}", run_round_trips, (Opcode.TEXT, size)
        yield f"9.8.{i}", run_round_trips, (Opcode.BINARY, size)
    yield "12-13", run_declined, ()
    yield "afterwards", run_in_order, ()


def main():
    server, failed, number = Server(), 0, 0
    token = sign_in(server.address, "robin", PASSWORD)
    wanted = sys.argv[1:]

    def connect(extensions=None):
        return Peer(server.address, token, extensions)
    print("TAP version 13", flush=True)
    for name, run, arguments in cases():
        if wanted and name not in wanted:
            continue
        number += 1
        try:
            run(connect, *arguments)
        except Exception:
            print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
            failed += 1
            print("not ", end="")
        print(f"ok {number} - /frames/{name}", flush=True)
    print(f"1..{number}", flush=True)
    server.stop()
    return 1 if failed else 0


sys.exit(main())
