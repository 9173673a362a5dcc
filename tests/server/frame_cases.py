"""The cases of the Autobahn test suite's server side, with its numbers, for a server that takes JMAP: what is echoed
there is asked back by Core/echo here. Each is (number, what is sent, what is heard, how it ends, bytes a packet)."""
import json
from websockets.frames import Opcode
from independent import closing, frame

TEXT, BINARY, CONT, CLOSE, PING, PONG = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT, Opcode.CLOSE, Opcode.PING,
                                         Opcode.PONG)
NORMAL = "we close"  # it stays open until we do, with 1000
KOSME = "κόσμε".encode()
LIMIT = 10_000_000  # of a message, as the server comes
NOT_JSON = ("problem", "urn:ietf:params:jmap:error:notJSON")


def ask(text, name="1"):
    return json.dumps({"@type": "Request", "id": name, "using": ["urn:ietf:params:jmap:core"],
                       "methodCalls": [["Core/echo", {"text": text}, "0"]]}, ensure_ascii=False).encode()


HELLO, HEARD = ask("Hello, world!"), ("echo", "1", "Hello, world!")
EMPTY = len(ask(""))


def of_size(size):
    """A message of exactly so many bytes, and what answers it."""
    if size < EMPTY:
        return b"*" * size, NOT_JSON
    text = "*" * (size - EMPTY)
    return ask(text), ("echo", "1", text)


def fragments(data, size, opcode=TEXT):
    """A message in frames of so many bytes."""
    pieces = [data[at:at + size] for at in range(0, len(data), size)] or [b""]
    return b"".join(frame(CONT if i else opcode, piece, fin=i == len(pieces) - 1) for i, piece in enumerate(pieces))


def lengths():
    for i, size in enumerate((0, 125, 126, 127, 128, 65535, 65536, 65536), 1):
        data, answer = of_size(size)
        chop = 997 if i == 8 else None
        yield f"1.1.{i}", frame(TEXT, data), [answer], NORMAL, chop
        yield f"1.2.{i}", frame(BINARY, data), [], 1003, chop


def pings():
    binary = bytes(range(0x80, 0xfd))
    ten = [b"payload-%d" % i for i in range(10)]
    yield "2.1", frame(PING), [("pong", b"")], NORMAL, None
    yield "2.2", frame(PING, b"Hello, world!"), [("pong", b"Hello, world!")], NORMAL, None
    yield "2.3", frame(PING, b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"), [("pong", b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff")], NORMAL, None
    yield "2.4", frame(PING, binary), [("pong", binary)], NORMAL, None
    yield "2.5", frame(PING, binary + b"\xfe"), [], 1002, None
    yield "2.6", frame(PING, binary), [("pong", binary)], NORMAL, 1
    yield "2.7", frame(PONG), [], NORMAL, None
    yield "2.8", frame(PONG, b"unsolicited"), [], NORMAL, None
    yield "2.9", frame(PONG, b"unsolicited") + frame(PING, b"ping"), [("pong", b"ping")], NORMAL, None
    for number, chop in (("2.10", None), ("2.11", 1)):
        yield number, b"".join(frame(PING, one) for one in ten), [("pong", one) for one in ten], NORMAL, chop


def reserved_bits():
    yield "3.1", frame(TEXT, HELLO, rsv=1), [], 1002, None
    for number, rsv, chop in (("3.2", 2, None), ("3.3", 3, 7), ("3.4", 4, 1)):
        yield number, frame(TEXT, HELLO) + frame(TEXT, HELLO, rsv=rsv) + frame(PING), [HEARD], 1002, chop
    yield "3.5", frame(BINARY, b"\x00\xff", rsv=5), [], 1002, None
    yield "3.6", frame(PING, b"ping", rsv=6), [], 1002, None
    yield "3.7", frame(CLOSE, b"\x03\xe8", rsv=7), [], 1002, None


def opcodes():
    for group, first in ((1, 3), (2, 11)):
        yield f"4.{group}.1", frame(first), [], 1002, None
        yield f"4.{group}.2", frame(first + 1, b"reserved"), [], 1002, None
        for i, chop in ((3, None), (4, 1), (5, 7)):
            sent = frame(TEXT, HELLO) + frame(first + i - 1, b"" if i == 3 else b"reserved") + frame(PING)
            yield f"4.{group}.{i}", sent, [HEARD], 1002, chop


