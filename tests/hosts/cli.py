# What the tests of the command share: a room of its own, a provider on loopback, and what was sent to it.
import http.server, json, os, pty, select, subprocess, sys, tempfile, threading, urllib.parse

failures = 0


def check(what, good, *shown):
    global failures
    if not good:
        failures += 1
        print("FAILED:", what, *shown)


def finish():
    if failures == 0:
        print("all good")
    sys.exit(failures > 0)


class Provider:
    """Answers by path: a value is sent as JSON, a function gets the request's parameters and gives a value or (status, value).
    GET /authorize sends the browser back with `callback` and, unless told otherwise, the state."""

    def __init__(self):
        self.answers, self.sent = {}, []
        self.callback, self.gives_state = {"code": "c0de"}, True
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                url = urllib.parse.urlsplit(self.path)
                body = self.rfile.read(length).decode()
                params = dict(urllib.parse.parse_qsl(url.query) + urllib.parse.parse_qsl(body))
                outer.sent.append({"method": self.command, "path": url.path, "params": params, "body": body,
                                   "headers": {k.lower(): v for k, v in self.headers.items()}})
                if url.path == "/authorize":
                    back = dict(outer.callback)
                    if outer.gives_state:
                        back["state"] = params["state"]
                    self.send_response(302)
                    self.send_header("Location", params["redirect_uri"] + "?" + urllib.parse.urlencode(back))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                answer = outer.answers.get(url.path, (404, {}))
                answer = answer(params) if callable(answer) else answer
                status, value = answer if isinstance(answer, tuple) else (200, answer)
                text = value if isinstance(value, str) else json.dumps(value)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = do_DELETE = answer

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def last(self, path):
        return [one for one in self.sent if one["path"] == path][-1]


class Room:
    """A home of its own, in which `fob` runs."""

    def __init__(self, build):
        self.fob = build + "/bin/fob"
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.folder.name
        self.providers = self.path + "/config/fob/providers"
        os.makedirs(self.providers)
        os.umask(0o022)
        browser = self.path + "/browser"
        with open(browser, "w") as file:
            file.write('#!/bin/sh\nexec curl --silent --location --output /dev/null "$1"\n')
        os.chmod(browser, 0o755)
        self.environment = dict(os.environ, HOME=self.path, XDG_DATA_HOME=self.path + "/data",
                                XDG_CONFIG_HOME=self.path + "/config", BROWSER=browser, FOB_TEST_SECRET="s3cret")

    def write(self, name, text):
        path = self.path + "/" + name
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return path

    def provider(self, id, text):
        return self.write("config/fob/providers/%s.yaml" % id, text)

    def run(self, *words, env=None, input=""):
        done = subprocess.run([self.fob, *words], env=dict(self.environment, **(env or {})), input=input,
                              capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def login(self, name, provider, *words):
        return self.run("login", name, "--provider", provider, "--client-id", "client-id",
                        "--client-secret-env", "FOB_TEST_SECRET", *words)

    def at_terminal(self, words, answers):
        """Runs at a terminal; answers: (what has to be shown, what is typed then) in order. Exit code, and all that was shown."""
        pid, fd = pty.fork()
        if pid == 0:
            os.execve(self.fob, [self.fob, *words], self.environment)
        shown, left = "", list(answers)
        while select.select([fd], [], [], 60)[0]:
            try:
                got = os.read(fd, 65536).decode(errors="replace")
            except OSError:
                got = ""
            if not got:
                break
            shown += got
            if left and left[0][0] in shown:
                os.write(fd, left.pop(0)[1].encode())
        os.close(fd)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown
