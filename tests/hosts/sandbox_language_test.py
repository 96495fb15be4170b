# SPDX-License-Identifier: MIT
"""The sandbox behaves as every key of the descriptor language says, also those that no well-known provider needs."""
import hashlib
import html
import json
import os
import re
import subprocess
import tempfile
import time
import uuid
from urllib.parse import parse_qs, urlencode

from sandbox import (BUILD, CODE_REQUEST, FORM, PKCE, REDIRECT, TOKEN_REQUEST, VECTORS, VERIFIER, Quirk, Sandbox, b64url, basic, claims, main, sign,
                     without)

PAGE, TOKEN = '/acme.example/authorize', '/acme.example/token'


class Plain(Quirk):
    """Without a descriptor: a server as the RFCs have it."""

    def trade(self, **more):
        code = self.server.get('/authorize', {**CODE_REQUEST, 'scope': 'mail openid', 'nonce': 'n'}).back()['code']
        return self.server.form('/token', {**TOKEN_REQUEST, 'code': code, **more}, basic('sandbox', self.server.secret))

    def test_the_whole_job(self):
        back = self.server.get('/authorize', CODE_REQUEST).back()
        self.assertEqual((back['state'], back['iss']), ('a-state', self.server.origin))
        answer = self.good(self.trade())
        self.assertEqual(claims(answer['id_token'])['nonce'], 'n')
        head, body, mac = answer['id_token'].split('.')
        self.assertEqual(mac, b64url(sign(self.server.secret, head + '.' + body).digest()))
        token = {'Authorization': 'Bearer ' + answer['access_token']}
        self.assertEqual(self.server.get('/userinfo', None, token).json['sub'], 'sandbox-user')
        self.assertEqual(self.server.get('/api/any/path', None, token).json['scope'], 'mail openid')
        self.assertEqual(self.server.form('/revoke', {'token': answer['refresh_token']}, basic('sandbox', self.server.secret)).status, 200)
        self.assertEqual(self.server.get('/api/me', None, token).status, 401)

    def test_userinfo_needs_openid(self):
        code = self.server.get('/authorize', {**CODE_REQUEST, 'scope': 'mail'}).back()['code']
        token = self.server.form('/token', {**TOKEN_REQUEST, 'code': code}, basic('sandbox', self.server.secret)).json['access_token']
        self.assertEqual(self.server.get('/userinfo', None, {'Authorization': 'Bearer ' + token}).json['error'], 'insufficient_scope')

    def test_refusals(self):
        self.refused(self.trade(code_verifier='x' * 43), 'invalid_grant')
        self.refused(self.trade(redirect_uri=REDIRECT + '2'), 'invalid_grant')
        self.refused(self.trade(grant_type='password'), 'unsupported_grant_type')
        self.refused(self.trade(unknown='1'), 'invalid_request')
        for params in (TOKEN_REQUEST, {'grant_type': 'refresh_token'}):
            self.refused(self.server.form('/token', params, basic('sandbox', self.server.secret)), 'invalid_request')
        self.refused(self.server.form('/revoke', {}, basic('sandbox', self.server.secret)), 'invalid_request')
        self.refused(self.trade(client_secret=self.server.secret, client_id='sandbox'), 'invalid_client', 401)
        twice = urlencode(TOKEN_REQUEST) + '&grant_type=x'
        self.refused(self.server.request('POST', '/token', twice, {'Content-Type': FORM, **basic('sandbox', self.server.secret)}), 'invalid_request')
        for left in ('state', 'code_challenge', 'response_type'):
            self.assertEqual(self.server.get('/authorize', without(CODE_REQUEST, left)).back()['error'], 'invalid_request')
        for wrong in ({'client_id': 'x'}, {'redirect_uri': 'http://client.example/'}, {'redirect_uri': REDIRECT + '#f'}):
            self.assertEqual(self.server.get('/authorize', {**CODE_REQUEST, **wrong}).status, 400)
        self.assertEqual(self.server.get('/api/me', None, {'Host': 'evil.example'}).status, 421)
        self.assertEqual(self.server.get('/nothing').status, 404)

    def test_a_code_is_good_once_and_takes_its_tokens_along(self):
        code = self.server.get('/authorize', CODE_REQUEST).back()['code']
        trade = lambda: self.server.form('/token', {**TOKEN_REQUEST, 'code': code}, basic('sandbox', self.server.secret))
        token = self.good(trade())['access_token']
        self.refused(trade(), 'invalid_grant')
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer ' + token}).status, 401)

    def test_a_public_client(self):
        self.server = self.start('--auth', 'none')
        code = self.server.get('/authorize', CODE_REQUEST).back()['code']
        self.refused(self.server.form('/token', {**TOKEN_REQUEST, 'code': code}), 'invalid_client', 401)
        self.good(self.server.form('/token', {**TOKEN_REQUEST, 'code': code, 'client_id': 'sandbox'}))
        self.refused(self.server.form('/token', {'grant_type': 'client_credentials', 'client_id': 'sandbox'}), 'unauthorized_client')

    def test_it_says_what_it_is(self):
        for path in ('/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'):
            said = self.good(self.server.get(path))
            self.assertEqual((said['issuer'], said['token_endpoint']), (self.server.origin, self.server.origin + '/token'))


