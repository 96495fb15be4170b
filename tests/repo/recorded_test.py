#!/usr/bin/env python3
"""Whatever a bundled descriptor says its provider does otherwise, an exchange that was recorded of the provider shows. fob
try plays them; this test sees that there is one for each thing said."""
import json
import pathlib
import re
import subprocess
import sys

source, build = map(pathlib.Path, sys.argv[1:])

# What no exchange shows: "acme/refresh/params/scope": why. Nothing yet, and each needs a good reason.
EXCEPTIONS = {}
# Alipay's answers are signed, so that they stand under another key: tests/hosts/alipay_test.py is the gateway.
RECORDED_UNDER = {"alipay": "x-tests"}

# The keys that this test knows; a new one of the language needs a word here about what shows it. Those in the second set
# are notes, facts in time, or what the others show along with them.
FACTS = {"fob", "id", "name", "docs", "extends", "variables", "environments", "registration", "lifetimes", "rotation", "hosts",
         "plugin", "sources", "tests"}
BLOCKS = {"authorize", "callback", "token", "client_credentials", "refresh", "revoke", "verify", "userinfo", "steps", "scopes",
          "identity", "use", "rename", "device"}
KNOWN = {
    "authorize": ({"params", "rename", "response_mode", "pkce", "sorted"}, {"pkce_reason", "nonce"}),
    "callback": ({"fields", "keep", "require", "code_is_encoded", "errors", "state"}, {"state_reason", "response_mode"}),
    "request": ({"endpoint", "method", "encoding", "params", "rename", "headers", "place", "auth", "response"},
                {"jwt", "secret_in_url", "root", "min_age", "max_ttl", "needs_valid", "with", "missing_refresh_token",
                 "missing_access_token", "tokens", "when", "choose", "replaces"}),
    "response": ({"fields", "keep", "also", "expires_unit", "expires_zero", "scope_separator", "format", "status", "success",
                  "error", "error_description", "errors"}, set()),
}
OPENID_SCOPES = {"openid", "offline_access"}  # as OpenID Connect has them
LIFETIMES = {"expires_at": "expires_in", "refresh_token_expires_at": "refresh_token_expires_in"}
MEDIA = {"json": "application/json", "xml": "application/xml", "query": None}
METADATA = {"token": "token_endpoint", "client_credentials": "token_endpoint", "refresh": "token_endpoint",
            "revoke": "revocation_endpoint", "userinfo": "userinfo_endpoint"}
CODE, MACHINE, REFRESH = "authorization_code", "client_credentials", "refresh_token"


def point(answer, pointer):
    """What a JSON Pointer leads to, or None."""
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(answer, list):
            answer = answer[int(step)] if step.isdigit() and int(step) < len(answer) else None
        else:
            answer = answer.get(step) if isinstance(answer, dict) else None
    return answer


def written(value):
    """Numbers and truth as they are written: fob compares them so."""
    return value if isinstance(value, str) else json.dumps(value)


def as_pattern(template):
    """What a URL looks like that this template makes; the query is not compared."""
    parts = re.split(r"\{[^{}]*\}", template.partition("?")[0].partition("#")[0])
    return re.compile(".*".join(map(re.escape, parts)) + r"(\?.*)?")


