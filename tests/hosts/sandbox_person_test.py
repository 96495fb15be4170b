#!/usr/bin/env python3
# fob sandbox at a terminal: it says what to type next, and exactly that logs in; its secrets are in files, and go when it ends.
import json, os, pty, re, select, signal, subprocess, sys
from cli import Room, check, finish

room = Room(os.path.abspath(sys.argv[1]))
here = os.path.dirname(os.path.abspath(__file__))
environment = dict(room.environment, PATH=os.path.dirname(room.fob) + ":" + os.environ["PATH"], TMPDIR=room.path)
environment.pop("XDG_RUNTIME_DIR", None)
# A person's browser: reads the page, and presses Allow where one is asked.
environment["BROWSER"] = room.write("allow", """#!/usr/bin/env python3
import html, re, sys, urllib.parse, urllib.request
sys.path.insert(0, %r)
from person import visit
page = visit(sys.argv[1])
asked = re.search('name="request" value="([^"]+)"', page)
if asked:
    url = urllib.parse.urlsplit(sys.argv[1])
    visit(f"{url.scheme}://{url.netloc}/consent", urllib.parse.urlencode({"request": html.unescape(asked.group(1)), "decision": "allow"}).encode())
""" % here)
os.chmod(environment["BROWSER"], 0o755)
folders = lambda: [name for name in os.listdir(room.path) if name.startswith("fob-sandbox-")]


