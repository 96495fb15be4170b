# SPDX-License-Identifier: MIT
"""What the sandbox holds a client to, and what it tells of it: each with a descriptor of its own."""
import os
import tempfile
from urllib.parse import quote, urlencode

from sandbox import CODE_REQUEST, PKCE, REDIRECT, STATE, TOKEN_REQUEST, Quirk, basic, main, without

PAGE, TOKEN = '/acme.example/authorize', '/acme.example/token'
ENDPOINTS = 'fob: 1\nauthorization_endpoint: https://acme.example/authorize\ntoken_endpoint: https://acme.example/token\n'


class Own(Quirk):
    """The descriptor stands in the test."""
    text = ENDPOINTS

    def setUp(self):
        room = tempfile.TemporaryDirectory()
        self.addCleanup(room.cleanup)
        self.descriptor = os.path.join(room.name, 'own.yaml')
        with open(self.descriptor, 'w', encoding='utf-8') as file:
            file.write(self.text)
        super().setUp()

    def code(self, **more):
        return self.server.get(PAGE, {**CODE_REQUEST, **more}).back()['code']

    def me(self):
        return basic('sandbox', self.server.secret)

    def trade(self, code=None, **more):
        return self.server.form(TOKEN, {**TOKEN_REQUEST, 'code': code or self.code(), **more}, self.me())

    def refresh(self, token):
        return self.server.form(TOKEN, {'grant_type': 'refresh_token', 'refresh_token': token}, self.me())


# --- the authorization request


class Sorted(Own):
    text = 'fob: 1\nauthorization_endpoint: https://acme.example/authorize?z=1&b=2#end\ntoken_endpoint: https://acme.example/token\nauthorize: { sorted: true }\n'

    def test_all_of_the_query_is_in_order(self):
        params = {**CODE_REQUEST, 'b': '2', 'z': '1'}
        self.assertIn('code', self.server.get(PAGE, dict(sorted(params.items()))).back())
        apart = {'z': '1', 'b': '2', **dict(sorted(CODE_REQUEST.items()))}
        self.assertEqual(self.server.get(PAGE, apart).back()['error'], 'invalid_request')


class SortedRoute(Own):
    text = ('fob: 1\nauthorization_endpoint: https://acme.example/page?z=1&b=2#/authorize?y=3\ntoken_endpoint: https://acme.example/token\n'
            'authorize: { sorted: true }\n')
    page = '/acme.example/page~/authorize'

    def test_what_stood_before_the_route_is_not_among_them(self):
        inside = urlencode(dict(sorted({**CODE_REQUEST, 'y': '3'}.items())))
        self.assertIn('code', self.server.get(f'{self.page}?{inside}&z=1&b=2').back())
        turned = urlencode(dict(sorted({**CODE_REQUEST, 'y': '3'}.items(), reverse=True)))
        self.assertEqual(self.server.get(f'{self.page}?{turned}&z=1&b=2').back()['error'], 'invalid_request')

    def test_both_queries_have_to_be_there(self):
        for params in ({'y': '3', 'z': '1'}, {'z': '1', 'b': '2'}, {'y': '4', 'z': '1', 'b': '2'}):
            back = self.server.get(self.page, {**dict(sorted(CODE_REQUEST.items())), **params}).back()
            self.assertEqual(back['error'], 'invalid_request', params)


if __name__ == '__main__':
    main()
