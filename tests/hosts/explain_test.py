#!/usr/bin/env python3
# fob explain: what will be sent, in order, and where each part of it is said; what is another value each time is masked.
import json, sys
from cli import Room, check, finish

room = Room(sys.argv[1])
path = room.provider("acme", """fob: 1
name: Acme
docs: https://acme.example/docs
issuer: https://{shop}.acme.example
authorization_endpoint: https://{shop}.acme.example/authorize
token_endpoint: https://{shop}.acme.example/token
revocation_endpoint: https://{shop}.acme.example/revoke
hosts: ["*.acme.example"]
variables: {shop: {doc: the shop, example: corner, pattern: "[a-z]+"}}
environments: {trial: {doc: for trying, variables: {shop: trial}}}
rename: {client_id: app_key}
scopes: {default: [openid, read], known: {openid: an ID token, read: read it}, groups: {user: {doc: the person's}}}
authorize: {params: {audience: api, user_scope: "{scopes.user}"}}
callback:
  keep: {api: {from: api, pattern: "https://[a-z]+\\\\.acme\\\\.example"}}
  require: {signature: "{hex(hmac_sha256(client_secret, sorted_query('signature')))}"}
token:
  encoding: json
  headers: {X-Time: "{now()}", X-Id: "{uuid()}", X-Fixed: "{client_id}/{shop}"}
  params: {scope: null}
  response: {success: {/ok: true}, fields: {access_token: /data/at, refresh_token: /data/rt}, keep: {pin: {from: /pin, secret: true}}}
refresh: {params: {again: "yes"}}
steps:
  app: {when: before, endpoint: "https://x.acme.example/app", auth: none, params: {id: "{client_id}"}}
  site: {endpoint: "{+kept.api}/sites", choose: {from: /list, id: /id, label: /name}, response: {keep: {site: /id}}}
verify: {endpoint: "https://x.acme.example/{kept.site}"}
""")


def explain(*words):
    return room.run("explain", *words)


def story(*words):
    code, out, err = explain("--json", *words)
    check("told", code == 0, words, out, err)
    return json.loads(out)


def param(step, name, what="params"):
    return next((one for one in step[what] if one["name"] == name), {})


code, out, err = explain("acme")
check("it is told", code == 0 and not err, err)
for line in ["   GET https://corner.acme.example/authorize        acme.yaml:5",
             "     app_key=CLIENT_ID                              acme.yaml:11 is client_id",
             "     audience=api                                   acme.yaml:13",
             "     state=<random>",
             "     code_challenge=<random>",
             "     code_challenge_method=S256",
             "   as query",
             "     api=https://acme.acme.example                  acme.yaml:15 is kept as {kept.api}",
             "     signature=SIGNATURE                            acme.yaml:16 has to be {hex(hmac_sha256(client_secret, sorted_query('signature')))}",
             '1. The step "app"',
             "     X-Time: <time>                                 acme.yaml:19 {now()}",
             "     X-Id: <random>                                 acme.yaml:19 {uuid()}",
             "     X-Fixed: CLIENT_ID/corner                      acme.yaml:19 {client_id}/{shop}",
             "     code_verifier=<random>",
             "     again=yes                                      acme.yaml:22",
             "   of which is kept {kept.pin}",
             "   GET https://acme.acme.example/sites              acme.yaml:25",
             "   GET https://x.acme.example/SITE                  acme.yaml:26",
             "   POST https://corner.acme.example/revoke          acme.yaml:7",
             "variable shop=corner"]:
    check("a line of it", line.replace("1. ", "") in out, line, out)
check("in order", [out.index(word) for word in ("browser", "comes back", '"app"', "exchanged", '"site"', "new token", "verify", "logout")]
      == sorted(out.index(word) for word in ("browser", "comes back", '"app"', "exchanged", '"site"', "new token", "verify", "logout")), out)
check("what is empty is not sent", "user_scope" not in out)
check("the same whenever it is told", explain("acme")[1] == out)

told = story("acme")
what = [step["what"] for step in told["steps"]]
check("the steps", what == ["authorize", "callback", "steps/app", "token", "steps/site", "steps/app", "refresh", "verify", "revoke", "revoke"], what)
token = told["steps"][3]
check("where a header is said", param(token, "X-Id", "headers") == {"name": "X-Id", "value": "<random>", "in": "header", "varies": "random",
      "said": "/token/headers/X-Id", "template": "{uuid()}", "file": path, "line": 19}, token)
check("a made-up answer is as the descriptor reads it", token["answer"]["ok"] is True and token["answer"]["data"] == {"at": "ACCESS_TOKEN", "rt": "REFRESH_TOKEN"}, token)
check("an ID token is shown by its claims", token["answer"]["id_token"]["JWT"]["iss"] == "https://corner.acme.example", token)
check("a variable", story("acme", "--var", "shop=mine")["steps"][0]["url"] == "https://mine.acme.example/authorize")
trial = story("acme", "--environment", "trial")
check("an environment", trial["steps"][0]["url"] == "https://trial.acme.example/authorize" and trial["environment"] == "trial", trial)
scoped = story("acme", "--scope", "write", "--scope", "user=mail")["steps"][0]
check("scopes", param(scoped, "scope")["value"] == "write" and param(scoped, "user_scope")["value"] == "mail", scoped)
check("a machine", [step["what"] for step in story("acme", "--grant", "client_credentials")["steps"]][:2] == ["steps/app", "client_credentials"])
check("one part", [step["what"] for step in story("acme", "--grant", "refresh_token")["steps"]] == ["steps/app", "refresh"])
check("a file", story(path)["provider"] == "acme")

# A client with a key: the JWT is shown by its claims.
room.provider("signed", "fob: 1\ntoken_endpoint: https://acme.example/t\ntoken: {auth: private_key_jwt, jwt: {alg: ES384, claims: {who: \"{client_id}\"}}}\n")
signed = story("signed")["steps"][0]
jwt = param(signed, "client_assertion")
check("a JWT", jwt["value"] == "<JWT>" and jwt["jwt"]["header"]["alg"] == "ES384" and jwt["jwt"]["claims"]["who"] == "CLIENT_ID"
      and jwt["jwt"]["claims"]["jti"] == "<random>" and jwt["jwt"]["claims"]["iat"] == "<time>", jwt)

# Steps, when they are due.
room.provider("steps", "fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\nsteps:\n"
              + "".join(f"  {when}: {{endpoint: \"https://acme.example/{when}\", auth: none, when: {when}}}\n" for when in ("before", "login", "person", "token")))
whats = lambda grant: [step["what"].replace("steps/", "") for step in story("steps", "--grant", grant)["steps"]]
check("a person", whats("authorization_code") == ["authorize", "callback", "before", "token", "login", "person", "token", "before", "refresh", "token"], whats("authorization_code"))
check("a machine", whats("client_credentials") == ["before", "client_credentials", "login", "token"], whats("client_credentials"))
check("each where it is told", all(step["url"].endswith("/" + step["what"].split("/")[1]) for step in story("steps")["steps"] if "/" in step["what"]))

# A list to choose from, in an answer that has to be a success.
room.provider("listed", "fob: 1\ntoken_endpoint: https://acme.example/t\nsteps: {site: {endpoint: \"https://acme.example/s\", choose: {from: /data/list, id: /id}, "
              "response: {success: {/code: 0}, keep: {site: /id}}}}\n")
check("a list", story("listed")["steps"][1]["answer"] == {"data": {"list": [{"id": "SITE"}]}, "code": 0}, story("listed"))

# Exactly what is sent: fragments, queries on both sides of a route, parameters that are there twice, and each separator.
def sent(id, endpoint, more="", *words):
    room.provider(id, f"fob: 1\nauthorization_endpoint: \"{endpoint}\"\ntoken_endpoint: https://acme.example/t\n{more}")
    code, out, err = explain(id, *words)
    check("it is told to its end", code == 0 and "cannot be told" not in out and "3. The code is exchanged" in out, out, err)
    return out, story(id, *words)["steps"]


