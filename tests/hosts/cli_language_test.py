#!/usr/bin/env python3
# The command and what descriptors can say: choices, weak logins, scope groups, kept values, second tokens, renewal, verify.
import json, sys, time
from cli import Provider, Room, check, finish

provider, room = Provider(), Room(sys.argv[1])
origin = provider.origin
ends = f"fob: 1\nauthorization_endpoint: {origin}/authorize\ntoken_endpoint: {origin}/token\n"
token = {"access_token": "at-1", "refresh_token": "rt-1", "token_type": "Bearer", "expires_in": 3600}
provider.answers["/token"] = token


def says(what, got, code, *words):
    check(what, got[0] == code and all(word in got[1] + got[2] for word in words), got)


# --- choosing
room.provider("sites", ends + f"""
steps:
  site:
    endpoint: {origin}/sites
    choose: {{from: "", id: /id, label: /name}}
    response: {{keep: {{site: /url, pin: {{from: /pin, secret: true}}}}}}
identity: {{id: /user/id, label: /user/name}}
""")
token["user"] = {"id": "u1", "name": "Mia K."}
sites = [{"id": "a1", "name": "Acme", "url": "https://a.example", "pin": "p1n-a"},
         {"id": "b2", "name": "Bolt", "url": "https://b.example", "pin": "p1n-b"}]
provider.answers["/sites"] = sites
says("without a terminal the ids are told", room.login("work", "sites"), 2, "site=a1", "site=b2  Bolt", "--choose site=ID")
says("and nothing is kept", room.run("show", "work"), 3)
says("the choice beforehand", room.login("work", "sites", "--choose", "site=b2"), 0, "is logged in")
says("what was chosen is kept", room.run("show", "work"), 0, "site=https://b.example", "pin=(secret)", "label:         Mia K.")
check("a secret one is not shown", "p1n-b" not in "".join(room.run("show", "work")[1:]))
says("a kept value", room.run("token", "work", "--kept", "site"), 0, "https://b.example")
says("a secret one, asked for by name", room.run("token", "work", "--kept", "pin"), 0, "p1n-b")
says("one that is not there", room.run("token", "work", "--kept", "moon"), 2, '"moon"', "site pin")
says("a value or a format", room.run("token", "work", "--kept", "site", "--format", "raw"), 2, "--kept and --format")
facts = json.loads(room.run("show", "work", "--json")[1])
check("facts for scripts", facts["kept"] == {"site": "https://b.example", "pin": None} and facts["label"] == "Mia K."
      and facts["renewal_due"] is None and facts["is_whole"] is True, facts)
facts = json.loads(room.run("token", "work", "--format", "json")[1])
check("beside the token too", facts["kept"]["site"] == "https://b.example" and facts["access_token"] == "at-1", facts)
says("a choice that is not there", room.login("work", "sites", "--choose", "site=zz"), 2, 'no site "zz"')
says("a choice without a value", room.login("work", "sites", "--choose", "site"), 2, "NAME=VALUE")
login = ["login", "work", "--provider", "sites", "--client-id", "x"]
code, shown = room.at_terminal(login, [("Number, 1 to 2:", "7\n"), ("Number, 1 to 2: 7", "1\n")])
check("at a terminal, a numbered list", code == 0 and "1  Acme  (a1)" in shown and "2  Bolt  (b2)" in shown, code, shown)
says("the number counts", room.run("show", "work"), 0, "site=https://a.example")
code, shown = room.at_terminal(login, [("Number, 1 to 2:", "b2\n")])
says("an id is as good", room.run("show", "work"), 0, "site=https://b.example")
code, shown = room.at_terminal(login, [("Number, 1 to 2:", "\x04")])
check("no answer cancels", code == 4 and "nothing was chosen" in shown, code, shown)
provider.answers["/sites"] = sites[:1]
says("one alone is taken", room.login("work", "sites"), 0)

# --- a login without state
room.provider("stateless", ends + "callback: {state: none, state_reason: the install link starts at the provider}\n")
provider.gives_state = False
got = room.login("weak", "stateless")
says("a weak login is told of", got, 0, "WARNING", "the install link starts at the provider")
check("before the browser is opened", got[2].index("WARNING") < got[2].index("/authorize?"), got[2])
provider.gives_state = True
check("and only such a one", "WARNING" not in room.login("work", "sites")[2])

# --- scope groups and second tokens
room.provider("two", ends + """
scopes: {groups: {user: {doc: the person's own}}}
authorize: {params: {user_scope: "{scopes.user}"}}
token: {response: {also: {user: {access_token: /person/access_token, refresh_token: /person/refresh_token}}}}
""")
token["person"] = {"access_token": "person-1", "refresh_token": "person-rt"}
says("a scope of a group", room.login("team", "two", "--scope", "chat", "--scope", "user=files:read"), 0)
sent = provider.last("/authorize")["params"]
check("goes into its own parameter", sent["scope"] == "chat" and sent["user_scope"] == "files:read", sent)
check("the second token is in the list", "team/user" in room.run("list", "--names")[1].split())
says("and is one like any other", room.run("token", "team/user"), 0, "person-1")
says("the help tells of groups", room.run("login", "--help"), 0, "user=files:read")

