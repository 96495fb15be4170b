/* SPDX-License-Identifier: MIT */
/* core/flow_request.c, core/request.c: a request is built as its block says: method, place, encoding, names, fields. */
#include "script.h"

#define GRANTED .token = "at -"
#define JSON_TYPE "Content-Type: application/json"
#define XML_TYPE "Content-Type: application/xml"

/* The client credentials request: it has the fewest parameters of its own. */
#define MACHINE_SENDS(line_, fields_, body_) .play = MACHINE, .exchanges = {{line_, fields_, body_}}, GRANTED

/* --- method, encoding, root --------------------------------------------------------------------------------- */

Test(requests, parameters_are_written_as_the_encoding_says)
{
    static const struct script scripts[] = {
        {.name = "form",
         .lines = "token: {encoding: form, params: {odd: \"a b&c=d\xc3\xa4+\"}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL,
                       "grant_type=client_credentials&client_id=client-1&odd=a+b%26c%3Dd%C3%A4%2B")},
        {.name = "json",
         .lines = "token: {encoding: json, params: {odd: \"a \\\"b\\\" \xc3\xa4 {{}}\"}}\n",
         MACHINE_SENDS("POST https://acme.example/t", JSON_TYPE,
                       "{\"grant_type\":\"client_credentials\",\"client_id\":\"client-1\",\"odd\":\"a "
                       "\\\"b\\\" \xc3\xa4 "
                       "{}\"}")},
        {.name = "xml",
         .lines = "token: {encoding: xml, params: {odd: \"a<b>&\\\"c\\\"\"}}\n",
         MACHINE_SENDS(
             "POST https://acme.example/t", XML_TYPE,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><request><grant_type>client_credentials</grant_type>"
             "<client_id>client-1</client_id><odd>a&lt;b&gt;&amp;&quot;c&quot;</odd></request>")},
        {.name = "xml with a root",
         .lines = "token: {encoding: xml, root: Auth-Request}\n",
         MACHINE_SENDS("POST https://acme.example/t", XML_TYPE,
                       "<?xml version=\"1.0\" "
                       "encoding=\"UTF-8\"?><Auth-Request><grant_type>client_credentials</grant_type>"
                       "<client_id>client-1</client_id></Auth-Request>")},
        {.name = "xml with a name that is no element",
         .lines = "token: {encoding: xml, params: {\"1st\": x}}\n",
         .play = MACHINE,
         .err = FOB_E_CONFIG,
         .what = "\"1st\" cannot be an XML element"},
        {.name = "query",
         .lines = "token: {encoding: query, secret_in_url: old, params: {odd: \"a b\"}}\n",
         MACHINE_SENDS("POST https://acme.example/t?grant_type=client_credentials&client_id=client-1&odd=a+b",
                       NULL, NULL)},
        {.name = "no parameters at all",
         .lines = "token: {params: {grant_type: null, client_id: null}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL, "")},
        {.name = "no parameters in JSON",
         .lines = "token: {encoding: json, params: {grant_type: null, client_id: null}}\n",
         MACHINE_SENDS("POST https://acme.example/t", JSON_TYPE, "{}")},
        {.name = "no parameters in the query",
         .lines =
             "token: {encoding: query, secret_in_url: old, params: {grant_type: null, client_id: null}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL, NULL)},
    };
    PLAY_ALL(scripts);
}

Test(requests, methods_have_a_body_or_a_query)
{
    static const struct script scripts[] = {
        {.name = "GET",
         .lines = "token: {method: GET, secret_in_url: old}\n",
         MACHINE_SENDS("GET https://acme.example/t?grant_type=client_credentials&client_id=client-1", NULL,
                       NULL)},
        {.name = "GET with another encoding",
         .lines = "token: {method: GET, encoding: json, secret_in_url: old}\n",
         MACHINE_SENDS("GET https://acme.example/t?grant_type=client_credentials&client_id=client-1", NULL,
                       NULL)},
        {.name = "PUT",
         .lines = "token: {method: PUT}\n",
         MACHINE_SENDS("PUT https://acme.example/t", NULL,
                       "grant_type=client_credentials&client_id=client-1")},
        {.name = "PATCH",
         .lines = "token: {method: PATCH, encoding: json}\n",
         MACHINE_SENDS("PATCH https://acme.example/t", JSON_TYPE,
                       "{\"grant_type\":\"client_credentials\",\"client_id\":\"client-1\"}")},
        {.name = "DELETE",
         .lines = "token: {method: DELETE, secret_in_url: old}\n",
         MACHINE_SENDS("DELETE https://acme.example/t?grant_type=client_credentials&client_id=client-1", NULL,
                       NULL)},
        {.name = "DELETE with a body",
         .lines = "token: {method: DELETE, encoding: form}\n",
         MACHINE_SENDS("DELETE https://acme.example/t", NULL,
                       "grant_type=client_credentials&client_id=client-1")},
        {.name = "a query that is there already",
         .lines = "token: {endpoint: \"https://acme.example/t?v=1\", method: GET, secret_in_url: old}\n",
         MACHINE_SENDS("GET https://acme.example/t?v=1&grant_type=client_credentials&client_id=client-1",
                       NULL, NULL)},
    };
    PLAY_ALL(scripts);
}

/* --- place -------------------------------------------------------------------------------------------------- */

Test(requests, single_parameters_stand_elsewhere)
{
    static const struct script scripts[] = {
        {.name = "in the query beside a form",
         .lines = "token: {params: {v: \"1\", w: \"2\"}, place: {v: query, client_id: query}}\n",
         MACHINE_SENDS("POST https://acme.example/t?client_id=client-1&v=1", NULL,
                       "grant_type=client_credentials&w=2")},
        {.name = "in the query beside JSON",
         .lines = "token: {encoding: json, params: {v: \"a b\"}, place: {v: query}}\n",
         MACHINE_SENDS("POST https://acme.example/t?v=a+b", JSON_TYPE,
                       "{\"grant_type\":\"client_credentials\",\"client_id\":\"client-1\"}")},
        {.name = "in the query beside XML",
         .lines = "token: {encoding: xml, params: {v: \"1\"}, place: {v: query}}\n",
         MACHINE_SENDS(
             "POST https://acme.example/t?v=1", XML_TYPE,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><request><grant_type>client_credentials</grant_type>"
             "<client_id>client-1</client_id></request>")},
        {.name = "in the body beside a query",
         .lines = "token: {encoding: query, secret_in_url: old, params: {v: \"1\", w: \"2\"}, place: {v: "
                  "body, client_id: "
                  "body}}\n",
         MACHINE_SENDS("POST https://acme.example/t?grant_type=client_credentials&w=2", NULL,
                       "client_id=client-1&v=1")},
        {.name = "in the body beside a body",
         .lines = "token: {params: {v: \"1\"}, place: {v: body}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL,
                       "grant_type=client_credentials&client_id=client-1&v=1")},
        {.name = "a GET has no body",
         .lines = "token: {method: GET, secret_in_url: old, params: {v: \"1\"}, place: {v: body}}\n",
         MACHINE_SENDS("GET https://acme.example/t?grant_type=client_credentials&client_id=client-1&v=1",
                       NULL, NULL)},
        {.name = "one that is not there",
         .lines = "token: {place: {v: query}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL,
                       "grant_type=client_credentials&client_id=client-1")},
        {.name = "by the provider's name",
         .lines = "token: {rename: {client_id: app}, place: {app: query}}\n",
         MACHINE_SENDS("POST https://acme.example/t?app=client-1", NULL, "grant_type=client_credentials")},
        {.name = "by the standard's name it is not there",
         .lines = "token: {rename: {client_id: app}, place: {client_id: query}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL, "grant_type=client_credentials&app=client-1")},
        {.name = "the grant's own place wins",
         .lines = "token: {params: {v: \"1\", w: \"2\"}, place: {v: query, w: query}}\nclient_credentials: "
                  "{place: {v: "
                  "body}}\n",
         MACHINE_SENDS("POST https://acme.example/t?w=2", NULL,
                       "grant_type=client_credentials&client_id=client-1&v=1")},
    };
    PLAY_ALL(scripts);
}

