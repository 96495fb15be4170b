# SPDX-License-Identifier: MIT
"""What the sandbox does wrong when it is asked to, and that it never tells a secret."""
import email.utils
import http.client
import json
import time
from urllib.parse import urlencode

from sandbox import CODE_REQUEST, FORM, TOKEN_REQUEST, Quirk, basic, main, without


class Faults(Quirk):
    def with_options(self, *options):
        self.server = self.start(*options)
        return self.server

    def setUp(self):
        self.server = None

    def client(self):
        return self.server.form('/token', {'grant_type': 'client_credentials'}, basic('sandbox', self.server.secret))

    def login(self):
        code = self.server.get('/authorize', CODE_REQUEST).back()['code']
        return self.good(self.server.form('/token', {**TOKEN_REQUEST, 'code': code}, basic('sandbox', self.server.secret)))

    def refresh(self, token):
        return self.server.form('/token', {'grant_type': 'refresh_token', 'refresh_token': token}, basic('sandbox', self.server.secret))

    def api(self, token):
        return self.server.get('/api/me', None, {'Authorization': 'Bearer ' + token}).status

    def test_every_third_request_is_dropped(self):
        self.with_options('--drop', '3')
        for _ in range(2):
            self.good(self.client())
            self.good(self.client())
            with self.assertRaises((http.client.RemoteDisconnected, ConnectionResetError)):
                self.client()
        self.assertEqual(self.server.get('/authorize', CODE_REQUEST).status, 303)

    def test_a_chance_of_one_drops_all_and_once_drops_one(self):
        self.with_options('--drop', '100%')
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionResetError)):
            self.client()
        self.with_options('--drop', 'once')
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionResetError)):
            self.client()
        for _ in range(3):
            self.good(self.client())

    def test_an_answer_is_cut_off(self):
        self.with_options('--cut', 'once')
        with self.assertRaises(http.client.IncompleteRead):
            self.client()
        self.good(self.client())

    def test_a_rotation_whose_answer_is_lost(self):
        self.with_options('--lose-response-after-rotation', 'once')
        token = self.login()['refresh_token']
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionResetError)):
            self.refresh(token)
        self.refused(self.refresh(token), 'invalid_grant')

    def test_the_same_with_grace_is_forgiven(self):
        self.with_options('--lose-response-after-rotation', 'once', '--rotation', 'grace')
        token = self.login()['refresh_token']
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionResetError)):
            self.refresh(token)
        self.good(self.refresh(token))

    def test_a_rate_limit_at_all(self):
        self.with_options('--rate-limit', '2', '--clock-control')
        self.good(self.client())
        self.good(self.client())
        answer = self.client()
        self.refused(answer, 'slow_down', 429)
        self.assertEqual(answer.headers['Retry-After'], '1')
        self.server.advance(86400)
        self.assertEqual(self.client().status, 429)

    def test_a_rate_limit_in_a_time(self):
        self.with_options('--rate-limit', '2/60', '--clock-control')
        self.assertEqual([self.client().status for _ in range(4)], [200, 200, 429, 429])
        self.server.advance(60)
        self.assertEqual([self.client().status for _ in range(3)], [200, 200, 429])

    def test_failing_with_a_word(self):
        self.with_options('--fail-with', 'temporarily_unavailable')
        self.refused(self.client(), 'temporarily_unavailable', 503)
        self.with_options('--fail-with', 'invalid_grant@2')
        token = self.login()['refresh_token']
        self.refused(self.refresh(token), 'invalid_grant')
        self.refused(self.refresh(token), 'invalid_grant')

    def test_a_grant_that_ends(self):
        self.with_options('--revoke-after', '2')
        first = self.login()
        second = self.good(self.refresh(first['refresh_token']))
        self.assertEqual(self.api(second['access_token']), 200)
        self.refused(self.refresh(second['refresh_token']), 'invalid_grant')
        self.assertEqual(self.api(second['access_token']), 401)

    def test_a_clock_that_is_wrong(self):
        for skew in (-86400, 86400):
            self.with_options('--skew', str(skew))
            now = time.time()
            date = email.utils.parsedate_to_datetime(self.server.get('/api/me').headers['Date']).timestamp()
            self.assertTrue(now + skew - 1 <= date <= time.time() + skew)
            self.assertEqual(self.api(self.login()['access_token']), 200)

    def test_a_clock_that_is_moved(self):
        self.with_options('--clock-control', '--lifetime', '30', '--refresh-lifetime', '60', '--code-lifetime', '10')
        code = self.server.get('/authorize', CODE_REQUEST).back()['code']
        self.server.advance(10)
        self.refused(self.server.form('/token', {**TOKEN_REQUEST, 'code': code}, basic('sandbox', self.server.secret)), 'invalid_grant')
        answer = self.login()
        self.assertEqual(answer['expires_in'], 30)
        self.assertEqual(self.api(answer['access_token']), 200)
        self.server.advance(30)
        self.assertEqual(self.api(answer['access_token']), 401)
        self.server.advance(30)
        self.refused(self.refresh(answer['refresh_token']), 'invalid_grant')
        self.with_options()
        self.assertEqual(self.server.form('/sandbox/clock', {'advance': 1}).status, 404)

    def test_latency_changes_nothing_else(self):
        self.with_options('--latency', '1')
        self.good(self.client())

    def test_rotations(self):
        for rule, again, changes in (('none', 200, False), ('rotates', 400, True)):
            self.with_options('--rotation', rule)
            first = self.login()['refresh_token']
            second = self.good(self.refresh(first))
            self.assertEqual('refresh_token' in second, changes)
            self.assertEqual(self.refresh(first).status, again)
            self.assertEqual(self.refresh(second.get('refresh_token', first)).status, 200)

    def test_a_narrower_scope(self):
        self.with_options()
        code = self.server.get('/authorize', {**CODE_REQUEST, 'scope': 'a b'}).back()['code']
        token = self.good(self.server.form('/token', {**TOKEN_REQUEST, 'code': code}, basic('sandbox', self.server.secret)))['refresh_token']
        ask = lambda scope: self.server.form('/token', {'grant_type': 'refresh_token', 'refresh_token': token, 'scope': scope}, basic('sandbox', self.server.secret))
        self.refused(ask('a c'), 'invalid_scope')
        self.assertEqual(self.good(ask('a'))['scope'], 'a')


