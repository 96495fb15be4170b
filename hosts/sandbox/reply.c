/* SPDX-License-Identifier: MIT */
/* Making replies: fields, JSON, OAuth errors. */
#include "reply.h"

#include <stdlib.h>

void reply_field(struct reply *reply, const char *name, char *value)
{
    if (reply->n_fields == MAX_REPLY_FIELDS)
        text_drop(&value);
    else
        reply->fields[reply->n_fields++] = (struct reply_field){text_copy(name), value};
}

void reply_json(struct reply *reply, unsigned status, json_t *body)
{
    reply->status = status;
    reply_field(reply, "Content-Type", text_copy("application/json"));
    char *dump = text_must(json_dumps(text_must(body), JSON_COMPACT));
    text_str(&reply->body, dump);
    text_drop(&dump);
    json_decref(body);
}

void reply_oauth_error(struct reply *reply, unsigned status, const char *code, const char *description)
{
    reply_json(reply, status, json_pack("{s:s, s:s}", "error", code, "error_description", description));
}

void reply_plain(struct reply *reply, unsigned status, const char *line)
{
    reply->status = status;
    reply_field(reply, "Content-Type", text_copy("text/plain; charset=utf-8"));
    text_fmt(&reply->body, "%s\n", line);
}

void reply_free(struct reply *reply)
{
    for (size_t i = 0; i < reply->n_fields; i++) {
        text_drop(&reply->fields[i].name);
        text_drop(&reply->fields[i].value);
    }
    reply->n_fields = 0;
    text_free(&reply->body);
}
