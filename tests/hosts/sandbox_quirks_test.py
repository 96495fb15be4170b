# SPDX-License-Identifier: MIT
"""The sandbox behaves as descriptors of hard providers say: what a right client gets, and what a wrong one is told."""
import hashlib
import json
import re
import time
from urllib.parse import unquote, urlencode

from sandbox import CODE_REQUEST, PKCE, REDIRECT, STATE, TOKEN_REQUEST, VERIFIER, Quirk, basic, claims, main, sign, without


class TikTok(Quirk):
    descriptor = 'tiktok'
    page, token = '/www.tiktok.com/v2/auth/authorize/', '/open.tiktokapis.com/v2/oauth/token/'
    ask = {**without(CODE_REQUEST, 'client_id'), 'client_key': 'sandbox', 'scope': 'user.info.basic,video.list'}

    def trade(self, **more):
        code = self.server.get(self.page, self.ask).back()['code']
        return self.server.form(self.token, {**TOKEN_REQUEST, 'code': code, 'client_key': 'sandbox', 'client_secret': self.server.secret, **more})

    def test_client_id_has_another_name(self):
        answer = self.good(self.trade())
        self.assertEqual(answer['scope'], 'user.info.basic,video.list')
        self.assertEqual(answer['open_id'], 'sandbox-user')
        refreshed = self.server.form(self.token, {'grant_type': 'refresh_token', 'refresh_token': answer['refresh_token'],
                                                  'client_key': 'sandbox', 'client_secret': self.server.secret})
        self.assertEqual(self.good(refreshed)['open_id'], 'sandbox-user')

    def test_the_standard_name_is_refused(self):
        self.assertEqual(self.server.get(self.page, {**without(self.ask, 'client_key'), 'client_id': 'sandbox'}).status, 400)
        self.refused(self.trade(client_id='sandbox'), 'invalid_request')
        self.refused(self.trade(client_secret='wrong'), 'invalid_client', 401)

    def test_scopes_stand_between_commas(self):
        back = self.server.get(self.page, {**self.ask, 'scope': 'user.info.basic video.list'}).back()
        self.assertEqual(back['error'], 'invalid_scope')
        self.assertEqual(back['state'], 'a-state')


class TikTokBusiness(Quirk):
    descriptor = 'tiktok-business'
    page = '/business-api.tiktok.com/portal/auth'
    token = '/business-api.tiktok.com/open_api/v1.3/oauth2/access_token/'
    ask = {'app_id': 'sandbox', 'redirect_uri': REDIRECT, **STATE, **PKCE}

    def test_a_code_of_another_name_in_json(self):
        back = self.server.get(self.page, self.ask).back()
        self.assertNotIn('code', back)
        answer = self.good(self.server.send_json(self.token, {'app_id': 'sandbox', 'secret': self.server.secret, 'auth_code': back['auth_code']}))
        self.assertEqual(answer['code'], 0)
        token = answer['data']['access_token']
        self.assertEqual(self.server.get('/api/me', None, {'Access-Token': token}).json['sub'], 'sandbox-user')
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer ' + token}).status, 400)

    def test_what_the_provider_does_not_know_is_refused(self):
        for more in ({'response_type': 'code'}, {'scope': 'a'}):
            self.assertEqual(self.server.get(self.page, {**self.ask, **more}).back()['error'], 'invalid_request')
        code = self.server.get(self.page, self.ask).back()['auth_code']
        good = {'app_id': 'sandbox', 'secret': self.server.secret, 'auth_code': code}
        for more in ({'grant_type': 'authorization_code'}, {'redirect_uri': REDIRECT}, {'code_verifier': VERIFIER}):
            answer = self.server.send_json(self.token, {**good, **more})
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.json['code'], 'invalid_request')
            self.assertIn(next(iter(more)), answer.json['message'])
        self.assertEqual(self.server.form(self.token, good).json['code'], 'invalid_request')


class WeChat(Quirk):
    descriptor = 'wechat'
    page, token = '/open.weixin.qq.com/connect/qrconnect', '/api.weixin.qq.com/sns/oauth2/access_token'
    ask = {'appid': 'sandbox', 'redirect_uri': REDIRECT, 'response_type': 'code', 'scope': 'snsapi_login', **STATE}

    def trade(self, **more):
        code = self.server.get(self.page, self.ask).back()['code']
        return {'grant_type': 'authorization_code', 'code': code, 'appid': 'sandbox', 'secret': self.server.secret, **more}

    def test_sorted_get_and_a_token_in_the_query(self):
        answer = self.good(self.server.get(self.token, self.trade()))
        self.assertEqual(answer['openid'], 'sandbox-user')
        refresh = {'grant_type': 'refresh_token', 'refresh_token': answer['refresh_token'], 'appid': 'sandbox'}
        self.good(self.server.get('/api.weixin.qq.com/sns/oauth2/refresh_token', refresh))
        self.assertEqual(self.server.get('/api/me', {'access_token': answer['access_token']}).status, 200)

    def test_the_order_of_names_matters(self):
        back = self.server.get(self.page, dict(reversed(self.ask.items()))).back()
        self.assertEqual(back['error'], 'invalid_request')

    def test_refusals(self):
        self.assertEqual(self.server.get(self.page, dict(sorted({**self.ask, **PKCE}.items()))).back()['error'], 'invalid_request')
        self.assertEqual(self.server.form(self.token, self.trade()).status, 405)
        wrong = self.server.get(self.token, self.trade(secret='wrong'))
        self.assertEqual((wrong.status, wrong.json['errcode']), (401, 40125))
        unknown = self.server.get(self.token, self.trade(code='never-given'))
        self.assertEqual((unknown.status, unknown.json['errcode']), (400, 40029))
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer x'}).status, 400)


