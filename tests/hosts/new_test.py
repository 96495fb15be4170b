#!/usr/bin/env python3
# fob new: a descriptor from two URLs, from what an issuer says of itself, or from what a person types; never over a file.
import os, sys
from cli import Provider, Room, check, finish

provider, room = Provider(), Room(sys.argv[1])
origin = provider.origin
TWO = ["--authorize", "https://acme.example/authorize", "--token", "https://acme.example/token"]
DOCS = ["--docs", "https://acme.example/docs"]


def new(*words):
    return room.run("new", *words)


def says(what, got, code, *words):
    check(what, got[0] == code and all(word in got[1] + got[2] for word in words), got)


def text(id):
    with open(f"{room.providers}/{id}.yaml") as file:
        return file.read()


# --- two URLs
says("two URLs", new("acme", *TWO, *DOCS, "--auth", "client_secret_post", "--scope", "mail", "--scope", "a:b", "--name", "Acme: the \"shop\""),
     0, "acme.yaml is written", "fob explain acme")
says("are a good descriptor", room.run("lint", room.providers + "/acme.yaml"), 0)
check("without a word", room.run("lint", room.providers + "/acme.yaml")[1] == "")
for line in ["authorization_endpoint: https://acme.example/authorize", "docs: https://acme.example/docs", "token_endpoint_auth_methods_supported: [client_secret_post]",
             "default: [mail, a:b]", 'name: "Acme: the \\"shop\\""', "# rotation: rotates", "# tests:"]:
    check("a line of it", line in text("acme"), line, text("acme"))
check("only its owner may change it", os.stat(room.providers + "/acme.yaml").st_mode & 0o777 == 0o644)
says("it can be explained at once", room.run("explain", "acme"), 0, "client_secret=CLIENT_SECRET", "scope=mail+a:b")
before = text("acme")
says("never over a file", new("acme", *TWO, *DOCS), 2, "is there already")
check("which stays", text("acme") == before)
says("a machine needs no page", new("robot", "--token", "https://acme.example/token", *DOCS), 0)
path = room.path + "/deep/er/mine.yaml"
says("elsewhere", new("mine", *TWO, *DOCS, "--output", path), 0, path)
check("with its folders", os.path.exists(path))
room.environment["FOB_PROVIDER_PATH"] = room.path + "/first:" + room.providers
says("the first folder that is looked into", new("acme", *TWO, *DOCS), 0, room.path + "/first/acme.yaml")
del room.environment["FOB_PROVIDER_PATH"]

# --- what cannot be written
for words, code, word in [(["Acme", *TWO, *DOCS], 2, "cannot be the id"), (["x"], 2, "--from-issuer"), (["x", "--authorize", "https://a.example"], 2, "--token URL"),
                          (["x", "--from-issuer", "https://a.example", "--token", "https://a.example"], 2, "write it as"),
                          (["x", *TWO], 2, "--docs URL"), (["x", *TWO, *DOCS, "--auth", "password"], 2, 'no way "password"'),
                          (["x", *TWO[:3], "http://acme.example/token", *DOCS], 7, "x.yaml:7:17: error"),
                          (["x", *TWO, "--docs", "no link"], 7, "error"), (["x", *TWO, *DOCS, "--output", "/proc/x/y.yaml"], 2, "cannot be written")]:
    says("what cannot be written", new(*words), code, word)
    check("is not", not os.path.exists(room.providers + "/x.yaml"), words)

# --- an issuer
metadata = {"issuer": origin + "/tenant", "authorization_endpoint": origin + "/a", "token_endpoint": origin + "/t", "jwks_uri": origin + "/k",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"], "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"], "scopes_supported": ["openid", "x y", 7, "https://acme.example/read"],
            "authorization_response_iss_parameter_supported": True, "claims_supported": ["sub"], "service_documentation": "https://acme.example/help"}
del metadata["scopes_supported"][1]
provider.answers["/.well-known/oauth-authorization-server/tenant"] = metadata
says("an issuer with a path (RFC 8414 section 3.1)", new("one", "--from-issuer", origin + "/tenant"), 0, "one.yaml is written")
for line in [f"issuer: {origin}/tenant", f"token_endpoint: {origin}/t", "docs: https://acme.example/help", "grant_types_supported: [authorization_code, refresh_token]",
             "scopes_supported: [openid, https://acme.example/read]", "authorization_response_iss_parameter_supported: true",
             f"# As {origin}/.well-known/oauth-authorization-server/tenant has it."]:
    check("a line of it", line in text("one"), line, text("one"))
