/* SPDX-License-Identifier: MIT */
/* Answers in the shapes that providers document, each by the lines that its descriptor has. */
#include "answers.h"

#include <stdio.h>

struct exchange {
    const char *provider, *lines; /* of the descriptor */
    int status;                   /* 0: 200 */
    const char *type;             /* NULL: application/json */
    const char *body;
    /* a success: NULL and 0 are "none" and "not known" */
    const char *access, *refresh, *scope;
    int64_t ends_in, refresh_ends_in;
    const char *kept; /* of the one value "k" */
    /* a failure */
    fob_err code;
    const char *word;
};

#define FORM "application/x-www-form-urlencoded; charset=utf-8"
#define SLACK                                                                                                \
    "scopes: {separator: ','}\ntoken: {response: {success: {/ok: true}, error: /error, errors: "             \
    "{invalid_refresh_token: dead, token_revoked: dead, bad_client_secret: config, ratelimited: "            \
    "rate_limited}, keep: {k: /team/id}}}"
#define WITHINGS                                                                                             \
    "scopes: {separator: ','}\ntoken: {response: {success: {/status: 0}, error: /status, "                   \
    "error_description: /error, errors: {'601': rate_limited}, fields: {access_token: /body/access_token, "  \
    "refresh_token: /body/refresh_token, expires_in: /body/expires_in, scope: /body/scope}, keep: {k: "      \
    "/body/userid}}}"
#define TIKTOK_BUSINESS                                                                                      \
    "token: {response: {success: {/code: 0}, error: /code, error_description: /message, errors: {'40110': "  \
    "dead}, fields: {access_token: /data/access_token, scope: /data/scope}, keep: {k: "                      \
    "/data/advertiser_ids/0}}}"
#define WECHAT                                                                                               \
    "scopes: {separator: ','}\ntoken: {response: {error: /errcode, error_description: /errmsg, errors: "     \
    "{'40029': dead, '42002': dead, '40125': config, '-1': retry}, keep: {k: /openid}}}"
#define CONCUR                                                                                               \
    "token: {response: {format: xml, error: /Error/Message, errors: {Invalid refresh token: dead}, fields: " \
    "{access_token: /Access_Token/Token, refresh_token: /Access_Token/Refresh_Token, expires_at: "           \
    "/Access_Token/Expiration_date}, keep: {k: /Access_Token/Instance_Url}}}\nlifetimes: {access_token: 1y}"
#define FITBIT                                                                                               \
    "token: {response: {error: /errors/0/errorType, error_description: /errors/0/message, errors: "          \
    "{expired_token: dead}, keep: {k: /user_id}}}"
#define TWITCH                                                                                               \
    "token: {response: {error: /message, errors: {Invalid refresh token: dead, invalid client secret: "      \
    "config}}}"
#define DINGTALK                                                                                             \
    "token: {response: {fields: {access_token: /accessToken, refresh_token: /refreshToken, expires_in: "     \
    "/expireIn}, error: /code, error_description: /message, errors: {invalidParameter.authCode.notFound: "   \
    "dead}, keep: {k: /corpId}}}"
#define LARK                                                                                                 \
    "token: {response: {success: {/code: 0}, error: /code, error_description: /msg, errors: {'20003': "      \
    "dead}, fields: {access_token: /data/access_token, refresh_token: /data/refresh_token, expires_in: "     \
    "/data/expires_in, refresh_token_expires_in: /data/refresh_expires_in, scope: /data/scope}}}"
#define FACEBOOK "scopes: {separator: ','}\ntoken: {response: {errors: {'190': dead, '4': rate_limited}}}"
#define INSTAGRAM                                                                                            \
    "token: {response: {fields: {access_token: /data/0/access_token, scope: /data/0/permissions}, error: "   \
    "/error_type, error_description: /error_message, keep: {k: /data/0/user_id}}}"
#define SALESFORCE                                                                                           \
    "token: {response: {keep: {k: {from: /instance_url, pattern: 'https://[A-Za-z0-9.-]+'}}}}\nlifetimes: "  \
    "{access_token: 2h}"
#define SHOPLINE                                                                                             \
    "scopes: {separator: ','}\ntoken: {response: {success: {/code: 200}, error: /i18nCode, "                 \
    "error_description: /message, errors: {TOKEN_EXPIRED: dead}, fields: {access_token: /data/accessToken, " \
    "expires_at: /data/expireTime, scope: /data/scope}}}"
