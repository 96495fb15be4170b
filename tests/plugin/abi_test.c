/* SPDX-License-Identifier: MIT */
/* The plugin ABI is frozen: members never move, and a struct only grows at its end. A new minor adds lines here. */
#include <criterion/criterion.h>
#include <fob/plugin.h>
#include <stddef.h>

#ifdef __LP64__
#define FROZEN(type, member, offset)                                                                         \
    _Static_assert(offsetof(struct type, member) == (offset), #type "." #member " moved")
#define FROZEN_SIZE(type, size) _Static_assert(sizeof(struct type) == (size), #type " changed its size")

FROZEN(fob_host, abi_major, 0);
FROZEN(fob_host, abi_minor, 4);
FROZEN(fob_host, size, 8);
FROZEN(fob_host, now, 16);
FROZEN(fob_host, random, 24);
FROZEN(fob_host, log, 32);
FROZEN(fob_host, value, 40);
FROZEN(fob_host, set_endpoint, 48);
FROZEN(fob_host, param, 56);
FROZEN(fob_host, set_param, 64);
FROZEN(fob_host, set_header, 72);
FROZEN(fob_host, set_body, 80);
FROZEN(fob_host, status, 88);
FROZEN(fob_host, header, 96);
FROZEN(fob_host, body, 104);
FROZEN(fob_host, set_response, 112);
FROZEN(fob_host, set_expires_at, 120);
FROZEN(fob_host, set_scope, 128);
FROZEN(fob_host, set_identity, 136);
FROZEN(fob_host, sha256, 144);
FROZEN(fob_host, hmac_sha256, 152);
FROZEN(fob_host, base64url, 160);
FROZEN(fob_host, fail, 168);
FROZEN(fob_host, param_at, 176);
FROZEN_SIZE(fob_host, 184);

FROZEN(fob_provider_hooks, size, 0);
FROZEN(fob_provider_hooks, endpoint, 8);
FROZEN(fob_provider_hooks, authorize_params, 16);
FROZEN(fob_provider_hooks, client_auth, 24);
FROZEN(fob_provider_hooks, request, 32);
FROZEN(fob_provider_hooks, response, 40);
FROZEN(fob_provider_hooks, classify_error, 48);
FROZEN(fob_provider_hooks, token, 56);
FROZEN(fob_provider_hooks, identity, 64);
FROZEN_SIZE(fob_provider_hooks, 72);

FROZEN(fob_transport_config, size, 0);
FROZEN(fob_transport_config, ca_file, 8);
FROZEN(fob_transport_config, proxy, 16);
FROZEN(fob_transport_config, ignore_environment, 24);
FROZEN(fob_transport_config, user_agent, 32);
FROZEN(fob_transport_config, log, 40);
FROZEN_SIZE(fob_transport_config, 64);

FROZEN(fob_transport_ops, size, 0);
FROZEN(fob_transport_ops, open, 8);
FROZEN(fob_transport_ops, close, 16);
FROZEN(fob_transport_ops, perform, 24);
FROZEN_SIZE(fob_transport_ops, 32);

FROZEN(fob_listener_ops, size, 0);
FROZEN(fob_listener_ops, open, 8);
FROZEN(fob_listener_ops, close, 16);
FROZEN(fob_listener_ops, wait, 24);
FROZEN(fob_listener_ops, answer, 32);
FROZEN(fob_listener_ops, accept, 40);
FROZEN_SIZE(fob_listener_ops, 48);

FROZEN(fob_jose_ops, size, 0);
FROZEN(fob_jose_ops, sign, 8);
FROZEN_SIZE(fob_jose_ops, 16);

FROZEN(fob_plugin, abi_major, 0);
FROZEN(fob_plugin, abi_minor, 4);
FROZEN(fob_plugin, size, 8);
FROZEN(fob_plugin, id, 16);
FROZEN(fob_plugin, role, 24);
FROZEN(fob_plugin, flags, 28);
FROZEN(fob_plugin, version, 32);
FROZEN(fob_plugin, summary, 40);
FROZEN(fob_plugin, open, 48);
FROZEN(fob_plugin, close, 56);
FROZEN(fob_plugin, descriptor, 64);
FROZEN(fob_plugin, provider, 72);
FROZEN(fob_plugin, transport, 80);
FROZEN(fob_plugin, listener, 88);
FROZEN(fob_plugin, jose, 96);
FROZEN_SIZE(fob_plugin, 104);

FROZEN(fob_pair, name, 0);
FROZEN(fob_pair, value, 8);
FROZEN_SIZE(fob_pair, 16);

FROZEN(fob_http_request, size, 0);
FROZEN(fob_http_request, method, 8);
FROZEN(fob_http_request, url, 16);
FROZEN(fob_http_request, fields, 24);
FROZEN(fob_http_request, n_fields, 32);
FROZEN(fob_http_request, body, 40);
FROZEN(fob_http_request, body_len, 48);
FROZEN(fob_http_request, connect_timeout_ms, 56);
FROZEN(fob_http_request, total_timeout_ms, 64);
FROZEN(fob_http_request, max_response, 72);
FROZEN_SIZE(fob_http_request, 80);

FROZEN(fob_http_response, size, 0);
FROZEN(fob_http_response, status, 8);
FROZEN(fob_http_response, fields, 16);
FROZEN(fob_http_response, n_fields, 24);
FROZEN(fob_http_response, body, 32);
FROZEN(fob_http_response, body_len, 40);
FROZEN_SIZE(fob_http_response, 48);

FROZEN(fob_error, code, 0);
FROZEN(fob_error, http_status, 4);
FROZEN(fob_error, sys_errno, 8);
FROZEN(fob_error, maybe_sent, 12);
FROZEN(fob_error, retry_after_ms, 16);
FROZEN(fob_error, line, 24);
FROZEN(fob_error, column, 28);
FROZEN(fob_error, oauth_error, 32);
FROZEN(fob_error, file, 96);
FROZEN(fob_error, what, 352);
FROZEN(fob_error, fix, 736);
FROZEN(fob_error, reserved, 992);
FROZEN_SIZE(fob_error, 1056);

FROZEN(fob_logger, write, 0);
FROZEN(fob_logger, user, 8);
FROZEN(fob_logger, level, 16);
FROZEN_SIZE(fob_logger, 24);
#endif

_Static_assert(FOB_PLUGIN_ABI_MAJOR == 1, "another major needs another entry point");
_Static_assert(FOB_ROLE_PROVIDER == 1 && FOB_ROLE_STORE == 2 && FOB_ROLE_KEY_SOURCE == 3 &&
                   FOB_ROLE_TRANSPORT == 4 && FOB_ROLE_LISTENER == 5 && FOB_ROLE_JOSE == 6,
               "roles never change");
_Static_assert(FOB_LISTEN_QUERY == 1 && FOB_LISTEN_FORM_POST == 2 && FOB_LISTEN_FRAGMENT == 4,
               "modes never change");
_Static_assert(FOB_HOOK_NEXT == 0 && FOB_HOOK_DONE == 1, "results of hooks never change");
_Static_assert(FOB_LOG_ERROR == 0 && FOB_LOG_DEBUG == 3, "log levels never change");

Test(abi, the_entry_point_is_named_after_its_major)
{
    cr_assert_str_eq(FOB_PLUGIN_ENTRY, "fob_plugin_v1");
}

struct frozen_code {
    fob_err code;
    int value;
};

/* Numbers are part of the ABI; what they mean is in error.h. */
static const struct frozen_code codes[] = {
    {FOB_OK, 0},           {FOB_E_ARGUMENT, -1},  {FOB_E_STATE, -2},         {FOB_E_LIMIT, -3},
    {FOB_E_CONFIG, -12},   {FOB_E_PLUGIN, -13},   {FOB_E_CLIENT, -15},       {FOB_E_NEEDS_LOGIN, -20},
    {FOB_E_DENIED, -21},   {FOB_E_EXPIRED, -22},  {FOB_E_CANCELLED, -23},    {FOB_E_NETWORK, -30},
    {FOB_E_TLS, -31},      {FOB_E_SERVER, -33},   {FOB_E_RATE_LIMITED, -32}, {FOB_E_BUSY, -34},
    {FOB_E_PROVIDER, -40}, {FOB_E_PROTOCOL, -41}, {FOB_E_SECURITY, -42},     {FOB_E_SYSTEM, -52},
    {FOB_E_MEMORY, -53},
};

Test(abi, error_codes_keep_their_numbers)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        cr_assert_eq((int)codes[i].code, codes[i].value);
}