class Shopify(Quirk):
    descriptor = 'shopify'
    page, token = '/acme.myshopify.com/admin/oauth/authorize', '/acme.myshopify.com/admin/oauth/access_token'
    ask = {**CODE_REQUEST, 'scope': 'read_products,write_orders'}

    def trade(self, code, **more):
        return {'client_id': 'sandbox', 'client_secret': self.server.secret, 'code': code, 'code_verifier': VERIFIER, **more}

    def test_the_callback_is_signed(self):
        back = self.server.get(self.page, self.ask).back()
        self.assertEqual(back['shop'], 'acme.myshopify.com')
        text = '&'.join(f'{name}={back[name]}' for name in sorted(back) if name != 'hmac')
        self.assertEqual(back['hmac'], sign(self.server.secret, text).hexdigest())

    def test_each_shop_has_a_host(self):
        code = self.server.get(self.page, self.ask).back()['code']
        token = self.good(self.server.send_json(self.token, self.trade(code)))['access_token']
        self.assertEqual(self.server.get('/api/me', None, {'X-Shopify-Access-Token': token}).status, 200)
        other = self.page.replace('acme.', 'other-shop.')
        self.assertEqual(self.server.get(other, self.ask).back()['shop'], 'other-shop.myshopify.com')

    def test_refusals(self):
        self.assertEqual(self.server.get(self.page.replace('acme.', 'ACME.'), self.ask).status, 404)
        code = self.server.get(self.page, self.ask).back()['code']
        self.refused(self.server.send_json(self.token.replace('acme.', 'other.'), self.trade(code)), 'invalid_grant')
        self.refused(self.server.send_json(self.token, self.trade(code, grant_type='authorization_code')), 'invalid_request')
        self.refused(self.server.form(self.token, self.trade(code)), 'invalid_request')

    def test_the_written_descriptor_moves_the_hosts_and_nothing_else(self):
        self.assertIn(f'token_endpoint: "{self.server.origin}/{{shop}}.myshopify.com/admin/oauth/access_token"', self.server.written)
        self.assertIn('hosts: ["127.0.0.1:', self.server.written)
        self.assertIn('docs: https://shopify.dev/', self.server.written)
        self.assertIn("sorted_query('hmac', 'signature')", self.server.written)


class Slack(Quirk):
    descriptor = 'slack'
    page, token, end = '/slack.com/oauth/v2/authorize', '/slack.com/api/oauth.v2.access', '/slack.com/api/auth.revoke'
    ask = {**CODE_REQUEST, 'scope': 'chat:write,files:read', 'user_scope': 'identify'}

    def trade(self, **more):
        code = self.server.get(self.page, self.ask).back()['code']
        return self.server.form(self.token, {**TOKEN_REQUEST, 'code': code, **more}, basic('sandbox', self.server.secret))

    def test_two_tokens_from_one_grant(self):
        answer = self.good(self.trade())
        self.assertIs(answer['ok'], True)
        self.assertEqual(answer['scope'], 'chat:write,files:read')
        self.assertEqual(answer['authed_user']['scope'], 'identify')
        self.assertNotEqual(answer['access_token'], answer['authed_user']['access_token'])
        self.assertEqual(answer['team'], {'id': 'sandbox-user', 'name': 'Sandbox User'})
        for token in (answer['access_token'], answer['authed_user']['access_token']):
            self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer ' + token}).status, 200)
        again = self.server.form(self.token, {'grant_type': 'refresh_token', 'refresh_token': answer['authed_user']['refresh_token']},
                                 basic('sandbox', self.server.secret))
        self.assertIs(self.good(again)['ok'], True)

    def test_failure_is_a_200(self):
        answer = self.trade(code='never-given')
        self.assertEqual((answer.status, answer.json['ok'], answer.json['error']), (200, False, 'invalid_refresh_token'))
        wrong = self.server.form(self.token, {**TOKEN_REQUEST, 'code': 'x'}, basic('sandbox', 'wrong'))
        self.assertEqual((wrong.status, wrong.json['error']), (200, 'bad_client_secret'))

    def test_the_token_itself_asks_for_its_end(self):
        token = {'Authorization': 'Bearer ' + self.good(self.trade())['access_token']}
        self.assertEqual(self.server.form(self.end, {}, {'Authorization': 'Bearer never-given'}).status, 401)
        self.assertEqual(self.server.form(self.end, {}, basic('sandbox', self.server.secret)).status, 401)
        self.assertEqual(self.server.form(self.end, {'token': 'x'}, token).status, 400)
        self.assertEqual(self.server.form(self.end, {}, token).status, 200)
        self.assertEqual(self.server.get('/api/me', None, token).status, 401)