class Consent(Quirk):
    options = ('--ask',)

    def answer(self, page, decision):
        one_time = re.search('name="request" value="([^"]+)"', page.body).group(1)
        return self.server.form('/consent', {'request': one_time, 'decision': decision})

    def test_a_person_says_yes_or_no(self):
        page = self.server.get('/authorize', {**CODE_REQUEST, 'scope': 'mail'})
        for button in ('allow', 'deny'):
            self.assertIn(f'<button id="{button}" name="decision" value="{button}">', page.body)
        self.assertIn('code', self.answer(page, 'allow').back())
        self.assertEqual(self.answer(page, 'allow').status, 400)
        denied = self.answer(self.server.get('/authorize', CODE_REQUEST), 'deny').back()
        self.assertEqual((denied['error'], denied['state']), ('access_denied', 'a-state'))
        self.assertEqual(self.answer(self.server.get('/authorize', CODE_REQUEST), 'perhaps').status, 400)


class Answers(Quirk):
    descriptor = 'quirk-answers'

    def trade(self, query='?version=2', **more):
        code = self.server.get(PAGE, {**CODE_REQUEST, 'scope': 'a b'}).back()['code']
        return self.server.form(TOKEN + query, {**TOKEN_REQUEST, 'code': code, **more}, basic('sandbox', self.server.secret))

    def test_values_stand_where_the_descriptor_says(self):
        answer = self.trade()
        body = self.good(answer, 201)
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer ' + answer.headers['X-Token']}).status, 200)
        self.assertRegex(answer.headers['Set-Cookie'], '^REFRESH=[^;]+;')
        self.assertEqual(body['meta'], {'ttl': 60})
        self.assertEqual(body['list'], [{'x': 'a|b'}])
        self.assertFalse({'access_token', 'refresh_token', 'expires_in'} & set(body))
        said = claims(body['jwt'])
        self.assertRegex(said['account']['id'], '^[0-9]{3}$')
        self.assertIsInstance(said['until'], int)
        refresh = re.match('REFRESH=([^;]+)', answer.headers['Set-Cookie']).group(1)
        again = self.server.form(TOKEN + '?version=2', {'grant_type': 'refresh_token', 'refresh_token': refresh}, basic('sandbox', self.server.secret))
        self.assertEqual(claims(self.good(again, 201)['jwt'])['account'], said['account'])

    def test_errors_have_the_providers_words(self):
        self.assertEqual(self.trade(query='').json['errors'][0]['errorType'], 'no_such_app')
        self.assertEqual(self.trade(query='?version=3').status, 400)
        unknown = self.trade(code='never-given')
        self.assertEqual((unknown.status, unknown.json['errors'][0]['errorType']), (400, 'expired'))
        self.assertIn('code', unknown.json['errors'][0]['message'])
        for word in ('invalid_scope', 'expired', 'whatever'):
            self.server = self.start('--fail-with', word)
            self.assertEqual(self.trade().json['errors'][0]['errorType'], word)
        self.server = self.start('--fail-with', 'status:410')
        gone = self.trade()
        self.assertEqual((gone.status, gone.body), (410, ''))


