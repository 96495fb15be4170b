// SPDX-License-Identifier: MIT
// The listener and a real browser: a form that a page posts, and a fragment that only the browser sees.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { OPTIONS } from './browser.mjs';

const build = process.env.FOB_BUILD;
const QUERY = 1, FORM_POST = 2, FRAGMENT = 4;
let browser, provider, origin, answer;

function makeCertificate() {
  const room = mkdtempSync(join(tmpdir(), 'fob-listener-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(room, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert,
    '-subj', '/CN=127.0.0.1', '-days', '2'], { stdio: 'pipe' });
  const made = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(room, { recursive: true });
  return made;
}

// A provider that ends every login as `answer` says: over TLS, as they are, while the listener is not.
before(async () => {
  browser = await chromium.launch(OPTIONS);
  provider = createServer(makeCertificate(), (request, response) => answer(response));
  await new Promise((resolve) => { provider.listen(0, '127.0.0.1', resolve); });
  origin = `https://127.0.0.1:${provider.address().port}/`;
});

after(async () => {
  await browser?.close();
  provider?.closeAllConnections();
  provider?.close();
});

async function listen(modes) {
  const child = spawn(join(build, 'tests', 'live_listen'), [join(build, 'lib/fob/listener-mhd.so'), String(modes)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value;
  return { callback: `http://127.0.0.1:${await next()}/callback`, next, stop: () => child.stdin.end() };
}

// Goes to the provider and gives the page that the browser ends on, and all that it asked for.
async function visit(options = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  const page = await context.newPage();
  const asked = [], complaints = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(origin);
  return { page, asked, complaints, done: () => context.close() };
}

const postForm = (callback, fields) => (response) => {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join('');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(`<form method="post" action="${callback}">${inputs}</form><script>document.forms[0].submit()</script>`);
};

const redirect = (to) => (response) => response.writeHead(302, { Location: to }).end();

test('a form that a page of the provider posts is handed over', async () => {
  const listener = await listen(QUERY | FORM_POST);
  answer = postForm(listener.callback, { code: 'a/b c', state: 's&amp;t=1', user: '{&quot;name&quot;:&quot;Zo\u00eb&quot;}' });
  const { page, done } = await visit();
  const target = await listener.next();
  await page.waitForSelector('#seen');
  assert.equal(target, '/callback?code=a%2Fb+c&state=s%26t%3D1&user=%7B%22name%22%3A%22Zo%C3%AB%22%7D');
  await done();
  listener.stop();
});

test('a form is refused where only queries are taken', async () => {
  const listener = await listen(QUERY);
  answer = postForm(listener.callback, { code: 'a' });
  const { page, done } = await visit();
  await page.waitForURL(listener.callback);
  await page.waitForFunction(() => document.body?.textContent.includes('Only GET'));
  answer = redirect(`${listener.callback}?code=after`);
  await page.goto(origin);
  assert.equal(await listener.next(), '/callback?code=after', 'nothing else was handed over before');
  await done();
  listener.stop();
});

test('a fragment is passed on by the page, and nothing leaves this machine', async () => {
  const listener = await listen(QUERY | FRAGMENT);
  answer = redirect(`${listener.callback}#access_token=a%2Fb&state=s?t#u&scope=x+y`);
  const { page, asked, complaints, done } = await visit();
  const target = await listener.next();
  await page.waitForSelector('#seen');
  assert.equal(target, '/callback?access_token=a%2Fb&state=s?t%23u&scope=x+y');
  assert.equal(page.url(), `${listener.callback.replace('/callback', '')}${target}`);
  for (const url of asked) assert.ok(url.startsWith(origin) || url.startsWith(listener.callback) || url.endsWith('/favicon.ico'), url);
  assert.deepEqual(complaints.filter((text) => !text.includes('favicon')), []);
  await page.goBack();
  assert.equal(page.url(), 'about:blank', 'the page with the fragment is not in the history');
  await done();
  listener.stop();
});

test('a path without an answer says so, and a query needs no script', async () => {
  const listener = await listen(QUERY | FRAGMENT);
  answer = redirect(listener.callback);
  const { page, done } = await visit();
  await page.waitForFunction(() => document.getElementById('say')?.textContent.includes('holds no answer'));
  answer = redirect(`${listener.callback}?error=access_denied`);
  await page.goto(origin);
  assert.equal(await listener.next(), '/callback?error=access_denied', 'nothing else was handed over before');
  await done();
  listener.stop();
});

test('with scripts off the page says what to do', async () => {
  const listener = await listen(QUERY | FRAGMENT);
  answer = redirect(`${listener.callback}#code=a`);
  const { page, done } = await visit({ javaScriptEnabled: false });
  assert.match(await page.textContent('noscript'), /Allow them for this page/);
  await done();
  listener.stop();
});
