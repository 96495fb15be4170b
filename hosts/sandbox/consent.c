/* SPDX-License-Identifier: MIT */
/* The person's answer. */
#include "consent.h"

#include "callback.h"
#include "page.h"

#include <string.h>

#define CONSENT_LIFETIME_MS 600000

void consent_ask(struct sandbox *sandbox, const struct visit *visit, struct grant *grant, struct reply *reply)
{
    if (sandbox->settings.auto_consent) {
        callback_allow(sandbox, visit, grant, reply);
        return;
    }
    char *one_time = store_issue(&sandbox->store, RECORD_CONSENT, grant, CONSENT_LIFETIME_MS);
    grant->view = visit->view;
    page_consent(sandbox, grant, one_time, reply);
    text_drop(&one_time);
}

void consent_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct params form = {0};
    const char *problem;
    bool clean = params_read(&form, request->body, &problem);
    const char *value = params_get(&form, "request"), *decision = params_get(&form, "decision");
    bool allow = decision && strcmp(decision, "allow") == 0, deny = decision && strcmp(decision, "deny") == 0;
    struct record *record = clean && value ? store_find(&sandbox->store, RECORD_CONSENT, value) : NULL;

    if (!record || !record_is_live(record)) {
        page_refusal(reply, "This page was answered before or is too old");
    } else if (!allow && !deny) {
        page_refusal(reply, "The answer is neither to allow nor to deny");
    } else {
        record_use(record);
        struct grant *grant = record->grant;
        struct visit visit = {.request = request, .view = grant->view, .captured = grant->variables};
        grant->refs++; /* issuing the code may push the record out of the store */
        if (allow)
            callback_allow(sandbox, &visit, grant, reply);
        else
            callback_refuse(sandbox, &visit, grant, "access_denied", "the person denied it", reply);
        grant_unref(grant);
    }
    params_free(&form);
}
