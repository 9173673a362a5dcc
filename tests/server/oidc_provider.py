#!/usr/bin/python3
"""An OpenID Connect provider that signs everybody in at once, and lies when it is told to: GET /lie?NAME. Prints its
address; ends with its standard input."""
import base64, hashlib, hmac, http.server, json, secrets, sys, threading, time, urllib.parse
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

ALGORITHM = sys.argv[1]
lie, person = "", {"sub": "s-1"}
codes, asked = {}, []


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(n):
    return encode(n.to_bytes((n.bit_length() + 7) // 8, "big"))


def make_key():
    if ALGORITHM == "RS256":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1()) if ALGORITHM == "ES256" else ed25519.Ed25519PrivateKey.generate()


key, other, newer = make_key(), make_key(), make_key()
told = [("one", key)]


def public(kid, one):
    whole = one.public_key()
    if ALGORITHM == "RS256":
        n = whole.public_numbers()
        return {"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": number(n.n), "e": number(n.e)}
    if ALGORITHM == "ES256":
        n = whole.public_numbers()
        return {"kty": "EC", "crv": "P-256", "kid": kid, "x": encode(n.x.to_bytes(32, "big")), "y": encode(n.y.to_bytes(32, "big"))}
    raw = whole.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": encode(raw)}


def sign(one, text):
    if ALGORITHM == "RS256":
        return one.sign(text, padding.PKCS1v15(), hashes.SHA256())
    if ALGORITHM == "ES256":
        r, s = utils.decode_dss_signature(one.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return one.sign(text)


def token(nonce):
    now = int(time.time())
    head = {"alg": ALGORITHM, "typ": "JWT", "kid": "one"}
    claims = {"iss": address, "aud": "tideline", "iat": now, "exp": now + 300, "nonce": nonce, **person}
    signer = key
    if lie in ("iss", "aud", "nonce"):
        claims[lie] = "https://elsewhere.example"
    elif lie == "several":
        claims["aud"] = ["tideline", "another"]
    elif lie == "azp":
        claims["azp"] = "another"
    elif lie == "expired":
        claims.update(iat=now - 900, exp=now - 600)
    elif lie == "future":
        claims.update(iat=now + 900, exp=now + 1200)
    elif lie == "nobody":
        del claims["sub"]
    elif lie == "other-key":
        signer = other
    elif lie == "unknown-key":
        head["kid"], signer = "nobody's", other
    elif lie == "new-key":
        head["kid"], signer = "two", newer
        told[:] = [("two", newer)]
    elif lie in ("none", "HS256"):
        head["alg"] = lie
    text = (encode(json.dumps(head).encode()) + "." + encode(json.dumps(claims).encode())).encode()
    if lie == "none":
        return text.decode() + "."
    if lie == "HS256":
        pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return text.decode() + "." + encode(hmac.digest(pem, text, "sha256"))
    return text.decode() + "." + encode(sign(signer, text))


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def answer(self, status, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        global lie, person
        parts = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(parts.query))
        if parts.path == "/lie":
            lie = parts.query
            self.answer(200, {})
        elif parts.path == "/person":
            person = json.loads(urllib.parse.unquote(parts.query))
            self.answer(200, {})
        elif parts.path == "/asked":
            self.answer(200, {"keys": asked.count("keys"), "about": asked.count("about")})
        elif parts.path == "/.well-known/openid-configuration":
            asked.append("about")
            self.answer(200, {"issuer": "https://elsewhere.example" if lie == "document" else address,
                              "authorization_endpoint": address + "/authorize", "token_endpoint": address + "/token",
                              "jwks_uri": "http://elsewhere.example/keys" if lie == "keys-elsewhere" else address + "/keys"})
        elif parts.path == "/keys":
            asked.append("keys")
            self.answer(200, b"[" * 400000 if lie == "huge" else {"keys": [public(*each) for each in told]})
        elif parts.path == "/authorize":
            assert query["response_type"] == "code" and query["code_challenge_method"] == "S256", query
            if lie == "refused":
                back = {"error": "access_denied", "state": query["state"]}
            else:
                code = secrets.token_urlsafe(16)
                codes[code] = query
                back = {"code": code, "state": query["state"]}
            if lie == "issuer-elsewhere":
                back["iss"] = "https://elsewhere.example"
            self.answer(302, b"", Location=query["redirect_uri"] + "?" + urllib.parse.urlencode(back))
        else:
            self.answer(404, {})

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        begun = codes.pop(form.get("code"), None)
        expected = "Basic " + base64.b64encode(b"tideline:a%2Fword").decode()
        if lie == "error":
            self.answer(500, {"error": "server_error"})
        elif lie == "text":
            self.answer(200, b"well, yes")
        elif lie == "long":
            self.answer(200, b'{"id_token":"' + b"A" * 1000000 + b'"}')
        elif lie == "leads":
            self.answer(302, b"", Location="http://elsewhere.example/token")
        elif (begun is None or begun["redirect_uri"] != form["redirect_uri"] or
              encode(hashlib.sha256(form["code_verifier"].encode()).digest()) != begun["code_challenge"]):
            self.answer(400, {"error": "invalid_grant"})
        elif self.headers["Authorization"] != expected:
            self.answer(401, {"error": "invalid_client"})
        else:
            self.answer(200, {"access_token": "x", "token_type": "Bearer", "id_token": token(begun["nonce"])})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
address = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
print(address, flush=True)
sys.stdin.read()
