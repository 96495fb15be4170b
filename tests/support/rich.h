/* SPDX-License-Identifier: MIT */
/* A descriptor that has every kind of key. */
#ifndef SUPPORT_RICH_H
#define SUPPORT_RICH_H

static const char rich[] =
    "fob: 1\n"
    "name: Acme\n"
    "docs: https://acme.example/docs\n"
    "issuer: https://{tenant}.acme.example\n"
    "authorization_endpoint: https://{tenant}.acme.example/authorize\n"
    "token_endpoint: https://{tenant}.acme.example/token\n"
    "revocation_endpoint: https://{tenant}.acme.example/revoke\n"
    "userinfo_endpoint: https://{tenant}.acme.example/me\n"
    "scopes_supported: [mail, openid]\n"
    "grant_types_supported: [authorization_code, client_credentials, refresh_token]\n"
    "token_endpoint_auth_methods_supported: [client_secret_post, client_secret_basic]\n"
    "authorization_response_iss_parameter_supported: true\n"
    "scopes: {separator: \",\", default: [mail], always: [offline]}\n"
    "variables:\n"
    "  tenant: {doc: your company, example: contoso, pattern: \"[a-z]+\", default: common}\n"
    "  pin: {doc: the PIN, secret: true}\n"
    "environments:\n"
    "  sandbox: {doc: for trying out, variables: {tenant: try}, token_endpoint: "
    "\"https://try.acme.example/t\"}\n"
    "use: {header: X-Acme-Token, scheme: \"\"}\n"
    "hosts: [\"*.acme.example\"]\n"
    "authorize: {params: {access_type: offline, hint: \"{client_id}\"}}\n"
    "token: {headers: {X-Version: \"1\"}, params: {audience: \"{tenant}\", pin: \"{pin}\"}}\n"
    "x-note: {anything: [goes]}\n";

#endif
