// SPDX-License-Identifier: MIT
// The sandbox's pages in a real browser: the question, an answer that is posted, one in the fragment, and a route that only the fragment tells.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';

const source = join(import.meta.dirname, '..', '..');
const PKCE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
let browser, client, redirect;

// What comes back to the client, by whatever way: the fragment is posted by its page.
function startClient() {
  const came = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => { body += bytes; });
    request.on('end', () => {
      const url = new URL(request.url, 'http://127.0.0.1');
      if (url.pathname === '/callback') came.push({ method: request.method, query: url.search.slice(1), body });
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>done</title><body>done');
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ came, port: server.address().port, stop: () => server.close() }));
  });
}

before(async () => {
  browser = await startBrowser();
  client = await startClient();
  redirect = `http://127.0.0.1:${client.port}/callback`;
});

after(async () => {
  await browser?.stop();
  client?.stop();
});

async function withSandbox(descriptor, run) {
  const file = join(source, 'tests/vectors/providers', `${descriptor}.yaml`);
  const child = spawn(join(process.env.FOB_BUILD, 'libexec/fob/fob-sandbox'), ['--until-eof', '--descriptor', file], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = await once(createInterface(child.stdout), 'line');
    await run(JSON.parse(line).origin);
  } finally {
    child.stdin.end();
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
  }
}

test('an answer is posted by the browser', () => withSandbox('apple', async (origin) => {
  for (const button of ['allow', 'deny']) {
    const params = new URLSearchParams({ response_type: 'code', client_id: 'sandbox', redirect_uri: redirect, state: 's', response_mode: 'form_post', ...PKCE });
    assert.equal(await browser.visit(`${origin}/appleid.apple.com/auth/authorize?${params}`, button), 'done');
    const { method, query, body } = client.came.pop();
    assert.equal(method, 'POST');
    assert.equal(query, '');
    const fields = new URLSearchParams(body);
    assert.equal(fields.get('state'), 's');
    assert.equal(fields.get('error'), button === 'deny' ? 'access_denied' : null);
    assert.equal(fields.has('code'), button === 'allow');
  }
}));

test('a route that the fragment tells leads to the question', () => withSandbox('shopline', async (origin) => {
  const params = new URLSearchParams({ response_type: 'code', appKey: 'sandbox', redirect_uri: redirect, customField: 's', ...PKCE });
  assert.equal(await browser.visit(`${origin}/acme.myshopline.com/admin/oauth-web/#/oauth/authorize?${params}`, 'allow'), 'done');
  const fields = new URLSearchParams(client.came.pop().query);
  assert.equal(fields.get('customField'), 's');
  assert.ok(fields.has('code'));
}));

test('a fragment that is no route stays behind', () => withSandbox('wechat', async (origin) => {
  const params = new URLSearchParams({ appid: 'sandbox', redirect_uri: redirect, response_type: 'code', scope: 'snsapi_login', state: 's' });
  assert.equal(await browser.visit(`${origin}/open.weixin.qq.com/connect/qrconnect?${params}#wechat_redirect`, 'allow'), 'done');
  assert.ok(new URLSearchParams(client.came.pop().query).has('code'));
}));

test('the answer can stand in the fragment, which no server sees', () => withSandbox('quirk-form', async (origin) => {
  const params = new URLSearchParams({ response_type: 'code', client_id: 'sandbox', redirect_uri: redirect, state: 's', nonce: 'n', response_mode: 'fragment',
    code_challenge: 'a'.repeat(64), code_challenge_method: 'S256' });
  assert.equal(await browser.visit(`${origin}/acme.example/authorize?${params}&scopes=mail+offline`, 'allow'), 'done');
  assert.deepEqual(client.came.pop(), { method: 'GET', query: '', body: '' });
}));