class Zoho(Quirk):
    descriptor = 'zoho'
    page = '/accounts.zoho.com/oauth/v2/auth'
    ask = {**CODE_REQUEST, 'access_type': 'offline', 'prompt': 'consent', 'scope': 'ZohoCRM.users.ALL'}

    def trade(self, where, back):
        return self.server.form(where + '/oauth/v2/token', {**TOKEN_REQUEST, 'code': back['code'], 'client_id': 'sandbox',
                                                            'client_secret': self.server.secret})

    def test_the_callback_tells_where(self):
        back = self.server.get(self.page, self.ask).back()
        self.assertEqual(back['accounts-server'], self.server.origin + '/accounts.zoho.com')
        answer = self.good(self.trade('/accounts.zoho.com', back))
        self.assertTrue(answer['api_domain'].startswith(self.server.origin))
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Zoho-oauthtoken ' + answer['access_token']}).status, 200)
        self.assertEqual(self.server.get('/api/me', None, {'Authorization': 'Bearer ' + answer['access_token']}).status, 400)

    def test_elsewhere_it_is_refused(self):
        back = self.server.get(self.page, self.ask).back()
        self.assertEqual(self.trade('/accounts.zoho.eu', back).status, 404)
        self.assertEqual(self.server.get(self.page, without(self.ask, 'access_type')).back()['error'], 'invalid_request')
        self.assertEqual(self.server.get(self.page, {**self.ask, 'prompt': 'login'}).back()['error'], 'invalid_request')

    def test_the_pattern_is_moved_too(self):
        self.assertIn('accounts\\\\.zoho\\\\.[a-z.]+', self.server.written)
        self.assertNotIn('https://accounts', self.server.written)


class Facebook(Quirk):
    descriptor = 'facebook'
    options = ('--clock-control',)
    page, token, me = '/www.facebook.com/v23.0/dialog/oauth', '/graph.facebook.com/v23.0/oauth/access_token', '/graph.facebook.com/v23.0/me'

    def short(self):
        code = self.server.get(self.page, {**CODE_REQUEST, 'scope': 'email'}).back()['code']
        return self.good(self.server.form(self.token, {**TOKEN_REQUEST, 'code': code, 'client_id': 'sandbox', 'client_secret': self.server.secret}))

    def long(self, token, **more):
        return self.server.get(self.token, {'grant_type': 'fb_exchange_token', 'client_id': 'sandbox', 'client_secret': self.server.secret,
                                            'fb_exchange_token': token, **more})

    def test_a_token_renews_itself(self):
        first = self.short()
        self.assertNotIn('refresh_token', first)
        self.assertNotIn('expires_in', first)
        second = self.good(self.long(first['access_token']))['access_token']
        self.assertNotEqual(second, first['access_token'])
        third = self.good(self.long(second))['access_token']
        self.assertEqual(self.server.get(self.me, None, {'Authorization': 'Bearer ' + third}).json['id'], 'sandbox-user')

    def test_only_while_it_is_good(self):
        token = self.short()['access_token']
        self.server.advance(60 * 86400 + 1)
        self.assertEqual(self.long(token).status, 400)
        self.assertEqual(self.server.get(self.me, None, {'Authorization': 'Bearer ' + token}).status, 401)

    def test_refusals(self):
        token = self.short()['access_token']
        self.refused(self.long('never-given'), 'invalid_grant')
        self.refused(self.long(token, client_secret='wrong'), 'invalid_client', 401)
        self.assertEqual(self.long(token, refresh_token=token).status, 400)
        self.assertEqual(self.server.get(self.me).status, 401)


class Instagram(Quirk):
    descriptor = 'instagram'
    options = ('--clock-control',)
    page, token = '/www.instagram.com/oauth/authorize', '/api.instagram.com/oauth/access_token'

    def long(self):
        code = self.server.get(self.page, CODE_REQUEST).back()['code']
        short = self.good(self.server.form(self.token, {**TOKEN_REQUEST, 'code': code, 'client_id': 'sandbox', 'client_secret': self.server.secret}))
        return self.good(self.server.get('/graph.instagram.com/access_token', {
            'grant_type': 'ig_exchange_token', 'client_secret': self.server.secret, 'access_token': short['access_token']}))['access_token']

    def refresh(self, token, **more):
        return self.server.get('/graph.instagram.com/refresh_access_token', {'grant_type': 'ig_refresh_token', 'access_token': token, **more})

    def test_a_day_has_to_pass(self):
        token = self.long()
        self.assertIn('too young', self.refresh(token).json['error_description'])
        self.server.advance(86400)
        self.assertNotEqual(self.good(self.refresh(token))['access_token'], token)

    def test_refusals(self):
        token = self.long()
        self.server.advance(86400)
        self.refused(self.refresh(token, client_id='sandbox'), 'invalid_request')
        self.refused(self.refresh(token, grant_type='refresh_token'), 'unsupported_grant_type')
        self.server.advance(60 * 86400)
        self.refused(self.refresh(token), 'invalid_grant')


