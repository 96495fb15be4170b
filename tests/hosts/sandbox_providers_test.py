# SPDX-License-Identifier: MIT
"""Every provider that comes with fob, and every vector, at its sandbox: fob and the sandbox read the descriptor alike."""
import os
import re
import socket
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

from sandbox import BUILD, VECTORS, Sandbox

HERE = os.path.dirname(os.path.abspath(__file__))
BUNDLED = os.path.join(HERE, '..', '..', 'providers')
FOB = os.path.abspath(os.path.join(BUILD, 'bin/fob'))
REDIRECT = 'http://127.0.0.1:{}/callback'

# What a client may not refresh at once, and what needs JavaScript of the client's own page or code of a plugin's.
NOT_AT_ONCE = re.compile('min_age|max_ttl')
NOT_HERE = re.compile('response_mode: fragment|^plugin:', re.M)


def free_ports():
    """Ports that nobody listens on now, below those that the system gives out itself; another run begins elsewhere."""
    for port in range(10000 + os.getpid() * 500 % 20000, 32768):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(('127.0.0.1', port))
            except OSError:
                continue
        yield port


class Login:
    """One provider, logged in, used, refreshed and logged out."""

    def __init__(self, path, port):
        self.path, self.port = path, port
        with open(path, encoding='utf-8') as file:
            self.text = file.read()

    def fob(self, *args):
        result = subprocess.run([FOB, *args], env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if result.returncode:
            refused = '\n'.join(line for line in self.server.logged().splitlines() if 'refused' in line)
            raise AssertionError(f'fob {" ".join(args)} gave {result.returncode}\n{result.stderr}\nthe sandbox: {refused}')
        return result.stdout

    def run(self):
        name = os.path.basename(self.path).removesuffix('.yaml')
        redirect = REDIRECT.format(self.port) if re.search('redirect_uri: (https|localhost|custom)', self.text) else None
        options = ['--choices', '1'] + (['--redirect-uri', redirect] if redirect else [])
        with Sandbox(self.path, *options) as self.server:
            room = self.server.room.name
            folder = os.path.join(room, 'config/fob/providers')
            os.makedirs(folder, 0o755)
            with open(os.open(os.path.join(folder, f'{name}.yaml'), os.O_CREAT | os.O_WRONLY, 0o644), 'w', encoding='utf-8') as file:
                file.write(self.server.written)
            browser = os.path.join(room, 'browser')
            with open(os.open(browser, os.O_CREAT | os.O_WRONLY, 0o755), 'w', encoding='utf-8') as file:
                file.write(f'#!/bin/sh\nexec "{sys.executable}" "{HERE}/person.py" "$1"\n')
            self.env = {**os.environ, 'HOME': room, 'XDG_DATA_HOME': room + '/data', 'XDG_CONFIG_HOME': room + '/config', 'BROWSER': browser}
            self.steps(name, redirect)

    def steps(self, name, redirect):
        room = self.server.room.name
        credential = ['--client-key-file', room + '/key'] if self.server.read('key') else ['--client-secret-file', room + '/secret']
        variables = [word for pair in self.server.ready['variables'].items() for word in ('--var', '='.join(pair))]
        grant = [] if 'authorization_endpoint:' in self.server.written else ['--grant', 'client_credentials']
        told = self.fob('login', 'it', '--provider', name, '--client-id', 'sandbox', '--timeout', '60', *credential, *variables, *grant,
                        *(['--redirect-uri', redirect] if redirect else []))

        def use():
            self.fob('curl', 'it', self.server.ready['api'], '--silent', '--fail')

        use()
        can_refresh = 'refresh token: yes' in told or grant or re.search('with: (access_token|client_credentials)', self.text)
        if can_refresh and not NOT_AT_ONCE.search(self.text):
            self.fob('refresh', 'it')
            use()
        self.fob('logout', 'it')


class Providers(unittest.TestCase):
    def test_each_can_be_logged_in_used_refreshed_and_logged_out(self):
        paths = [os.path.join(folder, name) for folder in (BUNDLED, VECTORS) for name in sorted(os.listdir(folder)) if name.endswith('.yaml')]
        self.assertGreater(len(paths), 40)
        logins = [Login(path, port) for path, port in zip(paths, free_ports())]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            ends = [(login, pool.submit(login.run)) for login in logins if not NOT_HERE.search(login.text)]
        for login, end in ends:
            with self.subTest(os.path.relpath(login.path, HERE)):
                end.result()


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=1)
