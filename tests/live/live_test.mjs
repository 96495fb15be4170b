// SPDX-License-Identifier: MIT
// The whole job over TLS: the fob command, a certified provider, and a person clicking in Chromium.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { native, startServer } from './server.mjs';

const fob = join(process.env.FOB_BUILD, 'bin', 'fob');
const room = mkdtempSync(join(tmpdir(), 'fob-live-'));
const ALGS = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384'];
const SECRETS = { hmac: 'a-secret-that-signs-and-is-never-sent', basic: 'a-secret-sent-with-basic', post: 'a-secret-sent-with-post', machine: 'a-secret-of-a-machine', wrong: 'not-the-right-secret' };
const env = {
  PATH: process.env.PATH, HOME: room, XDG_DATA_HOME: join(room, 'data'), XDG_CONFIG_HOME: join(room, 'config'),
  SSL_CERT_FILE: join(room, 'ca.pem'), ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '',
};
let server, browser;

function openssl(...args) {
  execFileSync('openssl', args, { cwd: room, stdio: 'pipe' });
}

function makeCertificates() {
  writeFileSync(join(room, 'ext'), 'subjectAltName=IP:127.0.0.1\n');
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=fob test CA', '-days', '2');
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem', '-out', 'csr.pem', '-subj', '/CN=127.0.0.1');
  openssl('x509', '-req', '-in', 'csr.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'cert.pem', '-days', '2', '-extfile', 'ext');
}

// A client for each algorithm, its private key in a file of that name; and a person's, whose key is a JWK.
function makeSigners() {
  const clients = ALGS.map((alg) => {
    const { privateKey, publicKey } = alg.startsWith('ES') ? generateKeyPairSync('ec', { namedCurve: `P-${alg.slice(2)}` }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(room, `${alg}.pem`), privateKey.export({ type: alg === 'RS256' ? 'pkcs1' : alg === 'ES256' ? 'sec1' : 'pkcs8', format: 'pem' }), { mode: 0o600 });
    return {
      client_id: alg, token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg, jwks: { keys: [publicKey.export({ format: 'jwk' })] },
      grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    };
  });
  const person = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(room, 'person.jwk'), JSON.stringify({ ...person.privateKey.export({ format: 'jwk' }), kid: 'p1' }), { mode: 0o600 });
  return [...clients,
    { ...native, client_id: 'signer', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [{ ...person.publicKey.export({ format: 'jwk' }), kid: 'p1' }] } },
    { ...native, client_id: 'hmac', client_secret: SECRETS.hmac, token_endpoint_auth_method: 'client_secret_jwt' }];
}

function writeDescriptor(id, issuer, more = '') {
  writeFileSync(join(room, 'config/fob/providers', `${id}.yaml`), `fob: 1
issuer: ${issuer}
authorization_endpoint: ${issuer}/auth
token_endpoint: ${issuer}/token
revocation_endpoint: ${issuer}/token/revocation
authorization_response_iss_parameter_supported: true
${more}`, { mode: 0o644 });
}

before(async () => {
  process.umask(0o022);
  makeCertificates();
  mkdirSync(join(room, 'config/fob/providers'), { recursive: true });
  for (const [name, secret] of Object.entries(SECRETS)) writeFileSync(join(room, name), secret, { mode: 0o600 });
  server = await startServer(join(room, 'key.pem'), join(room, 'cert.pem'), { clients: makeSigners() });
  for (const alg of ALGS) writeDescriptor(`live-${alg.toLowerCase()}`, server.issuer, `token: {auth: private_key_jwt, jwt: {alg: ${alg}}}\n`);
  writeDescriptor('live-hmac', server.issuer, 'token: {auth: client_secret_jwt}\n');
  writeDescriptor('live-form', server.issuer, 'authorize: {response_mode: form_post}\n');
  writeDescriptor('live', server.issuer);
  writeDescriptor('live-post', server.issuer, 'token: {auth: client_secret_post}\n');
  browser = await startBrowser();
});

after(async () => {
  await browser?.stop();
  server?.stop();
  rmSync(room, { recursive: true, force: true });
});

