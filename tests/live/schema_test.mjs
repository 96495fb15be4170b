// SPDX-License-Identifier: MIT
// The schema, read by a validator from elsewhere, and the parser in C give the same answer to every awkward input.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { isAlias, isMap, isPair, isScalar, parseAllDocuments, visit } from 'yaml';

const source = join(import.meta.dirname, '..', '..');
const schema = JSON.parse(readFileSync(join(source, 'schemas/descriptor-1.schema.json'), 'utf8'));
const validate = new Ajv({ strict: true, strictRequired: false, strictTypes: false }).compile(schema);

const T = 'fob: 1\ntoken_endpoint: https://a.example/t\n';
const deep = (n) => `${T}x-a: ${'['.repeat(n)}1${']'.repeat(n)}\n`;

// Both accept.
const good = [
  T, `${T}authorization_endpoint: https://a.example/a\n`, `---\n${T}`, `${T}...\n`, `# a note\n${T}`, `\uFEFF${T}`,
  '{fob: 1, token_endpoint: "https://a.example/t"}', "fob: 1\n'token_endpoint': 'https://a.example/t'\n",
  '"fob": 1\n"token\\x5fendpoint": "https://a.example/\\u0074"\n', `${T}x-note: {any: [thing, 1, true, null, 1.5]}\n`,
  `${T}name: "yes"\n`, `${T}name: yes\n`, `${T}name: Off\n`, `${T}name: >-\n  folded\n  text\n`, `${T}name: 1.2.3\n`,
  `${T}scopes: {default: [a, b], always: []}\n`, `${T}scopes: {separator: ","}\n`, `${T}hosts: [a.example, "*.a.example"]\n`,
  `${T}token: {method: GET, encoding: json, auth: none, secret_in_url: old}\n`, `${T}token: {params: {a: ""}}\n`, `${T}use: {scheme: ""}\n`,
  `${T}authorization_response_iss_parameter_supported: false\n`, 'fob: 1\nplugin: acme\n',
  `${T}authorize: {pkce: plain, pkce_reason: old}\n`, `${T}authorize: {rename: {code_challenge: x}, pkce_reason: old}\n`, `${T}authorize: {rename: {state: x}}\n`, `${T}authorize: {rename: {code_challenge: code_challenge, code_challenge_method: code_challenge_method}}\n`, `${T}variables: {}\n`, `${T}environments: {}\n`,
  'fob: 1\ntoken_endpoint: "https://{t}.a.example/{+p}"\nvariables: {t: {pattern: "[a-z]+"}, p: {}}\n',
  'fob: 1\nenvironments: {a: {token_endpoint: "https://a.example/t"}}\n', 'fob: 1\ntoken_endpoint: http://127.0.0.1:80/t\n',
  'fob: 1\ntoken_endpoint: http://[::1]/t\n', 'fob: 1\ntoken_endpoint: http://LOCALHOST/t\n', 'fob: 1\ntoken_endpoint: https://[::1]:1/t\n',
  `${T}docs: http://a.example/#x\n`, `${T}name: "snow \u2603 \\U0001F600"\n`, deep(6), `${T}name: "{not a template"\n`,
  `${T}token: {params: {a: "{{b}}"}}\n`, `${T}variables: {a: {secret: true, doc: x}}\n`, `${T}scopes_supported: []\n`,
  `${T}token: {method: PUT, params: {redirect_uri: null}, rename: {client_secret: secret}, place: {scope: query}}\n`,
  `${T}token: {params: {a: "{hex(sha256(concat(client_secret, '|', code)))}"}, headers: {X-S: "{base64(body)}"}}\n`,
  `${T}token: {response: {format: xml, status: [200, "201"], success: {/ok: true, /code: 0}, fields: {access_token: "header:X-T", scope: ""}}}\n`,
  `${T}token: {response: {keep: {a: /b, c: {from: "cookie:S", pattern: "[a-z]+", secret: true}}, errors: {"40029": dead, status:410: retry, statuses: dead}, also: {user: {access_token: /u/t}}}}\n`,
  `${T}refresh: {with: access_token, endpoint: "{+kept.host}/r", min_age: 24h, max_ttl: 30s, needs_valid: true}\ncallback: {keep: {host: {from: h, pointer: /a~1b}}}\n`,
  `${T}steps: {site: {endpoint: "{+token_endpoint}", choose: {id: /id, label: /name}}, long: {endpoint: "https://a.example/", replaces: token}, more: {endpoint: "https://a.example/", when: before, auth: none}}\n`,
  `${T}authorization_endpoint: "https://a.example/#/oauth/authorize"\n`, `${T}authorization_endpoint: "{+base}/a#x"\nvariables: {base: {pattern: "https://[a-z.]+"}}\n`,
  `${T}callback: {state: none, state_reason: old, fields: {code: auth_code}, require: {hmac: "{hex(hmac_sha256(client_secret, sorted_query('hmac')))}"}}\n`,
  `${T}lifetimes: {access_token: 1h, refresh_token_idle: 100d}\nrotation: grace\nregistration: {console: "https://a.example/", redirect_uri: https, steps: [a]}\n`,
  `${T}tests:\n  one: {source: "https://a.example/", exchanges: [{sends: {a: b, c: null}, status: 400, answer: {a: [1, {b: null}]}}], error: needs-login}\n`,
  `${T}extends: other\nsources: {token: a page}\nscopes: {known: {"a:b": what}, groups: {user: {default: [x]}}}\n`,
  `${T}authorize:\n  params:\n    # inside\n    a: b\n`, `${T}token: {headers: {X-A: b}}\n`,
  'fob: 1\ntoken_endpoint: "https://a.example/{client_id}?c={lower(client_id)}"\nissuer: "https://a.example/{client_id}"\n',
  `${T}use: {query: auth, params: {key: "{client_id}", "a b&": "", x: "{hex(sha256(client_secret))}"}}\n`,
  `${T}token: {params: {code: null}}\nsteps: {a: {endpoint: "https://a.example/", method: POST, params: {code: "{code}"}}}\n`,
  `${T}identity: {from: kept, id: "{kept.a}/{lower(kept.a)}", label: "{{a}} {kept.a}"}\ncallback: {keep: {a: a}}\n`, `${T}identity: {id: "/a{b}", label: ""}\n`,
  `${T}token: {jwt: {arrays: [aud, x], claims: {x: y, nbf: "{now()}"}}}\n`, `${T}token: {jwt: {arrays: []}}\n`,
  `${T}token: {response: {fields: {access_token: [/a, /b/0, "header:X", "claim:id_token/t"], scope: [/s], id_token: ""}, error: [/a, /b], error_description: [/c]}}\n`,
  `${T}token: {response: {also: {user: {access_token: [/u/t, /t]}}}}\n`,
  `${T}token: {response: {also: {s: {each: "", name: /n, access_token: [/a, /b]}}}}\n`,
  `${T}token: {auth: private_key_jwt, jwt: {alg: ES256, kid: "{k}", lifetime: 1h, claims: {aud: x, jti: null}, header: {x5t: y}}}\nvariables: {k: {}}\n`,
];