class Atlassian(Quirk):
    descriptor = 'atlassian'
    page, token, sites = '/auth.atlassian.com/authorize', '/auth.atlassian.com/oauth/token', '/api.atlassian.com/oauth/token/accessible-resources'
    ask = {**CODE_REQUEST, 'audience': 'api.atlassian.com', 'prompt': 'consent', 'scope': 'read:me offline_access'}

    def login(self):
        code = self.server.get(self.page, self.ask).back()['code']
        return self.good(self.server.send_json(self.token, {**TOKEN_REQUEST, 'code': code, 'client_id': 'sandbox', 'client_secret': self.server.secret}))

    def verify(self, site, token):
        return self.server.get(f'/api.atlassian.com/ex/jira/{site}/rest/api/3/myself', None, {'Authorization': 'Bearer ' + token})

    def test_several_sites(self):
        token = self.login()['access_token']
        sites = self.good(self.server.get(self.sites, None, {'Authorization': 'Bearer ' + token}))
        self.assertEqual(len(sites), 2)
        self.assertNotEqual(sites[0]['id'], sites[1]['id'])
        for site in sites:
            self.assertEqual(set(site), {'id', 'name', 'url'})
            self.assertEqual(self.verify(site['id'], token).status, 200)
        self.assertEqual(self.verify('elsewhere', token).status, 404)
        self.assertEqual(self.server.get(self.sites).status, 401)

    def test_as_many_as_asked_for(self):
        for n in (0, 1, 3):
            self.server = self.start('--choices', str(n))
            token = self.login()['access_token']
            self.assertEqual(len(self.server.get(self.sites, None, {'Authorization': 'Bearer ' + token}).json), n)

    def test_what_is_always_asked_for(self):
        for scope in ({'scope': 'read:me'}, {}):
            back = self.server.get(self.page, {**without(self.ask, 'scope'), **scope}).back()
            self.assertEqual(back['error'], 'invalid_scope')

    def test_reuse_ends_the_grant(self):
        first = self.login()
        again = {'grant_type': 'refresh_token', 'client_id': 'sandbox', 'client_secret': self.server.secret}
        second = self.good(self.server.send_json(self.token, {**again, 'refresh_token': first['refresh_token']}))
        self.refused(self.server.send_json(self.token, {**again, 'refresh_token': first['refresh_token']}), 'invalid_grant')
        self.refused(self.server.send_json(self.token, {**again, 'refresh_token': second['refresh_token']}), 'invalid_grant')


class QuickBooks(Quirk):
    descriptor = 'quickbooks'
    options = ('--clock-control',)
    page, token = '/appcenter.intuit.com/connect/oauth2', '/oauth.platform.intuit.com/oauth2/v1/tokens/bearer'
    local = 'http://localhost:4711/callback'
    ask = {**CODE_REQUEST, 'redirect_uri': local, 'scope': 'com.intuit.quickbooks.accounting'}

    def login(self):
        where = self.server.get(self.page, self.ask).headers['Location']
        self.realm = re.search('realmId=([0-9]+)', where).group(1)
        code = re.search('[?&]code=([^&]+)', where).group(1)
        return self.good(self.server.form(self.token, {**TOKEN_REQUEST, 'redirect_uri': self.local, 'code': code}, basic('sandbox', self.server.secret)))

    def company(self, host, realm, token):
        return self.server.get(f'/{host}/v3/company/{realm}/companyinfo/{realm}', None, {'Authorization': 'Bearer ' + token})

    def test_two_environments_and_something_to_keep(self):
        answer = self.login()
        self.assertEqual(answer['x_refresh_token_expires_in'], 100 * 86400)
        for host in ('quickbooks.api.intuit.com', 'sandbox-quickbooks.api.intuit.com'):
            self.assertEqual(self.company(host, self.realm, answer['access_token']).status, 200)
        self.assertEqual(self.company('quickbooks.api.intuit.com', '1', answer['access_token']).status, 404)

    def test_a_refresh_token_has_to_be_used_in_time(self):
        answer = self.login()
        refresh = lambda token: self.server.form(self.token, {'grant_type': 'refresh_token', 'refresh_token': token}, basic('sandbox', self.server.secret))
        self.server.advance(99 * 86400)
        second = self.good(refresh(answer['refresh_token']))
        self.refused(refresh(answer['refresh_token']), 'invalid_grant')
        self.server.advance(100 * 86400 + 1)
        self.refused(refresh(second['refresh_token']), 'invalid_grant')

    def test_which_redirect_uris_are_taken(self):
        self.assertEqual(self.server.get(self.page, {**self.ask, 'redirect_uri': REDIRECT}).status, 400)
        self.assertEqual(self.server.get(self.page, {**self.ask, 'redirect_uri': 'https://client.example/cb'}).status, 303)
        self.server = self.start('--redirect-uri', self.local)
        self.assertEqual(self.server.get(self.page, {**self.ask, 'redirect_uri': 'https://client.example/cb'}).status, 400)
        self.login()


class Notion(Quirk):
    descriptor = 'notion'

    def test_json_and_basic(self):
        code = self.server.get('/api.notion.com/v1/oauth/authorize', {**CODE_REQUEST, 'owner': 'user'}).back()['code']
        answer = self.server.send_json('/api.notion.com/v1/oauth/token', {**TOKEN_REQUEST, 'code': code}, basic('sandbox', self.server.secret))
        self.assertEqual(self.good(answer)['workspace_id'], 'sandbox-user')

    def test_refusals(self):
        self.assertEqual(self.server.get('/api.notion.com/v1/oauth/authorize', CODE_REQUEST).back()['error'], 'invalid_request')
        code = self.server.get('/api.notion.com/v1/oauth/authorize', {**CODE_REQUEST, 'owner': 'user'}).back()['code']
        params = {**TOKEN_REQUEST, 'code': code}
        self.refused(self.server.send_json('/api.notion.com/v1/oauth/token', params, basic('sandbox', self.server.secret, raw=True)), 'invalid_client', 401)
        post = {**params, 'client_id': 'sandbox', 'client_secret': self.server.secret}
        self.refused(self.server.send_json('/api.notion.com/v1/oauth/token', post), 'invalid_client', 401)


