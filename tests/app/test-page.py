#!/usr/bin/python3
"""The sign-in page as a browser shows it (Chromium, headless): named, in order, readable in light and dark and on a phone,
with nothing from elsewhere; and signing in on it. TIDELINE_SHOTS=DIR leaves pictures there."""
import http.server, os, sys, threading, urllib.parse
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from desktop import PASSWORD, Server, make_folder, run_tests, until
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

server, came = Server(), []


class Program(http.server.BaseHTTPRequestHandler):
    """What waits on the loopback for the answer."""

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path)
        if path.path == "/signed-in":  # and not what a browser asks each host for
            came.append(dict(urllib.parse.parse_qsl(path.query)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"back")

    def log_message(self, *words):
        pass


listener = http.server.HTTPServer(("127.0.0.1", 0), Program)
threading.Thread(target=listener.serve_forever, daemon=True).start()
PAGE = f"http://{server.address}/oauth/authorize?" + urllib.parse.urlencode({
    "response_type": "code", "client_id": "tideline", "state": "mine", "code_challenge_method": "S256",
    "redirect_uri": f"http://127.0.0.1:{listener.server_port}/signed-in", "code_challenge": "A" * 43})

options = webdriver.ChromeOptions()
for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--user-data-dir=" + make_folder("tideline-chromium-")):
    options.add_argument(argument)
options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
chromium = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))

# The contrast (WCAG 2.2, 1.4.3) of each element with text of its own against what is behind it.
CONTRASTS = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
const rgb = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1)
                       return canvas.getImageData(0, 0, 1, 1).data }
const light = c => [c[0], c[1], c[2]].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
                                     .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0)
const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor
                                                       if (rgb(c)[3] == 255) return rgb(c) }
                      return rgb('Canvas') }
return [...document.querySelectorAll('body *')]
  .filter(e => e.matches('input:not([type=hidden])') || [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
  .map(e => { const a = light(rgb(getComputedStyle(e).color)), b = light(behind(e))
              return [e.tagName, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)] })
"""


def look(name, width, scheme):
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                             {"width": width, "height": 780, "deviceScaleFactor": 1, "mobile": False})
    if os.environ.get("TIDELINE_SHOTS"):
        chromium.save_screenshot(f"{os.environ['TIDELINE_SHOTS']}/{name}-{scheme}-{width}.png")
    for tag, contrast in chromium.execute_script(CONTRASTS):
        assert contrast >= 4.5, f"{name}, {scheme}: {tag} has a contrast of {contrast:.2f}"
    assert chromium.execute_script("return document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than {width}"


def look_at(name):
    for scheme in ("light", "dark"):
        for width in (1200, 360):
            look(name, width, scheme)


def focused():
    return chromium.execute_script("const e = document.activeElement; return e.name || e.textContent")


def it_is_named_and_in_order():
    chromium.get(PAGE)
    assert chromium.execute_script("return document.documentElement.lang") == "en"
    assert chromium.title.startswith("Sign in to "), chromium.title
    nameless = "return [...document.querySelectorAll('input:not([type=hidden])')].filter(e => !e.labels.length).map(e => e.name)"
    assert chromium.execute_script(nameless) == []
    assert chromium.execute_script("return document.querySelectorAll('h1').length") == 1
    order = [focused()]
    for _ in range(3):
        chromium.switch_to.active_element.send_keys(Keys.TAB)
        order.append(focused())
    assert order == ["login", "password", "Sign In", "Cancel"], order


def it_is_readable():
    chromium.get(PAGE)
    look_at("sign-in")


def it_has_nothing_from_elsewhere():
    chromium.get(PAGE)
    assert chromium.execute_script("return performance.getEntriesByType('resource').map(e => e.name)") == []
    assert chromium.execute_script("return document.scripts.length") == 0
    complaints = [line["message"] for line in chromium.get_log("browser") if "favicon" not in line["message"]]
    assert complaints == [], complaints


def it_speaks_german():
    chromium.execute_cdp_cmd("Network.enable", {})
    chromium.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": "de-DE,de;q=0.9"}})
    chromium.get(PAGE)
    assert chromium.execute_script("return document.documentElement.lang") == "de"
    assert chromium.find_element(By.TAG_NAME, "button").text == "Anmelden"
    look_at("anmelden")
    chromium.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {}})


def a_wrong_password_is_said_and_the_name_stays():
    chromium.get(PAGE)
    chromium.switch_to.active_element.send_keys("robin", Keys.TAB, "not it", Keys.ENTER)
    until(lambda: chromium.find_elements(By.CSS_SELECTOR, "[role=alert]"), "what was wrong")
    assert chromium.find_element(By.NAME, "login").get_attribute("value") == "robin"
    assert chromium.find_element(By.NAME, "password").get_attribute("value") == ""
    assert focused() == "password"
    look_at("wrong")


def the_right_one_goes_back_to_the_program():
    chromium.switch_to.active_element.send_keys(PASSWORD, Keys.ENTER)
    until(lambda: came, "the program told")
    assert came[0]["state"] == "mine" and came[0]["code"], came
    assert came[0]["iss"] == "http://" + server.address


def cancelling_goes_back_without_a_code():
    came.clear()
    chromium.get(PAGE)
    chromium.find_element(By.LINK_TEXT, "Cancel").click()
    until(lambda: came, "the program told")
    assert came[0]["error"] == "access_denied" and "code" not in came[0], came


def what_may_not_be_opened_says_so():
    chromium.get(PAGE.replace("signed-in", "elsewhere"))
    assert chromium.title == "This cannot be opened", chromium.title
    look_at("refused")


try:
    run_tests("page", [
        it_is_named_and_in_order,
        it_is_readable,
        it_has_nothing_from_elsewhere,
        it_speaks_german,
        a_wrong_password_is_said_and_the_name_stays,
        the_right_one_goes_back_to_the_program,
        cancelling_goes_back_without_a_code,
        what_may_not_be_opened_says_so,
    ])
finally:
    chromium.quit()
server.stop()