def fragmentation():
    half = len(HELLO) // 2
    one, other = frame(TEXT, HELLO[:half], fin=False), frame(CONT, HELLO[half:])
    ping, pong = frame(PING, b"ping"), ("pong", b"ping")
    yield "5.1", frame(PING, b"fragment1", fin=False) + frame(CONT, b"fragment2"), [], 1002, None
    yield "5.2", frame(PONG, b"fragment1", fin=False) + frame(CONT, b"fragment2"), [], 1002, None
    for i, chop in ((3, None), (4, 1), (5, 5)):
        yield f"5.{i}", one + other, [HEARD], NORMAL, chop
    for i, chop in ((6, None), (7, 1), (8, 5)):
        yield f"5.{i}", one + ping + other, [pong, HEARD], NORMAL, chop
    for i, fin, chop in ((9, True, None), (10, True, 1), (11, True, 5), (12, False, None), (13, False, 1),
                         (14, False, 5)):
        yield f"5.{i}", frame(CONT, b"of nothing", fin=fin) + frame(TEXT, HELLO), [], 1002, chop
    yield ("5.15", one + other + frame(CONT, b"of nothing", fin=False) + frame(TEXT, HELLO), [HEARD], 1002, None)
    yield "5.16", (frame(CONT, b"a", fin=False) + frame(TEXT, b"b", fin=False) + frame(CONT, b"c")) * 2, [], 1002, None
    yield "5.17", (frame(CONT, b"a") + frame(TEXT, b"b", fin=False) + frame(CONT, b"c")) * 2, [], 1002, None
    yield "5.18", one + frame(TEXT, HELLO[half:]), [], 1002, None
    five = [HELLO[at:at + 24] for at in range(0, 96, 24)] + [HELLO[96:]]
    sent = (frame(TEXT, five[0], fin=False) + frame(CONT, five[1], fin=False) + frame(PING, b"1") +
            frame(CONT, five[2], fin=False) + frame(CONT, five[3], fin=False) + frame(PING, b"2") + frame(CONT, five[4]))
    for i, chop in ((19, None), (20, 1)):
        yield f"5.{i}", sent, [("pong", b"1"), ("pong", b"2"), HEARD], NORMAL, chop


def text_with(sequence):
    """A request with those bytes in it, and its answer if they are UTF-8. JSON has no bare control characters."""
    data = HELLO.replace(b"world", sequence)
    try:
        text = sequence.decode()
    except UnicodeDecodeError:
        return data, None
    return data, NOT_JSON if text < " " else ("echo", "1", f"Hello, {text}!")


def utf8():
    mixed = "Hello-µ@ßöäüàá-UTF-8!!".encode()
    data, answer = text_with(mixed)
    middle = data.index(b"\xc2\xb5") + 1
    yield "6.1.1", frame(TEXT), [NOT_JSON], NORMAL, None
    yield "6.1.2", frame(TEXT, fin=False) + frame(CONT, fin=False) + frame(CONT), [NOT_JSON], NORMAL, None
    yield "6.1.3", frame(TEXT, fin=False) + frame(CONT, HELLO, fin=False) + frame(CONT), [HEARD], NORMAL, None
    yield "6.2.1", frame(TEXT, data), [answer], NORMAL, None
    yield "6.2.2", fragments(data, middle + 1), [answer], NORMAL, None
    yield "6.2.3", fragments(data, 1), [answer], NORMAL, None
    yield "6.2.4", fragments(text_with(KOSME)[0], 1), [text_with(KOSME)[1]], NORMAL, None
    yield "6.3.1", frame(TEXT, mixed + b"\xed\xa0\x80edited"), [], 1007, None
    yield "6.3.2", fragments(mixed + b"\xed\xa0\x80edited", 1), [], 1007, None
    # Told before the rest is there.
    for i, wrong in ((1, b"\xf4\x90\x80\x80"), (2, b"\xf4\x90")):
        whole = frame(TEXT, KOSME + b"\xf4\x90\x80\x80edited")
        yield f"6.4.{i}", frame(TEXT, KOSME, fin=False) + frame(CONT, wrong, fin=False), [], 1007, None
        yield f"6.4.{i + 2}", whole[:6 + len(KOSME) + len(wrong)], [], 1007, None
    for group, sequences in enumerate(SEQUENCES, 5):
        for i, sequence in enumerate(sequences, 1):
            data, answer = text_with(sequence)
            if answer:
                yield f"6.{group}.{i}", frame(TEXT, data), [answer], NORMAL, None
            else:
                yield f"6.{group}.{i}", frame(TEXT, data), [], 1007, None