class AmazonSellingPartner(Quirk):
    descriptor = 'amazon-sp'
    page, token = '/sellercentral.amazon.com/apps/authorize/consent', '/api.amazon.com/auth/o2/token'
    ask = {'application_id': 'amzn1.sp.solution.1', 'redirect_uri': REDIRECT, **STATE, **PKCE}

    def test_an_application_in_the_place_of_the_client(self):
        back = self.server.get(self.page, self.ask).back()
        self.assertIn('selling_partner_id', back)
        answer = self.server.form(self.token, {**TOKEN_REQUEST, 'code': back['spapi_oauth_code']}, basic('sandbox', self.server.secret))
        self.assertEqual(self.server.get('/api/me', None, {'x-amz-access-token': self.good(answer)['access_token']}).status, 200)

    def test_refusals(self):
        for more in ({'client_id': 'sandbox'}, {'application_id': 'amzn1.other'}, {'response_type': 'code'}):
            self.assertEqual(self.server.get(self.page, {**self.ask, **more}).back()['error'], 'invalid_request')
        self.server = self.start('--var', 'application_id=amzn1.other')
        self.assertIn('spapi_oauth_code', self.server.get(self.page, {**self.ask, 'application_id': 'amzn1.other'}).back())


class Square(Quirk):
    descriptor = 'square'
    options = ('--expires-at', 'iso')

    def test_the_code_is_encoded_twice(self):
        back = self.server.get('/connect.squareup.com/oauth2/authorize', CODE_REQUEST).back()
        self.assertIn('%', back['code'])
        trade = lambda code: self.server.send_json('/connect.squareup.com/oauth2/token', {
            **TOKEN_REQUEST, 'code': code, 'client_id': 'sandbox', 'client_secret': self.server.secret})
        self.refused(trade(back['code']), 'invalid_grant')
        answer = self.good(trade(unquote(back['code'])))
        self.assertRegex(answer['expires_at'], r'^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$')
        self.assertNotIn('expires_in', answer)


class Stripe(Quirk):
    descriptor = 'stripe'
    end = '/connect.stripe.com/oauth/deauthorize'

    def login(self, server):
        code = server.get('/connect.stripe.com/oauth/authorize', CODE_REQUEST).back()['code']
        return server.form('/connect.stripe.com/oauth/token', {**TOKEN_REQUEST, 'code': code}, basic(server.secret, '', raw=True))

    def test_the_secret_is_the_user(self):
        answer = self.good(self.login(self.server))
        token = {'Authorization': 'Bearer ' + answer['access_token']}
        self.assertEqual(self.server.get('/api/me', None, token).status, 200)
        account = {'client_id': 'sandbox', 'stripe_user_id': answer['stripe_user_id']}
        self.assertEqual(self.server.form(self.end, {**account, 'stripe_user_id': 'another'}, basic(self.server.secret, '', raw=True)).status, 200)
        self.assertEqual(self.server.get('/api/me', None, token).status, 200)
        self.refused(self.server.form(self.end, account, basic('wrong', '', raw=True)), 'invalid_client', 401)
        self.assertEqual(self.server.form(self.end, account, basic(self.server.secret, '', raw=True)).status, 200)
        self.assertEqual(self.server.get('/api/me', None, token).status, 401)

    def test_the_client_is_not_told(self):
        code = self.server.get('/connect.stripe.com/oauth/authorize', CODE_REQUEST).back()['code']
        params = {**TOKEN_REQUEST, 'code': code}
        self.refused(self.server.form('/connect.stripe.com/oauth/token', params, basic('sandbox', self.server.secret)), 'invalid_client', 401)
        self.refused(self.server.form('/connect.stripe.com/oauth/token', {**params, 'client_id': 'sandbox'}, basic(self.server.secret, '', raw=True)), 'invalid_request')


class Salesforce(Quirk):
    descriptor = 'salesforce'
    page, token = '/login.salesforce.com/services/oauth2/authorize', '/login.salesforce.com/services/oauth2/token'

    def login(self):
        code = self.server.get(self.page, CODE_REQUEST).back()['code']
        return self.good(self.server.form(self.token, {**TOKEN_REQUEST, 'code': code}, basic('sandbox', self.server.secret)))

    def test_where_the_api_is(self):
        answer = self.login()
        self.assertTrue(answer['instance_url'].startswith(self.server.origin + '/'))
        self.assertNotIn('expires_in', answer)
        self.assertEqual(answer['id'], 'sandbox-user')
        path = answer['instance_url'].removeprefix(self.server.origin) + '/services/data'
        self.assertEqual(self.server.get(path, None, {'Authorization': 'Bearer ' + answer['access_token']}).status, 200)
        self.assertEqual(self.server.get('/elsewhere.my.salesforce.com/services/data', None, {'Authorization': 'Bearer ' + answer['access_token']}).status, 404)

    def test_a_lifetime_that_was_asked_for_is_told(self):
        self.server = self.start('--lifetime', '90')
        self.assertEqual(self.login()['expires_in'], 90)


class Mailchimp(Quirk):
    descriptor = 'mailchimp'
    options = ('--clock-control',)

    def test_a_token_that_does_not_end(self):
        code = self.server.get('/login.mailchimp.com/oauth2/authorize', CODE_REQUEST).back()['code']
        answer = self.good(self.server.form('/login.mailchimp.com/oauth2/token', {
            **TOKEN_REQUEST, 'code': code, 'client_id': 'sandbox', 'client_secret': self.server.secret}))
        self.assertEqual(answer['expires_in'], 0)
        self.server.advance(10 * 31536000)
        metadata = self.good(self.server.get('/login.mailchimp.com/oauth2/metadata', None, {'Authorization': 'Bearer ' + answer['access_token']}))
        self.assertRegex(metadata['dc'], '^[a-z0-9]+$')
        self.assertTrue(metadata['api_endpoint'].startswith(self.server.origin))
        self.assertEqual((metadata['user_id'], metadata['accountname']), ('sandbox-user', 'Sandbox User'))
        self.assertEqual(self.server.get('/login.mailchimp.com/oauth2/metadata', None, {'Authorization': 'Bearer never-given'}).status, 401)