// Both refuse.
const bad = [
  '', '\n', '# only a note\n', '[]', 'text', 'null', '{}', 'fob: 1\n', 'token_endpoint: https://a.example/t\n',
  'fob: "1"\ntoken_endpoint: https://a.example/t\n', 'fob: 2\ntoken_endpoint: https://a.example/t\n', 'fob: 1.0\ntoken_endpoint: https://a.example/t\n',
  'fob: 0x1\ntoken_endpoint: https://a.example/t\n', 'fob: 01\ntoken_endpoint: https://a.example/t\n', 'fob: true\ntoken_endpoint: https://a.example/t\n',
  `${T}unknown: 1\n`, `${T}Name: a\n`, `${T}name: 1\n`, `${T}name: true\n`, `${T}name: ~\n`, `${T}name:\n`, `${T}name: ""\n`,
  `${T}name: NULL\n`, `${T}name: True\n`, `${T}name: [a]\n`, `${T}name: {a: b}\n`, `${T}name: "a\\nb"\n`, `${T}name: "\\0"\n`, `${T}name: |\n  a\n  b\n`,
  `${T}fob: 1\n`, `${T}? [a]\n: b\n`, `${T}1: a\n`, `${T}true: a\n`, `${T}name: &a b\n`, `${T}name: !!str b\n`, `${T}name: ! b\n`,
  `${T}name: *a\n`, `${T}<<: {name: a}\n`, `${T}--- \nfob: 1\n`, `%YAML 1.1\n---\n${T}`, `${T}scopes: {default: a}\n`, `${T}scopes: {default: ["a b"]}\n`,
  `${T}scopes: {separator: ""}\n`, `${T}scopes: {separator: "::"}\n`, `${T}scopes: []\n`, `${T}scopes: {defaults: [a]}\n`,
  `${T}hosts: a.example\n`, `${T}hosts: ["https://a.example"]\n`, `${T}hosts: ["*"]\n`, `${T}token: {method: HEAD}\n`, `${T}token: {method: get}\n`,
  `${T}token: {auth: self_signed}\n`, `${T}token: {headers: {hOsT: x}}\n`,
  `${T}token: {jwt: {header: {alg: none}}}\n`, `${T}token: {jwt: {header: {KID: x}}}\n`, `${T}token: {jwt: {header: {x5t: null}}}\n`,
  `${T}token: {jwt: {alg: none}}\n`, `${T}token: {jwt: {lifetime: 5}}\n`,
  `${T}token: {headers: {"a b": x}}\n`, `${T}token: {params: {a: 1}}\n`, `${T}token: {params: {"": x}}\n`,
  `${T}token: {params: {a: "{b"}}\n`, `${T}token: {params: {a: "{}"}}\n`, `${T}token: {params: {a: "b}"}}\n`, `${T}authorize: {params: {state: x}}\n`,
  `${T}token: {params: {code_verifier: x}}\n`, `${T}token: {place: {a: header}}\n`, `${T}token: {response: {status: [99]}}\n`, `${T}token: {response: {status: [600]}}\n`,
  `${T}token: {response: {success: {ok: true}}}\n`, `${T}token: {response: {success: {/ok: null}}}\n`, `${T}token: {response: {fields: {token: /a}}}\n`, `${T}token: {response: {fields: {access_token: a}}}\n`,
  `${T}token: {response: {fields: {access_token: "/a~2"}}}\n`, `${T}token: {response: {fields: {access_token: "claim:token/a"}}}\n`, `${T}token: {response: {keep: {a: b}}}\n`,
  `${T}token: {response: {keep: {a: {pattern: b}}}}\n`, `${T}token: {response: {errors: {a: gone}}}\n`, `${T}token: {response: {errors: {"status:": dead}}}\n`, `${T}token: {response: {errors: {status:99: dead}}}\n`, `${T}token: {response: {errors: {status:401x: dead}}}\n`, `${T}lifetimes: {access_token: 1}\n`, `${T}lifetimes: {access_token: 1w}\n`, `${T}refresh: {missing_access_token: drop}\n`,
  `${T}steps: {a: {}}\n`, `${T}steps: [a]\n`, `${T}steps: {a: {endpoint: "https://a.example/", choose: {label: /a}}}\n`, `${T}identity: {label: /a}\n`, `${T}callback: {state: none}\n`,
  `${T}tests: {a: {exchanges: {b: c}}}\n`, `${T}tests: {a: {exchanges: [a]}}\n`, `${T}revoke: {tokens: [id_token]}\n`, `${T}variables: {a: {choices: [b]}}\n`, `${T}authorize: {params: {state: null}}\n`,
  `${T}authorization_endpoint: "https://a.example/#a b"\n`, `${T}extends: ../a\n`, `${T}rename: {client_id: ""}\n`, `${T}authorize: {pkce: none}\n`, `${T}authorize: {pkce: s256}\n`, `${T}authorize: {pkce: plain, pkce_reason: ""}\n`, `${T}use: {header: "a:b"}\n`, `${T}use: {scheme: "a b"}\n`,
  `${T}token: {jwt: {arrays: aud}}\n`, `${T}token: {jwt: {arrays: [""]}}\n`, `${T}token: {jwt: {arrays: [1]}}\n`, `${T}token: {jwt: {claims: {aud: [a]}}}\n`, `${T}token: {response: {fields: {access_token: []}}}\n`, `${T}token: {response: {fields: {access_token: [/a, ""]}}}\n`, `${T}token: {response: {fields: {access_token: [/a, /b, /c, /d, /e]}}}\n`,
  `${T}token: {response: {fields: {access_token: [a]}}}\n`, `${T}token: {response: {fields: {access_token: [[/a]]}}}\n`, `${T}token: {response: {error: [1]}}\n`, `${T}token: {response: {keep: {a: [/a, /b]}}}\n`, `${T}token: {response: {also: {s: {each: /l, access_token: /a}}}}\n`, `${T}token: {response: {also: {s: {name: /n}}}}\n`, `${T}token: {response: {also: {s: {each: [/l], name: /n}}}}\n`, `${T}token: {response: {also: {s: {each: l, name: /n}}}}\n`, `${T}use: {params: [key]}\n`, `${T}identity: {id: "{{a}}"}\n`, `${T}identity: {id: a b}\n`, `${T}identity: {id: "{a"}\n`, `${T}identity: {id: [/a, /b]}\n`, `${T}use: {params: {"": x}}\n`, `${T}use: {params: {key: 1}}\n`, `${T}use: {params: {key: null}}\n`, `${T}use: {params: {key: "{"}}\n`,
  `${T}authorize: {rename: {code_challenge: x}}\n`, `${T}authorize: {rename: {code_challenge_method: x}}\n`, `${T}authorize: {rename: {code_challenge: code_challenge_method}}\n`,
  `${T}variables: {A: {}}\n`, `${T}variables: {a: null}\n`, `${T}variables: {a: x}\n`, `${T}variables: []\n`, `${T}environments: {A: {}}\n`, `${T}environments: {a: []}\n`,
  `${T}id: Acme\n`, `${T}id: -a\n`, `${T}id: ${'a'.repeat(65)}\n`, `${T}docs: ftp://a.example/\n`, `${T}docs: a.example\n`, `${T}docs: "https://a.example/{x}"\n`,
  'fob: 1\ntoken_endpoint: http://a.example/t\n', 'fob: 1\ntoken_endpoint: http://127.0.0.1.evil.example/t\n', 'fob: 1\ntoken_endpoint: http://127.0.0.256/t\n',
  'fob: 1\ntoken_endpoint: HTTPS://a.example/t\n', 'fob: 1\ntoken_endpoint: https://u:p@a.example/t\n', 'fob: 1\ntoken_endpoint: https://a.example/t#f\n',
  'fob: 1\ntoken_endpoint: "https://a.example/ t"\n', 'fob: 1\ntoken_endpoint: https:///t\n', 'fob: 1\ntoken_endpoint: https://a.example:999999/t\n',
  'fob: 1\ntoken_endpoint: "https://a.example/%zz"\n', 'fob: 1\ntoken_endpoint: "https://a.example\\\\@b/"\n', 'fob: 1\ntoken_endpoint: https://a.example/\u00e9\n',
  `${T}authorization_response_iss_parameter_supported: "true"\n`, `${T}authorization_response_iss_parameter_supported: yes\n`, `${T}plugin: ../x\n`,
  `${T}name: a\n  b: c\n`, `${T}\tname: a\n`, `${T}name: "a\n`, `${T}name: [a\n`, `${T}name: {a\n`, `${T}name: @a\n`, `${T}name: a: b\n`,
  Buffer.from(`${T}name: \xff\n`, 'latin1'), Buffer.from(`${T}name: "a\0b"\n`), Buffer.from(`\xff\xfe${T}`, 'latin1'),
  `${T}name: "a\u0085b"\n`, `${T}name: a\u2028b\n`, `${T}# \u2029\n`, `\uFEFF\uFEFF${T}`,
];