/* --- params and rename -------------------------------------------------------------------------------------- */

Test(requests, parameters_are_layered_key_by_key)
{
    static const struct script scripts[] = {
        {.name = "token's and the grant's own",
         .lines =
             "token: {params: {a: \"1\", b: \"2\"}}\nclient_credentials: {params: {b: \"3\", c: \"4\"}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL,
                       "grant_type=client_credentials&client_id=client-1&a=1&b=3&c=4")},
        {.name = "the grant leaves token's out",
         .lines = "token: {params: {a: \"1\", b: \"2\"}}\nclient_credentials: {params: {b: null}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL,
                       "grant_type=client_credentials&client_id=client-1&a=1")},
        {.name = "the grant brings back what token leaves out",
         .lines = "token: {params: {client_id: null}}\nclient_credentials: {params: {client_id: "
                  "\"{client_id}\"}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL,
                       "grant_type=client_credentials&client_id=client-1")},
        {.name = "another grant type",
         .lines = "client_credentials: {params: {grant_type: account_credentials}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL,
                       "grant_type=account_credentials&client_id=client-1")},
        {.name = "renamed by the nearest",
         .lines = "rename: {client_id: a, grant_type: g}\ntoken: {rename: {client_id: "
                  "b}}\nclient_credentials: {rename: "
                  "{client_id: c}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL, "g=client_credentials&c=client-1")},
        {.name = "renamed by token",
         .lines = "rename: {client_id: a}\ntoken: {rename: {client_id: b, grant_type: type}}\n",
         MACHINE_SENDS("POST https://acme.example/t", NULL, "type=client_credentials&b=client-1")},
        {.name = "a parameter of one's own is not renamed",
         .lines = "rename: {scope: scopes}\ntoken: {params: {scope: \"own\"}}\n",
         .scopes = {"mail"},
         .play = MACHINE,
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=client_credentials&scopes=mail&client_id=client-1&scope=own"}},
         .token = "at - scope=mail"},
        {.name = "of the code",
         .lines =
             "token: {params: {redirect_uri: null, code_verifier: null, type: web}, rename: {code: token}}\n"
             "authorize: {pkce_reason: it is not taken}\n",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&token=c0de&client_id=client-1&type=web"}},
         GRANTED},
    };
    PLAY_ALL(scripts);
}