class Form(Quirk):
    descriptor = 'quirk-form'
    options = ('--clock-control', '--grace', '20')
    hexed = hashlib.sha256(VERIFIER.encode()).hexdigest()

    def ask(self, scopes='scopes=mail+offline', **more):
        params = {**CODE_REQUEST, 'code_challenge': self.hexed, 'response_mode': 'fragment', 'nonce': 'n', **more}
        return self.server.get(PAGE + '?' + urlencode({n: v for n, v in params.items() if v}) + '&' + scopes)

    def token(self, params, raw=True):
        return self.server.form(TOKEN, params, basic('sandbox', self.server.secret, raw))

    def test_a_fragment_a_hex_challenge_and_a_form(self):
        answer = self.token({**TOKEN_REQUEST, 'code': self.ask().back('#')['code']})
        self.assertEqual(answer.headers['Content-Type'], FORM)
        fields = parse_qs(answer.body, strict_parsing=True)
        self.assertEqual(fields['scope'], ['mail offline'])
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer ' + fields['access_token'][0]}).status, 200)
        self.assertEqual(parse_qs(self.token({**TOKEN_REQUEST, 'code': 'x'}).body)['error'], ['invalid_grant'])

    def test_refusals(self):
        self.assertEqual(self.ask(scopes='scopes=mail%2Boffline').back('#')['error'], 'invalid_scope')
        self.assertEqual(self.ask(scopes='scopes=mail').back('#')['error'], 'invalid_scope')
        self.assertEqual(self.ask(scopes='scope=mail+offline').back('#')['error'], 'invalid_request')
        for wrong in ({'nonce': None}, {'response_mode': None}, {'response_mode': 'query'}, PKCE):
            self.assertEqual(self.ask(**wrong).back('#')['error'], 'invalid_request')
        answer = self.token({**TOKEN_REQUEST, 'code': self.ask().back('#')['code']}, raw=False)
        self.assertEqual((answer.status, parse_qs(answer.body)['error']), (401, ['invalid_client']))

    def test_a_used_refresh_token_is_good_for_a_moment(self):
        first = parse_qs(self.token({**TOKEN_REQUEST, 'code': self.ask().back('#')['code']}).body)['refresh_token'][0]
        refresh = lambda token: self.token({'grant_type': 'refresh_token', 'refresh_token': token})
        second = parse_qs(refresh(first).body)['refresh_token'][0]
        self.assertNotEqual(first, second)
        self.assertEqual(refresh(first).status, 200)
        self.server.advance(20)
        self.assertEqual(refresh(first).status, 400)
        self.assertEqual(refresh(second).status, 200)


class Text(Quirk):
    descriptor = 'quirk-text'
    asked = {**CODE_REQUEST, 'code_challenge': VERIFIER, 'code_challenge_method': 'plain'}

    def token(self, code, query=REDIRECT, **more):
        params = {**without(TOKEN_REQUEST, 'redirect_uri'), 'code': code, **more}
        return self.server.form(TOKEN + '?' + urlencode({'redirect_uri': query}), params, basic('sandbox', self.server.secret), 'PUT')

    def test_an_answer_that_is_the_token(self):
        back = self.server.get(PAGE, self.asked).back()
        self.assertNotIn('state', back)
        person = json.loads(back['person'])
        self.assertIsInstance(person['name']['first'], str)
        self.assertIsInstance(person['address'][0]['city'], str)
        answer = self.token(back['code'])
        self.assertEqual((answer.status, answer.headers['Content-Type']), (200, 'text/plain; charset=utf-8'))
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer ' + answer.body}).status, 200)

    def test_refusals(self):
        self.assertEqual(self.server.get(PAGE, CODE_REQUEST).back()['problem'], 'invalid_request')
        code = self.server.get(PAGE, self.asked).back()['code']
        self.assertEqual(self.token(code, query='http://127.0.0.1:1/').status, 400)
        self.assertEqual(self.token(code, redirect_uri=REDIRECT).status, 400)
        self.assertEqual(self.token(code, code_verifier='another' + VERIFIER).status, 400)
        self.assertEqual(self.server.form(TOKEN, {**TOKEN_REQUEST, 'code': code}, basic('sandbox', self.server.secret)).status, 405)

    def test_denied_in_other_words(self):
        self.server = self.start('--ask')
        page = self.server.get(PAGE, self.asked)
        one_time = re.search('name="request" value="([^"]+)"', page.body).group(1)
        denied = self.server.form('/consent', {'request': one_time, 'decision': 'deny'}).back()
        self.assertEqual(denied, {'problem': 'user_said_no', 'reason': 'the person denied it'})


