#!/usr/bin/env python3
# fob try: recorded exchanges, and every grant at a sandbox, a line each. Each thing that can be recorded is told when it does
# not come, at its place, and not when it does.
import json, os, shutil, sys
from cli import Room, check, finish

room = Room(sys.argv[1])
HEAD = """fob: 1
docs: https://acme.example/docs
authorization_endpoint: https://acme.example/authorize
token_endpoint: https://acme.example/token
"""


def run(body, *words, head=HEAD):
    return room.run("try", "--recorded", room.write("acme.yaml", head + body), *words)


def good(what, body, head=HEAD):
    code, out, err = run(body, head=head)
    *each, last = out.splitlines()
    passed = each and all(line.startswith("acme  recorded  ") and line.endswith("  ok") for line in each)
    check(what, code == 0 and passed and last == f"acme: {len(each)} passed" and not err, code, out, err)


def bad(what, body, *lines, head=HEAD):
    """lines: (line, column, words)."""
    code, out, err = run(body, head=head)
    told = [line.split("acme.yaml:", 1)[1] for line in out.splitlines() if "acme.yaml:" in line]
    check(what, code == 1 and len(told) == len(lines) and not err, code, out, err)
    check(what, "acme  recorded  t  FAILED\n" in out and out.endswith("acme: 1 failed, 0 passed\n"), out)
    for (line, column, words), got in zip(lines, told):
        check(what, got.startswith(f"{line}:{column}: t: ") and words in got, got, words)


def test(text):
    return "tests:\n  t:\n" + "".join("    " + line + "\n" for line in text.strip("\n").split("\n"))


ANSWER = "answer: {access_token: at, refresh_token: rt, expires_in: 60, scope: a b}"

# --- the authorization request and the callback
LOGIN = "callback: {code: c0de}\nexchanges: [{sends: {code: c0de}, " + ANSWER + "}]\ntoken: {access_token: at}"
good("a login", test("authorize: {client_id: client-id, audience: null}\n" + LOGIN))
bad("an authorization request", test("authorize: {client_id: me, audience: x, state: null}\n" + LOGIN),
    (7, 17, 'the parameter "client_id" has to be "me", and is "client-id"'),
    (7, 32, 'the parameter "audience" has to be "x", and is not in the authorization request'),
    (7, 45, 'the parameter "state" must not be in the authorization request'))
good("a callback under other names", "callback: {fields: {code: auth_code}}\nrename: {state: st}\n"
     + test(LOGIN.replace("callback: {code:", "callback: {auth_code:")))
good("a route behind #/", test("authorize: {client_id: client-id}\n" + LOGIN), head=HEAD.replace("example/authorize", "example/#/authorize"))
good("a refusal", test("callback: {error: access_denied}\nerror: denied"))
good("a foreign state", test("callback: {code: c, state: foreign}\nerror: security"))
good("no state", "callback: {state: none, state_reason: it is lost on the way}\n" + test(LOGIN))

# --- requests
bad("a request", test("callback: {code: c0de}\nexchanges:\n  - method: GET\n    url: https://acme.example/other\n    sends: {code: x, nothing: y, grant_type: null}\n"
                      "    headers: {Accept: text/xml, X-Odd: z, Content-Type: null}\n    " + ANSWER),
    (9, 9, "the method has to be GET, and is POST"),
    (10, 9, "the request has to go to https://acme.example/other, and goes to https://acme.example/token"),
    (11, 17, 'the parameter "code" has to be "x", and is "c0de"'),
    (11, 26, 'the parameter "nothing" has to be "y", and is not sent'),
    (11, 38, 'the parameter "grant_type" must not be sent, and is "authorization_code"'),
    (12, 19, 'the header field "Accept" has to be "text/xml", and is "application/json"'),
    (12, 37, 'the header field "X-Odd" has to be "z", and is not sent'),
    (12, 47, 'the header field "Content-Type" must not be sent'))
for encoding, more in (("json", ""), ("xml", ", root: r"), ("query", ", secret_in_url: it is read there")):
    good("a parameter in " + encoding, f"token: {{encoding: {encoding}{more}, params: {{odd: \"<&\\\"> \"}}}}\n"
         + test("callback: {code: c0de}\nexchanges: [{sends: {code: c0de, odd: \"<&\\\"> \"}, " + ANSWER + "}]"))
