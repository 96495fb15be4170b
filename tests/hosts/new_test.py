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

# --- a person
code, shown = room.at_terminal(["new", "typed", *TWO], [("Which", "client_secret_post\n"), ("documentation (URL)", "https://acme.example/docs\n"),
                                                        ("by spaces", "a b\n")])
check("a person is asked for the rest", code == 0 and "token_endpoint_auth_methods_supported: [client_secret_post]" in text("typed")
      and "default: [a, b]" in text("typed"), code, shown)
code, shown = room.at_terminal(["new", "short", *TWO, *DOCS], [("Which", "\n"), ("by spaces", "\n")])
check("and may leave it", code == 0 and "auth_methods" not in text("short") and "# scopes:" in text("short"), code, shown)
finish()