class Recorded:
    """A descriptor, and which of its requests each recorded exchange is."""

    def __init__(self, descriptor, tests):
        self.all, self.tests, self.steps = descriptor, list(tests.items()), descriptor.get("steps", {})
        self.before = sum(step.get("when") == "before" for step in self.steps.values())

    def rule(self, block):
        return self.steps[block[6:]] if block.startswith("steps/") else self.all.get(block)

    def of(self, *grants):
        return [test for _, test in self.tests if test.get("grant", CODE) in grants]

    def endpoints(self, block):
        """Where a request goes, in each environment."""
        inherited = self.all.get("token", {}) if block in (MACHINE, "refresh") else {}
        for rule in (self.rule(block) or {}, inherited):
            if "endpoint" in rule:
                return [rule["endpoint"]]
        places = [self.all, *self.all.get("environments", {}).values()]
        return [place[METADATA[block]] for place in places if METADATA.get(block) in place]

    def exchanges(self, block, *grants):
        """(test, exchange) of a request: by its URL, or by its place where none is told."""
        patterns = [as_pattern(endpoint) for endpoint in self.endpoints(block)]
        is_main = block != "userinfo" and not block.startswith("steps/")
        first = 0 if block in ("revoke", "verify") else self.before
        return [(test, exchange) for test in self.of(*grants) for number, exchange in enumerate(test.get("exchanges", []))
                if (any(pattern.fullmatch(exchange["url"]) for pattern in patterns) if "url" in exchange
                    else is_main and (number == first or block == "revoke"))]

    def sent_as(self, block, name):
        inherited = self.all.get("token", {}) if block in (MACHINE, "refresh") else {}
        for place in (self.rule(block) or {}, inherited, self.all):
            if name in place.get("rename", {}):
                return place["rename"][name]
        return name


# --- the browser: each of these gives (what is said, whether it is shown, what would show it) ---


def of_authorize(told):
    rule, tests = told.all.get("authorize", {}), told.of(CODE)
    named = {name for test in tests for name in test.get("authorize", {})}
    for name in rule.get("params", {}):
        yield f"authorize/params/{name}", name in named, f"an authorize: with {name}"
    for name in rule.get("rename", {}).values():
        yield f"authorize/rename/{name}", name in named, f"an authorize: with {name}"
    if "response_mode" in rule:
        yield "authorize/response_mode", "response_mode" in named, "an authorize: with response_mode"
    if rule.get("pkce") == "S256-hex":
        yield "authorize/pkce", "code_challenge" in named, "an authorize: with code_challenge, in hex"
    elif rule.get("pkce", "S256") != "S256":
        yield "authorize/pkce", named & {"code_challenge", "code_challenge_method"}, \
            "an authorize: with code_challenge_method, null where there is none"
    if rule.get("sorted"):
        yield "authorize/sorted", named, "an authorize:"


def of_scopes(told):
    rule, params = told.all.get("scopes", {}), told.all.get("authorize", {}).get("params", {})
    asked = [test["authorize"] for test in told.of(CODE) if "authorize" in test]
    name = told.sent_as("authorize", "scope")
    sent = {written(params[name]) for params in asked if params.get(name)}
    is_sent = params.get("scope", "") is not None
    always = set(rule.get("always", [])) - OPENID_SCOPES
    if "separator" in rule and is_sent and len(set(rule.get("default", []) + rule.get("always", []))) > 1:
        yield "scopes/separator", any(rule["separator"] in one for one in sent), f"an authorize: with two scopes in {name}"
    if always and is_sent:
        yield "scopes/always", any(all(word in one for word in always) for one in sent), f"an authorize: with them in {name}"
    for group in rule.get("groups", {}):
        users = {param for param, value in params.items() if f"scopes.{group}" in (value or "")}
        yield f"scopes/groups/{group}", users & {param for params in asked for param in params}, f"an authorize: with {users}"


def of_callback(told):
    rule, tests = told.all.get("callback", {}), told.of(CODE)
    came = {name for test in tests for name in test.get("callback", {})}
    kept = {name for test in tests for name in test.get("token", {}).get("kept", {})}
    names = rule.get("fields", {})
    for field, name in names.items():
        if field != "state":  # which fob try puts in
            yield f"callback/fields/{field}", name in came, f"a callback: with {name}"
    for name, keep in rule.get("keep", {}).items():
        field = keep if isinstance(keep, str) else keep["from"]
        yield f"callback/keep/{name}", field in came and name in kept, f"a callback: with {field}, and a kept: with {name}"
    for name in rule.get("require", {}):
        yield f"callback/require/{name}", name in came, f"a callback: with {name}"
    if rule.get("code_is_encoded"):
        codes = [test.get("callback", {}).get(names.get("code", "code"), "") for test in tests]
        yield "callback/code_is_encoded", any("%" in code for code in codes), "a code with a %"
    if "errors" in rule:
        words = {written(test.get("callback", {}).get(names.get("error", "error"))) for test in tests if "error" in test}
        yield "callback/errors", words & set(rule["errors"]), "a callback: with one of them, which ends in an error:"
    if rule.get("state") == "none":
        yield "callback/state", came, "a callback:"


