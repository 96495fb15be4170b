#!/usr/bin/env python3
"""HERE: a server that verifies OAuth 1.0a signatures by its own reading of RFC 5849 takes what fob sends, and only that."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import parse_qsl, quote, unquote, urlsplit

build = sys.argv[1]
fob = build + "/bin/fob"
room = tempfile.TemporaryDirectory()
home = room.name
env = {"HOME": home, "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config", "PATH": os.environ["PATH"]}
KEY_ID, SECRET = "access key/id", "s3cret&of=the+key_~"
failures = 0


def check(what, good, seen=""):
    global failures
    if not good:
        failures += 1
        print(f"FAILED: {what}: {seen!r}")


def encode(text):
    """Section 3.6."""
    return quote(text, safe="-._~")


def fault(method, url, authorization, body, secret, used):
    """What is wrong with a request; None when nothing is."""
    scheme, _, rest = (authorization or "").partition(" ")
    if scheme.lower() != "oauth":
        return "no OAuth 1.0a header field"
    fields = [(unquote(name), unquote(value)) for name, value in re.findall(r'([^=, ]+)="([^"]*)"', rest)]
    oauth = dict(fields)
    if len(oauth) != len(fields):
        return "a parameter twice"
    if oauth.get("oauth_signature_method") != "HMAC-SHA256" or oauth.get("oauth_version") != "1.0":
        return "another method or version"
    if oauth.get("oauth_consumer_key") != KEY_ID:
        return "no such key"
    if abs(time.time() - int(oauth.get("oauth_timestamp", "0"))) > 3600:
        return "a time that is far off"
    if len(oauth.get("oauth_nonce", "")) < 16 or oauth["oauth_nonce"] in used:
        return "a nonce that was used"
    used.add(oauth["oauth_nonce"])
    # Section 3.4.1.3.1: query, header field without signature and realm, body.
    split = urlsplit(url)
    pairs = parse_qsl(split.query, keep_blank_values=True) + parse_qsl(body, keep_blank_values=True)
    pairs += [(name, value) for name, value in fields if name not in ("oauth_signature", "realm")]
    ordered = "&".join(f"{name}={value}" for name, value in sorted((encode(n), encode(v)) for n, v in pairs))
    base = "&".join((method.upper(), encode(f"{split.scheme}://{split.netloc.lower()}{split.path}"), encode(ordered)))
    mac = hmac.new((encode(secret) + "&").encode(), base.encode(), hashlib.sha256)
    right = base64.b64encode(mac.digest()).decode()
    return None if hmac.compare_digest(right, oauth.get("oauth_signature", "")) else "Signature mismatch"


class Server(http.server.BaseHTTPRequestHandler):
    used, requests, secret, reply = set(), [], SECRET, None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        seen = ("POST", f"http://{self.headers['Host']}{self.path}", self.headers["Authorization"], body)
        Server.requests.append(seen)
        wrong = fault(*seen, Server.secret, Server.used)
        if wrong:
            self.answer(401, json.dumps({"error": "invalid_client", "error_description": wrong}))
        else:
            token = {"access_token": f"at-{len(Server.requests)}", "token_type": "bearer", "expires_in": 86399}
            self.answer(200, Server.reply or json.dumps(token))

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
endpoint = f"http://127.0.0.1:{server.server_port}/oauth2/token"


def private(name, text):
    path = f"{home}/{name}"
    with open(path, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(text)
    return path


def run(*words):
    return subprocess.run([fob, *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def login(provider, *words, secret=private("secret", SECRET)):
    given = ("--client-secret-file", secret) if secret else ()
    return run("login", "maps", "--provider", provider, "--client-id", KEY_ID, "--grant", "client_credentials", *given, *words)


os.makedirs(home + "/config/fob/providers")
for name, more in {
    "near": "",
    "asking": "?realm=a+b&x=%3D%253D",
}.items():
    with open(f"{home}/config/fob/providers/{name}.yaml", "w", encoding="utf-8") as descriptor:
        descriptor.write(f'fob: 1\nextends: here\ntoken_endpoint: "{endpoint}{more}"\n')
with open(f"{home}/config/fob/providers/more.yaml", "w", encoding="utf-8") as descriptor:
    descriptor.write(f"fob: 1\nextends: here\ntoken_endpoint: {endpoint}\n")
    descriptor.write('token: { params: { expires: "60", a: "r b&c", "ä": "" }, place: { a: query } }\n')

# --- what is right is taken ---
for provider, words in (("near", ()), ("near", ("--scope", "hrn:here:authorization::org1:project/p 1")), ("asking", ()), ("more", ())):
    done = login(provider, *words)
    check(f"{provider} {words}: is taken", done.returncode == 0, (done, Server.requests[-1:]))
    token = run("token", "maps")
    check(f"{provider}: the token is there", token.stdout == f"at-{len(Server.requests)}\n", token)
check("the same key may be used again at once: no nonce comes twice", len(Server.used) == len(Server.requests) == 4, Server.used)
refreshed = run("refresh", "maps")
check("a new token is asked for with a new signature", refreshed.returncode == 0 and len(Server.used) == 5, refreshed)
check("the secret is not sent", SECRET not in repr(Server.requests) and encode(SECRET) not in repr(Server.requests))

# --- and nothing else ---
method, url, authorization, body = Server.requests[0]
check("the server takes a request as it was sent", fault(method, url, authorization, body, SECRET, set()) is None)
for what, changed in {
    "another method": ("PUT", url, authorization, body),
    "another path": (method, url + "/x", authorization, body),
    "a query": (method, url + "?a=b", authorization, body),
    "a parameter more": (method, url, authorization, body + "&a=b"),
    "another grant": (method, url, authorization, "grant_type=password"),
    "another nonce": (method, url, re.sub('nonce="..', 'nonce="zz', authorization), body),
    "another time": (method, url, re.sub(r'timestamp="(\d+)', lambda at: f'timestamp="{int(at[1]) - 1}', authorization), body),
    "another key": (method, url, authorization.replace("access%20key", "access%20kez"), body),
    "no signature": (method, url, re.sub(r'oauth_signature="[^"]*"', 'oauth_signature=""', authorization), body),
    "a bearer token": (method, url, "Bearer x", body),
}.items():
    check(f"the server refuses {what}", fault(*changed, SECRET, set()) is not None, changed)
check("the server refuses a nonce that was used", fault(method, url, authorization, body, SECRET, set(Server.used)) is not None)

before = len(Server.requests)
done = login("near", secret=private("wrong", SECRET + "x"))
check("a wrong secret is refused", done.returncode != 0 and "Signature mismatch" in done.stderr, done)
check("and not tried again", len(Server.requests) == before + 1)
check("and not shown", SECRET not in done.stdout + done.stderr, done)

before = len(Server.requests)
done = login("near", secret=None)
check("without a secret nothing is sent", done.returncode == 7 and "no secret to sign with" in done.stderr, done)
check("really nothing", len(Server.requests) == before)

for reply in ("{", '{"token_type":"bearer"}', "<html>", '{"access_token":7}'):
    Server.reply = reply
    done = login("near")
    check(f"no token comes of {reply}", done.returncode != 0, done)
    check(f"the token from before is not lost to {reply}", run("token", "maps").stdout.startswith("at-"))
sys.exit(1 if failures else 0)