class Xml(Quirk):
    descriptor = 'quirk-xml'

    def send(self, params, root='TokenRequest', kind='application/xml'):
        inside = ''.join(f'<{name}>{html.escape(value)}</{name}>' for name, value in params.items())
        return self.server.request('POST', TOKEN, f'<?xml version="1.0"?>\n<{root}>{inside}</{root}>', {'Content-Type': kind})

    def test_both_directions(self):
        client = {'client_id': 'sandbox', 'client_secret': self.server.secret}
        code = self.server.get(PAGE, CODE_REQUEST).back()['code']
        params = {**TOKEN_REQUEST, 'code': code, **client}
        for wrong in (self.send(params, root='request'), self.send(params, kind=FORM), self.send({**params, 'x': '1'}),
                      self.server.request('POST', TOKEN, '<TokenRequest><code>x</code>', {'Content-Type': 'application/xml'})):
            self.assertEqual(wrong.status, 400)
            self.assertRegex(wrong.body, '<Fault code="invalid_(request|client)"><Reason>[^<]+</Reason></Fault>$')
        answer = self.send(params)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertRegex(answer.body, '<Answer>.*<Token value="[^"]+"></Token>.*</Answer>$')
        self.assertIn('<Seconds>3600</Seconds>', answer.body)
        refresh = re.search('<Refresh>(.+)</Refresh>', answer.body).group(1)
        again = self.send({'grant_type': 'refresh_token', 'refresh_token': refresh, **client})
        self.assertEqual(again.status, 200, again.body)
        self.assertNotIn('<Refresh>', again.body)
        self.assertEqual(self.send({'grant_type': 'refresh_token', 'refresh_token': refresh, **client}).status, 400)


class Key(Quirk):
    descriptor = 'quirk-key'
    kind = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

    def openssl(self, text, *options):
        key = os.path.join(self.server.room.name, 'key')
        return subprocess.run(['openssl', 'dgst', '-sha256', *options, '-sign', key], input=text.encode(), capture_output=True, check=True).stdout

    def jwt(self, header, said, *options):
        text = '.'.join(b64url(json.dumps(part).encode()) for part in (header, said))
        return text + '.' + b64url(self.openssl(text, *options))

    def assertion(self, header=(), said=(), options=('-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:-1')):
        now = int(time.time())
        head = {'alg': 'PS256', 'kid': 'key-1', 'x5t': 'thumb', **dict(header)}
        body = {'iss': 'sandbox', 'sub': 'sandbox', 'aud': [self.server.origin + TOKEN], 'iat': now, 'nbf': now, 'exp': now + 120, **dict(said)}
        return self.jwt(head, {name: value for name, value in body.items() if value is not None}, *options)

    def trade(self, assertion, **more):
        code = self.server.get(PAGE, CODE_REQUEST).back()['code']
        return self.server.form(TOKEN, {**TOKEN_REQUEST, 'code': code, 'client_assertion_type': self.kind, 'client_assertion': assertion, **more})

    def test_a_jwt_that_the_key_signed(self):
        self.good(self.trade(self.assertion()))
        self.good(self.trade(self.assertion(), client_id='sandbox'))

    def test_refusals(self):
        now = int(time.time())
        good = self.assertion()
        for wrong in ({'header': {'kid': 'key-2'}}, {'header': {'x5t': ''}}, {'header': {'alg': 'RS256'}}, {'options': ()},
                      {'said': {'iss': 'x'}}, {'said': {'sub': 'x'}}, {'said': {'aud': ['https://acme.example/token']}}, {'said': {'aud': None}},
                      {'said': {'aud': self.server.origin + TOKEN}}, {'said': {'aud': [self.server.origin + TOKEN] * 2}}, {'said': {'aud': []}},
                      {'said': {'nbf': None}}, {'said': {'nbf': str(now)}}, {'said': {'nbf': now - 900}},
                      {'said': {'exp': now + 300}}, {'said': {'iat': now - 900, 'exp': now - 780}}, {'said': {'jti': 'x'}}):
            with self.subTest(wrong):
                self.refused(self.trade(self.assertion(**wrong)), 'invalid_client', 401)
        self.refused(self.trade(good[:-8] + 'AAAAAAAA'), 'invalid_client', 401)
        self.refused(self.trade(good, client_assertion_type='jwt'), 'invalid_client', 401)
        self.refused(self.trade('no.jwt'), 'invalid_client', 401)
        self.refused(self.trade(good, client_secret='x'), 'invalid_request')


class SecretJwt(Key):
    descriptor = 'quirk-secret-jwt'

    def openssl(self, text, *options):
        return sign(self.server.secret, text).digest()

    def assertion(self, header=(), said=(), options=()):
        now = int(time.time())
        body = {'iss': 'sandbox', 'sub': 'sandbox', 'aud': self.server.origin + TOKEN, 'iat': now, 'exp': now + 300, 'jti': str(uuid.uuid4()), **dict(said)}
        return self.jwt({'alg': 'HS256', **dict(header)}, {name: value for name, value in body.items() if value is not None})

    def test_refusals(self):
        once = self.assertion()
        self.good(self.trade(once))
        self.assertIn('used before', self.trade(once).json['error_description'])
        for wrong in ({'said': {'jti': None}}, {'said': {'iss': 'x'}}, {'header': {'alg': 'none'}}):
            self.refused(self.trade(self.assertion(**wrong)), 'invalid_client', 401)
        self.refused(self.trade(self.assertion(), client_id='another'), 'invalid_client', 401)