# --- requests and answers ---


def of_request(told, block, *grants):
    """What a request sends."""
    rule, pairs = told.rule(block), told.exchanges(block, *grants)
    sent = {name for _, exchange in pairs for name in exchange.get("sends", {})}
    headers = {name.lower(): value for _, exchange in pairs for name, value in exchange.get("headers", {}).items()}
    if set(rule) & KNOWN["request"][0] - {"response"}:
        yield f"{block}/endpoint", any("url" in exchange for _, exchange in pairs), \
            f"an exchange of {' or '.join(grants)} with its url"
    if "method" in rule:
        yield f"{block}/method", any(exchange.get("method") == rule["method"] for _, exchange in pairs), \
            f"an exchange with method: {rule['method']}"
    if rule.get("encoding") in MEDIA and rule.get("method") not in ("GET", "DELETE"):
        wanted = MEDIA[rule["encoding"]]
        yield f"{block}/encoding", headers.get("content-type", "") == wanted, f"headers: with Content-Type: {wanted}"
    for name in rule.get("params", {}):
        yield f"{block}/params/{name}", name in sent, f"sends: with {name}"
    for name in rule.get("headers", {}):
        yield f"{block}/headers/{name}", name.lower() in headers, f"headers: with {name}"
    if "place" in rule:
        yield f"{block}/place", any("?" in exchange.get("url", "") for _, exchange in pairs), "a url with its query"
    yield from of_auth(told, block, rule, sent, set(headers))


def of_auth(told, block, rule, sent, headers):
    auth, use, secret = rule.get("auth", ""), told.all.get("use", {}), told.sent_as(block, "client_secret")
    if auth == "client_secret_post" and "jwt" not in rule:  # a JWT in its place is another one each time
        yield f"{block}/auth", secret in sent, f"sends: with {secret}"
    elif auth.startswith("client_secret_basic"):
        yield f"{block}/auth", "authorization" in headers, "headers: with Authorization"
    elif auth.endswith("_jwt"):
        yield f"{block}/auth", "client_assertion_type" in sent, "sends: with client_assertion_type"
    elif auth == "token" and "query" in use:
        yield f"{block}/auth", use["query"] in sent, f"sends: with {use['query']}"
    elif auth == "token":
        yield f"{block}/auth", use.get("header", "Authorization").lower() in headers, "headers: with the token"


def is_failure(test):
    """It ends in an error, or without what the last request was to tell: who the person is may stay open."""
    token = test.get("token", {})
    return "error" in test or token.get("identity", "") is None or token.get("label", "") is None


def of_answer(block, rule, pairs):
    """What an answer holds, and what comes of it."""
    tokens = [test["token"] for test, _ in pairs if "token" in test]
    facts = {name for token in tokens for name in token}
    for field in rule.get("fields", {}):
        fact = LIFETIMES.get(field, field)
        yield f"{block}/response/fields/{field}", fact in facts, f"a token: with {fact}"
    for name in rule.get("keep", {}):
        yield f"{block}/response/keep/{name}", any(name in token.get("kept", {}) for token in tokens), f"a kept: with {name}"
    for name, other in rule.get("also", {}).items():
        others = [also for token in tokens for also in token.get("also", {})]
        is_shown = others if "each" in other else name in others  # those of a list are called by the answer
        yield f"{block}/response/also/{name}", is_shown, "an also: with one of the list" if "each" in other else f"an also: with {name}"
    if "expires_unit" in rule:
        yield f"{block}/response/expires_unit", "expires_in" in facts, "a token: with expires_in"
    if "expires_zero" in rule:
        lifetime = rule.get("fields", {}).get("expires_in", "/expires_in")
        yield f"{block}/response/expires_zero", any(
            written(point(exchange.get("answer"), lifetime)) == "0" and "expires_in" in test.get("token", {})
            for test, exchange in pairs), "an answer with a lifetime of 0, and a token: with expires_in, null where it never ends"
    if "scope_separator" in rule:
        yield f"{block}/response/scope_separator", "scope" in facts, "a token: with scope"
    if rule.get("format", "json") not in ("json", "auto"):
        yield f"{block}/response/format", any("text" in exchange for _, exchange in pairs), "an answer that is a text"
    for status in rule.get("status", []):
        if not 200 <= int(status) < 300:  # those are good without being told
            yield f"{block}/response/status/{status}", any(str(exchange.get("status")) == str(status) for _, exchange in pairs), \
                f"a status: {status}"
    yield from of_failure(block, rule, [exchange for test, exchange in pairs
                                        if exchange is test["exchanges"][-1] and is_failure(test)])