check("what fob does not know is left out", "claims_supported" not in text("one"))
says("is a good descriptor", room.run("lint", room.providers + "/one.yaml"), 0)
check("nothing but reading", all(one["method"] == "GET" and "authorization" not in one["headers"] for one in provider.sent), provider.sent)
del provider.answers["/.well-known/oauth-authorization-server/tenant"]
provider.answers["/tenant/.well-known/openid-configuration"] = dict(metadata, service_documentation=None)
says("else as OpenID Connect has it", new("two", "--from-issuer", origin + "/tenant"), 0)
check("its document is the link then", f"docs: \"{origin}/tenant/.well-known/openid-configuration\"" in text("two") or
      f"docs: {origin}/tenant/.well-known/openid-configuration" in text("two"), text("two"))
asked = [one["path"] for one in provider.sent[-2:]]
check("after the other", asked == ["/.well-known/oauth-authorization-server/tenant", "/tenant/.well-known/openid-configuration"], asked)
provider.answers["/.well-known/oauth-authorization-server"] = dict(metadata, issuer=origin)
says("an issuer without a path", new("three", "--from-issuer", origin), 0)
says("one that calls itself otherwise is refused", new("four", "--from-issuer", origin + "/"), 6, "of another issuer", f"--from-issuer {origin}")
provider.answers["/.well-known/oauth-authorization-server"] = {"token_endpoint": origin + "/t"}
says("so is one that does not say who it is", new("four", "--from-issuer", origin), 6, "names none")
provider.answers["/.well-known/oauth-authorization-server"] = "<html>"
says("a page is no document", new("four", "--from-issuer", origin), 6, "says nothing of itself", "--authorize")
provider.answers["/.well-known/oauth-authorization-server"] = dict(metadata, issuer=origin, token_endpoint="http://acme.example/t")
says("an endpoint that is not https is refused", new("four", "--from-issuer", origin), 7, "four.yaml", "error")
says("nor is the issuer asked", new("four", "--from-issuer", "http://acme.example"), 2, "https")
says("nobody there", new("four", "--from-issuer", "http://127.0.0.1:1"), 5)
check("none of them was written", not os.path.exists(room.providers + "/four.yaml"))

# --- what an issuer says of OpenID Connect, and of what fob cannot do
full = dict(metadata, issuer=origin, userinfo_endpoint=origin + "/me")
provider.answers["/.well-known/oauth-authorization-server"] = full
says("OpenID Connect", new("five", "--from-issuer", origin), 0)
check("asks for openid, and knows whose token it is", "default: [openid]" in text("five") and "identity:\n  from: id_token\n  id: /sub\n" in text("five"), text("five"))
says("without a word", room.run("lint", room.providers + "/five.yaml"), 0)
says("and is shown so", room.run("explain", "five"), 0, "scope=openid", "id_token")
says("other scopes", new("five-b", "--from-issuer", origin, "--scope", "mail"), 0)
check("tell nobody", "# identity:" in text("five-b") and "default: [mail]" in text("five-b"), text("five-b"))
says("another place", new("five-c", "--from-issuer", origin, "--identity", "userinfo"), 0)
check("is the one", "identity:\n  from: userinfo\n  id: /sub\n" in text("five-c"), text("five-c"))
check("what is not said of it is not done", "pushed" not in text("five"))
provider.answers["/.well-known/oauth-authorization-server"] = dict(full, require_pushed_authorization_requests=True)
says("pushed authorization requests only", new("six", "--from-issuer", origin), 0, "pushed authorization requests only (RFC 9126), which fob cannot do yet")
check("stands in the file too", "# Which fob cannot do yet" in text("six") and "\nrequire_pushed_authorization_requests: true\n" in text("six"), text("six"))

# --- URLs as they are pasted
def two(authorize, token="https://acme.example/t"):
    return ["--authorize", authorize, "--token", token, *DOCS]


says("variables of a tenant", new("tenants", *two("https://{tenant}.acme.example/a", "https://{tenant}.acme.example/{realm}/t")), 0)
check("are declared", all(line in text("tenants") for line in ["  tenant:\n    doc: The tenant, as the provider calls it\n    example: acme\n    pattern: \"[a-z0-9][a-z0-9-]*\"\n",
                                                             "  realm:\n", 'hosts: ["{tenant}.acme.example"]\n']), text("tenants"))