// What no single key can tell: rules.c refuses, the schema cannot know.
const rules = [
  'fob: 1\nid: other\ntoken_endpoint: https://a.example/t\n', `${T}hosts: [b.example]\n`, `${T}token: {params: {a: "{b}"}}\n`,
  'fob: 1\ntoken_endpoint: https://a.example/{k}\nvariables: {k: {secret: true}}\n', `${T}variables: {a: {pattern: "("}}\n`,
  `${T}variables: {a: {pattern: "[a-z]+", default: A}}\n`, `${T}environments: {a: {variables: {b: c}}}\n`, `${T}variables: {scope: {}}\n`,
  `${T}token: {params: {a: "{B}"}}\n`, `${T}token: {params: {a: "{md5(code)}"}}\n`, `${T}token: {params: {a: "{sha256(code)}"}}\n`, `${T}token: {params: {a: "{kept.b}"}}\n`,
  `${T}token: {method: GET}\n`, `${T}token: {encoding: query}\n`, `${T}token: {place: {client_secret: query}}\n`,
  `${T}steps: {a: {endpoint: "https://a.example/", auth: none, params: {a: "{access_token}"}}}\n`, `${T}refresh: {method: DELETE}\n`,
  `${T}authorize: {params: {a: "{client_secret}"}}\n`, `${T}authorize: {params: {a: "{base64(client_secret)}"}}\n`, `${T}authorize: {params: {a: "{scopes.b}"}}\n`, `${T}token: {params: {a: "{body}"}}\n`,
  `${T}steps: {a: {endpoint: "{token_endpoint}"}}\n`, `${T}steps: {a: {endpoint: "https://a.example/", choose: {id: /id}, replaces: token}}\n`,
  `${T}steps: {a: {endpoint: "https://a.example/", when: before}}\n`, `${T}steps: {a: {endpoint: "https://a.example/", when: before, auth: none, replaces: token}}\n`,
  'fob: 1\ntoken_endpoint: "https://{client_id}.a.example/"\n', 'fob: 1\ntoken_endpoint: "https://a.example/{+client_id}"\n',
  'fob: 1\ntoken_endpoint: "https://a.example/{scope}"\n', 'fob: 1\ntoken_endpoint: "https://a.{client_id}/"\n',
  `${T}registration_endpoint: "https://a.example/{client_id}"\n`, `${T}hosts: [a.example, "{client_id}.example"]\n`,
  `${T}use: {params: {key: "{client_secret}"}}\n`, `${T}use: {params: {key: "{access_token}"}}\n`, `${T}use: {query: key, params: {key: x}}\n`, `${T}use: {params: {key: "{none}"}}\n`,
  `${T}token: {params: {code: x}}\n`, `${T}token: {params: {CODE: x}}\n`, `${T}token: {params: {code: null}}\n`, `${T}refresh: {params: {code: null}}\n`,
  `${T}token: {params: {code: null}}\nsteps: {a: {endpoint: "https://a.example/", params: {code: "{kept.code}"}}}\ncallback: {keep: {code: code}}\n`,
  `${T}steps: {a: {endpoint: "https://a.example/", params: {code: "{code}"}}}\n`,
  `${T}identity: {id: "{kept.a}"}\ncallback: {keep: {a: a}}\n`, `${T}identity: {from: kept, id: "{kept.a}"}\n`, `${T}identity: {from: kept, id: "{client_secret}"}\n`,
  `${T}identity: {from: kept, id: "{kept.a}"}\ncallback: {keep: {a: {from: a, secret: true}}}\n`,
  `${T}revoke: {method: GET}\n`, `${T}rename: {state: s}\nauthorize: {params: {s: x}}\n`, `${T}callback: {keep: {k: {from: f, secret: true}}}\nverify: {endpoint: "https://a.example/{kept.k}"}\n`,
];