class Basecamp(Quirk):
    descriptor = 'basecamp'
    page, token = '/launchpad.37signals.com/authorization/new', '/launchpad.37signals.com/authorization/token'
    ask = {**without(CODE_REQUEST, 'response_type'), 'type': 'web_server'}

    def test_a_type_in_the_place_of_grant_type(self):
        code = self.server.get(self.page, self.ask).back()['code']
        client = {'client_id': 'sandbox', 'client_secret': self.server.secret}
        params = {**without(TOKEN_REQUEST, 'grant_type'), 'type': 'web_server', 'code': code, **client}
        self.refused(self.server.form(self.token, {**params, 'grant_type': 'authorization_code'}), 'invalid_request')
        self.refused(self.server.form(self.token, {**params, 'type': 'refresh'}), 'invalid_request')
        answer = self.good(self.server.form(self.token, params))
        self.good(self.server.form(self.token, {'type': 'refresh', 'refresh_token': answer['refresh_token'], **client}))
        accounts = self.good(self.server.get('/launchpad.37signals.com/authorization.json', None, {'Authorization': 'Bearer ' + answer['access_token']}))
        self.assertEqual([set(account) for account in accounts['accounts']], [{'id', 'name', 'href'}] * 2)
        self.assertEqual(self.server.get(self.page, CODE_REQUEST).back()['error'], 'invalid_request')


class Withings(Quirk):
    descriptor = 'withings'

    def test_everything_below_body(self):
        code = self.server.get('/account.withings.com/oauth2_user/authorize2', {**CODE_REQUEST, 'scope': 'user.info,user.metrics'}).back()['code']
        params = {**TOKEN_REQUEST, 'code': code, 'action': 'requesttoken', 'client_id': 'sandbox', 'client_secret': self.server.secret}
        trade = lambda more, *left: self.server.form('/wbsapi.withings.net/v2/oauth2', without({**params, **more}, *left))
        missing = trade({}, 'action')
        self.assertEqual((missing.status, missing.json['status']), (200, 342))
        unknown = trade({'code': 'never-given'})
        self.assertEqual((unknown.status, unknown.json['status']), (200, 503))
        answer = self.good(trade({}))
        self.assertEqual(answer['status'], 0)
        self.assertEqual(answer['body']['userid'], 'sandbox-user')
        self.assertEqual(answer['body']['scope'], 'user.info,user.metrics')
        self.assertEqual(answer['body']['expires_in'], 3600)
        again = {'grant_type': 'refresh_token', 'refresh_token': answer['body']['refresh_token']}
        self.assertEqual(trade(again, 'code', 'redirect_uri', 'code_verifier').json['status'], 0)
        self.assertEqual(trade(again, 'code', 'redirect_uri', 'code_verifier').json['status'], 503)


class Figma(Quirk):
    descriptor = 'figma'

    def test_a_refresh_url_of_its_own(self):
        code = self.server.get('/www.figma.com/oauth', CODE_REQUEST).back()['code']
        who = basic('sandbox', self.server.secret)
        answer = self.good(self.server.form('/api.figma.com/v1/oauth/token', {**TOKEN_REQUEST, 'code': code}, who))
        params = {'grant_type': 'refresh_token', 'refresh_token': answer['refresh_token']}
        self.refused(self.server.form('/api.figma.com/v1/oauth/token', params, who), 'unsupported_grant_type')
        self.good(self.server.form('/api.figma.com/v1/oauth/refresh', params, who))


class Clover(Quirk):
    descriptor = 'clover'

    def test_absolute_ends_and_a_refresh_without_the_secret(self):
        back = self.server.get('/api.eu.clover.com/oauth/v2/authorize', CODE_REQUEST).back()
        self.assertIn('merchant_id', back)
        params = {'client_id': 'sandbox', 'client_secret': self.server.secret, 'code': back['code'], 'code_verifier': VERIFIER}
        self.refused(self.server.send_json('/api.la.clover.com/oauth/v2/token', params), 'invalid_grant')
        before = time.time()
        answer = self.good(self.server.send_json('/api.eu.clover.com/oauth/v2/token', params))
        self.assertGreaterEqual(answer['access_token_expiration'], int(before) + 3600)
        self.assertIn('refresh_token_expiration', answer)
        refresh = {'client_id': 'sandbox', 'refresh_token': answer['refresh_token']}
        self.refused(self.server.send_json('/api.eu.clover.com/oauth/v2/refresh', {**refresh, 'client_secret': self.server.secret}), 'invalid_request')
        self.refused(self.server.send_json('/api.eu.clover.com/oauth/v2/refresh', without(refresh, 'client_id')), 'invalid_client', 401)
        self.good(self.server.send_json('/api.eu.clover.com/oauth/v2/refresh', refresh))