class Apple(Key):
    """The JWT stands in the place of the secret, and the answer is posted."""
    descriptor = 'apple'
    options = ('--keep', 'user={"name":{"firstName":"Ada"}}')

    def openssl(self, text, *options):
        der = super().openssl(text)
        at, numbers = 2, b''
        for _ in range(2):
            size = der[at + 1]
            numbers += der[at + 2:at + 2 + size].lstrip(b'\0').rjust(32, b'\0')
            at += 2 + size
        return numbers

    def assertion(self, header=(), said=(), options=()):
        now = int(time.time())
        body = {'iss': 'A1B2C3D4E5', 'sub': 'sandbox', 'aud': 'https://appleid.apple.com', 'iat': now, 'exp': now + 300, 'jti': str(uuid.uuid4()), **dict(said)}
        return self.jwt({'alg': 'ES256', 'kid': 'F6G7H8J9K0', **dict(header)}, body)

    def posted(self):
        page = self.server.get('/appleid.apple.com/auth/authorize', {**CODE_REQUEST, 'scope': 'name', 'response_mode': 'form_post'})
        self.assertIn(f'<form method="post" action="{REDIRECT}">', page.body)
        self.assertIn('<script>document.forms[0].submit()</script>', page.body)
        return {name: html.unescape(value) for name, value in re.findall('type="hidden" name="([^"]+)" value="([^"]*)"', page.body)}

    def trade(self, assertion, **more):
        params = {**TOKEN_REQUEST, 'code': self.posted()['code'], 'client_id': 'sandbox', 'client_secret': assertion}
        return self.server.form('/appleid.apple.com/auth/token', {**params, **more})

    def test_a_jwt_that_the_key_signed(self):
        posted = self.posted()
        self.assertEqual((posted['state'], json.loads(posted['user'])['name']['firstName']), ('a-state', 'Ada'))
        said = claims(self.good(self.trade(self.assertion()))['id_token'])
        self.assertEqual((said['sub'], said['email']), ('sandbox-user', 'Sandbox User'))

    def test_refusals(self):
        for wrong in ({'header': {'kid': 'x'}}, {'said': {'iss': 'sandbox'}}, {'said': {'aud': self.server.origin}}):
            self.refused(self.trade(self.assertion(**wrong)), 'invalid_client', 401)
        self.refused(self.trade(self.server.secret), 'invalid_client', 401)
        self.assertEqual(self.server.get('/appleid.apple.com/auth/authorize', CODE_REQUEST).status, 200)
        self.assertIn('name="error" value="invalid_request"', self.server.get('/appleid.apple.com/auth/authorize', CODE_REQUEST).body)


class Headers(Quirk):
    descriptor = 'quirk-headers'

    def trade(self, headers=(), to='acme.example', **more):
        code = self.server.get(PAGE, CODE_REQUEST).back()['code']
        params = {**TOKEN_REQUEST, 'code': code, 'nonce': '0123456789abcdef', 'at': str(int(time.time())), 'host': f'127.0.0.1:{self.server.ready["port"]}',
                  'part': 'san', **more}
        fields = {'X-Version': '2026-01', 'X-Request-Id': str(uuid.uuid4()), 'X-Environment': 'BETA', **dict(headers), **basic('sandbox', self.server.secret)}
        return self.server.form(f'/{to}/token', params, {name: value for name, value in fields.items() if value})

    def test_header_fields_and_functions(self):
        self.good(self.trade(to='beta.acme.example'))
        self.good(self.trade({'X-Environment': None}))

    def test_refusals(self):
        for wrong in ({'X-Version': '2025'}, {'X-Version': None}, {'Accept': 'application/json'}, {'X-Request-Id': 'short'}, {'X-Environment': 'ALPHA'}):
            with self.subTest(wrong):
                self.refused(self.trade(wrong, to='beta.acme.example'), 'invalid_request')
        self.refused(self.trade(), 'invalid_request')
        for wrong in ({'nonce': 'short'}, {'at': '1'}, {'host': 'acme.example'}, {'part': 'sandbox'}):
            with self.subTest(wrong):
                self.refused(self.trade(to='beta.acme.example', **wrong), 'invalid_request')