good("a URL with its query", "token: {place: {redirect_uri: query}}\n" + test("callback: {code: c}\nexchanges: [{url: \"https://acme.example/token?redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback\", " + ANSWER + "}]"))
bad("one request more", test("callback: {code: c}"), (6, 3, "0 requests were recorded, and one more is sent: POST https://acme.example/token"))
bad("one request less", test("callback: {code: c}\nexchanges: [{" + ANSWER + "}, {" + ANSWER + "}]"), (8, 5, "2 requests were recorded, and 1 are sent"))

# --- answers and tokens
good("all facts", test("callback: {code: c}\nexchanges: [{" + ANSWER + "}]\ntoken: {access_token: at, refresh_token: rt, expires_in: 60, scope: a b, "
                       "token_type: Bearer, id_token: null, identity: null, label: null, refresh_token_expires_in: null}"))
bad("facts", test("callback: {code: c}\nexchanges: [{" + ANSWER + "}]\ntoken: {access_token: x, refresh_token: null, expires_in: 61, label: y, color: red, kept: {a: b}, also: {user: {access_token: z}}}"),
    (9, 13, 'the token\'s "access_token" has to be "x", and is "at"'), (9, 30, 'the token\'s "refresh_token" must not be there'),
    (9, 51, 'the token\'s "expires_in" has to be "61", and is "60"'), (9, 67, 'the token\'s "label" has to be "y", and is not there'),
    (9, 77, '"color" is no fact of a token'), (9, 96, 'the kept value "a" has to be "b", and is not kept'),
    (9, 110, 'there has to be a second token "user", and there is none'))
EXTRA = "token: {response: {keep: {id: /id, pin: {from: /pin, secret: true}}, also: {user: {access_token: /u/at}}}}\n"
EXCHANGE = "callback: {code: c}\nexchanges: [{answer: {access_token: at, id: 7, pin: \"8\", u: {at: uat}}}]\n"
good("what is kept, and a second token", EXTRA + test(EXCHANGE + "token: {kept: {id: 7, pin: \"8\"}, also: {user: {access_token: uat}}}"))
bad("a second token", EXTRA + test(EXCHANGE + "token: {also: {user: {access_token: x}, bot: null}}"), (10, 27, 'the token\'s "access_token" has to be "x"'))
bad("one too many", EXTRA + test(EXCHANGE + "token: {also: {user: null}}"), (10, 20, 'there must be no second token "user"'))
good("a text, a status and header fields", "token: {response: {format: form, fields: {refresh_token: \"header:X-Refresh\"}}}\n"
     + test("callback: {code: c}\nexchanges: [{status: 201, answer_headers: {X-Refresh: rt}, text: access_token=at}]\ntoken: {access_token: at, refresh_token: rt}"))

# --- errors
REFRESH = "grant: refresh_token\nexchanges: [{status: 400, answer: {error: invalid_grant}}]\n"
good("an error", test(REFRESH + "error: needs-login"))
bad("another error", test(REFRESH + "error: denied"), (9, 5, "it has to fail with denied, and fails with needs-login"))
bad("no error", test("grant: refresh_token\nexchanges: [{" + ANSWER + "}]\nerror: denied"), (9, 5, "it has to fail with denied, and does not"))
bad("an error that nobody recorded", test(REFRESH), (6, 3, "it must not fail, and fails with needs-login"))

# --- the grants, and what they start from
good("a refresh", test("grant: refresh_token\nexchanges: [{sends: {refresh_token: refresh-token, grant_type: refresh_token}, " + ANSWER + "}]\ntoken: {access_token: at}"))
good("a machine", test("grant: client_credentials\nexchanges: [{sends: {grant_type: client_credentials}, headers: {Authorization: Basic Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQ=}, " + ANSWER + "}]"))
good("a revocation", "revocation_endpoint: https://acme.example/revoke\n" + test("grant: revoke\nexchanges: [{sends: {token: refresh-token}}, {sends: {token: access-token}}]"))
good("a check", "use: {header: X-Token, scheme: \"\"}\nverify: {endpoint: \"https://acme.example/{kept.id}\"}\ncallback: {keep: {id: id}}\n"
     + test("grant: verify\nkept: {id: \"7\"}\nexchanges: [{url: https://acme.example/7, headers: {X-Token: access-token}}]"))
bad("a check without what it needs", "verify: {endpoint: \"https://acme.example/{kept.id}\"}\ncallback: {keep: {id: id}}\n"
    + test("grant: verify\nexchanges: [{url: https://acme.example/7}]"), (8, 3, "it must not fail, and fails with config"))