class ZoomServer(Quirk):
    descriptor = 'zoom-server'

    def test_another_grant_type_and_the_account(self):
        token = '/zoom.us/oauth/token'
        who = basic('sandbox', self.server.secret)
        params = {'grant_type': 'account_credentials', 'account_id': 'me'}
        self.assertNotIn('refresh_token', self.good(self.server.form(token, params, who)))
        self.refused(self.server.form(token, {**params, 'account_id': 'another'}, who), 'invalid_request')
        self.refused(self.server.form(token, {**params, 'grant_type': 'client_credentials'}, who), 'unsupported_grant_type')
        self.refused(self.server.form(token, params, basic('sandbox', 'wrong')), 'invalid_client', 401)
        other = self.start('--var', 'account_id=another')
        self.good(other.form(token, {**params, 'account_id': 'another'}, basic('sandbox', other.secret)))


class Lark(Quirk):
    descriptor = 'lark'
    token = '/open.feishu.cn/open-apis/authen/v1/access_token'

    def app(self, secret):
        return self.server.send_json('/open.feishu.cn/open-apis/auth/v3/app_access_token/internal', {'app_id': 'sandbox', 'app_secret': secret})

    def trade(self, app_token):
        code = self.server.get('/open.feishu.cn/open-apis/authen/v1/index', {**without(CODE_REQUEST, 'client_id'), 'app_id': 'sandbox'}).back()['code']
        return self.server.send_json(self.token, {**without(TOKEN_REQUEST, 'redirect_uri'), 'code': code}, {'Authorization': 'Bearer ' + app_token})

    def test_an_application_token_first(self):
        tokens = [self.good(self.app(self.server.secret))['app_access_token'] for _ in range(2)]
        self.assertNotEqual(tokens[0], tokens[1])
        for token in tokens:
            answer = self.good(self.trade(token))
            self.assertEqual(answer['code'], 0)
            self.assertEqual(answer['data']['expires_in'], 3600)

    def test_refusals(self):
        self.assertNotEqual(self.app('wrong').json['code'], 0)
        self.app(self.server.secret)
        self.assertNotEqual(self.trade('never-given').json['code'], 0)


class DingTalk(Quirk):
    descriptor = 'dingtalk'
    token = '/api.dingtalk.com/v1.0/oauth2/userAccessToken'

    def test_camel_case_throughout(self):
        code = self.server.get('/login.dingtalk.com/oauth2/auth', {**CODE_REQUEST, 'prompt': 'consent'}).back()['authCode']
        client = {'clientId': 'sandbox', 'clientSecret': self.server.secret}
        params = {'grantType': 'authorization_code', 'code': code, 'code_verifier': VERIFIER, **client}
        wrong = self.server.send_json(self.token, {**without(params, 'grantType'), 'grant_type': 'authorization_code'})
        self.assertEqual((wrong.status, wrong.json['code']), (400, 'invalid_request'))
        answer = self.good(self.server.send_json(self.token, params))
        self.assertEqual(answer['expireIn'], 3600)
        refresh = {'grantType': 'refresh_token', 'refreshToken': answer['refreshToken'], **client}
        answer = self.good(self.server.send_json(self.token, refresh))
        self.assertEqual(self.server.get('/api/me', None, {'x-acs-dingtalk-access-token': answer['accessToken']}).status, 200)


class Shopline(Quirk):
    descriptor = 'shopline'
    page, token = '/acme.myshopline.com/admin/oauth-web/', '/acme.myshopline.com/admin/oauth/token/create'
    ask = {**without(CODE_REQUEST, 'client_id', 'state'), 'appKey': 'sandbox', 'customField': 'a-state'}

    def signed(self, path, params, secret=None, at=None, skew=0):
        now = str(int(time.time() * 1000) + skew)
        body = json.dumps(params)
        headers = {'Content-Type': 'application/json', 'appkey': 'sandbox', 'timestamp': now,
                   'sign': sign(secret or self.server.secret, body + (at or now)).hexdigest()}
        return self.server.request('POST', path, body, headers)

    def test_a_route_in_the_fragment(self):
        page = self.server.get(self.page)
        self.assertEqual(page.status, 200)
        self.assertIn("location.pathname+'~'+h", page.body)
        self.assertRegex(page.headers['Content-Security-Policy'], "script-src 'sha256-")
        back = self.server.get(self.page + '~/oauth/authorize', self.ask).back()
        self.assertEqual(back['customField'], 'a-state')
        self.assertNotIn('state', back)

    def test_a_signature_over_body_and_time(self):
        code = self.server.get(self.page + '~/oauth/authorize', self.ask).back()['code']
        params = {'code': code, 'code_verifier': VERIFIER}
        for wrong in ({'secret': 'wrong'}, {'at': '1'}):
            answer = self.signed(self.token, params, **wrong)
            self.assertEqual(answer.json['code'], 'invalid_client', answer.body)
        self.assertIn('timestamp', self.signed(self.token, params, skew=400000).json['message'])
        self.assertEqual(self.server.send_json(self.token, params).json['code'], 'invalid_request')
        answer = self.good(self.signed(self.token, params))
        self.assertEqual(answer['code'], 200)
        self.assertNotIn('refreshToken', answer['data'])
        again = self.good(self.signed('/acme.myshopline.com/admin/oauth/token/refresh', {}))
        self.assertNotEqual(again['data']['accessToken'], answer['data']['accessToken'])


