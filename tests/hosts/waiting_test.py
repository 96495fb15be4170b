#!/usr/bin/env python3
"""A command that waits says so on a terminal, for what and for how long, and says nothing anywhere else."""
import http.server
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading

build = sys.argv[1]
fob = build + "/bin/fob"
room = tempfile.TemporaryDirectory()
home = room.name
env = {"HOME": home, "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config", "PATH": os.environ["PATH"]}
LINE = re.compile(rb"\r\x1b\[KWaiting for ([^\r]+) \xe2\x80\xa6 (\d+) s left")
WIPED = b"\r\x1b[K"
failures = 0

# The server answers only while this is set, and so.
answers = threading.Event()
asked = threading.Semaphore(0)
status, lifetime = 200, 3600


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        asked.release()
        answers.wait()
        self.answer({"access_token": "at", "token_type": "Bearer", "expires_in": lifetime})

    def do_GET(self):
        self.answer({"hello": self.headers["Authorization"]})

    def answer(self, json_body):
        body = json.dumps(json_body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
origin = f"http://127.0.0.1:{server.server_port}"


def check(what, good, seen=""):
    global failures
    if not good:
        failures += 1
        print(f"FAILED: {what}: {seen!r}")


class Terminal:
    """A command with a terminal for standard error, and what it wrote there."""

    def __init__(self, *words):
        master, slave = pty.openpty()
        self.fd, self.text = master, b""
        self.process = subprocess.Popen([fob, *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave)
        os.close(slave)

    def read(self):
        try:
            got = os.read(self.fd, 4096)
        except OSError:  # how Linux tells that nobody has the other end open
            got = b""
        self.text += got
        return got

    def until(self, pattern):
        while not pattern.search(self.text) and self.read():
            pass
        return pattern.search(self.text)

    def end(self):
        while self.read():
            pass
        os.close(self.fd)
        return self.process.wait(), self.process.stdout.read()


def waits(what, peer, *words, counts_down=False, exits=0):
    """Held back until the line is seen, then let go: the line was there, and is wiped before anything else is said."""
    answers.clear()
    command = Terminal(*words)
    first = command.until(LINE)
    check(f"{what}: says what for", first and first[1] == peer and int(first[2]) <= 90, command.text)
    if counts_down:
        both = command.until(re.compile(LINE.pattern + rb".*" + LINE.pattern, re.S))
        check(f"{what}: counts down", both and int(both[4]) < int(both[2]), command.text)
    answers.set()
    code, output = command.end()
    check(f"{what}: exits {exits}", code == exits, (code, output, command.text))
    last_line, rest = command.text[: command.text.rfind(WIPED)], command.text[command.text.rfind(WIPED) + len(WIPED) :]
    check(f"{what}: wipes the line", LINE.search(last_line) and b"\n" not in last_line, command.text)
    check(f"{what}: says nothing more", bool(rest) == bool(exits), command.text)
    return output


def quiet(what, *words):
    """Held back for longer than the line needs: no terminal, no line."""
    answers.clear()
    process = subprocess.Popen([fob, *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    threading.Timer(2.5, answers.set).start()
    output, errors = process.communicate()
    check(f"{what}: succeeds", process.returncode == 0, (process.returncode, errors))
    check(f"{what}: is silent", errors == b"", errors)
    return output


os.makedirs(home + "/config/fob/providers")
with open(home + "/config/fob/providers/slow.yaml", "w", encoding="utf-8") as descriptor:
    descriptor.write(f"fob: 1\ntoken_endpoint: {origin}/token\nrevocation_endpoint: {origin}/revoke\n")
with open(home + "/secret", "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as secret:
    secret.write("secret")

login = ("--provider", "slow", "--client-id", "id", "--client-secret-file", home + "/secret", "--grant", "client_credentials")
waits("login", b"127.0.0.1", "login", "work", *login)
check("token", waits("token", b"127.0.0.1", "token", "work", "--min-ttl", "7200") == b"at\n")
waits("refresh", b"127.0.0.1", "refresh", "work", counts_down=True)
check("token into a pipe", quiet("token into a pipe", "token", "work", "--min-ttl", "7200") == b"at\n")

status = 503
waits("a failure", b"127.0.0.1", "refresh", "work", exits=6)
status, lifetime = 200, 1
waits("a short life", b"127.0.0.1", "refresh", "work")
check("curl", b"Bearer at" in waits("curl", b"127.0.0.1", "curl", "work", origin, "--silent"))

# A refresh by another process, which is waited for.
answers.clear()
while asked.acquire(blocking=False):
    pass
other = subprocess.Popen([fob, "refresh", "work"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
asked.acquire()
waits("a refresh elsewhere", b"another process", "refresh", "work")
check("the other process", other.wait() == 0, other.stderr.read())

waits("logout", b"127.0.0.1", "logout", "work")
sys.exit(1 if failures else 0)
