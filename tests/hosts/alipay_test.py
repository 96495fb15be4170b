#!/usr/bin/env python3
"""Alipay: a gateway that signs and verifies with the command openssl takes what fob sends, and fob what it answers; no other."""
import base64
import datetime
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from urllib.parse import parse_qsl, urlencode, urlsplit

build = sys.argv[1]
fob = build + "/bin/fob"
room = tempfile.TemporaryDirectory()
home = room.name
env = {"HOME": home, "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config", "PATH": os.environ["PATH"]}
APP = "2014072300007148"
failures = 0


def check(what, good, seen=""):
    global failures
    if not good:
        failures += 1
        print(f"FAILED: {what}: {seen!r}")


# --- keys, and what openssl says of them ---


def openssl(*words, data=b""):
    return subprocess.run(["openssl", *words], input=data, capture_output=True, check=False)


def key_pair(name):
    private, public = f"{home}/{name}.pem", f"{home}/{name}.pub"
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private)
    os.chmod(private, 0o600)
    openssl("pkey", "-in", private, "-pubout", "-out", public)
    with open(public, encoding="ascii") as file:
        return private, public, "".join(line.strip() for line in file if "-----" not in line)


app_key, app_public, _ = key_pair("app")
other_key, _, other_shown = key_pair("other")
alipay_key, _, alipay_shown = key_pair("alipay")


def sign(text, key):
    return base64.b64encode(openssl("dgst", "-sha256", "-sign", key, data=text.encode()).stdout).decode()


def is_signed(text, signature):
    with open(home + "/signature", "wb") as file:
        file.write(base64.b64decode(signature))
    return openssl("dgst", "-sha256", "-verify", app_public, "-signature", home + "/signature", data=text.encode()).returncode == 0


# --- the gateway ---


def fault(form):
    """The sub_code for what is wrong with a request; None when nothing is."""
    pairs = parse_qsl(form, keep_blank_values=True)
    fields = dict(pairs)
    if len(fields) != len(pairs):
        return "isv.invalid-parameter"
    if fields.get("app_id") != APP:
        return "isv.invalid-app-id"
    if fields.get("method") != "alipay.system.oauth.token" or fields.get("version") != "1.0":
        return "isv.invalid-method"
    if fields.get("sign_type") != "RSA2" or not fields.get("sign"):
        return "isv.missing-signature"
    try:
        there = datetime.datetime.strptime(fields.get("timestamp", ""), "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return "isv.invalid-timestamp"
    here = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).replace(tzinfo=None)
    if abs((here - there).total_seconds()) > 3600:
        return "isv.invalid-timestamp"
    content = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "sign" and fields[name] != "")
    if not is_signed(content, fields["sign"]):
        return "isv.invalid-signature"
    grant = fields.get("grant_type")
    if grant == "authorization_code" and fields.get("code") == "the-code-1":
        return None
    if grant == "refresh_token" and fields.get("refresh_token") == Server.refresh_token:
        return None
    return "isv.code-invalid" if grant == "authorization_code" else "isv.refresh-token-invalid"