class Public(Quirk):
    descriptor = 'quirk-public'
    ask = without(CODE_REQUEST, *PKCE)

    def trade(self, **more):
        code = self.server.get(PAGE, {**self.ask, **more}).back()['code']
        return {**without(TOKEN_REQUEST, 'code_verifier'), 'code': code, 'client_id': 'sandbox'}

    def test_a_client_with_a_secret_proves_nothing_else(self):
        params = {**self.trade(), 'client_secret': self.server.secret}
        self.assertEqual(self.server.get(PAGE, CODE_REQUEST).back()['error'], 'invalid_request')
        self.refused(self.server.form(TOKEN, {**params, 'code_verifier': VERIFIER}), 'invalid_request')
        answer = self.good(self.server.form(TOKEN, params))
        self.assertNotIn('refresh_token', answer)
        refresh = {'grant_type': 'refresh_token', 'refresh_token': 'x', 'client_id': 'sandbox', 'client_secret': self.server.secret}
        self.refused(self.server.form(TOKEN, refresh), 'unsupported_grant_type')

    def test_one_without_does(self):
        self.server = self.start('--auth', 'none')
        self.assertEqual(self.server.get(PAGE, self.ask).back()['error'], 'invalid_request')
        params = self.trade(**PKCE)
        self.refused(self.server.form(TOKEN, params), 'invalid_grant')
        self.good(self.server.form(TOKEN, {**self.trade(**PKCE), 'code_verifier': VERIFIER}))

    def test_what_need_not_be_said(self):
        self.assertEqual(self.server.get(PAGE, {**self.ask, 'team': 'red'}).back()['error'], 'invalid_request')
        self.assertNotIn('team', self.server.ready['variables'])
        self.server = self.start('--var', 'team=red')
        self.assertEqual(self.server.get(PAGE, self.ask).back()['error'], 'invalid_request')
        self.assertIn('code', self.server.get(PAGE, {**self.ask, 'team': 'red'}).back())

    def test_a_delete_with_a_body(self):
        token = self.good(self.server.form(TOKEN, {**self.trade(), 'client_secret': self.server.secret}))['access_token']
        end = lambda body, path='/acme.example/tokens/sandbox': self.server.request(
            'DELETE', path, json.dumps(body), {'Content-Type': 'application/json', **basic('sandbox', self.server.secret)})
        self.assertEqual(end({'token': token}, '/acme.example/tokens/another').status, 404)
        self.refused(end({}), 'invalid_request')
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer ' + token}).status, 200)
        self.assertEqual(end({'token': token, 'token_type_hint': 'access_token'}).status, 200)
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer ' + token}).status, 401)


class Named(Quirk):
    descriptor = 'quirk-named'
    options = ('--var', 'ru_name=Acme-1', '--redirect-uri', REDIRECT)
    named = {'redirect_uri': 'Acme-1'}

    def test_a_name_in_the_place_of_the_redirect_uri(self):
        back = self.server.get(PAGE, {**CODE_REQUEST, **self.named}).back()
        params = {**TOKEN_REQUEST, 'code': back['code']}
        self.refused(self.server.form(TOKEN, params, basic('sandbox', self.server.secret)), 'invalid_grant')
        self.good(self.server.form(TOKEN, {**params, **self.named}, basic('sandbox', self.server.secret)))
        self.assertEqual(self.server.get(PAGE, CODE_REQUEST).back()['error'], 'invalid_request')
        self.server = Sandbox(self.descriptor, '--var', 'ru_name=Acme-1')
        self.addCleanup(self.server.__exit__)
        self.assertIn('--redirect-uri', self.server.get(PAGE, {**CODE_REQUEST, **self.named}).body)

    def test_header_fields_beside_the_token(self):
        back = self.server.get(PAGE, {**CODE_REQUEST, **self.named}).back()
        token = self.good(self.server.form(TOKEN, {**TOKEN_REQUEST, **self.named, 'code': back['code']}, basic('sandbox', self.server.secret)))['access_token']
        first = {'Authorization': 'Bearer ' + token, 'X-Key': f'sandbox:{self.server.secret}', 'X-Account': back['account']}
        sites = self.good(self.server.get('/acme.example/sites', None, first))
        good = {**first, 'X-Site': sites[1]['id']}
        for path in ('/api/me', '/acme.example/me'):
            for site in sites:
                self.assertEqual(self.server.get(path, None, {**first, 'X-Site': site['id']}).status, 200)
            self.refused(self.server.get(path, None, first), 'invalid_request')
            self.refused(self.server.get(path, None, {**good, 'X-Key': 'sandbox:wrong'}), 'invalid_client', 401)
            self.refused(self.server.get(path, None, without(good, 'X-Account')), 'invalid_request')