out, steps = sent("end", "https://acme.example/a#end")
check("a fragment stays at the end", "   GET https://acme.example/a#end " in out and param(steps[0], "state")["in"] == "query" and "   in the query\n" in out, out)
out, steps = sent("route", "https://acme.example/#/authorize")
check("a route has the query behind it", "   GET https://acme.example/#/authorize " in out and "   in a query behind the fragment's route\n     response_type=code" in out
      and "   in the query\n" not in out.split("2. It comes")[0] and param(steps[0], "state")["in"] == "fragment", out)
out, steps = sent("both", "https://acme.example/x?z=1#/oauth/authorize?y=2")
check("and another before it", "   GET https://acme.example/x#/oauth/authorize " in out and "   in the query\n     z=1\n   in a query behind the fragment's route\n     y=2\n" in out, out)
check("the state comes back", param(steps[1], "state")["value"] == "<random>", steps[1])
out, steps = sent("twice", "https://acme.example/a?prompt=all&z=%2B%20+x%3D%26&z=", "authorize: {params: {prompt: login}}\n")
check("what is there twice is shown twice, as it is sent", "   in the query\n     prompt=all" in out and "\n     z=%2B%20+x=%26\n     z=\n     response_type=code" in out
      and "\n     prompt=login" in out and [one["value"] for one in steps[0]["params"] if one["name"] == "prompt"] == ["all", "login"], out)
for separator, wire, value in ((" ", "a+b%2Bc", "a b+c"), (",", "a,b%2Bc", "a,b+c"), ("+", "a+b%2Bc", "a b+c"), (";", "a;b%2Bc", "a;b+c")):
    out, steps = sent("apart", "https://acme.example/a", f"scopes: {{separator: \"{separator}\", default: [a, b+c]}}\n")
    check("what stands between scopes", f"     scope={wire}  " in out and param(steps[0], "scope")["wire"] == wire and param(steps[0], "scope")["value"] == value, separator, out)
out, steps = sent("words", "https://acme.example/a?q=%E4%BD%A0%20%FF&r=%E4%BD%A0&s=%0a", "token: {params: {note: 'a b%'}}\n")
check("what is no text, or none to be shown, stays as it is sent", all(line in out for line in ("     q=%E4%BD%A0%20%FF\n", "     r=\u4f60\n", "     s=%0a\n")), out)
check("in a form too", "     note=a+b%25  " in out and param(steps[2], "note")["wire"] == "a+b%25" and param(steps[2], "note")["value"] == "a b%", out)
check("what is random is masked however it is sent", param(steps[0], "state")["wire"] == "<random>", steps[0])
for id in ("end", "route", "both"):
    code, out, err = room.run("try", id)
    check("such a provider's sandbox is logged in to", code == 0 and "authorization_code" in out and "FAILED" not in out, id, out, err)

# Answers that are no JSON.
room.provider("xml", "fob: 1\ntoken_endpoint: https://acme.example/t\ntoken: {encoding: xml, response: {format: xml, fields: {access_token: /r/t}}}\n")
check("XML", "ACCESS_TOKEN" in json.dumps(story("xml")["steps"][0]["answer"]) and param(story("xml")["steps"][0], "grant_type")["in"] == "xml")


def answered(id, more, *words):
    """The answers as they are shown, and the steps."""
    room.provider(id, f"fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\n{more}")
    code, out, err = explain(id, *words)
    check("it is told to its end", code == 0 and "cannot be told" not in out, out, err)
    shown = [part.split("\n   of which")[0].split("\n\n")[0].rstrip("\n") for part in out.split("   an answer like\n")[1:]]
    return shown, story(id, *words)["steps"]


