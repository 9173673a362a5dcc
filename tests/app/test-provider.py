#!/usr/bin/python3
"""Signing in at a provider that nobody here wrote (npm oidc-provider): from the server's page to the provider's own pages
and back, to a code that is worth tokens. It is installed once in the cache folder; what cannot be had is named, and
skipped."""
import base64, hashlib, html, http.cookiejar, json, os, re, socket, subprocess, sys, urllib.error, urllib.parse, urllib.request
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from desktop import SOURCE, Server, spawn
from packages import CACHE, install_npm

PROVIDER = "oidc-provider@8.8.1"
VERIFIER = "a-verifier-of-this-test-alone-0123456789-abcdefgh"


class Browser:
    """Keeps cookies, follows redirects on the loopback, and stops where the program would be told."""

    def __init__(self, stop):
        class Stop(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, request, *rest):
                return None if rest[-1].startswith(stop) else super().redirect_request(request, *rest)
        self.opener = urllib.request.build_opener(Stop(), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, address, fields=None):
        """The page, or where the answer leads."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            with self.opener.open(address, data) as answer:
                self.address, self.page = answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            assert error.code in (302, 303), (error.code, error.read())
            return error.headers["Location"]

    def submit(self, **fields):
        action = html.unescape(re.search(r'<form[^>]* action="([^"]*)"', self.page)[1])
        fields.update(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', self.page))
        return self.open(urllib.parse.urljoin(self.address, action), fields)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def main():
    folder = CACHE / "oidc-provider"
    why = install_npm(folder, PROVIDER, "lib/index.js")
    if why:
        print(f"1..1\nok 1 - /provider/somebody-else-s-provider-signs-in # SKIP {why}")
        return
    server, port = Server(), free_port()
    issuer, back = f"http://127.0.0.1:{port}", "http://127.0.0.1:9/signed-in"
    provider = spawn(["node", SOURCE + "/tests/app/libraries/provider.mjs",
                      str(folder / "node_modules/oidc-provider/lib/index.js"), str(port),
                      f"http://{server.address}/oidc/callback"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert provider.stdout.readline().strip() == "ready"
    os.environ.update(TIDELINE_OIDC_ISSUER=issuer, TIDELINE_OIDC_CLIENT_ID="tideline", TIDELINE_OIDC_NAME="Somebody",
                      TIDELINE_OIDC_CLIENT_SECRET="a-word-between-us-two", TIDELINE_OIDC_JOINS="true")
    server.stop()
    server.start()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    browser = Browser(back)
    browser.open(f"http://{server.address}/oauth/authorize?" + urllib.parse.urlencode({
        "response_type": "code", "client_id": "tideline", "redirect_uri": back, "state": "mine",
        "code_challenge": challenge, "code_challenge_method": "S256"}))
    link = html.unescape(re.search(r'href="(/oidc/start[^"]*)"', browser.page)[1])
    browser.open(urllib.parse.urljoin(browser.address, link))
    assert browser.address.startswith(issuer), browser.address
    browser.submit(login="nora", password="any")
    led = browser.submit()  # consent
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(led).query))
    assert query["state"] == "mine", led
    tokens = urllib.parse.urlencode({"grant_type": "authorization_code", "client_id": "tideline", "code": query["code"],
                                     "redirect_uri": back, "code_verifier": VERIFIER}).encode()
    with urllib.request.urlopen(f"http://{server.address}/oauth/token", tokens) as answer:
        person = json.load(answer)
    assert person["login"] == "nora", person
    assert server.sql("SELECT subject FROM people.identity") == ["nora"]
    print("1..1\nok 1 - /provider/somebody-else-s-provider-signs-in")
    server.stop()


main()