// The strict subset of fob-descriptor(5), as an editor's YAML parser sees it.
function read(bytes) {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  if (/[\u2028\u2029\uFEFF]/.test(text)) throw new Error('a character that readers disagree about');
  if (/^%/m.test(text.replace(/^\uFEFF/, ''))) throw new Error('a directive');
  const documents = parseAllDocuments(text, { version: '1.2', schema: 'core', uniqueKeys: true, merge: false, strict: true });
  if (documents.length !== 1) throw new Error('not one document');
  const [document] = documents;
  if (document.errors.length || document.warnings.length) throw new Error('not YAML');
  visit(document, (key, node) => {
    if (isAlias(node) || node?.anchor || node?.tag) throw new Error('an alias, anchor or tag');
    if (isPair(node) && (!isScalar(node.key) || typeof node.key.value !== 'string')) throw new Error('a key that is no text');
    if (isPair(node) && (node.key.value === '<<' || !node.value)) throw new Error('a merge key, or no value');
    if (isScalar(node)) {
      const { value, source: written, type } = node;
      if (value === null && written !== 'null') throw new Error('no value');
      if (typeof value === 'boolean' && !['true', 'false'].includes(written)) throw new Error('an odd boolean');
      if (typeof value === 'number' && !/^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(written)) throw new Error('an odd number');
      if (typeof value === 'number' && key === 'value' && written.includes('.') && Number.isInteger(value)) throw new Error('an integer with a point');
      if (typeof value === 'string' && type !== undefined && /\0/.test(value)) throw new Error('a NUL');
    }
    return undefined;
  });
  return isMap(document.contents) ? document.toJS() : null;
}