// Runs fob; `onUrl` is called with the authorization URL once it is shown.
function run(args, { onUrl, more = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(fob, args, { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    const result = { stdout: '', stderr: '', page: undefined };
    let opened;
    child.stdout.on('data', (bytes) => { result.stdout += bytes; });
    child.stderr.on('data', (bytes) => {
      result.stderr += bytes;
      const url = /^(https:\S+)\n/m.exec(result.stderr);
      if (onUrl && url && !opened) opened = onUrl(url[1]).then((page) => { result.page = page; });
    });
    child.on('error', reject);
    child.on('close', async (code) => {
      try { await opened; } catch (error) { reject(error); return; }
      resolve({ ...result, code });
    });
  });
}

const login = (name, client, { button = 'allow', provider = 'live', secret = client, more = [] } = {}) => run(
  ['login', name, '--provider', provider, '--client-id', client, '--no-browser', '-v', '--scope', 'openid', '--scope', 'offline_access',
    ...(secret ? ['--client-secret-file', join(room, secret)] : []), ...more],
  { onUrl: (url) => browser.visit(url, button) },
);

async function token(name, ...more) {
  const { stdout, code, stderr } = await run(['token', name, '--format', 'json', ...more]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

test('a person logs in, and the token opens the API', async () => {
  const { code, stdout, stderr, page } = await login('work', 'basic');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /who: +ada/);
  assert.match(page, /close|done|finished|logged in/i);
  const facts = await token('work');
  assert.equal(facts.identity, 'ada');
  assert.ok(facts.has_refresh_token);
  assert.ok(!(stdout + stderr).includes(facts.access_token), 'the token is not shown by a login');
  assert.ok(!stderr.includes(SECRETS.basic), 'the secret is not logged');
  const { stdout: me, code: curl } = await run(['curl', 'work', `${server.issuer}/me`, '--silent', '--cacert', join(room, 'ca.pem')]);
  assert.equal(curl, 0);
  assert.equal(JSON.parse(me).sub, 'ada');
});

test('a refresh gives a new token and keeps the rotated refresh token', async () => {
  const first = await token('work');
  for (let i = 0; i < 3; i += 1) {
    const { code, stderr } = await run(['refresh', 'work', '-v']);
    assert.equal(code, 0, stderr);
    assert.ok(!stderr.includes(first.access_token));
  }
  const last = await token('work');
  assert.notEqual(last.access_token, first.access_token);
  const longer = await token('work', '--min-ttl', '100000');
  assert.ok(longer.access_token, 'a longer life than the provider gives is no error');
});

test('processes that refresh at once do not burn the rotated refresh token', async () => {
  const results = await Promise.all(Array.from({ length: 6 }, () => run(['refresh', 'work'])));
  for (const { code, stderr } of results) assert.equal(code, 0, stderr);
  assert.equal((await run(['refresh', 'work'])).code, 0);
});

test('a client that sends its secret in the body, and one without a secret, log in', async () => {
  const post = await login('post', 'post', { provider: 'live-post' });
  assert.equal(post.code, 0, post.stderr);
  const open = await login('open', 'public', { secret: null });
  assert.equal(open.code, 0, open.stderr);
});

test('a program gets a token for itself, and a new one when asked', async () => {
  const args = ['login', 'robot', '--provider', 'live', '--client-id', 'machine', '--client-secret-file', join(room, 'machine'), '--grant', 'client_credentials'];
  const { code, stderr } = await run([...args, '--scope', 'api']);
  assert.equal(code, 0, stderr);
  const first = await token('robot');
  assert.equal((await run(['refresh', 'robot'])).code, 0);
  assert.notEqual((await token('robot')).access_token, first.access_token);
});

test('clients.yaml is enough for a program', async () => {
  writeFileSync(join(room, 'config/fob/clients.yaml'), 'clients:\n  nightly: {provider: live, client_id: machine, client_secret_file: ../../machine, grant: client_credentials, scopes: [api]}\n', { mode: 0o644 });
  assert.ok((await token('nightly')).access_token);
});

test('a program signs with its key, by every algorithm', async () => {
  for (const alg of ALGS) {
    const { code, stderr } = await run(['login', alg, '--provider', `live-${alg.toLowerCase()}`, '--client-id', alg, '--client-key-file', join(room, `${alg}.pem`), '--grant', 'client_credentials', '-v']);
    assert.equal(code, 0, `${alg}: ${stderr}`);
    assert.ok(!stderr.includes('eyJ'), 'no JWT is logged');
    const first = await token(alg);
    assert.equal((await run(['refresh', alg])).code, 0, 'the key is kept with the connection');
    assert.notEqual((await token(alg)).access_token, first.access_token);
  }
});

test('a key of another client is refused', async () => {
  const { code, stderr } = await run(['login', 'forged', '--provider', 'live-es256', '--client-id', 'ES256', '--client-key-file', join(room, 'person.jwk'), '--grant', 'client_credentials']);
  assert.equal(code, 6, stderr);
  assert.match(stderr, /invalid_client/);
});

test('a person logs in at a client with a JWK, and at one whose secret only signs', async () => {
  const key = await login('jwk', 'signer', { provider: 'live-es256', secret: null, more: ['--client-key-file', join(room, 'person.jwk')] });
  assert.equal(key.code, 0, key.stderr);
  assert.equal((await run(['refresh', 'jwk'])).code, 0);
  assert.equal((await run(['logout', 'jwk'])).code, 0, 'revoking is signed as well');
  const hmac = await login('hmac', 'hmac', { provider: 'live-hmac' });
  assert.equal(hmac.code, 0, hmac.stderr);
  assert.equal((await run(['refresh', 'hmac'])).code, 0);
});

test('an answer that is posted as a form finishes the login', async () => {
  const { code, stderr, page } = await login('posted', 'basic', { provider: 'live-form' });
  assert.equal(code, 0, stderr);
  assert.match(page, /close|done|finished|logged in/i);
});

test('a denied consent is told, and an older login stays', async () => {
  const before_ = await token('work');
  const { code, stderr, page } = await login('work', 'basic', { button: 'deny' });
  assert.equal(code, 4, stderr);
  assert.match(stderr, /access_denied/);
  assert.match(page, /refused|denied|not/i);
  assert.equal((await token('work')).access_token, before_.access_token);
});

test('a wrong client secret is told as that', async () => {
  const person = await login('broken', 'basic', { secret: 'wrong' });
  assert.equal(person.code, 6, person.stderr);
  assert.match(person.stderr, /invalid_client/);
  const { code, stderr } = await run(['login', 'broken', '--provider', 'live', '--client-id', 'machine', '--client-secret-file', join(room, 'wrong'), '--grant', 'client_credentials']);
  assert.equal(code, 6, stderr);
  assert.equal((await run(['token', 'broken'])).code, 3, 'nothing was kept');
});

test('a code that has expired needs a new login', async () => {
  const quick = await startServer(join(room, 'key.pem'), join(room, 'cert.pem'), { codeLifetime: 1, holdCode: 2500 });
  try {
    writeDescriptor('quick', quick.issuer);
    const { code, stderr } = await login('late', 'basic', { provider: 'quick' });
    assert.equal(code, 3, stderr);
    assert.match(stderr, /invalid_grant/);
  } finally {
    quick.stop();
  }
});

test('a redirect that is not ours does not end the login', async () => {
  const { code, stderr } = await run(
    ['login', 'forged', '--provider', 'live', '--client-id', 'public', '--no-browser', '--scope', 'openid'],
    {
      onUrl: async (url) => {
        const callback = new URL(url).searchParams.get('redirect_uri');
        const forged = await fetch(`${callback}?code=forged&state=forged`);
        assert.equal(forged.status, 400);
        return browser.visit(url, 'allow');
      },
    },
  );
  assert.equal(code, 0, stderr);
});

test('a certificate that nobody vouches for is refused', async () => {
  const { code, stderr } = await run(['refresh', 'work'], { more: { SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' } });
  assert.equal(code, 5, stderr);
  assert.match(stderr, /certificate/i);
  assert.equal((await run(['refresh', 'work'])).code, 0, 'nothing was lost');
});

test('logout revokes and forgets', async () => {
  const { access_token: old } = await token('post');
  const { code, stdout } = await run(['logout', 'post']);
  assert.equal(code, 0);
  assert.match(stdout, /revoked/);
  assert.equal((await run(['token', 'post'])).code, 3);
  const me = await run(['curl', 'work', `${server.issuer}/me`, '--silent', '--cacert', join(room, 'ca.pem'), '--header', `Authorization: Bearer ${old}`]);
  assert.ok(me.stdout.length > 0);
});