class Server(http.server.BaseHTTPRequestHandler):
    forms, pages, refresh_token, alter = [], [], None, None

    def do_GET(self):
        """Where the person says yes."""
        asked = dict(parse_qsl(urlsplit(self.path).query))
        Server.pages.append(asked)
        back = {"auth_code": "the-code-1", "app_id": asked["app_id"], "scope": asked["scope"], "state": asked["state"]}
        self.send_response(302)
        self.send_header("Location", asked["redirect_uri"] + "?" + urlencode(back))
        self.end_headers()

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        Server.forms.append(form)
        wrong = fault(form)
        if wrong:
            self.answer('{"error_response":' + json.dumps({"code": "40002", "msg": "Invalid Arguments", "sub_code": wrong, "sub_msg": "无效"}) + "}")
            return
        n = len(Server.forms)
        Server.refresh_token = f"rt-{n}-of-the-person"
        # Space and escapes as no writer of JSON would repeat them: the bytes are signed.
        part = (
            f'{{ "user_id":"2088102150477652","access_token":"at-{n}", "expires_in":"3600","logo":"https:\\/\\/e.example\\/{{\\u007b",'
            f'"refresh_token":"{Server.refresh_token}","re_expires_in":"7200" }}'
        )
        whole = '{"alipay_system_oauth_token_response":' + part + ',"sign":"' + sign(part, alipay_key) + '"}'
        self.answer(Server.alter(whole) if Server.alter else whole)

    def answer(self, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html;charset=utf-8")  # as the gateway has it
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
origin = f"http://127.0.0.1:{server.server_port}"
os.makedirs(home + "/config/fob/providers")
with open(home + "/config/fob/providers/near.yaml", "w", encoding="utf-8") as descriptor:
    descriptor.write(f"fob: 1\nextends: alipay\nauthorization_endpoint: {origin}/oauth2/publicAppAuthorize.htm\n")
    descriptor.write(f"token_endpoint: {origin}/gateway.do\ntoken: {{ params: {{ app_auth_token: 'a+b &c', empty: '' }} }}\n")


def part_of(whole):
    return whole[whole.index("{", 1) : whole.rindex(',"sign"')]


# --- fob ---


def run(*words):
    return subprocess.run([fob, *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def login(*words, key=app_key, shown=alipay_shown):
    """A login with a person who goes where they are sent; exit code and all that was said."""
    given = ("--client-key-file", key) if key else ()
    command = subprocess.Popen(
        [fob, "login", "shop", "--provider", "near", "--client-id", APP, "--no-browser", *given, "--var", f"alipay_public_key={shown}", *words],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    said = ""
    for line in command.stdout:
        said += line
        url = re.search(re.escape(origin) + r"\S+", line)
        if url:
            try:
                urllib.request.urlopen(url[0]).read()
            except urllib.error.HTTPError:
                pass  # the page that says that it failed
    return command.wait(), said


code, said = login()
check("a login succeeds", code == 0 and "2088102150477652" in said, (code, said, Server.forms[-1:]))
page = Server.pages[-1]
check("the person is sent with an app_id and a state", page["app_id"] == APP and page["state"] and "client_id" not in page, page)
check("and without what Alipay does not know", "response_type" not in page and "code_challenge" not in page, page)
check("the token is there", run("token", "shop").stdout == "at-1\n")
refreshed = run("refresh", "shop")
check("a refresh succeeds", refreshed.returncode == 0 and run("token", "shop").stdout == "at-2\n", refreshed)
check("and is signed anew", dict(parse_qsl(Server.forms[0]))["sign"] != dict(parse_qsl(Server.forms[1]))["sign"])
check("the key is not sent", "PRIVATE" not in "".join(Server.forms))

# --- the gateway refuses everything else ---
good = parse_qsl(Server.forms[0], keep_blank_values=True)
check("the gateway takes a request as it was sent", fault(urlencode(good)) is None)
for name, value in good:
    if value:
        changed = urlencode([(n, v + "0" if n == name else v) for n, v in good if not name == n == "sign"])
        check(f"the gateway refuses another {name}", fault(changed) is not None, changed)
check("the gateway refuses a parameter more", fault(urlencode(good + [("a", "b")])) == "isv.invalid-signature")

code, said = login(key=other_key)
check("another key is refused", code != 0 and "isv.invalid-signature" in said, (code, said))
before = len(Server.forms)
code, said = login(key=None)
check("without a key nothing is sent", code == 7 and "no key to sign with" in said and len(Server.forms) == before, (code, said))
check("the connection is as it was", run("token", "shop").stdout == "at-2\n")

# --- and fob every answer that is not Alipay's ---
for what, alter in {
    "another token": lambda whole: whole.replace('"at-', '"ta-'),
    "a space less": lambda whole: whole.replace("{ ", "{"),
    "an escape less": lambda whole: whole.replace("\\/", "/"),
    "no signature": lambda whole: re.sub(',"sign":"[^"]*"', "", whole),
    "an empty signature": lambda whole: re.sub('"sign":"[^"]*"', '"sign":""', whole),
    "another's signature": lambda whole: re.sub('"sign":"[^"]*"', f'"sign":"{sign(part_of(whole), other_key)}"', whole),
    "a second answer": lambda whole: whole[:-1] + ',"alipay_system_oauth_token_response":{"access_token":"evil"}}',
    "a first answer": lambda whole: '{"alipay_system_oauth_token_response":{"access_token":"evil"},' + whole[1:],
    "an answer by another name": lambda whole: '{"alipay\\u005fsystem_oauth_token_response":{"access_token":"evil"},' + whole[1:],
    "no JSON": lambda whole: whole[:-9],
}.items():
    Server.alter = alter
    code, said = login()
    check(f"{what} is not taken", code != 0 and "alipay" in said, (code, said))
    check(f"{what} leaves the connection as it was", run("token", "shop").stdout == "at-2\n")
Server.alter = None
check("the part that is signed is that part", part_of('{"a":{ "b":1 },"sign":"x"}') == '{ "b":1 }')
code, said = login(shown=other_shown)
check("what is signed with another key than the one given is not taken", code != 0 and "not signed with the key" in said, (code, said))
code, said = login()
check("and at last all is well", code == 0, (code, said))
sys.exit(1 if failures else 0)