def places(said):
    """A place, or several of which the first that is there counts."""
    return said if isinstance(said, list) else [said]


def of_failure(block, rule, failed):
    answers, where = [exchange.get("answer") for exchange in failed], places(rule.get("error", "/error"))
    for pointer, value in rule.get("success", {}).items():
        yield f"{block}/response/success{pointer}", any(written(point(answer, pointer)) != written(value) for answer in answers), \
            f"an exchange whose {pointer} is not {written(value)}, which fails"
    if not where[0].startswith("/"):  # a header field, or the whole text
        words = set(rule.get("errors", {"": ""})) if failed else set()
    else:
        words = {written(point(answer, pointer)) for answer in answers for pointer in where} - {"null"}
    if "error" in rule:
        yield f"{block}/response/error", words, f"an exchange with one at {where}, which fails"
    if "error_description" in rule:
        told = places(rule["error_description"])
        yield f"{block}/response/error_description", any(point(answer, pointer) for answer in answers for pointer in told) or \
            (failed and not told[0].startswith("/")), f"an exchange with one at {told}, which fails"
    if "errors" in rule:
        yield f"{block}/response/errors", words & set(rule["errors"]), f"an exchange with one of them at {where}, which fails"


# --- what concerns more than one request ---


def of_rename(told):
    sent = {name for _, test in told.tests for exchange in test.get("exchanges", []) for name in exchange.get("sends", {})}
    asked = {name for _, test in told.tests for name in test.get("authorize", {})}
    for standard, name in told.all.get("rename", {}).items():
        yield f"rename/{standard}", name in sent | asked, f"an authorize: or sends: with {name}"
    for block in ("token", MACHINE, "refresh", "revoke"):
        for standard, name in told.all.get(block, {}).get("rename", {}).items():
            yield f"{block}/rename/{standard}", name in sent, f"sends: with {name}"


def of_use(told):
    """How the token is presented, where a request of the descriptor presents it."""
    use = told.all.get("use", {})
    blocks = [block for block in ("verify", "userinfo", *(f"steps/{name}" for name in told.steps))
              if (told.rule(block) or {}).get("auth", "token") == "token" and told.endpoints(block)]
    presented = [exchange for block in blocks for _, exchange in told.exchanges(block, CODE, MACHINE, REFRESH, "verify")]
    sent = {name for exchange in presented for name in exchange.get("sends", {})}
    headers = {name.lower() for exchange in presented for name in exchange.get("headers", {})}
    if not blocks:
        return
    if "query" in use:
        yield "use/query", use["query"] in sent, f"sends: with {use['query']}, where the token is presented"
    elif "header" in use or "scheme" in use:
        header = use.get("header", "Authorization")
        yield "use/header", header.lower() in headers, f"headers: with {header}, where the token is presented"
    for name in use.get("headers", {}):
        yield f"use/headers/{name}", name.lower() in headers, f"headers: with {name}, where the token is presented"
    for name in use.get("params", {}):
        yield f"use/params/{name}", name in sent, f"sends: with {name}, where the token is presented"