check("without a word", room.run("lint", room.providers + "/tenants.yaml") == (0, "", ""), room.run("lint", room.providers + "/tenants.yaml"))
says("and can be explained", room.run("explain", "tenants", "--var", "tenant=mine"), 0, "GET https://mine.acme.example/a ", "POST https://mine.acme.example/acme/t ")
says("but not with another host", room.run("explain", "tenants", "--var", "tenant=evil.example/"), 7, "cannot be")
for id, urls, line, sent in [("whole", ("https://{host}/a", "https://{host}:8443/t"), 'hosts: ["{host}", "{host}:8443"]\n', "https://acme.example:8443/t"),
                             ("base", ("{+base}/a", "{+base}/t"), 'hosts: ["{+host_of(base)}"]\n', "https://acme.example/t"),
                             ("paths", ("https://acme.example/{+org}/a?x={y}", "https://acme.example/{org}/t"), "hosts: [acme.example]\n", "https://acme.example/acme/t")]:
    says("a variable " + id, new(id, *two(*urls)), 0)
    check("closes the hosts", line in text(id), text(id))
    says("and is a good descriptor", room.run("lint", room.providers + f"/{id}.yaml"), 0)
    says("that can be explained", room.run("explain", id), 0, sent)
says("none", new("fixed", *two("https://acme.example/a?x=1")), 0)
check("needs none", "variables:" not in text("fixed") and "# hosts:" in text("fixed"), text("fixed"))
for url, word in (("https://{Tenant}.acme.example/a", "error"), ("https://{lower(x)}.acme.example/a", "not a variable")):
    says("what is no plain name is for a person", new("x", *two(url)), 7, word)

got = new("pasted", *two("https://acme.example/a?client_id=77&redirect_uri=https%3A%2F%2Fx&response_type=code&scope=read%20all&state=abc&access_type=offline&x&code_challenge=1"
                         "&code_challenge_method=S256&nonce=3#end"))
says("a whole request", got, 0, "taken out of the authorize URL, for fob sends it itself: client_id, redirect_uri, response_type, scope, state, code_challenge, code_challenge_method, nonce")
check("is left with what is the provider's", 'authorization_endpoint: "https://acme.example/a?access_type=offline&x#end"\n' in text("pasted") and "default: [read, all]\n" in text("pasted")
      and "\n  # separator:" in text("pasted"), text("pasted"))
says("as it is sent then", room.run("explain", "pasted"), 0, "     access_type=offline\n     x=\n     response_type=code\n     client_id=CLIENT_ID\n", "scope=read+all")
got = new("routed", *two("https://acme.example/a?state=1&z=2#/r?scope=a,b&y=3"))
says("a route too", got, 0, "itself: state, scope\n", 'separated by ","')
check("on both sides", 'authorization_endpoint: "https://acme.example/a?z=2#/r?y=3"\n' in text("routed") and 'default: [a, b]\n  separator: ","\n' in text("routed"), text("routed"))
says("another scope wins", new("chosen", *two("https://acme.example/a?scope=a"), "--scope", "b"), 0)
check("over the pasted one", "default: [b]\n" in text("chosen"), text("chosen"))
says("a form that comes back", new("posted", *two("https://acme.example/a?response_mode=form_post&response_type=code%20id_token")), 0, "its response_type is code id_token")
check("is written down", "authorize: { response_mode: form_post }\n" in text("posted"), text("posted"))
says("nothing to take", new("nothing", *two("https://acme.example/a?x=1")), 0)
check("says nothing", new("nothing2", *two("https://acme.example/a?x=1"))[2] == "")

# --- scopes in a list
for id, words, line, told in [("comma", ["--scope", "read,write"], 'default: [read, write]\n  separator: ","\n', 'separated by ","'),
                              ("space", ["--scope", "read write", "--scope", "all"], "default: [read, write, all]\n  # What", ""),
                              ("other", ["--scope", "read,only;write", "--scope-separator", ";"], 'default: ["read,only", write]\n  separator: ";"\n', ""),
                              ("spaced", ["--scope", "read,only write", "--scope-separator", " "], 'default: ["read,only", write]\n  # What', ""),
                              ("alone", ["--scope-separator", "+"], 'scopes:\n  separator: "+"\n', "")]:
    got = new(id, *TWO, *DOCS, *words)
    says("scopes", got, 0, told)
    check("as they were meant", line in text(id) and (told or not got[2]), text(id), got)
    says("and good", room.run("lint", room.providers + f"/{id}.yaml"), 0)