class Secrets(Quirk):
    descriptor = 'tiktok'

    def test_nothing_secret_is_told(self):
        ask = {**without(CODE_REQUEST, 'client_id'), 'client_key': 'sandbox', 'scope': 'user.info.basic'}
        code = self.server.get('/www.tiktok.com/v2/auth/authorize/', ask).back()['code']
        client = {'client_key': 'sandbox', 'client_secret': self.server.secret}
        params = {**TOKEN_REQUEST, 'code': code, **client}
        secrets = [self.server.secret, code, TOKEN_REQUEST['code_verifier'], CODE_REQUEST['state'], CODE_REQUEST['code_challenge']]
        answer = self.server.form('/open.tiktokapis.com/v2/oauth/token/', params).json
        secrets += [answer['access_token'], answer['refresh_token']]
        for wrong in ({**params, 'token': answer['access_token']}, {**client, 'grant_type': 'refresh_token', 'refresh_token': answer['access_token']},
                      {**client, 'grant_type': answer['refresh_token']}):
            self.server.form('/open.tiktokapis.com/v2/oauth/token/', wrong)
        self.server.form('/open.tiktokapis.com/v2/oauth/token/?' + urlencode(client), {})
        self.server.request('POST', '/open.tiktokapis.com/v2/oauth/token/', json.dumps(params), {'Content-Type': 'application/json'})
        self.server.request('POST', '/open.tiktokapis.com/v2/oauth/token/', 'code=%zz&' + urlencode(client), {'Content-Type': FORM})
        self.server.get('/api/me', None, {'Authorization': 'Bearer ' + answer['access_token']})
        told = self.server.logged()
        self.assertIn('POST /open.tiktokapis.com/v2/oauth/token/ 200', told)
        self.assertIn('grant_type=authorization_code', told)
        self.assertIn('client_secret=***', told)
        self.assertIn('; refused: ', told)
        for secret in secrets:
            self.assertNotIn(secret, told + json.dumps(self.server.ready) + self.server.written)


if __name__ == '__main__':
    main()