class Smartsheet(Quirk):
    descriptor = 'smartsheet'
    token = '/api.smartsheet.com/2.0/token'

    def hash(self, what, secret=None):
        return hashlib.sha256(f'{secret or self.server.secret}|{what}'.encode()).hexdigest()

    def test_a_hash_in_the_place_of_the_secret(self):
        code = self.server.get('/app.smartsheet.com/b/authorize', CODE_REQUEST).back()['code']
        params = {**without(TOKEN_REQUEST, 'redirect_uri'), 'client_id': 'sandbox', 'code': code}
        for wrong in (self.hash(code, 'wrong'), self.hash('another'), code):
            self.refused(self.server.form(self.token, {**params, 'hash': wrong}), 'invalid_client', 401)
        answer = self.good(self.server.form(self.token, {**params, 'hash': self.hash(code)}))
        refresh = {'grant_type': 'refresh_token', 'client_id': 'sandbox', 'refresh_token': answer['refresh_token']}
        self.refused(self.server.form(self.token, {**refresh, 'hash': self.hash(code)}), 'invalid_client', 401)
        self.good(self.server.form(self.token, {**refresh, 'hash': self.hash(answer['refresh_token'])}))


class Microsoft(Quirk):
    descriptor = 'microsoft'
    path = '/login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/'
    ask = {**CODE_REQUEST, 'scope': 'openid offline_access', 'nonce': 'a-nonce'}

    def test_a_tenant_and_an_id_token(self):
        code = self.server.get(self.path + 'authorize', self.ask).back()['code']
        params = {**TOKEN_REQUEST, 'code': code}
        self.refused(self.server.form('/login.microsoftonline.com/common/oauth2/v2.0/token', params, basic('sandbox', self.server.secret)), 'invalid_grant')
        answer = self.good(self.server.form(self.path + 'token', params, basic('sandbox', self.server.secret)))
        said = claims(answer['id_token'])
        self.assertEqual((said['oid'], said['preferred_username'], said['nonce'], said['aud']), ('sandbox-user', 'Sandbox User', 'a-nonce', 'sandbox'))

    def test_either_way_of_authentication(self):
        for post in (True, False):
            code = self.server.get(self.path + 'authorize', self.ask).back()['code']
            params = {**TOKEN_REQUEST, 'code': code, **({'client_id': 'sandbox', 'client_secret': self.server.secret} if post else {})}
            self.good(self.server.form(self.path + 'token', params, None if post else basic('sandbox', self.server.secret)))
        self.server = self.start('--auth', 'client_secret_post')
        code = self.server.get(self.path + 'authorize', self.ask).back()['code']
        self.refused(self.server.form(self.path + 'token', {**TOKEN_REQUEST, 'code': code}, basic('sandbox', self.server.secret)), 'invalid_client', 401)


class Bullhorn(Quirk):
    descriptor = 'bullhorn'
    page, token, session = '/auth.bullhornstaffing.com/oauth/authorize', '/auth.bullhornstaffing.com/oauth/token', '/rest.bullhornstaffing.com/rest-services/login'

    def test_everything_in_the_query(self):
        code = self.server.get(self.page, CODE_REQUEST).back()['code']
        params = {**TOKEN_REQUEST, 'code': code, 'client_id': 'sandbox', 'client_secret': self.server.secret}
        self.refused(self.server.form(self.token, params), 'invalid_request')
        token = self.good(self.server.request('POST', self.token + '?' + urlencode(params)))['access_token']
        login = lambda **more: self.server.request('POST', self.session + '?' + urlencode({'version': '*', 'access_token': token, **more}))
        first, second = self.good(login()), self.good(login())
        self.assertRegex(first['restUrl'], f'^{re.escape(self.server.origin)}/[a-z0-9.-]+\\.bullhornstaffing\\.com/')
        self.assertEqual(first['restUrl'], second['restUrl'])
        self.refused(login(version='1'), 'invalid_request')
        self.assertEqual(login(access_token='never-given').status, 401)


class Exact(Quirk):
    descriptor = 'exact'
    options = ('--clock-control',)

    def test_refused_while_the_old_token_is_good(self):
        for host in ('start.exactonline.nl', 'start.exactonline.be'):
            client = {'client_id': 'sandbox', 'client_secret': self.server.secret}
            code = self.server.get(f'/{host}/api/oauth2/auth', CODE_REQUEST).back()['code']
            answer = self.good(self.server.form(f'/{host}/api/oauth2/token', {**TOKEN_REQUEST, 'code': code, **client}))
            refresh = {'grant_type': 'refresh_token', 'refresh_token': answer['refresh_token'], **client}
            self.refused(self.server.form(f'/{host}/api/oauth2/token', refresh), 'invalid_request')
            self.server.advance(570)
            self.good(self.server.form(f'/{host}/api/oauth2/token', refresh))


class Concur(Quirk):
    descriptor = 'concur'

    def test_xml_where_others_have_json(self):
        code = self.server.get('/www.concursolutions.com/net2/oauth2/Login.aspx', CODE_REQUEST).back()['code']
        token, who = '/www.concursolutions.com/net2/oauth2/GetAccessToken.ashx', basic('sandbox', self.server.secret)
        wrong = self.server.form(token, {**TOKEN_REQUEST, 'code': 'never-given'}, who)
        self.assertEqual(wrong.status, 400)
        self.assertIn('<error>invalid_grant</error>', wrong.body)
        answer = self.server.form(token, {**TOKEN_REQUEST, 'code': code}, who)
        self.assertEqual(answer.headers['Content-Type'], 'application/xml')
        self.assertRegex(answer.body, '<Access_Token>.*<Token>.+</Token>.*</Access_Token>$')
        refresh = re.search('<Refresh_Token>(.+)</Refresh_Token>', answer.body).group(1)
        self.assertIn('<Expiration_date>', self.server.form(token, {'grant_type': 'refresh_token', 'refresh_token': refresh}, who).body)


if __name__ == '__main__':
    main()