# --- all that can be said, for scripts
says("all of it", new("whole-story", *TWO, *DOCS, "--identity", "userinfo/user/id", "--userinfo", "https://api.acme.example/me", "--console", "https://acme.example/apps",
                      "--redirect-uris", "https_or_localhost", "--rotation", "reuse_revokes"), 0)
check("is in the file", all(line in text("whole-story") for line in ["userinfo_endpoint: https://api.acme.example/me\n", "identity:\n  from: userinfo\n  id: /user/id\n",
      "registration:\n  console: https://acme.example/apps\n  redirect_uri: https_or_localhost\n", "\nrotation: reuse_revokes\n"]), text("whole-story"))
says("which is good", room.run("lint", room.providers + "/whole-story.yaml"), 0)
check("and passes at its sandbox", room.run("try", "whole-story")[0] == 0, room.run("try", "whole-story"))
for words, word in [(["--rotation", "sometimes"], 'no rotation "sometimes"'), (["--redirect-uris", "all"], 'no kind of redirect URI "all"'), (["--identity", "header/x"], "no place"),
                    (["--identity", "token"], "no place"), (["--identity", "userinfo/id"], "--userinfo URL"), (["--scope-separator", ", "], "one character"),
                    (["--scope-separator", ""], "one character")]:
    says("what cannot be", new("x", *TWO, *DOCS, *words), 2, word)
for words in (["--console", "apps"], ["--userinfo", "http://acme.example/me"], ["--scope-separator", "a"]):
    says("nor be written", new("x", *TWO, *DOCS, *words), 7, "error")
check("none of them was", not os.path.exists(room.providers + "/x.yaml"))

# --- a person
rest = [("stands between", "\n"), ("register an app", "\n"), ("Redirect URIs", "\n"), ("that was used", "\n"), ("Whose token", "\n")]
code, shown = room.at_terminal(["new", "typed", *TWO], [("Which", "client_secret_post\n"), ("documentation (URL)", "https://acme.example/docs\n"),
                                                        ("by spaces", "a b\n"), ("register an app", "https://acme.example/apps\n"), ("Redirect URIs", "https\n"),
                                                        ("that was used", "sometimes\n"), ('no rotation "sometimes"', "grace\n"), ("Whose token", "userinfo\n"),
                                                        ("userinfo endpoint", "https://acme.example/me\n")])
check("a person is asked for the rest", code == 0 and "token_endpoint_auth_methods_supported: [client_secret_post]" in text("typed")
      and "default: [a, b]" in text("typed") and "stands between" not in shown, code, shown)
check("and may say all of it", all(line in text("typed") for line in ["rotation: grace\n", "  redirect_uri: https\n", "  console: https://acme.example/apps\n", "  from: userinfo\n  id: /sub\n",
                                                                     "userinfo_endpoint: https://acme.example/me\n"]), text("typed"))
code, shown = room.at_terminal(["new", "short", *TWO, *DOCS], [("Which", "\n"), ("by spaces", "\n"), *rest])
check("and may leave it", code == 0 and "auth_methods" not in text("short") and all(line in text("short") for line in ["# scopes:", "# identity:", "# rotation:", "# registration:"]), code, shown)
code, shown = room.at_terminal(["new", "one-scope", *TWO, *DOCS, "--auth", "none"], [("by spaces", "a\n"), ("stands between", ",\n"), *rest[1:]])
check("what stands between two is asked for one", code == 0 and 'default: [a]\n  separator: ","\n' in text("one-scope"), code, shown)
code, shown = room.at_terminal(["new", "machine", "--token", "https://acme.example/t", *DOCS, "--auth", "none"], [("by spaces", "\n"), *rest[:2]])
check("a machine has no person to be told of", code == 0 and "Whose token" not in shown and "Redirect URIs" not in shown, code, shown)
provider.answers["/.well-known/oauth-authorization-server"] = full
code, shown = room.at_terminal(["new", "seven", "--from-issuer", origin, *DOCS], [("Enter: openid", "\n"), *rest[1:4]])
check("of an issuer, less is asked", code == 0 and "default: [openid]" in text("seven") and "from: id_token" in text("seven") and "Which" not in shown and "Whose" not in shown, code, shown)
code, shown = room.at_terminal(["new", "eight", *TWO, *DOCS, "--auth", "none"], [("by spaces", "\n"), *rest[:4], ("Whose token", "nowhere\n"), ("write it as id_token/sub", "userinfo/id\n"), ("userinfo endpoint", "\n")])
check("an endpoint that nobody knows", code == 2 and "--userinfo URL" in shown and not os.path.exists(room.providers + "/eight.yaml"), code, shown)
finish()
