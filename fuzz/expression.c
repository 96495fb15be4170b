/* SPDX-License-Identifier: MIT */
/* Any bytes as an expression, and as a template: refused with a reason, or evaluated to text, and both readers agree. */
#include "expression.h"
#include "cleanup.h"
#include "flow.h"
#include "template.h"
#include "text.h"

#include <fob/limits.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define N(array) (sizeof(array) / sizeof *(array))

/* --- what there is ------------------------------------------------------------------------------------------ */

static const char *look_up(void *user, const char *name)
{
    static const struct fob_pair known[] = {
        {"client_id", "my client"},
        {"client_secret", "s3cret"},
        {"empty", ""},
        {"kept.json", "{\"a\":{\"b\":[1,true,\"x\"]},\"n\":null}"},
        {"id_token", "e30.eyJzdWIiOiJ1LTEiLCJhdWQiOlsiYSJdfQ.s"},
        {"callback.url", "https://[::1]:8080/a?b#c"},
    };
    (void)user;
    for (size_t i = 0; i < N(known); i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].value;
    return NULL;
}

static struct fob_expression_env env_with(struct fob_entropy *entropy)
{
    static const unsigned char seed[FOB_FLOW_SEED] = {1};
    static const struct fob_pair callback[] = {{"b", "2"}, {"hmac", "ff"}, {"a", "1&="}};
    fob_entropy_init(entropy, seed);
    return (struct fob_expression_env){.look_up = look_up,
                                       .callback = callback,
                                       .n_callback = N(callback),
                                       .entropy = entropy,
                                       .now = 1700000000123};
}

/* --- expressions -------------------------------------------------------------------------------------------- */

struct bounds {
    const char *start, *end;
};

/* Every name is a part of the text, with one dot at most. */
static void check_name(void *user, const struct fob_expression_name *name)
{
    const struct bounds *bounds = user;
    require(name->len > 0 && name->text >= bounds->start && name->text + name->len <= bounds->end);
    require(name->text[0] >= 'a' && name->text[0] <= 'z');
    const char *dot = memchr(name->text, '.', name->len);
    require(!dot || (dot + 1 < name->text + name->len &&
                     !memchr(dot + 1, '.', name->len - (size_t)(dot + 1 - name->text))));
}

static void evaluate(const char *text, size_t len)
{
    struct bounds bounds = {text, text + len};
    struct fob_entropy entropy;
    struct fob_expression_env env = env_with(&entropy);
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_buf out = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    bool missing = false;
    fob_buf_str(&out, "before");
    const char *problem = fob_expression_problem(text, len, check_name, &bounds);
    fob_err err = fob_expression_eval(text, len, &env, &out, &missing, &error);
    require((problem != NULL) == (err == FOB_E_DESCRIPTOR));
    require(err == FOB_OK || err == FOB_E_DESCRIPTOR || err == FOB_E_LIMIT);
    require(err == FOB_OK || (error.code == err && *error.what));
    require(out.failed != FOB_OK || (out.len >= 6 && memcmp(out.data, "before", 6) == 0));
    require((err == FOB_OK && !missing) || out.len == 6);
    require(problem == NULL || *problem);
}

/* --- templates ---------------------------------------------------------------------------------------------- */

static void check_encoded(const struct fob_buf *out)
{
    for (size_t i = 0; i < out->len; i++)
        require((unsigned char)out->data[i] > 0x20 && (unsigned char)out->data[i] < 0x7f);
}

/* In a URL what is filled in without a + adds no character that ends a part of it. */
static void fill(const char *text, size_t len)
{
    char *copy = strndup(text, len);
    struct fob_entropy entropy;
    struct fob_expression_env env = env_with(&entropy);
    fob_auto_buf plain = FOB_BUF((size_t)FOB_MAX_URL), encoded = FOB_BUF((size_t)FOB_MAX_URL);
    bool missing = false, missing_too = false;
    if (!copy)
        return;
    const char *problem = fob_template_problem(copy);
    fob_err err = fob_template_fill(copy, false, &env, &plain, &missing, NULL);
    env = env_with(&entropy);
    fob_err too = fob_template_fill(copy, true, &env, &encoded, &missing_too, NULL);
    require(problem || ((err == FOB_OK) == (too == FOB_OK) || err == FOB_E_LIMIT || too == FOB_E_LIMIT));
    require(err != FOB_OK || too != FOB_OK || missing == missing_too);
    bool is_whole =
        copy[0] == '{' && copy[1] != '+' && copy[1] != '{' && strchr(copy, '}') == copy + strlen(copy) - 1;
    if (is_whole && too == FOB_OK && !problem)
        check_encoded(&encoded);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    evaluate((const char *)data, size);
    fill((const char *)data, size);
    return 0;
}