class Terminal:
    """`fob sandbox WORDS` at a terminal of its own, until `with` ends it."""

    def __init__(self, *words, end=signal.SIGINT):
        self.end, self.shown = end, ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(room.fob, [room.fob, "sandbox", *words], environment)
        while "what the other terminal keeps." not in self.shown and self.read():
            pass
        self.shown = self.shown.replace("\r\n", "\n")
        self.commands = [line.strip() for line in self.shown.split("\n") if line.startswith("    ")]

    def read(self):
        if not select.select([self.fd], [], [], 60)[0]:
            return False
        try:
            got = os.read(self.fd, 65536).decode()
        except OSError:
            got = ""
        self.shown += got
        return bool(got)

    def type(self, commands=None):
        """As somebody copies it into another terminal."""
        text = "\n".join(["set -e", *(self.commands if commands is None else commands)])
        done = subprocess.run(["sh", "-c", text], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def stop(self):
        os.kill(self.pid, self.end)
        while self.read():
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.pid:
            self.stop()


# As README has it, and with nothing else said: each word that is printed works as it stands.
for words in (["google"], [], ["google", "--auto-consent"], ["gitlab", "--auth", "none"]):
    with Terminal(*words) as terminal:
        got = terminal.type()
        check("what is printed logs in", got[0] == 0 and '"scope"' in got[1], words, terminal.shown, got)
        check("in four lines", [re.sub(" .*", "", line[4:]) for line in terminal.commands[1:]] == ["login", "token", "curl"], terminal.shown)
        check("by a file of its own", len(folders()) == 1, folders())
        folder = os.path.join(room.path, folders()[0])
        check("that nobody else can read", os.stat(folder).st_mode & 0o777 == 0o700
              and all(os.stat(f"{folder}/{name}").st_mode & 0o777 == 0o600 for name in ("secret", "fob.key") if os.path.exists(f"{folder}/{name}")))
        if os.path.exists(folder + "/secret"):
            check("the secret is not shown", open(folder + "/secret").read() not in terminal.shown)
        else:
            check("a public client has none", words[-1] == "none" and "--client-secret-file" not in terminal.shown, terminal.shown)
        check("it ends", terminal.stop() == 0)
        terminal.pid = 0
        check("and all is gone", folders() == [], folders())
    check("the person's own connections are as they were", room.run("list", "--names")[1] == "", room.run("list"))
    check("a page is announced where one asks", ("only asks whether you allow it" in terminal.shown) == ("--auto-consent" not in words), terminal.shown)

# What each kind of provider takes besides.
room.provider("shop", """fob: 1
authorization_endpoint: https://{shop}.acme.example/authorize
token_endpoint: https://{shop}.acme.example/token
hosts: ["*.acme.example"]
variables: {shop: {doc: the shop, example: corner, pattern: "[a-z]+"}, kind: {doc: a kind, default: plain}, pin: {doc: a secret, secret: true, example: made}}
registration: {redirect_uri: https_or_localhost}
token: {params: {kind: "{kind}", pin: "{pin}"}}
""")
room.provider("named", "fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\nauthorize: {params: {redirect_uri: null}}\n"
              "token: {params: {redirect_uri: null}}\nregistration: {redirect_uri: https}\n")
room.provider("robot", "fob: 1\ntoken_endpoint: https://acme.example/t\ntoken: {auth: private_key_jwt}\n")
room.provider("far", "fob: 1\ntoken_endpoint: https://acme.example/t\nenvironments: {a: {doc: one}, b: {doc: two}}\n".replace("token_endpoint: https://acme.example/t\n", "")
              .replace("{doc: one}", "{doc: one, token_endpoint: \"https://a.example/t\"}").replace("{doc: two}", "{doc: two, token_endpoint: \"https://b.example/t\"}"))
for words, inside, outside in [(["shop", "--auto-consent"], ["--var shop=corner", "--var pin=made", "--redirect-uri http://localhost:4711/callback"], ["--var kind"]),
                               (["shop", "--var", "shop=it", "--var", "kind=a b'c", "--auto-consent"], ["--var shop=it", "--var 'kind=a b'\\''c'"], []),
                               (["named", "--auto-consent"], ["--redirect-uri http://127.0.0.1:4711/callback"], []),
                               (["named", "--auto-consent", "--redirect-uri", "http://127.0.0.1:4712/x"], ["--redirect-uri http://127.0.0.1:4712/x"], ["4711"]),
                               (["robot"], ["--grant client_credentials", "--client-key-file"], ["only asks"]),
                               (["far"], ["--environment a", "--grant client_credentials"], [])]:
    with Terminal(*words) as terminal:
        check("what it takes is said", all(word in terminal.shown for word in inside), words, terminal.shown)
        check("and nothing else", not any(word in terminal.shown for word in outside), words, terminal.shown)
        got = terminal.type()
        check("and logs in", got[0] == 0, words, terminal.shown, got)
with Terminal("shop", "--var", "pin=t0p-secret", "--auto-consent") as terminal:
    check("a secret that was given is not shown", "t0p-secret" not in terminal.shown and "--var 'pin=(as you gave it here)'" in terminal.shown, terminal.shown)
with Terminal("google", "--auto-consent", "--write-secret", room.path + "/own", end=signal.SIGHUP) as terminal:
    check("a path that was given is said", f"--client-secret-file {room.path}/own" in terminal.shown, terminal.shown)
    check("a wrong secret gets nowhere", terminal.type([terminal.commands[0], terminal.commands[1].replace("/own", "/config/fob/providers/shop.yaml")])[0] != 0)
check("and stays", os.path.exists(room.path + "/own"))
check("all else is gone when the terminal is", folders() == [], folders())

# A program gets its one line, and what it named no file for in files too.
process = subprocess.Popen([room.fob, "sandbox", "google", "--until-eof"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
ready = json.loads(process.stdout.readline())
check("a program is told where", open(ready["client_secret_file"]).read() and "token_endpoint" in open(ready["descriptor_file"]).read(), ready)
check("a key too, where there is one", "client_key_file" in ready and ready["client_key_file"] is None, ready)
process.stdin.close()
check("and it ends", process.wait() == 0)
check("with its files", folders() == [] and not os.path.exists(ready["client_secret_file"]), folders())
os.chmod(room.path, 0o500)
if os.geteuid() != 0:
    check("a secret that cannot be written is told", room.run("sandbox", "--write-secret", room.path + "/none")[0] == 1)
os.chmod(room.path, 0o700)
check("nor is a folder left behind when it cannot start", room.run("sandbox", "--write-secret", "/proc/none/x", env=environment)[0] == 1 and folders() == [], folders())
finish()