shown, steps = answered("rooted", "token: {response: {format: xml, fields: {access_token: /Access_Token/Token, refresh_token: /Access_Token/Refresh, expires_in: /Access_Token/@seconds}}}\n")
check("XML has one root, with attributes", shown == ['     <Access_Token seconds="3600"><Token>ACCESS_TOKEN</Token><Refresh>REFRESH_TOKEN</Refresh></Access_Token>'] * 2, shown)
check("as in JSON", steps[2]["answer"] == {"Access_Token": {"Token": "ACCESS_TOKEN", "Refresh": "REFRESH_TOKEN", "@seconds": 3600}} and "refresh" in [step["what"] for step in steps], steps)
shown, steps = answered("one", "token: {response: {format: xml, fields: {access_token: /r/t}}}\n")
check("what it cannot hold is not made up", shown == ["     <r><t>ACCESS_TOKEN</t></r>"] and "refresh" not in [step["what"] for step in steps], shown)
shown, steps = answered("bare", "token: {response: {format: xml}}\n")
check("a root alone", shown == ["     <access_token>ACCESS_TOKEN</access_token>"], shown)
shown, steps = answered("items", "steps: {s: {endpoint: \"https://acme.example/s\", choose: {from: /all/one, id: /id}, response: {format: xml, success: {/all/ok: \"<&>\"}, keep: {k: /id}}}}\n")
check("lists are elements", shown[1] == "     <all><one><id>K</id></one><ok>&lt;&amp;&gt;</ok></all>", shown)
shown, steps = answered("form", "token: {response: {format: form}}\nissuer: https://acme.example\nscopes: {default: [openid]}\n")
check("a form", shown[0].startswith("     access_token=ACCESS_TOKEN&refresh_token=REFRESH_TOKEN&token_type=Bearer&expires_in=3600&id_token={") and steps[2]["answer"]["id_token"]["JWT"]["aud"] == "CLIENT_ID", shown)
shown, steps = answered("text", "token: {response: {format: text, fields: {access_token: \"\"}}}\nverify: {endpoint: \"https://acme.example/v\", response: {format: text}}\n")
check("a text", shown == ["     ACCESS_TOKEN", "     TEXT"], shown)
shown, steps = answered("fields", "token: {response: {fields: {access_token: \"header:X-Auth\", refresh_token: \"cookie:RT\"}}}\n")
check("header fields and cookies", shown[0] == '     X-Auth: ACCESS_TOKEN\n     Set-Cookie: RT=REFRESH_TOKEN; Path=/\n     {"token_type":"Bearer","expires_in":3600}', shown)
check("as in JSON", steps[2]["answer_headers"] == [{"name": "X-Auth", "value": "ACCESS_TOKEN"}, {"name": "Set-Cookie", "value": "RT=REFRESH_TOKEN; Path=/"}]
      and steps[2]["answer_text"] == '{"token_type":"Bearer","expires_in":3600}', steps[2])
shown, steps = answered("signed-field", "token: {response: {fields: {access_token: \"header:X-Auth\", expires_at: \"claim:access_token/exp\"}}}\n")
check("a JWT in one is said to be one", shown[0].startswith("     X-Auth: <JWT>\n"), shown)

# What has to be told of it.
room.provider("weak", "fob: 1\nauthorization_endpoint: https://acme.example/a\ntoken_endpoint: https://acme.example/t\ncallback: {state: none, state_reason: it is lost on the way}\n")
check("a login that can be forged", "WARNING: without a state, a login can be forged: it is lost on the way" in explain("weak")[1])
room.provider("stuck", "fob: 1\ntoken_endpoint: https://acme.example/t\nhosts: [acme.example]\ntoken: {response: {keep: {api: {from: /api, pattern: \"https://b[.]example\"}}}}\n"
              "steps: {next: {endpoint: \"{+kept.api}/next\"}}\nverify: {endpoint: \"https://acme.example/me\"}\n")
got = explain("stuck")
check("what cannot be told", got[0] == 0 and "What follows cannot be told" in got[1] and "b.example" in got[1] and "fob verify asks" in got[1], got)

for words, code, word in [(["nobody"], 7, 'no provider "nobody"'), ([room.path + "/nowhere.yaml"], 2, "cannot be opened"),
                          (["acme", "--grant", "password"], 2, "nothing to explain"), (["acme", "--environment", "moon"], 7, "moon"),
                          (["acme", "--var", "shp=x"], 7, 'no variable "shp"'), (["acme", "--var", "shop=X"], 7, 'cannot be "X"'),
                          (["acme", "--var", "shop"], 2, "NAME=VALUE"), ([], 2, "fob explain")]:
    got = explain(*words)
    check("what cannot be explained", got[0] == code and word in got[2], words, got)
got = explain(room.write("bad.yaml", "fob: 1\ntokn_endpoint: x\n"))
check("a broken file", got[0] == 7 and "bad.yaml:2" in got[2], got)
finish()
