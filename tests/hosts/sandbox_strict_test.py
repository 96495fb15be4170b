# SPDX-License-Identifier: MIT
"""What the sandbox holds a client to, and what it tells of it: each with a descriptor of its own."""
import base64
import http.client
import json
import os
import tempfile
from urllib.parse import quote, urlencode

from sandbox import CODE_REQUEST, REDIRECT, TOKEN_REQUEST, Quirk, basic, main

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


class Known(Own):
    text = ENDPOINTS + ('scopes: { default: [basic], always: [offline], known: { mail: read mail, "a:b": more }, separator: ",", '
                        'groups: { user: { doc: of the person, default: [identity, team] }, more: { doc: none by itself } } }\n'
                        'authorize: { params: { user_scope: "{scopes.user}", more_scope: "{scopes.more}" } }\n')

    def ask(self, **params):
        return self.server.get(PAGE, {**CODE_REQUEST, 'user_scope': 'identity,team', **params}).back()

    def test_what_the_descriptor_tells_of(self):
        for scope in ('mail,offline', 'basic,offline', 'a:b,mail,offline'):
            self.assertIn('code', self.ask(scope=scope), scope)
        for scope in ('drive,offline', 'mail,drive,offline', 'mai,offline', 'read mail,offline'):
            self.assertEqual(self.ask(scope=scope)['error'], 'invalid_scope', scope)
        self.assertEqual(self.ask(scope='mail')['error'], 'invalid_scope', 'what is always asked for')

    def test_a_machine_too(self):
        ask = lambda scope: self.server.form(TOKEN, {'grant_type': 'client_credentials', 'scope': scope}, self.me())
        self.good(ask('mail,offline'))
        self.refused(ask('drive,offline'), 'invalid_scope')

    def test_a_group_that_is_asked_for_by_itself(self):
        for groups in ({'user_scope': 'chat'}, {'more_scope': 'x'}, {}):
            self.assertIn('code', self.ask(scope='mail,offline', **groups), groups)
        left = self.server.get(PAGE, {**CODE_REQUEST, 'scope': 'mail,offline'}).back()
        self.assertEqual((left['error'], left['error_description']), ('invalid_request', 'user_scope is missing'))


class AnyScope(Own):
    """Where the descriptor does not say which there are, any may be."""
    text = ENDPOINTS + 'scopes: { default: [basic] }\n'

    def test_any(self):
        self.assertIn('code', self.server.get(PAGE, {**CODE_REQUEST, 'scope': 'anything else'}).back())


# --- refresh tokens


class Dropped(Own):
    """missing_refresh_token: drop. A client that keeps the old one is found out."""
    text = ENDPOINTS + 'refresh: { missing_refresh_token: drop }\n'
    rotations = ('none', 'rotates', 'reuse_revokes')

    def test_the_last_one_is_used_up(self):
        for rotation in self.rotations:
            self.server = self.start('--rotation', rotation)
            token = self.good(self.trade())['refresh_token']
            answer = self.good(self.refresh(token))
            self.assertEqual(('refresh_token' in answer, 'access_token' in answer), (False, True), rotation)
            self.refused(self.refresh(token), 'invalid_grant')


class Kept(Own):
    text = ENDPOINTS + 'refresh: { missing_refresh_token: keep }\nrotation: none\n'

    def test_it_goes_on(self):
        token = self.good(self.trade())['refresh_token']
        for _ in range(2):
            self.assertNotIn('refresh_token', self.good(self.refresh(token)))


class Prolonged(Own):
    """missing_access_token: keep. No token comes, and the one that there is lasts longer."""
    text = ENDPOINTS + 'refresh: { missing_access_token: keep, response: { success: { /ok: true } } }\nrotation: none\nlifetimes: { access_token: 60s }\n'
    options = ('--clock-control',)

    def me_with(self, token):
        return self.server.get('/api/me', None, {'Authorization': 'Bearer ' + token}).status

    def test_the_old_one_lasts_longer(self):
        token = self.good(self.trade())
        self.server.advance(50)
        self.assertEqual(self.good(self.refresh(token['refresh_token'])), {'ok': True})
        self.server.advance(50)
        self.assertEqual(self.me_with(token['access_token']), 200)
        self.server.advance(20)
        self.assertEqual(self.me_with(token['access_token']), 401)


# --- what is told