def _sequences():
    unhex = bytes.fromhex
    lonely = [b"".join(bytes((byte, 0x20)) for byte in range(first, last + 1))
              for first, last in ((0xc0, 0xdf), (0xe0, 0xef), (0xf0, 0xf7), (0xf8, 0xfb), (0xfc, 0xfd))]
    missing = [unhex(one) for one in ("c0", "e080", "f08080", "f8808080", "fc80808080", "df", "efbf", "f7bfbf",
                                      "fbbfbfbf", "fdbfbfbfbf")]
    low, high = (0xd800, 0xdb7f, 0xdb80, 0xdbff), (0xdc00, 0xdfff)
    surrogate = lambda code: chr(code).encode("utf-8", "surrogatepass")
    return [
        [b"*", KOSME, "日本語".encode(), "🌊".encode(), "ﷺ à".encode()],
        [KOSME[:i] for i in range(1, len(KOSME) + 1)],
        [unhex(one) for one in ("00", "c280", "e0a080", "f0908080")],
        [unhex(one) for one in ("f888808080", "fc8480808080")],
        [unhex(one) for one in ("7f", "dfbf", "efbfbf", "f48fbfbf")],
        [unhex(one) for one in ("f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf")],
        [unhex(one) for one in ("ed9fbf", "ee8080", "efbfbd", "f48fbfbf", "f4908080")],
        [unhex(one) for one in ("80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", "80bf80bf80bf")] +
        [bytes(range(0x80, 0xc0))],
        lonely,
        missing,
        [b"".join(missing)],
        [unhex(one) for one in ("fe", "ff", "fefeffff")],
        [unhex(one) for one in ("c0af", "e080af", "f08080af", "f8808080af", "fc80808080af")],
        [unhex(one) for one in ("c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf")],
        [unhex(one) for one in ("c080", "e08080", "f0808080", "f880808080", "fc8080808080")],
        [surrogate(one) for one in low + (0xdc00, 0xdf80, 0xdfff)],
        [surrogate(one) + surrogate(other) for one in low for other in high],
        [chr(plane * 0x10000 + end).encode() for plane in range(17) for end in (0xfffe, 0xffff)],
        [chr(one).encode() for one in range(0xfff9, 0x10000)],
    ]


SEQUENCES = _sequences()


def closes():
    close, ping = closing(1000), frame(PING)
    large, answer = of_size(256 * 1024)
    yield "7.1.1", frame(TEXT, HELLO) + close, [HEARD], 1000, None
    yield "7.1.2", close + close, [], 1000, None
    yield "7.1.3", close + ping, [], 1000, None
    yield "7.1.4", close + frame(TEXT, HELLO), [], 1000, None
    yield "7.1.5", frame(TEXT, HELLO[:9], fin=False) + close + frame(CONT, HELLO[9:]), [], 1000, None
    yield "7.1.6", frame(TEXT, large) + close + ping, [answer], 1000, None
    yield "7.3.1", frame(CLOSE), [], None, None
    yield "7.3.2", frame(CLOSE, b"a"), [], 1002, None
    yield "7.3.3", close, [], 1000, None
    yield "7.3.4", closing(1000, b"Hello World!"), [], 1000, None
    yield "7.3.5", closing(1000, b"*" * 123), [], 1000, None
    yield "7.3.6", closing(1000, b"*" * 124), [], 1002, None
    yield "7.5.1", closing(1000, b"\xce\xba\xed\xa0\x80edited"), [], 1007, None
    for i, code in enumerate((1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999), 1):
        yield f"7.7.{i}", closing(code), [], code, None
    for i, code in enumerate((0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999), 1):
        yield f"7.9.{i}", closing(code), [], 1002, None
    yield "7.13.1", closing(5000), [], 1002, None
    yield "7.13.2", closing(65535), [], 1002, None


def sizes():
    megabyte = 1024 * 1024
    for i, size in enumerate((65536, 262144, megabyte, 4 * megabyte, 8 * megabyte, 16 * megabyte), 1):
        data, answer = of_size(size)
        is_too_large = size > LIMIT
        yield f"9.1.{i}", frame(TEXT, data), [] if is_too_large else [answer], 1009 if is_too_large else NORMAL, None
        yield f"9.2.{i}", frame(BINARY, data), [], 1009 if is_too_large else 1003, None
    data, answer = of_size(4 * megabyte)
    for i, size in enumerate((64, 256, 1024, 4096, 16384, 65536, 262144, megabyte, 4 * megabyte), 1):
        yield f"9.3.{i}", fragments(data, size), [answer], NORMAL, None
        yield f"9.4.{i}", fragments(data, size, BINARY), [], 1003, None
    data, answer = of_size(megabyte)
    for i, chop in enumerate((64, 128, 256, 512, 1024, 2048), 1):
        yield f"9.5.{i}", frame(TEXT, data), [answer], NORMAL, chop
        yield f"9.6.{i}", frame(BINARY, data), [], 1003, chop
    data, answer = of_size(65536)
    yield "10.1.1", fragments(data, 1300), [answer], NORMAL, None


def beyond():
    """What the suite leaves out: who does not mask, the last byte that is taken, fragments without an end."""
    data, answer = of_size(LIMIT)
    yield "x.1", frame(TEXT, HELLO, mask=False), [], 1002, None
    yield "x.2", frame(TEXT, data), [answer], NORMAL, None
    yield "x.3", frame(TEXT, data + b" "), [], 1009, None
    yield "x.4", fragments(data + b" ", 65536), [], 1009, None
    yield "x.5", frame(TEXT, fin=False) + frame(CONT, fin=False) * 20000, [], 1008, None
    yield "x.6", frame(TEXT, HELLO) + frame(PING) + frame(TEXT, ask("two", "2")) + closing(4000), \
        [("pong", b""), HEARD, ("echo", "2", "two")], 4000, None


GROUPS = (lengths, pings, reserved_bits, opcodes, fragmentation, utf8, closes, sizes, beyond)
