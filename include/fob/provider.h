/* SPDX-License-Identifier: MIT */
/* A provider: an authorization server with its quirks, as one frozen descriptor. */
#ifndef FOB_PROVIDER_H
#define FOB_PROVIDER_H

#include <fob/error.h>
#include <fob/http.h>

FOB_BEGIN_DECLS

/* Frozen when made, reference counted (atomically): many threads may share one. */
typedef struct fob_provider fob_provider;

/*
 * Reads a descriptor (fob-descriptor(5)) from memory. file names it in errors and, without its folder and
 * ".yaml", is the id where the text gives none. A descriptor that names a plugin is refused here with
 * FOB_E_PLUGIN unless it is looked up through fob_find_provider, which attaches the plugin. So does the module that
 * signs with a client's key: where a flow needs it and the provider was read here, the flow fails with FOB_E_CONFIG.
 * The caller drops it with fob_provider_unref. Pure: touches nothing but memory.
 * Errors: FOB_E_DESCRIPTOR with file, line and column of the first problem; FOB_E_LIMIT; FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_provider_parse(const char *text, size_t len, const char *file,
                                                 fob_provider **ret_provider, struct fob_error *error);

/* Takes a reference; returns provider. NULL gives NULL. */
FOB_API fob_provider *fob_provider_ref(fob_provider *provider);

/* Drops a reference and sets *provider to NULL. NULL is fine. */
FOB_API void fob_provider_unref(fob_provider **provider);

/* Id, display name (the id where none is given), documentation URL ("" where none is given), and the
 * file it was read from. Never NULL; live as long as the provider. */
FOB_API const char *fob_provider_id(const fob_provider *provider);
FOB_API const char *fob_provider_name(const fob_provider *provider);
FOB_API const char *fob_provider_docs(const fob_provider *provider);
FOB_API const char *fob_provider_file(const fob_provider *provider);

/*
 * A metadata value by its RFC 8414 name ("token_endpoint"), as written, variables unfilled; a list gives
 * its values separated by spaces. NULL when the descriptor does not give it or the name is unknown.
 * Lives as long as the provider.
 */
FOB_API const char *fob_provider_metadata(const fob_provider *provider, const char *name);

/* What a tenant supplies (`variables` in the descriptor). Strings are never NULL and live as long as the provider. */
struct fob_variable {
    size_t size;
    const char *name, *doc, *example, *pattern;
    const char *default_value; /* "" when it has to be supplied */
    int is_secret;
    int is_optional; /* may be left without a value */
};

/* The nth variable from 0 in file order; FOB_E_NOT_FOUND past the end. Set ret->size before the call. */
FOB_API FOB_NODISCARD fob_err fob_provider_variable(const fob_provider *provider, size_t n,
                                                    struct fob_variable *ret);

/* The nth environment's name from 0 in file order and, where ret_doc is not NULL, what it is; NULL past the end. */
FOB_API const char *fob_provider_environment(const fob_provider *provider, size_t n, const char **ret_doc);

/* 1 when the provider can do the grant ("authorization_code", "client_credentials", "refresh_token"):
 * the endpoints it needs are there and grant_types_supported, where given, lists it. */
FOB_API int fob_provider_supports(const fob_provider *provider, const char *grant_type);

enum fob_severity { FOB_PROBLEM_ERROR = 0, FOB_PROBLEM_WARNING = 1 };

/* One thing that is wrong with a descriptor. Pointers are valid during the call only. */
struct fob_problem {
    size_t size;
    enum fob_severity severity;
    const char *file;
    unsigned line, column; /* from 1; column counts characters */
    const char *what, *fix;
};

typedef void fob_problem_fn(void *user, const struct fob_problem *problem);

/*
 * Reads a descriptor as fob_provider_parse does, but goes on after the first problem and reports each
 * one (up to FOB_MAX_PROBLEMS), with what a careful reviewer would add: http, missing docs link, a
 * variable that nothing uses, a variable without a pattern in a host. Pure.
 * Returns FOB_OK when there was no error (warnings aside), else what fob_provider_parse would return.
 */
FOB_API fob_err fob_provider_lint(const char *text, size_t len, const char *file, fob_problem_fn *report,
                                  void *user, struct fob_error *error);

/*
 * The descriptor language as JSON Schema 2020-12, as scdoc field lists for fob-descriptor(5), as a commented file to begin
 * with, and the functions of its expressions: made from the same tables as the parser. The caller frees *ret_text with
 * free(). Errors: FOB_E_ARGUMENT (what), FOB_E_MEMORY.
 */
enum fob_descriptor_doc {
    FOB_DOC_SCHEMA = 0,
    FOB_DOC_REFERENCE = 1,
    FOB_DOC_TEMPLATE = 2,
    FOB_DOC_FUNCTIONS = 3
};
FOB_API FOB_NODISCARD fob_err fob_descriptor_document(enum fob_descriptor_doc what, char **ret_text,
                                                      struct fob_error *error);

FOB_END_DECLS

#endif
