"""A WebSocket client of somebody else's making (Debian's python3-websockets), below its own politeness: it shakes hands
as that library does, and sends any frames, right or wrong, whole or in pieces, which that library writes and reads."""
import json, socket, urllib.request
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import State
from websockets.streams import StreamReader
from websockets.uri import parse_uri

SECONDS = 60
DEFLATE = [ClientPerMessageDeflateFactory()]


class AnyFrame(Frame):
    def check(self):
        """Wrong ones are what is wanted."""


def frame(opcode, data=b"", fin=True, rsv=0, mask=True):
    return AnyFrame(opcode, data, fin, bool(rsv & 4), bool(rsv & 2), bool(rsv & 1)).serialize(mask=mask)


def closing(code, reason=b""):
    return frame(Opcode.CLOSE, code.to_bytes(2, "big") + reason)


def sign_in(address, login, password):
    body = json.dumps({"login": login, "password": password, "device": "frames"}).encode()
    request = urllib.request.Request(f"http://{address}/auth/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["accessToken"]


class Peer:
    """One connection."""

    def __init__(self, address, token, extensions=None):
        host, port = address.split(":")
        self.socket = socket.create_connection((host, int(port)), SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader, self.frames = StreamReader(), None
        self.shake_hands(address, token, extensions)

    def shake_hands(self, address, token, extensions):
        protocol = ClientProtocol(parse_uri(f"ws://{address}/jmap/ws"), subprotocols=["jmap"], extensions=extensions)
        request = protocol.connect()
        request.headers["Authorization"] = "Bearer " + token
        protocol.send_request(request)
        self.socket.sendall(b"".join(protocol.data_to_send()))
        while protocol.state is State.CONNECTING and protocol.handshake_exc is None:
            protocol.receive_data(self.socket.recv(4096))
        if protocol.handshake_exc:
            raise protocol.handshake_exc
        assert protocol.subprotocol == "jmap", protocol.subprotocol
        self.extensions = protocol.extensions

    def send(self, data, chop=None):
        """All of it in one go, or so many bytes at a time. Who closed meanwhile need not take it."""
        try:
            for at in range(0, len(data), chop or len(data) or 1):
                self.socket.sendall(data[at:at + chop] if chop else data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def hear(self):
        """The next frame, checked by the library; None at the end."""
        parsing = Frame.parse(self.reader.read_exact, mask=False)
        try:
            while True:
                next(parsing)
                data = self.socket.recv(65536)
                if data:
                    self.reader.feed_data(data)
                else:
                    self.reader.feed_eof()
        except StopIteration as done:
            return done.value
        except EOFError:
            assert not self.reader.buffer, f"ended within a frame: {bytes(self.reader.buffer)[:40]}"
            return None

    def hear_close(self, before):
        """The code of the close frame (None: it has none), after which nothing comes; what came before goes to
        `before`."""
        while True:
            heard = self.hear()
            assert heard, "ended without a close frame"
            if heard.opcode is Opcode.CLOSE:
                break
            before.append(heard)
        assert self.hear() is None, "a frame after the close frame"
        return Close.parse(bytes(heard.data)).code if heard.data else None

    def hang_up(self):
        self.socket.close()