Test(requests, names_have_their_values)
{
    static const struct script scripts[] = {
        {.name = "of the exchange",
         .lines =
             "environments: {test: {}}\nvariables: {v: {}, s: {secret: true}}\n"
             "issuer: https://acme.example\nrevocation_endpoint: https://acme.example/r\n"
             "userinfo_endpoint: https://acme.example/me\n"
             "token: {auth: client_secret_post, params: {\n"
             "  a: "
             "\"{client_id}|{client_secret}|{code}|{code_verifier}|{redirect_uri}|{scope}|{grant_type}\",\n"
             "  b: \"{environment}|{v}|{s}|{issuer}|{authorization_endpoint}|{token_endpoint}\",\n"
             "  c: \"{revocation_endpoint}|{userinfo_endpoint}\"}}\n",
         .secret = "s3cret",
         .environment = "test",
         .variables = {{"v", "V"}, {"s", "S"}},
         .scopes = {"mail"},
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED
                        "&code_verifier=<verifier>&client_id=client-1&client_secret=s3cret&"
                        "a=client-1%7Cs3cret%7Cc0de%7C<verifier>%7C" CALLBACK_ENCODED
                        "%7Cmail%7Cauthorization_code&"
                        "b=test%7CV%7CS%7Chttps%3A%2F%2Facme.example%7Chttps%3A%2F%2Facme.example%2Fa%"
                        "7Chttps%3A%2F%2Facme."
                        "example%2Ft&c=https%3A%2F%2Facme.example%2Fr%7Chttps%3A%2F%2Facme.example%2Fme"}},
         .token = "at - scope=mail"},
        {.name = "of a refresh",
         .play = REFRESH,
         .lines = "callback: {keep: {realm: r}}\n"
                  "refresh: {params: {a: \"{access_token}|{refresh_token}|{kept.realm}|{grant_type}\"}}\n",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=refresh_token&refresh_token=old-rt&client_id=client-1&a=old-at%7Cold-rt%"
                        "7C42%7Crefresh_"
                        "token"}},
         .token = "at old-rt scope=mail files id=u-0 label=Ada kept.realm=42"},
        {.name = "one without a value leaves its parameter and its field out",
         .play = MACHINE,
         .lines = "callback: {keep: {x: y}}\n"
                  "token: {params: {a: \"{kept.x}\", b: \"x{code}\", c: \"{environment}{client_id}\", d: "
                  "\"{issuer}\", e: "
                  "\"{redirect_uri}\", f: \"{refresh_token}\", g: \"{callback.z}\", h: \"{scope}\", i: "
                  "\"{client_secret}\", "
                  "j: k}, headers: {X-A: \"{kept.x}\", X-B: \"b\"}}\n",
         .exchanges = {{"POST https://acme.example/t", "X-B: b",
                        "grant_type=client_credentials&client_id=client-1&j=k"}},
         .token = "at -"},
    };
    for (size_t i = 0; i < COUNT(scripts); i++) {
        struct script script = scripts[i];
        if (i == 0)
            script.callback = "state=<state>&code=c0de&iss=https://acme.example";
        play(&script);
    }
}

/* --- header fields ------------------------------------------------------------------------------------------ */