def of_token(told):
    tokens = [test["token"] for _, test in told.tests if "token" in test]
    identity = told.all.get("identity", {})
    is_openid = identity.get("from") in ("id_token", "userinfo") and identity["id"] == "/sub"
    for fact, name in {"id": "identity", "label": "label"}.items():
        if fact in identity and not is_openid:
            yield f"identity/{fact}", any(token.get(name) for token in tokens), f"a token: with {name}"
    refresh, refreshed = told.all.get("refresh", {}), [test["token"] for test in told.of(REFRESH) if "token" in test]
    if refresh.get("missing_refresh_token") == "drop":
        yield "refresh/missing_refresh_token", any(token.get("refresh_token", "") is None for token in refreshed), \
            "a refresh whose token: has refresh_token: null"
    if refresh.get("missing_access_token") == "keep":
        yield "refresh/missing_access_token", any(token.get("access_token") == "access-token" for token in refreshed), \
            "a refresh whose token: has access_token: access-token"


def demands(told):
    """All that the descriptor says."""
    blocks = {"token": (CODE, MACHINE), MACHINE: (MACHINE,), "refresh": (REFRESH,), "revoke": ("revoke",), "verify": ("verify",),
              "userinfo": (CODE,), **{f"steps/{name}": (CODE, MACHINE, REFRESH, "verify") for name in told.steps}}
    for part in (of_authorize, of_scopes, of_callback, of_rename, of_use, of_token):
        yield from part(told)
    for block, grants in blocks.items():
        rule = told.rule(block)
        if rule is None or (block == "verify" and set(rule) == {"endpoint"}):
            continue
        pairs = told.exchanges(block, *grants)
        if block == "token":  # which a refresh begins as
            pairs += told.exchanges("token", REFRESH)
            pairs += told.exchanges("refresh", REFRESH) if "response" not in told.all.get("refresh", {}) else []
        yield block, pairs, f"a test of {' or '.join(grants)} with that request"
        yield from of_request(told, block, *grants)
        yield from of_answer(block, rule.get("response", {}), pairs)


# --- all of them ---

failures, excused = 0, set()


def fail(path, *words):
    global failures
    failures += 1
    print(f"providers/{path.name}:", *words)


def unknown(descriptor):
    """Keys of the language that this test does not know."""
    requests = [descriptor.get(block, {}) for block in ("token", MACHINE, "refresh", "revoke", "verify", "userinfo")]
    requests += descriptor.get("steps", {}).values()
    kinds = {"authorize": [descriptor.get("authorize", {})], "callback": [descriptor.get("callback", {})], "request": requests,
             "response": [request.get("response", {}) for request in requests]}
    for kind, rules in kinds.items():
        yield from (f"{kind}/{key}" for rule in rules for key in rule if key not in set.union(*KNOWN[kind]))
    # The rest is metadata, under the names of RFC 8414.
    yield from (key for key, value in descriptor.items()
                if isinstance(value, dict) and key not in FACTS | BLOCKS and not key.startswith("x-"))


def check(path, descriptor):
    tests = descriptor.get(RECORDED_UNDER.get(path.stem, "tests"), {})
    for place, is_shown, wanted in demands(Recorded(descriptor, tests)):
        if is_shown:
            continue
        excused.add(f"{path.stem}/{place}")
        if f"{path.stem}/{place}" not in EXCEPTIONS:
            fail(path, f"no recorded exchange shows {place}: {wanted}")
    for name, test in tests.items():
        if "source" not in test:
            fail(path, f"tests/{name} has no source")
    # This test could not fail if something were shown by nothing.
    for place, is_shown, _ in demands(Recorded(descriptor, {})):
        if is_shown:
            fail(path, f"{place} is taken as shown without a recorded exchange")
    for key in unknown(descriptor):
        fail(path, f"{key} is new to this test: say here what shows it")


paths = sorted((source / "providers").glob("*.yaml"))
lines = subprocess.run([build / "tests/descriptor_json", *paths], capture_output=True, text=True, check=True).stdout.splitlines()
for path, line in zip(paths, lines, strict=True):
    check(path, json.loads(line)["descriptor"])
for name in sorted(set(EXCEPTIONS) - excused):
    failures += 1
    print(f"{name} is an exception, and is shown")
if len(paths) < 300:
    failures += 1
    print(f"{len(paths)} descriptors were found")
sys.exit(failures > 0)