class Client(Quirk):
    descriptor = 'quirk-client'
    options = ('--client-id', 'my/app 1')
    page, id = '/acme.example/apps/%s/authorize', 'my%2Fapp%201'
    ask = {**without(CODE_REQUEST, 'client_id'), 'scope': 'openid'}

    def trade(self, app):
        self.back = self.server.get(self.page % self.id, self.ask).back()
        params = {**TOKEN_REQUEST, 'code': self.back['code']}
        return self.server.form('/acme.example/token?' + urlencode({'app': app}), params, basic('my/app 1', self.server.secret))

    def call(self, path, answer, **params):
        return self.server.get(path, params, {'Authorization': 'Bearer ' + answer['access_token']})

    def test_the_client_id_stands_in_urls(self):
        answer = self.good(self.trade('my/app 1'))
        issuer = f'{self.server.origin}/acme.example/issuers/{self.id}'
        self.assertEqual(claims(answer['id_token'])['iss'], issuer)
        self.assertEqual(self.good(self.server.get(f'/acme.example/issuers/{self.id}/.well-known/openid-configuration'))['issuer'], issuer)
        me = self.call(f'/acme.example/{self.id}/me', answer, app='my/app 1', shop=self.back['shop'])
        self.assertEqual(self.good(me)['sub'], 'sandbox-user')

    def test_tokens_in_a_list(self):
        other = self.good(self.trade('my/app 1'))['others'][0]
        self.assertEqual(other['for'], {'name': 'service'})
        self.assertTrue(other['refresh'])
        self.refused(self.call('/api/any', {'access_token': other['token']}), 'invalid_request')
        self.refused(self.call('/api/any', {'access_token': 'another'}), 'invalid_token', 401)

    def test_that_of_another_client_is_refused(self):
        answer = self.server.get(self.page % 'another', self.ask)
        self.assertEqual((answer.status, 'unknown' in answer.body), (400, True))
        self.assertEqual(self.server.get('/acme.example/apps/my/app%201/authorize', self.ask).status, 404)
        self.assertEqual(self.server.get('/acme.example/issuers/another/.well-known/openid-configuration').status, 404)
        self.refused(self.trade('another'), 'invalid_request')
        answer = self.good(self.trade('my/app 1'))
        self.assertEqual(self.call('/acme.example/another/me', answer, app='my/app 1', shop=self.back['shop']).status, 404)

    def test_parameters_beside_the_token(self):
        answer = self.good(self.trade('my/app 1'))
        good = {'app': 'my/app 1', 'shop': self.back['shop']}
        for path in (f'/acme.example/{self.id}/me', '/api/any'):
            self.assertEqual(self.call(path, answer, **good).status, 200)
            for wrong in ({'app': 'my/app 1'}, {'shop': good['shop']}, {**good, 'app': 'another'}, {**good, 'shop': 'another'}, {}):
                with self.subTest(path=path, params=wrong):
                    self.refused(self.call(path, answer, **wrong), 'invalid_request')
        self.assertEqual(self.call('/api/any', answer, **good, more='1').status, 200)

    def test_a_request_says_otherwise(self):
        answer = self.good(self.trade('my/app 1'))
        own = {'shop': self.back['shop'] + '!'}
        self.assertEqual(self.call('/acme.example/check', answer, **own).status, 200)
        self.refused(self.call('/acme.example/check', answer, **own, app='my/app 1'), 'invalid_request')
        self.refused(self.call('/acme.example/check', answer, shop=self.back['shop']), 'invalid_request')


class Code(Quirk):
    descriptor = 'quirk-code'

    def setUp(self):
        super().setUp()
        self.back = self.server.get(PAGE, without(CODE_REQUEST, *PKCE)).back()
        params = {'grant_type': 'authorization_code'}
        self.refused(self.server.form(TOKEN, {**params, 'code': self.back['code']}, basic('sandbox', self.server.secret)), 'invalid_request')
        self.token = self.good(self.server.form(TOKEN, params, basic('sandbox', self.server.secret)))

    def person(self, code, token=None):
        fields = {'Authorization': 'Bearer ' + (token or self.token['access_token']), 'X-Team': self.back['team']}
        return self.server.form('/acme.example/person', {'code': code} if code else {}, fields)

    def test_a_step_says_who_it_is(self):
        self.assertNotIn('refresh_token', self.token)
        self.assertEqual(self.good(self.person(self.back['code']))['user'], 'sandbox-user')
        fields = {'Authorization': 'Bearer ' + self.token['access_token'], 'X-Team': self.back['team']}
        self.assertEqual(self.server.get('/api/me', None, fields).status, 200)
        self.refused(self.server.get('/api/me', None, {**fields, 'X-Team': 'another'}), 'invalid_request')

    def test_once_and_with_a_token(self):
        self.refused(self.person(None), 'invalid_request')
        self.refused(self.person('another'), 'invalid_request')
        self.refused(self.person(self.back['code'], 'another'), 'invalid_token', 401)
        self.good(self.person(self.back['code']))
        self.refused(self.person(self.back['code']), 'invalid_grant')


