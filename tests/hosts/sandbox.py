# SPDX-License-Identifier: MIT
"""What tests of the sandbox share: starting one, and speaking HTTP to it by hand."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import tempfile
import unittest
from urllib.parse import parse_qsl, quote, urlencode

BUILD = sys.argv[1] if len(sys.argv) > 1 else 'build/dev'
VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'vectors', 'providers')
REDIRECT = 'http://127.0.0.1:4711/callback'
VERIFIER = 'a-verifier-that-is-long-enough-for-rfc-7636-to-take-it'
FORM = 'application/x-www-form-urlencoded'


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def unb64url(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def claims(jwt):
    return json.loads(unb64url(jwt.split('.')[1]))


CHALLENGE = b64url(hashlib.sha256(VERIFIER.encode()).digest())
STATE = {'state': 'a-state'}
PKCE = {'code_challenge': CHALLENGE, 'code_challenge_method': 'S256'}
CODE_REQUEST = {'response_type': 'code', 'client_id': 'sandbox', 'redirect_uri': REDIRECT, **STATE, **PKCE}
TOKEN_REQUEST = {'grant_type': 'authorization_code', 'redirect_uri': REDIRECT, 'code_verifier': VERIFIER}


def without(params, *names):
    return {name: value for name, value in params.items() if name not in names}


def basic(user, password, raw=False):
    pair = f'{user}:{password}' if raw else f'{quote(user, safe="")}:{quote(password, safe="")}'
    return {'Authorization': 'Basic ' + base64.b64encode(pair.encode()).decode()}


def sign(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()

    @property
    def json(self):
        return json.loads(self.body)

    def back(self, mark='?'):
        """The fields of a redirect to the client."""
        where = self.headers['Location']
        assert self.status == 303 and where.startswith(REDIRECT + mark), (self.status, where, self.body)
        return dict(parse_qsl(where.split(mark, 1)[1], keep_blank_values=True, strict_parsing=True))


class Sandbox:
    """A running server; `with Sandbox('wechat', '--lifetime', '5') as server`."""

    def __init__(self, descriptor, *options):
        self.room = tempfile.TemporaryDirectory()
        file = lambda name: os.path.join(self.room.name, name)
        known = descriptor and (descriptor if os.sep in descriptor else os.path.join(VECTORS, descriptor + '.yaml'))
        command = [os.path.join(BUILD, 'libexec/fob/fob-sandbox'), '--until-eof', '--verbose', '--write-secret', file('secret'),
                   '--write-key', file('key'), '--write-descriptor', file('written.yaml'), '--provider-path', VECTORS]
        command += ['--descriptor', known] if known else []
        self.log = open(file('log'), 'w+', encoding='utf-8')
        consent = [] if '--ask' in options else ['--auto-consent']
        self.process = subprocess.Popen(command + consent + [o for o in options if o != '--ask'], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError('the sandbox did not start: ' + self.logged())
        self.ready = json.loads(line)
        self.origin = self.ready['origin']
        self.secret = self.read('secret')
        self.written = self.read('written.yaml')

    def read(self, name):
        path = os.path.join(self.room.name, name)
        if not os.path.exists(path):
            return None
        with open(path, encoding='utf-8') as file:
            return file.read()

    def logged(self):
        return self.read('log')

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        code = self.process.wait()
        self.log.close()
        self.room.cleanup()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        code = self.stop()
        assert code == 0, f'the sandbox ended with {code}'

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection('127.0.0.1', self.ready['port'])
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, params=None, headers=None):
        return self.request('GET', path + ('?' + urlencode(params) if params else ''), None, headers)

    def form(self, path, params, headers=None, method='POST'):
        return self.request(method, path, urlencode(params), {'Content-Type': FORM, **(headers or {})})

    def send_json(self, path, params, headers=None):
        return self.request('POST', path, json.dumps(params), {'Content-Type': 'application/json', **(headers or {})})

    def advance(self, seconds):
        """Needs --clock-control."""
        assert self.form('/sandbox/clock', {'advance': seconds}).status == 200


class Quirk(unittest.TestCase):
    """One descriptor, and one server for each test of it."""
    descriptor = None
    options = ()

    def setUp(self):
        self.server = self.start()

    def start(self, *options):
        server = Sandbox(self.descriptor, *self.options, *options)
        self.addCleanup(server.__exit__)
        return server

    def refused(self, answer, error, status=400):
        self.assertEqual((answer.status, answer.json.get('error')), (status, error), answer.body)

    def good(self, answer, status=200):
        self.assertEqual(answer.status, status, answer.body)
        return answer.json


def main():
    unittest.main(argv=sys.argv[:1], verbosity=1)