bad("a grant that there is not", test("grant: password"), (6, 3, "fails with argument"))
good("a key", "token: {auth: private_key_jwt, jwt: {alg: ES256}}\n" + test("grant: client_credentials\nexchanges: [{sends: {client_secret: null, client_id: client-id}, " + ANSWER + "}]"))
VARIABLES = "variables: {a: {example: ex, default: de}, b: {default: de}, c: {pattern: \"x[0-9]{2}|y\"}, d: {choices: {one: 1st, two: 2nd}}, e: {optional: true}}\ntoken: {params: {a: \"{a}\", b: \"{b}\", c: \"{c}\", d: \"{d}\", e: \"{e}\"}}\n"
good("variables", VARIABLES + "environments: {trial: {variables: {a: trial}}}\n" + "tests:\n"
     "  one: {grant: client_credentials, exchanges: [{sends: {a: ex, b: de, c: x00, d: one, e: null}, " + ANSWER + "}]}\n"
     "  two: {grant: client_credentials, environment: trial, exchanges: [{sends: {a: trial}, " + ANSWER + "}]}\n")
good("the first that is offered", "steps: {site: {endpoint: \"https://acme.example/sites\", choose: {id: /id}, response: {keep: {site: /id}}}}\n"
     + test("callback: {code: c}\nexchanges: [{" + ANSWER + "}, {answer: [{id: 1}, {id: 2}]}]\ntoken: {kept: {site: \"1\"}}"))

# --- ID tokens
OPENID = "issuer: \"https://{t}.acme.example\"\nvariables: {t: {example: corner}}\nscopes: {default: [openid]}\n"
good("one that nobody recorded", OPENID + test("callback: {code: c}\nexchanges: [{" + ANSWER + "}]\ntoken: {identity: subject}"))
good("recorded claims", OPENID + "identity: {from: id_token, id: /oid}\n" + test("callback: {code: c}\nexchanges: [{answer: {access_token: at, id_token: {oid: u1}}}]\ntoken: {identity: u1}"))
bad("claims that do not fit", OPENID + test("callback: {code: c}\nexchanges: [{answer: {access_token: at, id_token: {aud: somebody}}}]"), (9, 3, "fails with security"))

# --- what is tried
code, out, err = room.run("try")
check("something has to be named", code == 2 and "fob try" in err, code, err)
check("not both", room.run("try", "--all", "acme")[0] == 2)
check("an id that there is not", room.run("try", "nobody")[0] == 7)
check("a broken file", run("toekn: x\n")[0] == 7)
code, out, err = run("")
check("nothing recorded is no failure", code == 0 and out == "acme  recorded  nothing\nacme: 0 passed\n", code, out)
room.provider("one", HEAD + test(REFRESH + "error: needs-login"))
room.provider("two", HEAD + "environments: {trial: {doc: a trial}}\n" + test(REFRESH + "error: denied")
              + "  größer als eins: {grant: refresh_token, environment: trial, exchanges: [{" + ANSWER + "}]}\n")
code, out, err = room.run("try", "--recorded", "one")
check("an id", code == 0 and out == "one  recorded  t  ok\none: 1 passed\n", code, out)
code, out, err = room.run("try", "--recorded", "two")
first, where, second, last = out.splitlines()
check("a line each, one below the other", code == 1 and first == "two  recorded  t                        FAILED"
      and second == "two  recorded  größer als eins (trial)  ok", out)
check("with what failed behind it, and a sum", where.endswith("two.yaml:10:5: t: it has to fail with denied, and fails with "
      "needs-login: the provider refused: invalid_grant") and last == "two: 1 failed, 1 passed", out)
all_of_them = {"FOB_PROVIDER_PATH": room.providers}
short = "one: 1 recorded exchange passed\n", "two: 1 of 2 recorded exchanges failed\n"
code, out, err = room.run("try", "--recorded", "--all", env=all_of_them)
check("all of them, a line a provider", code == 1 and all(line in out for line in short) and "  ok" not in out, code, out)
code, out, err = room.run("try", "--recorded", "one", "two")
check("so are several", code == 1 and all(line in out for line in short) and len(out.splitlines()) == 3, code, out)
code, out, err = room.run("try", "--recorded", "--verbose", "one", "two")
check("unless more is asked for", code == 1 and "one  recorded  t  ok\none: 1 passed\n" in out and "two: 1 failed, 1 passed\n" in out, out)
code, out, err = room.run("try", "--recorded", "--all", "--json", env=all_of_them)
told = {one["id"]: one for one in json.loads(out)}
check("in JSON", code == 1 and told["one"]["passed"] is True and told["two"]["passed"] is False and "sandbox" not in told["one"], out)
mismatch = told["two"]["mismatches"][0]
check("with each mismatch", mismatch["line"] == 10 and mismatch["test"] == "t" and "denied" in mismatch["what"], mismatch)
check("and each test", told["two"]["tests"] == [{"test": "t", "passed": False}, {"test": "größer als eins", "environment": "trial", "passed": True}], told)

