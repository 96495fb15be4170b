// SPDX-License-Identifier: MIT
// A certified OpenID Connect provider over TLS on loopback, with pages of our own to allow and deny.
import https from 'node:https';
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const page = (uid) => `<!doctype html><title>Consent</title>
<form method="post" action="/interaction/${uid}/allow"><button id="allow">Allow</button></form>
<form method="post" action="/interaction/${uid}/deny"><button id="deny">Deny</button></form>`;

async function allow(provider, req, res) {
  const { params } = await provider.interactionDetails(req, res);
  const grant = new provider.Grant({ accountId: 'ada', clientId: params.client_id });
  grant.addOIDCScope(params.scope ?? 'openid');
  const grantId = await grant.save();
  const result = { login: { accountId: 'ada' }, consent: { grantId } };
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
}

async function deny(provider, req, res) {
  const result = { error: 'access_denied', error_description: 'The person said no' };
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
}

async function interact(provider, req, res) {
  const [, , uid, answer] = new URL(req.url, provider.issuer).pathname.split('/');
  if (req.method === 'POST') return answer === 'allow' ? allow(provider, req, res) : deny(provider, req, res);
  res.setHeader('content-type', 'text/html');
  return res.end(page(uid));
}

export const native = {
  application_type: 'native',
  redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
};

const configuration = (codeLifetime, clients) => ({
  clients: [
    ...clients,
    { ...native, client_id: 'basic', client_secret: 'a-secret-sent-with-basic', token_endpoint_auth_method: 'client_secret_basic' },
    { ...native, client_id: 'post', client_secret: 'a-secret-sent-with-post', token_endpoint_auth_method: 'client_secret_post' },
    { ...native, client_id: 'public', token_endpoint_auth_method: 'none' },
    { client_id: 'machine', client_secret: 'a-secret-of-a-machine', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
  ],
  scopes: ['openid', 'offline_access', 'api'],
  enabledJWA: { clientAuthSigningAlgValues: ['HS256', 'RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384'] },
  features: { clientCredentials: { enabled: true }, revocation: { enabled: true }, devInteractions: { enabled: false } },
  pkce: { required: () => true, methods: ['S256'] },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  ttl: {
    AccessToken: 600, AuthorizationCode: codeLifetime, ClientCredentials: 600,
    Grant: 3600, IdToken: 600, Interaction: 600, RefreshToken: 3600, Session: 3600,
  },
  cookies: { keys: ['loopback only'] },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: async (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
});

// clients: more of them. holdCode: how long a redirect with a code is kept back, in ms, so that the code is old when it arrives.
export function startServer(key, cert, { codeLifetime = 60, holdCode = 0, clients = [] } = {}) {
  const server = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const issuer = `https://127.0.0.1:${server.address().port}`;
      const provider = new Provider(issuer, configuration(codeLifetime, clients));
      provider.use(async (ctx, next) => {
        await next();
        if (holdCode && /[?&]code=/.test(ctx.response.get('location'))) await new Promise((done) => { setTimeout(done, holdCode); });
      });
      const answer = provider.callback();
      server.on('request', (req, res) => {
        if (!req.url.startsWith('/interaction/')) return answer(req, res);
        return interact(provider, req, res).catch((error) => { res.statusCode = 500; res.end(String(error)); });
      });
      resolve({ issuer, provider, stop: () => { server.closeAllConnections(); server.close(); } });
    });
  });
}