Test(requests, fields_are_added_replaced_and_left_out)
{
#define FIELDS(lines_, fields_)                                                                              \
    .lines = lines_, MACHINE_SENDS("POST https://acme.example/t", fields_,                                   \
                                   "grant_type=client_credentials&client_id=client-1")
    static const struct script scripts[] = {
        {.name = "added", FIELDS("token: {headers: {X-Version: \"2026-01\"}}\n", "X-Version: 2026-01")},
        {.name = "filled in",
         FIELDS("token: {headers: {X-Id: \"{upper(client_id)}\", X-Time: \"{now()}\"}}\n",
                "X-Id: CLIENT-1\nX-Time: 1700000000")},
        {.name = "replaced, whatever its case",
         FIELDS("token: {headers: {accept: \"*/*\", CONTENT-TYPE: text/plain}}\n",
                "Accept: */*\nCONTENT-TYPE: text/plain")},
        {.name = "left out", FIELDS("token: {headers: {Accept: null}}\n", "no Accept")},
        {.name = "token's and the grant's own",
         FIELDS("token: {headers: {A: \"1\", B: \"2\"}}\nclient_credentials: {headers: {B: \"3\", C: \"4\", "
                "A: null}}\n",
                "B: 3\nC: 4")},
        {.name = "empty", FIELDS("token: {headers: {X-Empty: \"\"}}\n", "X-Empty: ")},
    };
    PLAY_ALL(scripts);
}

Test(requests, a_field_can_sign_the_body_and_the_time)
{
#define SIGN "\"{hex(hmac_sha256(client_secret, concat(body, now_ms())))}\""
    static const struct script scripts[] = {
        {.name = "a form", /* HMAC of the body and 1700000000000 with the key "s3cret" */
         .play = MACHINE,
         .secret = "s3cret",
         .lines = "token: {auth: none, headers: {X-Time: \"{now_ms()}\", X-Sign: " SIGN "}}\n",
         .exchanges = {{"POST https://acme.example/t",
                        "X-Time: 1700000000000\n"
                        "X-Sign: 4e23394c2da3bbdc6666f0ee573e04e4ec113e7f35bfeefd98ad764c06653af7",
                        "grant_type=client_credentials&client_id=client-1"}},
         GRANTED},
        {.name = "JSON",
         .play = MACHINE,
         .secret = "s3cret",
         .lines = "token: {encoding: json, auth: none, headers: {X-Sign: " SIGN "}}\n",
         .exchanges =
             {{"POST https://acme.example/t",
               "X-Sign: 03f29145a0379e743793dea049d8f3b5cab546f80508c1fcb225306eac7b66f3\n" JSON_TYPE,
               "{\"grant_type\":\"client_credentials\",\"client_id\":\"client-1\"}"}},
         GRANTED},
        {.name = "what is placed elsewhere is not in it",
         .play = MACHINE,
         .lines = "token: {params: {v: \"1\"}, place: {client_id: query}, headers: {X-Body: \"{body}\"}}\n",
         .exchanges = {{"POST https://acme.example/t?client_id=client-1",
                        "X-Body: grant_type=client_credentials&v=1", "grant_type=client_credentials&v=1"}},
         GRANTED},
        {.name = "there is none",
         .play = MACHINE,
         .lines = "token: {method: GET, secret_in_url: old, headers: {X-Body: \"[{body}]\"}}\n",
         .exchanges = {{"GET https://acme.example/t?grant_type=client_credentials&client_id=client-1",
                        "X-Body: []", NULL}},
         GRANTED},
    };
    PLAY_ALL(scripts);
}

Test(requests, xml_is_asked_for_where_it_is_read)
{
#define XML "<a><b>at</b></a>"
    static const struct script scripts[] = {
        {.name = "token",
         .play = MACHINE,
         .lines = "token: {response: {format: xml, fields: {access_token: /a/b}}}\n",
         .exchanges = {{"POST https://acme.example/t", "Accept: application/xml",
                        "grant_type=client_credentials&client_id=client-1", .answer = XML}},
         GRANTED},
        {.name = "a copy of token",
         .play = REFRESH,
         .lines =
             "token: {response: {format: xml, fields: {access_token: /a/b}}}\nrefresh: {params: {x: y}}\n",
         .exchanges = {{"POST https://acme.example/t", "Accept: application/xml",
                        "grant_type=refresh_token&refresh_token=old-rt&client_id=client-1&x=y",
                        .answer = XML}},
         .token = "at old-rt scope=mail files id=u-0 label=Ada kept.realm=42"},
    };
    PLAY_ALL(scripts);
}
