# SPDX-License-Identifier: MIT
"""A server of the transport's tests: what it does wrong is asked for by the path. Prints its port; ends with stdin.

server.py [CERTIFICATE.pem [old]]    over TLS with that certificate; old: TLS 1.1 and nothing later
server.py proxy [STATUS]             a proxy: CONNECT is answered with STATUS (200: and the tunnel is made)
"""
import http.server
import os
import socket
import ssl
import sys
import threading
import warnings

seen = {"connections": 0, "requests": 0, "silent": 0}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connect_status = 200

    def setup(self):
        seen["connections"] += 1
        super().setup()

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (OSError, ssl.SSLError):
            pass

    def raw(self, data, close=True):
        self.wfile.write(data)
        self.close_connection = close

    def answer(self, status, text, fields=()):
        body = text.encode()
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def serve(self):
        seen["requests"] += 1
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name, _, argument = self.path[1:].partition("?")[0].partition("/")
        getattr(self, "serve_" + name.replace("-", "_"))(argument)

    do_GET = do_POST = do_HEAD = do_DELETE = do_PUT = serve

    def serve_hello(self, _):
        self.answer(200, "hello", [("X-Greeting", "  hi there ")])

    def serve_seen(self, what):
        self.answer(200, str(seen[what]))

    def serve_echo(self, _):
        head = "".join(f"{name}: {value}\n" for name, value in self.headers.items())
        self.answer(200, f"{self.command} {self.path}\n{head}\n{self.body.decode()}")

    def serve_status(self, status):
        self.raw(f"HTTP/1.1 {status} Odd\r\nContent-Length: 0\r\n\r\n".encode(), close=False)

    def serve_redirect(self, _):
        self.answer(302, "", [("Location", "/hello")])

    def serve_hang(self, _):
        self.rfile.read(1)

    def serve_silent(self, _):
        seen["silent"] += 1
        self.close_connection = True

    def serve_cut(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")

    def serve_cut_chunk(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nonly this")

    def serve_cut_head(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Le")

    def serve_huge(self, size):
        self.raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * int(size))

    def serve_endless(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            self.wfile.write(b"x" * 65536)

    def serve_endless_head(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-More: " + b"x" * 8000 + b"\r\n")

    def serve_fields(self, count):
        lines = "".join(f"X-{i}: {i}\r\n" for i in range(int(count)))
        self.raw(f"HTTP/1.1 200 OK\r\n{lines}Content-Length: 2\r\n\r\nok".encode())

    def serve_interim(self, _):
        self.raw(b"HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
                 b"HTTP/1.1 200 OK\r\nX-Late: 1\r\nContent-Length: 2\r\n\r\nok", close=False)

    def serve_trailer(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Trailer\r\n\r\n"
                 b"2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n", close=False)

    def serve_not_http(self, _):
        self.raw(b"SSH-2.0-OpenSSH_9.2\r\n")

    def serve_bad_chunk(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")

    def do_CONNECT(self):
        if self.connect_status != 200:
            return self.answer(self.connect_status, "no")
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as there:
            self.raw(b"HTTP/1.1 200 OK\r\nX-Proxy: 1\r\n\r\n")
            back = threading.Thread(target=pump, args=(there, self.connection), daemon=True)
            back.start()
            pump(self.connection, there)
            back.join()


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    tls = None

    def finish_request(self, request, client_address):
        if self.tls:
            try:
                request = self.tls.wrap_socket(request, server_side=True)
            except (OSError, ssl.SSLError):
                return
        super().finish_request(request, client_address)
        if self.tls:
            try:
                request.unwrap()
            except (OSError, ssl.SSLError):
                pass


def main(arguments):
    server = Server(("127.0.0.1", 0), Handler)
    if arguments[:1] == ["proxy"]:
        Handler.connect_status = int((arguments + ["200"])[1])
    elif arguments:
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if arguments[1:] == ["old"]:
            server.tls.set_ciphers("ALL:@SECLEVEL=0")
            server.tls.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
            server.tls.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        server.tls.load_cert_chain(arguments[0])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.write(1, b"%d\n" % server.server_address[1])
    sys.stdin.read()
    os._exit(0)


warnings.simplefilter("ignore", DeprecationWarning)
main(sys.argv[1:])