# --- against the sandbox
os.mkdir(room.path + "/tmp")
room.environment["TMPDIR"] = room.path + "/tmp"
room.provider("two", HEAD + """revocation_endpoint: https://acme.example/revoke
userinfo_endpoint: https://acme.example/me
grant_types_supported: [authorization_code, refresh_token, client_credentials]
variables: {pin: {secret: true, doc: a secret, example: "1234"}, shop: {doc: the shop, example: corner, pattern: "[a-z]+"}}
authorize: {params: {shop: "{shop}"}, response_mode: form_post}
token: {headers: {X-Pin: "{pin}"}}
""" + test(REFRESH + "error: needs-login"))
code, out, err = room.run("try", "two")
check("every grant that there is", code == 0 and out == """two  recorded  t                   ok
two  sandbox   authorization_code  ok
two  sandbox   refresh_token       ok
two  sandbox   verify              ok
two  sandbox   revoke              ok
two  sandbox   client_credentials  ok
two: 6 passed
""", code, out, err)
code, out, err = room.run("try", "one", "two")
check("of several, a line a provider", code == 0 and "two: 1 recorded exchange passed; at its sandbox authorization_code, "
      "refresh_token, verify, revoke, client_credentials\n" in out and len(out.splitlines()) == 2, code, out, err)
for what, more in (("a fragment", "authorize: {response_mode: fragment}\n"), ("no state", "callback: {state: none, state_reason: it is lost on the way}\n"),
                   ("a token alone", "grant_types_supported: [authorization_code]\nrefresh: {with: access_token, params: {access_token: \"{access_token}\"}}\n"),
                   ("not at once", "refresh: {min_age: 1h}\nlifetimes: {access_token: 2d}\n"), ("not before its end is near", "refresh: {max_ttl: 30s, needs_valid: true}\n"),
                   ("a key", "token: {auth: private_key_jwt}\n")):
    room.provider("one", HEAD + more)
    code, out, err = room.run("try", "one")
    check(what, code == 0 and "one  sandbox   refresh_token       ok\n" in out, code, out, err)
room.provider("one", HEAD.replace("authorization_endpoint: https://acme.example/authorize\n", ""))
code, out, err = room.run("try", "one")
check("a machine alone", code == 0 and out == "one  recorded  nothing\none  sandbox   client_credentials  ok\none: 1 passed\n", code, out)
check("nothing is left behind", os.listdir(room.path + "/tmp") == [])
code, out, err = room.run("try", "one", env={"TMPDIR": "/nonexistent"})
check("a folder is needed", code == 1 and "no folder for the sandbox" in out, code, out)

# --- what is not played, and why
room.provider("one", HEAD + "issuer: https://acme.example\nuserinfo_endpoint: https://acme.example/me\nscopes: {default: [mail]}\n"
              "grant_types_supported: [authorization_code, refresh_token, \"urn:ietf:params:oauth:grant-type:device_code\"]\n")
code, out, err = room.run("try", "one")
check("a grant that fob has not", code == 0 and "one  sandbox   urn:ietf:params:oauth:grant-type:device_code  skipped: fob has no flow for it\n" in out, out)
check("a check that the token is not good for", "one  sandbox   verify" in out and "  skipped: userinfo is for a token with the scope openid\n" in out, out)
check("in the sum", out.endswith("\none: 2 passed, 2 skipped\n"), out)
told = json.loads(room.run("try", "one", "--json")[1])[0]
check("what is skipped, in JSON", [one["grant"] for one in told["skipped"]] == ["verify", "urn:ietf:params:oauth:grant-type:device_code"] and told["passed"], told)
room.provider("one", HEAD.replace("authorization_endpoint: https://acme.example/authorize\n", "grant_types_supported: [client_credentials, refresh_token]\n"))
code, out, err = room.run("try", "one")
check("a refresh without a refresh token", code == 0 and "one  sandbox   refresh_token       skipped: no refresh token came with the token\n" in out, code, out, err)
bundled = {"FOB_PROVIDER_PATH": os.path.abspath(sys.argv[1]) + "/share/fob/providers"}
why = "the plugin alipay makes the requests, which no sandbox knows\n"
code, out, err = room.run("try", "alipay", env=bundled)
check("what only a plugin knows", code == 0 and out == "alipay  recorded  nothing\nalipay  sandbox   authorization_code  skipped: " + why
      + "alipay  sandbox   refresh_token       skipped: " + why + "alipay: 0 passed, 2 skipped\n", code, out, err)