class Extends(Quirk):
    descriptor = 'quirk-extends'
    page = '/eu.acme.example/authorize'

    def test_maps_are_merged_key_by_key(self):
        code = self.server.get(self.page, CODE_REQUEST).back()['code']
        params = {**TOKEN_REQUEST, 'code': code, 'client_id': 'sandbox', 'client_secret': self.server.secret, 'keep_me': 'yes'}
        self.refused(self.server.form('/eu.acme.example/token', {**params, 'audience': 'base'}), 'invalid_request')
        self.refused(self.server.form('/eu.acme.example/token', {**without(params, 'keep_me'), 'audience': 'extended'}), 'invalid_request')
        self.good(self.server.form('/eu.acme.example/token', {**params, 'audience': 'extended'}))
        self.assertNotIn('extends', self.server.written)

    def test_only_the_choices_there_are(self):
        self.assertEqual(self.server.get('/us.acme.example/authorize', CODE_REQUEST).status, 303)
        self.assertEqual(self.server.get('/xx.acme.example/authorize', CODE_REQUEST).status, 404)


class Files(Quirk):
    """Every descriptor of the vectors and of fob itself can be served; what is written is a descriptor again."""

    def setUp(self):
        pass

    def lint(self, path):
        return subprocess.run([os.path.join(BUILD, 'bin/fob'), 'lint', '--json', path], capture_output=True, text=True, check=False)

    def test_what_is_written_is_a_good_descriptor(self):
        for name in sorted(os.listdir(VECTORS)):
            self.descriptor = name.removesuffix('.yaml')
            with self.subTest(self.descriptor):
                server = self.start()
                told = self.lint(os.path.join(server.room.name, 'written.yaml'))
                errors = [line for line in told.stdout.splitlines() if json.loads(line)['severity'] == 'error']
                self.assertEqual(errors, [])
                hosts = re.findall(r'^ *(?:\w+_endpoint|endpoint|issuer): "?(https?://[^/"]+)', server.written, re.M)
                self.assertEqual({host for host in hosts if host != server.origin}, set())

    def run_sandbox(self, *options):
        return subprocess.run([os.path.join(BUILD, 'libexec/fob/fob-sandbox'), '--until-eof', *options], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)

    def test_by_id(self):
        self.assertEqual(self.run_sandbox('--provider-path', VECTORS, '--descriptor', 'wechat').returncode, 0)
        unknown = self.run_sandbox('--provider-path', VECTORS, '--descriptor', 'nobody')
        self.assertEqual((unknown.returncode, unknown.stderr), (1, 'fob-sandbox: there is no file and no provider "nobody"\n'))

    def test_a_bad_file_is_refused_where_it_is_bad(self):
        with tempfile.TemporaryDirectory() as room:
            path = os.path.join(room, 'acme.yaml')
            for text, told in (('fob: 1\ntoken_endpoint: https://a.example/t\ntokens: {}\n', f'{path}:3:1: error: '),
                               ('fob: 1\nextends: nobody\n', f'{path}: error: "nobody", which it extends, is not there'),
                               ('fob: 1\nextends: acme\n', f'{path}: error: it extends more than four others, or itself'),
                               ('fob: 1\nplugin: acme\n', 'fob-sandbox: the descriptor has no token_endpoint')):
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(text)
                with self.subTest(text):
                    result = self.run_sandbox('--descriptor', path)
                    self.assertEqual(result.returncode, 1)
                    self.assertIn(told, result.stderr)
        for wrong in (['--skew', 'x'], ['--drop', '0'], ['--rate-limit', '-1'], ['--expires-at', 'now'], ['--var', 'x'], ['--fail-with', ''], ['more']):
            self.assertEqual(self.run_sandbox(*wrong).returncode, 2)


if __name__ == '__main__':
    main()