# --- the token in the query
room.provider("query", ends + "use: {query: access_token}\n")
token["access_token"] = "at +&=%\"1"
says("a login", room.login("q", "query"), 0)
provider.answers["/me"] = {"hello": "you"}
says("curl puts it into the query", room.run("curl", "q", origin + "/me?a=1", "--silent"), 0, "hello")
sent = provider.last("/me")
check("as it has to be", sent["params"] == {"a": "1", "access_token": "at +&=%\"1"}, sent)
check("and nowhere else", "authorization" not in sent["headers"], sent)
says("there is no header for it", room.run("token", "q", "--format", "header"), 1, "query")
token["access_token"] = "at-1"

# --- header fields beside the token
room.provider("keyed", ends + 'use: {headers: {X-Key: "{client_id}"}}\n')
says("a login", room.login("k", "keyed"), 0)
says("curl sends them", room.run("curl", "k", origin + "/me", "--silent"), 0, "hello")
key = provider.last("/me")["headers"]["x-key"]
check("as the descriptor says", key and "authorization" in provider.last("/me")["headers"], key)
says("a line each", room.run("token", "k", "--format", "header"), 0, "Authorization: Bearer at-1\n", f"X-Key: {key}\n")
check("in JSON", json.loads(room.run("token", "k", "--format", "json")[1])["api_headers"] == {"X-Key": key})

# --- parameters beside the token
room.provider("appkey", ends + 'use: {params: {"app key": "{client_id}", sig: "a\\"&+b"}}\n')
says("a login", room.login("p", "appkey"), 0)
says("curl puts them into the query", room.run("curl", "p", origin + "/me?a=1", "--silent"), 0, "hello")
sent = provider.last("/me")
check("as the descriptor says", sent["params"] == {"a": "1", "app key": key, "sig": 'a"&+b'} and "authorization" in sent["headers"], sent)
facts = json.loads(room.run("token", "p", "--format", "json")[1])
check("in JSON", facts["api_params"] == {"app key": key, "sig": 'a"&+b'} and facts["api_headers"] == {}, facts)

# --- verify
room.provider("checked", ends + f"verify: {{endpoint: {origin}/check}}\n")
says("a login", room.login("v", "checked"), 0)
provider.answers["/check"] = {"ok": True}
says("a token that is good", room.run("verify", "v"), 0, "is good")
check("is presented", provider.last("/check")["headers"]["authorization"] == "Bearer at-1")
provider.answers["/check"] = (401, {"error": "invalid_token"})
says("one that is not", room.run("verify", "v"), 3)
provider.answers["/check"] = (503, {})
says("a provider in trouble says nothing about it", room.run("verify", "v"), 6)
says("a connection that is not there", room.run("verify", "moon"), 3, "log in first")
says("nothing to ask", room.run("verify", "work"), 7, "verify or userinfo_endpoint")

# --- renewal
room.provider("idle", ends + "lifetimes: {refresh_token_idle: 1s}\n")
room.provider("later", ends + "lifetimes: {refresh_token_idle: 90d}\n")
says("a name or --due", room.run("refresh"), 2, "--due")
says("not both", room.run("refresh", "v", "--due"), 2, "--due")
says("nothing is due", room.run("refresh", "--due"), 0, "No connection is due")
check("in JSON: nothing", json.loads(room.run("refresh", "--due", "--json")[1]) == [])
room.login("soon", "idle"), room.login("gone", "idle"), room.login("calm", "later")
says("the day is shown", room.run("show", "calm"), 0, "renewal due:   in 67 days")
room.provider("short", ends + "lifetimes: {refresh_token: 1s, access_token: 1s}\n")
provider.answers["/token"] = {"access_token": "at-1", "token_type": "Bearer", "refresh_token": "rt-1", "refresh_token_expires_in": 8640000}
room.login("long", "later"), says("a refresh token's end is told", room.run("show", "long"), 0, "refresh token: yes, ends in 99 days")
provider.answers["/token"] = {"access_token": "at-1", "token_type": "Bearer", "refresh_token": "rt-1"}
room.login("short", "short")
while "ended" not in room.run("show", "short")[1]:  # it ends by itself
    time.sleep(0.1)
says("who has none left has to log in", room.run("show", "short"), 0, "refresh token: yes, ended", "needs login")
room.run("logout", "long", "--forget"), room.run("logout", "short", "--forget")
provider.answers["/token"] = lambda params: (dict(token, access_token="at-2") if params.get("refresh_token") == "rt-1" else (400, {"error": "invalid_grant"}))

def until_due(name):  # it becomes so by itself
    while json.loads(room.run("show", name, "--json")[1])["renewal_due"] >= time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()):
        time.sleep(0.1)


until_due("soon"), until_due("gone")
got = room.run("refresh", "--due")
says("all that are due, a line each", got, 0, "soon: renewed", "gone: renewed")
check("and no others", "calm" not in got[1] and len(got[1].splitlines()) == 2, got)
says("with a new token", room.run("token", "soon"), 0, "at-2")
provider.answers["/token"] = lambda params: (400, {"error": "invalid_grant"})
until_due("gone")
got = room.run("refresh", "--due", "--json")
report = {one["name"]: one for one in json.loads(got[1])}
check("a failure is told, with its own exit code", got[0] == 3 and report["gone"]["error"] == "needs-login"
      and report["gone"]["renewed"] is False and set(report) == {"soon", "gone"}, got)
says("the dead are left alone", room.run("refresh", "--due"), 0, "No connection is due")
finish()