function schemaAccepts(bytes) {
  try {
    return validate(read(Buffer.from(bytes)));
  } catch {
    return false;
  }
}

function parserVerdicts(room, inputs) {
  const files = inputs.map((input, i) => {
    mkdirSync(join(room, String(i)));
    const file = join(room, String(i), 'acme.yaml');
    writeFileSync(file, input);
    return file;
  });
  mkdirSync(join(room, 'providers')); // what is extended has to be there
  writeFileSync(join(room, 'providers', 'other.yaml'), 'fob: 1\ntoken_endpoint: https://other.example/t\n');
  const env = { ...process.env, FOB_PROVIDER_PATH: join(room, 'providers') };
  const lint = (part) => spawnSync(join(process.env.FOB_BUILD, 'bin/fob'), ['lint', '--json', ...part], { encoding: 'utf8', env });
  const told = new Set();
  for (let at = 0; at < files.length; at += 100) {
    const { stdout, status, signal } = lint(files.slice(at, at + 100));
    assert.ok(signal === null && [0, 7].includes(status));
    for (const line of stdout.trim().split('\n').filter(Boolean)) {
      const problem = JSON.parse(line);
      if (problem.severity === 'error') told.add(problem.file);
    }
  }
  return files.map((file) => !told.has(file));
}

for (const [name, inputs, wanted] of [
  ['both accept', good, [true, true]], ['both refuse', bad, [false, false]], ['only the rules refuse', rules, [true, false]]]) {
  test(`${name} (${inputs.length} inputs)`, () => {
    const room = mkdtempSync(join(tmpdir(), 'fob-schema-'));
    try {
      const parser = parserVerdicts(room, inputs);
      const wrong = inputs.map((input, i) => ({ input: String(input), schema: schemaAccepts(input), parser: parser[i] }))
        .filter((entry) => entry.schema !== wanted[0] || entry.parser !== wanted[1]);
      assert.deepEqual(wrong, []);
    } finally {
      rmSync(room, { recursive: true });
    }
  });
}