#define DOUYIN                                                                                               \
    "scopes: {separator: ','}\ntoken: {response: {success: {/message: success}, error: /data/error_code, "   \
    "error_description: /data/description, errors: {'10007': dead, '2100004': retry}, fields: "              \
    "{access_token: /data/access_token, refresh_token: /data/refresh_token, expires_in: /data/expires_in, "  \
    "refresh_token_expires_in: /data/refresh_expires_in, scope: /data/scope}, keep: {k: /data/open_id}}}"
#define PINTEREST "token: {response: {error: /code, error_description: /message, errors: {'2': config}}}"
#define STRAVA                                                                                               \
    "scopes: {separator: ','}\ntoken: {response: {error: /errors/0/field, errors: {refresh_token: dead}, "   \
    "keep: {k: /athlete/id}}}"

static const struct exchange exchanges[] = {
    {"github, a form", "", .type = FORM,
     .body = "access_token=gho_16C7e42F292c69&scope=repo%2Cgist&token_type=bearer",
     .access = "gho_16C7e42F292c69", .scope = "repo gist"},
    {"github, expiring", "",
     .body = "{\"access_token\":\"ghu_1\",\"expires_in\":28800,\"refresh_token\":\"ghr_1\","
             "\"refresh_token_expires_in\":15811200,\"scope\":\"\",\"token_type\":\"bearer\"}",
     .access = "ghu_1", .refresh = "ghr_1", .ends_in = 8 * HOUR, .refresh_ends_in = 183 * DAY},
    {"github, an error in a 200", "token: {response: {errors: {bad_verification_code: dead}}}",
     .body = "{\"error\":\"bad_verification_code\",\"error_description\":\"The code passed is incorrect or "
             "expired.\",\"error_uri\":\"https://docs.github.com/x\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "bad_verification_code"},
    {"slack", SLACK,
     .body =
         "{\"ok\":true,\"access_token\":\"xoxb-1\",\"token_type\":\"bot\",\"scope\":\"commands,incoming-"
         "webhook\",\"bot_user_id\":\"U0KRQLJ9H\",\"expires_in\":43200,\"refresh_token\":\"xoxe-1\",\"team\":"
         "{\"name\":\"Slack\",\"id\":\"T9TK3CUKW\"},\"enterprise\":null,\"authed_user\":{\"id\":\"U1\"}}",
     .access = "xoxb-1", .refresh = "xoxe-1", .scope = "commands incoming-webhook", .ends_in = 12 * HOUR,
     .kept = "T9TK3CUKW"},
    {"slack, dead", SLACK, .body = "{\"ok\":false,\"error\":\"invalid_refresh_token\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "invalid_refresh_token"},
    {"slack, unknown", SLACK, .body = "{\"ok\":false,\"error\":\"fatal_error\"}", .code = FOB_E_PROVIDER,
     .word = "fatal_error"},
    {"slack, slow down", SLACK, .status = 429, .body = "{\"ok\":false,\"error\":\"ratelimited\"}",
     .code = FOB_E_RATE_LIMITED, .word = "ratelimited"},
    {"withings", WITHINGS,
     .body = "{\"status\":0,\"body\":{\"userid\":\"363\",\"access_token\":\"a075f8c1\",\"refresh_token\":"
             "\"f90f8ff4\","
             "\"expires_in\":10800,\"scope\":\"user.info,user.metrics\",\"csrf_token\":\"PACnnxwHTaBQ\","
             "\"token_type\":\"Bearer\"}}",
     .access = "a075f8c1", .refresh = "f90f8ff4", .scope = "user.info user.metrics", .ends_in = 3 * HOUR,
     .kept = "363"},
    {"withings, failed", WITHINGS,
     .body = "{\"status\":503,\"body\":{},\"error\":\"Invalid Params: invalid refresh_token\"}",
     .code = FOB_E_PROVIDER, .word = "503"},
    {"withings, slow down", WITHINGS, .body = "{\"status\":601,\"body\":{}}", .code = FOB_E_RATE_LIMITED,
     .word = "601"},
    {"tiktok",
     "scopes: {separator: ','}\ntoken: {response: {fields: {refresh_token_expires_in: /refresh_expires_in}, "
     "keep: "
     "{k: /open_id}}}",
     .body =
         "{\"access_token\":\"act.1\",\"expires_in\":86400,\"open_id\":\"afd97af1\",\"refresh_expires_in\":"
         "31536000,\"refresh_token\":\"rft.1\",\"scope\":\"user.info.basic,video.list\",\"token_type\":"
         "\"Bearer\"}",
     .access = "act.1", .refresh = "rft.1", .scope = "user.info.basic video.list", .ends_in = DAY,
     .refresh_ends_in = 365 * DAY, .kept = "afd97af1"},
    {"tiktok, failed", "",
     .body = "{\"error\":\"invalid_request\",\"error_description\":\"Redirect_uri is not matched with the "
             "uri when "
             "requesting code.\",\"log_id\":\"202206221854370101130062072500FFA2\"}",
     .code = FOB_E_PROVIDER, .word = "invalid_request"},
    {"tiktok business", TIKTOK_BUSINESS,
     .body = "{\"code\":0,\"message\":\"OK\",\"request_id\":\"2020042715295501023125104093250\",\"data\":"
             "{\"access_token\":\"1234567890\",\"scope\":[4,5],\"advertiser_ids\":[\"1234\",\"5678\"]}}",
     .access = "1234567890", .scope = "4 5", .kept = "1234"},
    {"tiktok business, dead", TIKTOK_BUSINESS,
     .body = "{\"code\":40110,\"message\":\"Auth_code is expired\",\"request_id\":\"1\",\"data\":{}}",
     .code = FOB_E_NEEDS_LOGIN, .word = "40110"},
    {"clover",
     "token: {response: {fields: {expires_at: /access_token_expiration, refresh_token_expires_at: "
     "/refresh_token_expiration}}}",
     .body =
         "{\"access_token\":\"eyJ.a\",\"access_token_expiration\":1700001800,\"refresh_token\":\"clvroar-1\","
         "\"refresh_token_expiration\":1731536000}",
     .access = "eyJ.a", .refresh = "clvroar-1", .ends_in = HOUR / 2, .refresh_ends_in = 365 * DAY},
    {"wechat", WECHAT, .type = "text/plain",
     .body = "{\"access_token\":\"ACCESS_TOKEN\",\"expires_in\":7200,\"refresh_token\":\"REFRESH_TOKEN\","
             "\"openid\":"
             "\"OPENID\",\"scope\":\"snsapi_login\",\"unionid\":\"o6_bmasdasdsad6_2sgVt7hMZOPfL\"}",
     .access = "ACCESS_TOKEN", .refresh = "REFRESH_TOKEN", .scope = "snsapi_login", .ends_in = 2 * HOUR,
     .kept = "OPENID"},
    {"wechat, dead", WECHAT, .type = "text/plain", .body = "{\"errcode\":40029,\"errmsg\":\"invalid code\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "40029"},
    {"wechat, busy", WECHAT, .type = "text/plain", .body = "{\"errcode\":-1,\"errmsg\":\"system error\"}",
     .code = FOB_E_SERVER, .word = "-1"},
    {"wecom", WECHAT,
     .body = "{\"errcode\":0,\"errmsg\":\"ok\",\"access_token\":\"accesstoken000001\",\"expires_in\":7200}",
     .access = "accesstoken000001", .ends_in = 2 * HOUR},
    {"quickbooks", "token: {response: {fields: {refresh_token_expires_in: /x_refresh_token_expires_in}}}",
     .body = "{\"token_type\":\"bearer\",\"expires_in\":3600,\"refresh_token\":"
             "\"L311478109728uVoOkDSUCl4s6FDRvjHR6k\","
             "\"x_refresh_token_expires_in\":8726400,\"access_token\":\"eyJlbmMiOiJBMTI4\"}",
     .access = "eyJlbmMiOiJBMTI4", .refresh = "L311478109728uVoOkDSUCl4s6FDRvjHR6k", .ends_in = HOUR,
     .refresh_ends_in = 101 * DAY},
    {"concur, with a date of its own", CONCUR, .type = "application/xml",
     .body =
         "<?xml version=\"1.0\"?>\r\n<Access_Token xmlns=\"http://www.concursolutions.com/api\">\r\n"
         "<Instance_Url>https://www.concursolutions.com/</Instance_Url>\r\n<Token>0_7GHqH</Token>\r\n"
         "<Expiration_date>11/13/2024 10:13:20 PM</Expiration_date>\r\n<Refresh_Token>31NBeLk</Refresh_Token>"
         "</Access_Token>",
     .access = "0_7GHqH", .refresh = "31NBeLk", .ends_in = 365 * DAY,
     .kept = "https://www.concursolutions.com/"},
    {"concur, ISO 8601", CONCUR, .type = "text/xml",
     .body = "<Access_Token><Token>0_7GHqH</Token><Expiration_date>2023-11-14T23:13:20</Expiration_date>"
             "</Access_Token>",
     .access = "0_7GHqH", .ends_in = HOUR},
    {"concur, failed", CONCUR, .status = 403, .type = "application/xml",
     .body = "<Error><Message>Invalid refresh token</Message><Server-Time>x</Server-Time><Id>1</Id></Error>",
     .code = FOB_E_NEEDS_LOGIN, .word = "Invalid refresh token"},
    {"mailchimp", "token: {response: {expires_zero: never}}",
     .body = "{\"access_token\":\"c1bc7b2e\",\"expires_in\":0,\"scope\":null}", .access = "c1bc7b2e"},
    {"square", "token: {response: {fields: {expires_at: /expires_at}, keep: {k: /merchant_id}}}",
     .body = "{\"access_token\":\"EAAA1\",\"token_type\":\"bearer\",\"expires_at\":\"2023-12-14T22:13:20Z\","
             "\"merchant_id\":\"MLGEBMGH7M0CS\",\"refresh_token\":\"EQAA1\",\"short_lived\":false}",
     .access = "EAAA1", .refresh = "EQAA1", .ends_in = 30 * DAY, .kept = "MLGEBMGH7M0CS"},
    {"square, failed", "token: {response: {error: /errors/0/code, errors: {UNAUTHORIZED: config}}}",
     .status = 401,
     .body = "{\"errors\":[{\"category\":\"AUTHENTICATION_ERROR\",\"code\":\"UNAUTHORIZED\",\"detail\":"
             "\"This request "
             "could not be authorized.\"}]}",
     .code = FOB_E_CLIENT, .word = "UNAUTHORIZED"},
    {"twitch", TWITCH,
     .body = "{\"access_token\":\"rfx2uswqe8l4g1mkagrvg5tv0ks3\",\"expires_in\":14400,\"refresh_token\":"
             "\"5b93chm6\","
             "\"scope\":[\"channel:moderate\",\"chat:edit\",\"chat:read\"],\"token_type\":\"bearer\"}",
     .access = "rfx2uswqe8l4g1mkagrvg5tv0ks3", .refresh = "5b93chm6",
     .scope = "channel:moderate chat:edit chat:read", .ends_in = 4 * HOUR},
    {"twitch, dead", TWITCH, .status = 400, .body = "{\"status\":400,\"message\":\"Invalid refresh token\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "Invalid refresh token"},
    {"yammer",
     "token: {response: {fields: {access_token: /access_token/token, expires_at: /access_token/expires_at}, "
     "keep: {k: "
     "/access_token/network_permalink}}}",
     .body =
         "{\"user\":{\"timezone\":\"Hawaii\"},\"network\":{\"id\":155465488},\"access_token\":{\"user_id\":"
         "1496550646,"
         "\"network_id\":155465488,\"network_permalink\":\"yammerdevelopers\",\"token\":\"abcdefghijklmn\","
         "\"view_members\":true,\"expires_at\":null}}",
     .access = "abcdefghijklmn", .kept = "yammerdevelopers"},
    {"fitbit", FITBIT,
     .body = "{\"access_token\":\"eyJhbGci\",\"expires_in\":28800,\"refresh_token\":\"c643a63c\",\"scope\":"
             "\"settings "
             "nutrition weight\",\"token_type\":\"Bearer\",\"user_id\":\"26FWFL\"}",
     .access = "eyJhbGci", .refresh = "c643a63c", .scope = "settings nutrition weight", .ends_in = 8 * HOUR,
     .kept = "26FWFL"},
    {"fitbit, dead", FITBIT, .status = 400,
     .body = "{\"errors\":[{\"errorType\":\"invalid_grant\",\"message\":\"Refresh token invalid. Visit "
             "https://dev.fitbit.com/docs/oauth2 for more information.\"}],\"success\":false}",
     .code = FOB_E_NEEDS_LOGIN, .word = "invalid_grant"},
    {"google, a refresh", "",
     .body = "{\"access_token\":\"1/fFAGRNJru1FTz70BzhT3Zg\",\"expires_in\":3920,\"scope\":"
             "\"https://www.googleapis.com/auth/drive.metadata.readonly "
             "https://www.googleapis.com/auth/calendar.readonly\",\"token_type\":\"Bearer\"}",
     .access = "1/fFAGRNJru1FTz70BzhT3Zg",
     .scope = "https://www.googleapis.com/auth/drive.metadata.readonly "
              "https://www.googleapis.com/auth/calendar.readonly",
     .ends_in = 3920000},
    {"google, dead", "", .status = 400,
     .body = "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been expired or revoked.\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "invalid_grant"},
    {"google, an API error", "", .status = 403,
     .body =
         "{\"error\":{\"code\":403,\"message\":\"Request had insufficient authentication "
         "scopes.\",\"errors\":[{"
         "\"message\":\"Insufficient Permission\",\"domain\":\"global\"}],\"status\":\"PERMISSION_DENIED\"}}",
     .code = FOB_E_PROVIDER, .word = "PERMISSION_DENIED"},
    {"dingtalk", DINGTALK,
     .body = "{\"accessToken\":\"abcd\",\"refreshToken\":\"efgh\",\"expireIn\":7200,\"corpId\":\"corpxxxx\"}",
     .access = "abcd", .refresh = "efgh", .ends_in = 2 * HOUR, .kept = "corpxxxx"},
    {"dingtalk, dead", DINGTALK, .status = 400,
     .body = "{\"code\":\"invalidParameter.authCode.notFound\",\"requestid\":\"15DF9F47\",\"message\":\"no "
             "such code\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "invalidParameter.authCode.notFound"},
    {"lark", LARK,
     .body =
         "{\"code\":0,\"msg\":\"success\",\"data\":{\"access_token\":\"u-6U1SbDiM6\",\"token_type\":"
         "\"Bearer\","
         "\"expires_in\":7200,\"refresh_token\":\"ur-oQ0mMq6MC\",\"refresh_expires_in\":2592000,\"scope\":"
         "\"auth:user.id:read bitable:app\"}}",
     .access = "u-6U1SbDiM6", .refresh = "ur-oQ0mMq6MC", .scope = "auth:user.id:read bitable:app",
     .ends_in = 2 * HOUR, .refresh_ends_in = 30 * DAY},
    {"lark, dead", LARK, .body = "{\"code\":20003,\"msg\":\"invalid authorization code\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "20003"},
    {"facebook", FACEBOOK,
     .body = "{\"access_token\":\"EAABw\",\"token_type\":\"bearer\",\"expires_in\":5184000}",
     .access = "EAABw", .ends_in = 60 * DAY},
    {"facebook, dead", FACEBOOK, .status = 400,
     .body = "{\"error\":{\"message\":\"Error validating access token: Session has expired\",\"type\":"
             "\"OAuthException\",\"code\":190,\"error_subcode\":463,\"fbtrace_id\":\"H2il2t5bn4e\"}}",
     .code = FOB_E_NEEDS_LOGIN, .word = "190"},
    {"facebook of old, a form", "token: {response: {fields: {expires_in: /expires}}}", .type = "text/plain",
     .body = "access_token=EAABw&expires=5184000", .access = "EAABw", .ends_in = 60 * DAY},
    {"instagram", INSTAGRAM,
     .body = "{\"data\":[{\"access_token\":\"EAACEdEose0\",\"user_id\":1020000000000000123,\"permissions\":"
             "\"instagram_business_basic,instagram_business_manage_messages\"}]}",
     .access = "EAACEdEose0", .scope = "instagram_business_basic instagram_business_manage_messages",
     .kept = "1020000000000000123"},
    {"instagram, failed", INSTAGRAM, .status = 400,
     .body = "{\"error_type\":\"OAuthException\",\"code\":400,\"error_message\":\"Matching code was not "
             "found or was "
             "already used\"}",
     .code = FOB_E_PROVIDER, .word = "OAuthException"},
    {"salesforce", SALESFORCE,
     .body = "{\"access_token\":\"00Dx0000000BV7z!AR8AQBM8J_"
             "xr9kLqmZIRyQxZgLcM4HVi41aGtW0qW3JCzf5xdTGGGSoVim8FfJ\","
             "\"signature\":\"SSSbLO\",\"scope\":\"refresh_token full\",\"instance_url\":"
             "\"https://acme.my.salesforce.com\",\"id\":\"https://login.salesforce.com/id/00Dx/"
             "005x\",\"token_type\":"
             "\"Bearer\",\"issued_at\":\"1278448384422\"}",
     .access = "00Dx0000000BV7z!AR8AQBM8J_xr9kLqmZIRyQxZgLcM4HVi41aGtW0qW3JCzf5xdTGGGSoVim8FfJ",
     .scope = "refresh_token full", .ends_in = 2 * HOUR, .kept = "https://acme.my.salesforce.com"},
    {"salesforce, somewhere else", SALESFORCE,
     .body = "{\"access_token\":\"00Dx\",\"instance_url\":\"https://acme.my.salesforce.com@evil.example/\"}",
     .code = FOB_E_SECURITY},
    {"salesforce, dead", SALESFORCE, .status = 400,
     .body = "{\"error\":\"invalid_grant\",\"error_description\":\"expired access/refresh token\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "invalid_grant"},
    {"hubspot, dead", "token: {response: {error: /status, errors: {BAD_REFRESH_TOKEN: dead}}}", .status = 400,
     .body = "{\"status\":\"BAD_REFRESH_TOKEN\",\"message\":\"missing or invalid refresh "
             "token\",\"correlationId\":"
             "\"afe48310\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "BAD_REFRESH_TOKEN"},
    {"shopify", "scopes: {separator: ','}",
     .body =
         "{\"access_token\":\"f85632530bf277ec9ac6f649fc327f17\",\"scope\":\"write_orders,read_customers\"}",
     .access = "f85632530bf277ec9ac6f649fc327f17", .scope = "write_orders read_customers"},
    {"shopline", SHOPLINE,
     .body =
         "{\"code\":200,\"i18nCode\":\"SUCCESS\",\"message\":null,\"data\":{\"accessToken\":\"eyJ1\","
         "\"expireTime\":"
         "\"2023-11-15T08:13:20.000+00:00\",\"scope\":\"read_products,write_products\"},\"traceId\":\"1\"}",
     .access = "eyJ1", .scope = "read_products write_products", .ends_in = 10 * HOUR},
    {"shopline, dead", SHOPLINE,
     .body =
         "{\"code\":500,\"i18nCode\":\"TOKEN_EXPIRED\",\"message\":\"The token is expired\",\"data\":null}",
     .code = FOB_E_NEEDS_LOGIN, .word = "TOKEN_EXPIRED"},
    {"stripe", "token: {response: {keep: {k: /stripe_user_id}}}",
     .body = "{\"access_token\":\"sk_test_1\",\"livemode\":false,\"refresh_token\":\"rt_1\",\"token_type\":"
             "\"bearer\","
             "\"stripe_publishable_key\":\"pk_test_1\",\"stripe_user_id\":\"acct_1\",\"scope\":\"express\"}",
     .access = "sk_test_1", .refresh = "rt_1", .scope = "express", .kept = "acct_1"},
    {"strava", STRAVA,
     .body = "{\"token_type\":\"Bearer\",\"expires_at\":1700021600,\"expires_in\":21600,\"refresh_token\":"
             "\"e5n567567\","
             "\"access_token\":\"a4b945687g\",\"athlete\":{\"id\":227615}}",
     .access = "a4b945687g", .refresh = "e5n567567", .ends_in = 6 * HOUR, .kept = "227615"},
    {"strava, dead", STRAVA, .status = 400,
     .body = "{\"message\":\"Bad "
             "Request\",\"errors\":[{\"resource\":\"RefreshToken\",\"field\":\"refresh_token\","
             "\"code\":\"invalid\"}]}",
     .code = FOB_E_NEEDS_LOGIN, .word = "refresh_token"},
    {"zoho, an error in a 200", "token: {response: {errors: {invalid_code: dead}}}",
     .type = "application/json;charset=UTF-8", .body = "{\"error\":\"invalid_code\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "invalid_code"},
    {"microsoft, the first version", "token: {response: {fields: {expires_at: /expires_on}}}",
     .body = "{\"token_type\":\"Bearer\",\"scope\":\"user_impersonation\",\"expires_in\":\"3599\",\"ext_"
             "expires_in\":"
             "\"3599\",\"expires_on\":\"1700003599\",\"not_before\":\"1700000000\",\"resource\":"
             "\"https://management.azure.com/\",\"access_token\":\"eyJ0\",\"refresh_token\":\"0.AX\"}",
     .access = "eyJ0", .refresh = "0.AX", .scope = "user_impersonation", .ends_in = 3599000},
    {"microsoft, dead", "", .status = 400,
     .body = "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS700082: The refresh token has "
             "expired due to "
             "inactivity.\\r\\nTrace ID: 0b1\",\"error_codes\":[700082],\"correlation_id\":\"f32\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "invalid_grant"},
    {"apple, the client", "", .status = 400, .body = "{\"error\":\"invalid_client\"}", .code = FOB_E_CLIENT,
     .word = "invalid_client"},
    {"reddit, a number", "token: {response: {errors: {'401': config}}}", .status = 401,
     .body = "{\"message\":\"Unauthorized\",\"error\":401}", .code = FOB_E_CLIENT, .word = "401"},
    {"discord, slow down", "", .status = 429,
     .body = "{\"message\":\"You are being rate limited.\",\"retry_after\":64.57,\"global\":false}",
     .code = FOB_E_RATE_LIMITED, .word = ""},
    {"paypal", "",
     .body = "{\"scope\":\"https://uri.paypal.com/services/invoicing "
             "openid\",\"access_token\":\"A21AA\",\"token_type\":"
             "\"Bearer\",\"app_id\":\"APP-80W284485P519543T\",\"expires_in\":31668,\"nonce\":\"2020-04-03T15:"
             "35:36Z\"}",
     .access = "A21AA", .scope = "https://uri.paypal.com/services/invoicing openid", .ends_in = 31668000},
    {"linkedin", "",
     .body = "{\"access_token\":\"AQXdSP\",\"expires_in\":5184000,\"refresh_token\":\"AQWAft\","
             "\"refresh_token_expires_in\":31536000,\"scope\":\"r_basicprofile,email\"}",
     .access = "AQXdSP", .refresh = "AQWAft", .scope = "r_basicprofile email", .ends_in = 60 * DAY,
     .refresh_ends_in = 365 * DAY},
    {"naver, a number in quotes", "token: {response: {errors: {'024': config}}}", .status = 200,
     .body = "{\"error\":\"024\",\"error_description\":\"Authentication failed\"}", .code = FOB_E_CLIENT,
     .word = "024"},
    {"weibo, failed", "", .status = 400,
     .body =
         "{\"error\":\"unsupported_grant_type\",\"error_code\":21328,\"request\":\"/oauth2/access_token\"}",
     .code = FOB_E_PROVIDER, .word = "unsupported_grant_type"},
    {"douyin", DOUYIN,
     .body =
         "{\"data\":{\"access_token\":\"act.f7094f\",\"captcha\":\"\",\"description\":\"\",\"error_code\":0,"
         "\"expires_in\":1296000,\"open_id\":\"ca82\",\"refresh_expires_in\":2592000,\"refresh_token\":\"rft."
         "713\","
         "\"scope\":\"user_info,renew_refresh_token\"},\"message\":\"success\"}",
     .access = "act.f7094f", .refresh = "rft.713", .scope = "user_info renew_refresh_token",
     .ends_in = 15 * DAY, .refresh_ends_in = 30 * DAY, .kept = "ca82"},
    {"douyin, dead", DOUYIN,
     .body = "{\"data\":{\"description\":\"\\u6388\\u6743\\u7801\\u8fc7\\u671f\",\"error_code\":10007},"
             "\"message\":"
             "\"error\"}",
     .code = FOB_E_NEEDS_LOGIN, .word = "10007"},
    {"pinterest", PINTEREST,
     .body =
         "{\"response_type\":\"authorization_code\",\"access_token\":\"pina_1\",\"refresh_token\":\"pinr_1\","
         "\"token_type\":\"bearer\",\"expires_in\":2592000,\"refresh_token_expires_in\":31536000,\"scope\":"
         "\"boards:read boards:write\"}",
     .access = "pina_1", .refresh = "pinr_1", .scope = "boards:read boards:write", .ends_in = 30 * DAY,
     .refresh_ends_in = 365 * DAY},
    {"pinterest, failed", PINTEREST, .status = 401,
     .body = "{\"code\":2,\"message\":\"Authentication failed.\"}", .code = FOB_E_CLIENT, .word = "2"},
    {"ebay", "",
     .body = "{\"access_token\":\"v^1.1#i^1#p^3\",\"expires_in\":7200,\"refresh_token\":\"v^1.1#i^1#f\","
             "\"refresh_token_expires_in\":47304000,\"token_type\":\"User Access Token\"}",
     .access = "v^1.1#i^1#p^3", .refresh = "v^1.1#i^1#f", .ends_in = 2 * HOUR,
     .refresh_ends_in = INT64_C(47304000000)},
    {"notion, failed", "token: {response: {error: /code, errors: {rate_limited: rate_limited}}}",
     .status = 429,
     .body = "{\"object\":\"error\",\"status\":429,\"code\":\"rate_limited\",\"message\":\"slow down\"}",
     .code = FOB_E_RATE_LIMITED, .word = "rate_limited"},
    {"exact online, a number in quotes", "",
     .body = "{\"access_token\":\"gAAAAHg\",\"token_type\":\"bearer\",\"expires_in\":\"600\",\"refresh_"
             "token\":\"6C6D\"}",
     .access = "gAAAAHg", .refresh = "6C6D", .ends_in = HOUR / 6},
    {"dropbox", "token: {response: {keep: {k: /account_id}}}",
     .body =
         "{\"access_token\":\"sl.u.AbX9\",\"token_type\":\"bearer\",\"expires_in\":14400,\"refresh_token\":"
         "\"nBiM85CZALsAAA\",\"scope\":\"account_info.read "
         "files.content.read\",\"uid\":\"12345\",\"account_id\":"
         "\"dbid:AAH4f99T0taONIb\"}",
     .access = "sl.u.AbX9", .refresh = "nBiM85CZALsAAA", .scope = "account_info.read files.content.read",
     .ends_in = 4 * HOUR, .kept = "dbid:AAH4f99T0taONIb"},
    {"a gateway in between", "", .status = 502, .type = "text/html",
     .body = "<html><head><title>502 Bad Gateway</title></head></html>", .code = FOB_E_SERVER, .word = ""},
};

static void expect_text(const struct exchange *x, const char *what, const char *given, const char *wanted)
{
    cr_expect_str_eq(given ? given : "(none)", wanted ? wanted : "(none)", "%s: %s is %s", x->provider, what,
                     given ? given : "(none)");
}

static void expect_token(const struct exchange *x, const fob_token *token)
{
    int64_t ends = fob_token_expires_at(token), refresh_ends = fob_token_refresh_expires_at(token);
    expect_text(x, "access_token", fob_secret_peek(fob_token_access(token), NULL), x->access);
    expect_text(x, "refresh_token", fob_secret_peek(fob_token_refresh(token), NULL), x->refresh);
    expect_text(x, "scope", fob_token_scope(token), x->scope ? x->scope : "");
    expect_text(x, "k", fob_token_kept(token, "k"), x->kept);
    cr_expect_eq(ends ? ends - NOW : 0, x->ends_in, "%s: %lld", x->provider, (long long)ends);
    cr_expect_eq(refresh_ends ? refresh_ends - NOW : 0, x->refresh_ends_in, "%s: %lld", x->provider,
                 (long long)refresh_ends);
}

Test(providers, answer_as_they_document_and_are_understood)
{
    for (size_t i = 0; i < N(exchanges); i++) {
        const struct exchange *x = &exchanges[i];
        const struct fob_pair field = {"Content-Type", x->type ? x->type : "application/json"};
        fob_auto_provider *provider = described(x->lines);
        struct fob_answer_rule rule = rule_of(provider);
        struct fob_http_response http = http_answer(x->status ? x->status : 200, &field, 1, x->body);
        struct fob_error error = FOB_ERROR_INIT;
        fob_auto_token *token = fob_token_new();
        cr_expect_eq(take(&rule, &http, token, &error), x->code, "%s: %s", x->provider, error.what);
        expect_text(x, "error", error.oauth_error, x->word ? x->word : "");
        if (x->code == FOB_OK && error.code == FOB_OK)
            expect_token(x, token);
    }
}

/* Slack's second token; the table is about the first. */
Test(providers, give_a_second_token_with_the_first)
{
    fob_auto_provider *provider = described(
        "scopes: {separator: ','}\ntoken: {response: {success: {/ok: true}, also: {user: {access_token: "
        "/authed_user/access_token, scope: /authed_user/scope}}}}");
    struct fob_answer_rule rule = rule_of(provider);
    struct fob_http_response http = http_answer(
        200, NULL, 0,
        "{\"ok\":true,\"access_token\":\"xoxb-1\",\"authed_user\":{\"id\":\"U1\",\"scope\":\"chat:write,"
        "users:read\",\"access_token\":\"xoxp-1\",\"token_type\":\"user\"}}");
    fob_auto_answer answer = {0};
    fob_auto_token *token = fob_token_new();
    const char *name;
    bool there;
    cr_assert_eq(fob_answer_read(&rule, &http, &answer, NULL), FOB_OK);
    cr_assert_eq(fob_answer_also(&rule, &answer, 0, NOW, &name, &there, token, NULL), FOB_OK);
    cr_assert(there);
    cr_expect_str_eq(name, "user");
    cr_expect_str_eq(fob_secret_peek(fob_token_access(token), NULL), "xoxp-1");
    cr_expect_str_eq(fob_token_scope(token), "chat:write users:read");
}