class Told(Own):
    text = ('fob: 1\nauthorization_endpoint: https://{shop}.acme.example/authorize\ntoken_endpoint: https://{shop}.acme.example/token\n'
            'revocation_endpoint: https://acme.example/revoke\nhosts: ["*.acme.example", acme.example, far.example]\n'
            'variables: { shop: { doc: the shop, pattern: "[a-z]+", example: corner } }\nscopes: { known: { mail: read mail } }\n'
            'environments: { far: { doc: elsewhere, token_endpoint: "https://far.example/t" } }\n')
    page, token = '/corner.acme.example/authorize', '/corner.acme.example/token'

    def trade(self, **more):
        code = self.server.get(self.page, {**CODE_REQUEST, 'scope': 'mail'}).back()['code']
        return code, self.server.form(self.token, {**TOKEN_REQUEST, 'code': code, **more}, self.me())

    def test_paths_as_far_as_they_are_known(self):
        _, answer = self.trade()
        access, refresh = answer.json['access_token'], answer.json['refresh_token']
        secrets = [access, refresh, self.server.secret, base64.b64encode(access.encode()).decode(), access.encode().hex(), access[:20]]
        asked = ['/acme.example/revoke/' + access, '/acme.example/revoke/' + secrets[3], '/acme.example/' + secrets[4], '/' + refresh, '/api/' + secrets[5],
                 '/corner.acme.example/token/x/' + access, f'/{access}.acme.example/token', '/nobody/else', '/api/me',
                 '/.well-known/openid-configuration', '/.well-known/' + access]
        for path in asked:
            self.server.get(path)
        told = self.server.logged()
        for line in ('GET /acme.example/revoke/*** 404', 'GET /acme.example/*** 404', 'GET /*** 404', 'GET /api/*** 401', 'GET /corner.acme.example/token/*** 404',
                     'GET /corner.acme.example/authorize 303', 'POST /corner.acme.example/token 200', 'GET /api/me 401', 'GET /.well-known/openid-configuration 200'):
            self.assertIn(line + '\n', told)
        for secret in secrets:
            self.assertNotIn(secret, told)

    def test_values_that_are_not_what_they_should_be(self):
        code, _ = self.trade()
        secret = self.server.secret
        made = [kind(text) for text in (secret, code) for kind in (lambda t: base64.b64encode(t.encode()).decode(), lambda t: t.encode().hex(), lambda t: t[:20],
                                                                  lambda t: t[::-1], lambda t: quote(t, safe=''))]
        for value in made + [secret, code]:
            for name in ('redirect_uri', 'client_id', 'scope', 'grant_type', 'response_type', 'prompt', 'code_challenge_method'):
                self.server.get(self.page, {**CODE_REQUEST, 'scope': 'mail', name: value})
                self.server.form(self.token, {**TOKEN_REQUEST, 'code': 'x', name: value}, self.me())
            self.server.get(self.page, {**CODE_REQUEST, 'redirect_uri': f'http://127.0.0.1:4711/{quote(value, safe="")}?x={quote(value)}'})
            self.server.form('/acme.example/revoke', {'token': 'x', 'token_type_hint': value}, self.me())
        told = self.server.logged()
        for value in made + [secret, code]:
            self.assertNotIn(value, told)
            self.assertNotIn(value[:9], told)

    def test_what_is_right_is_shown_whole(self):
        self.trade()
        self.server.get(self.page, {**CODE_REQUEST, 'scope': 'mail drive', 'client_id': 'sandbox'})
        told = self.server.logged()
        for word in ('grant_type=authorization_code', 'client_id=sandbox', f' redirect_uri={REDIRECT} ', 'scope=mail ', 'scope=mail driv...', 'response_type=code',
                     'code_challenge_method=S256', 'redirect_uri=http://127.0.0.1:4711/... '):
            self.assertIn(word, told)

    def test_a_name_that_is_a_secret(self):
        code, _ = self.trade()
        self.server.get('/corner.acme.example/authorize', {**CODE_REQUEST, self.server.secret: 'x'})
        self.server.form(self.token, {**TOKEN_REQUEST, code: 'x'}, self.me())
        told = self.server.logged()
        self.assertNotIn(self.server.secret, told)
        self.assertNotIn(code, told)


class Faults(Own):
    def test_what_is_dropped_is_told_all_the_same(self):
        self.server = self.start('--drop', 'once')
        code = self.code()
        with self.assertRaises(http.client.RemoteDisconnected):
            self.trade(code)
        self.good(self.trade(code))
        told = self.server.logged().splitlines()
        sent = [line for line in told if line.startswith('  token: grant_type=authorization_code redirect_uri=')]
        self.assertEqual(len(sent), 2, told)
        self.assertEqual([line for line in told if '/token' in line], [f'POST {TOKEN} not answered (--drop)', f'POST {TOKEN} 200'])
        self.assertNotIn(code, '\n'.join(told))

    def test_a_code_is_one_whatever_type_it_is_said_to_be(self):
        for kind, body in (('text/plain', urlencode(TOKEN_REQUEST)), ('application/json', json.dumps(TOKEN_REQUEST)), (None, urlencode(TOKEN_REQUEST)),
                           ('application/xml', '<request><grant_type>authorization_code</grant_type><code>x</code></request>')):
            self.server = self.start()
            answer = self.server.request('POST', TOKEN, body, {**({'Content-Type': kind} if kind else {}), **self.me()})
            self.refused(answer, 'invalid_request')
            self.assertIn('x-www-form-urlencoded', answer.json['error_description'])
            self.assertRegex(self.server.logged(), r'(?m)^  token: grant_type=authorization_code .*; refused: invalid_request', kind)

    def test_a_body_that_is_none_is_refused_as_well(self):
        answer = self.server.request('POST', TOKEN, '{"grant_type', {'Content-Type': 'application/json', **self.me()})
        self.refused(answer, 'invalid_request')


class JsonBody(Own):
    text = ENDPOINTS + 'token: { encoding: json }\n'

    def test_a_form_in_its_place(self):
        answer = self.server.form(TOKEN, {'grant_type': 'refresh_token', 'refresh_token': 'x'}, self.me())
        self.refused(answer, 'invalid_request')
        self.assertIn('application/json', answer.json['error_description'])
        self.assertIn('  refresh: grant_type=refresh_token refresh_token=***', self.server.logged())


if __name__ == '__main__':
    main()