code, out, err = room.run("try", "alipay", "here", env=bundled)
check("among several too", code == 0 and "alipay: nothing was recorded; no sandbox: " + why in out, code, out, err)
code, out, err = room.run("try", "--recorded", "alipay", env=bundled)
check("but not where no sandbox was wanted", code == 0 and "skipped" not in out, code, out, err)

# --- what a login alone knows
ENDS = "fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\n"
room.provider("echo", ENDS + "token: {params: {device_id: \"{callback.device_id}\"}}\n")
code, out, err = room.run("try", "echo")
check("a field of the callback is sent at the login, and not with a refresh", code == 0 and "refresh_token       ok\n" in out, code, out, err)
KEPT = "callback: {keep: {loc: location}}\ntoken: {endpoint: \"https://acme.example/{kept.loc}\"}\n"
room.provider("kept", ENDS + KEPT)
code, out, err = room.run("try", "kept")
check("a machine's login that nobody spoke of is not played", code == 0 and "client_credentials" not in out, code, out, err)
room.provider("kept", ENDS + KEPT + "grant_types_supported: [authorization_code, client_credentials]\n")
code, out, err = room.run("try", "kept")
check("one that was, and cannot be, fails", code == 1 and "client_credentials  FAILED\n" in out and "has no value" in out, code, out, err)

# A sandbox that is not as the descriptor says, and one that does not start: beside a copy of the command.
build = os.path.abspath(sys.argv[1])
os.makedirs(room.path + "/other/bin")
os.makedirs(room.path + "/other/libexec/fob")
os.symlink(build + "/lib", room.path + "/other/lib")
shutil.copy(build + "/bin/fob", room.path + "/other/bin/fob")
room.fob = room.path + "/other/bin/fob"


def sandbox(script, provider="two"):
    path = room.write("other/libexec/fob/fob-sandbox", "#!/bin/sh\n" + script)
    os.chmod(path, 0o755)
    return room.run("try", provider, env={"LD_LIBRARY_PATH": build + "/lib"})


code, out, err = sandbox(f'exec "{build}/libexec/fob/fob-sandbox" "$@" --fail-with invalid_grant\n')
lines = out.splitlines()
check("a grant that fails is told", code == 1 and lines[:2] == ["two  recorded  t                   ok", "two  sandbox   authorization_code  FAILED"]
      and "two.yaml: sandbox: authorization_code: " in lines[2] and "invalid_grant" in lines[2] and lines[3] == "  log in again", code, out, err)
check("with all that needs its token", lines[-4:] == ["two  sandbox   refresh_token       skipped: there is no token to do it with",
      "two  sandbox   verify              skipped: there is no token to do it with",
      "two  sandbox   revoke              skipped: there is no token to do it with", "two: 2 failed, 1 passed, 3 skipped"], out)
code, out, err = room.run("try", "two", "two", env={"LD_LIBRARY_PATH": build + "/lib"})
check("in a line a provider too", code == 1 and "two.yaml: sandbox: authorization_code: " in out
      and "; at its sandbox authorization_code FAILED, client_credentials FAILED\n" in out, code, out, err)
room.provider("one", HEAD + "refresh: {min_age: 1h}\n")
code, out, err = sandbox(f'exec "{build}/libexec/fob/fob-sandbox" $(echo "$@" | sed s/--clock-control//)\n', "one")
check("a refresh that one cannot wait for is told", code == 0 and "one  sandbox   refresh_token       skipped: it is refused at once, "
      "and the sandbox's clock cannot be moved\none: 1 passed, 1 skipped\n" in out, code, out, err)
code, out, err = sandbox("echo no room >&2; exit 1\n")
check("so is a sandbox that does not start", code == 1 and "the sandbox did not start: no room" in out and "two  sandbox   start      FAILED\n" in out
      and out.endswith("\ntwo: 1 failed, 1 passed\n"), code, out)
code, out, err = room.run("try", "two", "two", env={"LD_LIBRARY_PATH": build + "/lib"})
check("in a line as well", code == 1 and "; NO SANDBOX\n" in out, code, out)
told = json.loads(room.run("try", "two", "--json", env={"LD_LIBRARY_PATH": build + "/lib"})[1])[0]
check("in JSON too", told["passed"] is False and "no room" in told["sandbox_why"] and told["sandbox"] == [], told)
code, out, err = sandbox("echo '{}'; cat\n")
check("and one that says nothing of use", code == 1 and "wrote no descriptor" in out, code, out)
finish()
