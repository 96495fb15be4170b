/* SPDX-License-Identifier: MIT */
/*
 * Tables of fields: one row a key. The reader, the JSON Schema, the reference page and the template are all made from
 * them, so a key that is not in a table does not exist.
 */
#ifndef CORE_FIELDS_H
#define CORE_FIELDS_H

#include "format.h"
#include "problems.h"
#include "yamltree.h"

enum fob_field_kind {
    FOB_FIELD_TEXT,    /* char *, in a format */
    FOB_FIELD_LIST,    /* struct fob_strings */
    FOB_FIELD_MAP,     /* struct fob_map */
    FOB_FIELD_JSON,    /* char *: any value, as compact JSON */
    FOB_FIELD_BOOL,    /* bool */
    FOB_FIELD_VERSION, /* int64_t, and only 1 */
    FOB_FIELD_CHOICE,  /* an enum */
    FOB_FIELD_BLOCK,   /* a struct with a table of its own */
    FOB_FIELD_BLOCKS,  /* a map of such structs by name: a pointer, and a count elsewhere */
    FOB_FIELD_ITEMS,   /* a list of such structs, likewise */
    FOB_FIELD_INCLUDE  /* another table's keys, at this level */
};

struct fob_choice {
    const char *word;
    int value;
    const char *doc;
};

/* What other tools call something: the key of ours, with its blocks, or a sentence. */
struct fob_word {
    const char *word, *means;
};

struct fob_table;

#define FOB_MAX_ALTERNATIVES 4

struct fob_field {
    const char *key;
    enum fob_field_kind kind;
    size_t offset;              /* in the table's struct, checked against its type by the macros below */
    enum fob_format format;     /* of the text, of each item, of each value in a map */
    enum fob_format key_format; /* of each key in a map or of blocks */
    const struct fob_choice *choices; /* ended by a NULL word; of a choice, or of the values in a map */
    const struct fob_table *table;    /* of a block, of each of several, or included */
    size_t count_offset;              /* FOB_FIELD_BLOCKS, FOB_FIELD_ITEMS: a size_t */
    size_t max;                       /* items, keys or blocks at most; 0: what limits.h leaves */
    const char *const *guarded;       /* FOB_FIELD_MAP: keys that may not be set, ended by NULL */
    const char *const *kept;          /* nullable maps: keys that may not be null either, ended by NULL */
    const char *reason;               /* FOB_FIELD_CHOICE: the key that says why it is not the default */
    const char *fallback;             /* FOB_FIELD_TEXT: the default; others: shown only */
    const char *example;              /* as YAML, on one line */
    const char *doc;
    bool required;
    bool nullable; /* FOB_FIELD_MAP: values may be null */
    bool scalars;  /* FOB_FIELD_MAP, FOB_FIELD_LIST: values may be numbers, true and false too */
    bool
        several; /* FOB_FIELD_TEXT: a list too, of alternatives; joined by line breaks, which no format takes */
    bool exposed;   /* ends up in a URL that people see: no secret, unless it is hashed */
    unsigned names; /* of templates: enum fob_name_group, beside the variables */
    int since;      /* version of the language */
};

struct fob_table {
    const char *name; /* where several keys share it: its name in the schema */
    const char
        *section; /* and the heading under which the reference has it, once; NULL: wherever it stands */
    const char *doc;
    const struct fob_field *fields;
    size_t n_fields;
    /* FOB_FIELD_BLOCKS and FOB_FIELD_ITEMS: of one block */
    size_t size;
    size_t name_offset; /* a char *; not of an item */
    size_t mark_offset; /* a struct fob_mark */
    const char
        *shorthand; /* FOB_FIELD_BLOCKS: the key that a text in the place of a block stands for, or NULL */
    /* What the schema says beside the fields, as a JSON object; rules.c says the same. Or NULL. */
    const char *schema_rule;
    const struct fob_word
        *words; /* of a whole language: what other tools call its keys, ended by NULL; or NULL */
};

#define FOB_ROWS(rows) .fields = (rows), .n_fields = sizeof(rows) / sizeof((rows)[0])

/* An offset that only compiles when the member has the type. */
#define FOB_OFFSET(S, member, T)                                                                             \
    (offsetof(S, member) + 0 * sizeof(struct {                                                               \
                               _Static_assert(__builtin_types_compatible_p(__typeof__(((S *)0)->member), T), \
                                              #S "." #member);                                               \
                               char unused;                                                                  \
                           }))

#define FOB_TEXT(S, member) .kind = FOB_FIELD_TEXT, .offset = FOB_OFFSET(S, member, char *)
#define FOB_LIST(S, member) .kind = FOB_FIELD_LIST, .offset = FOB_OFFSET(S, member, struct fob_strings)
#define FOB_MAP(S, member) .kind = FOB_FIELD_MAP, .offset = FOB_OFFSET(S, member, struct fob_map)
#define FOB_BOOL(S, member) .kind = FOB_FIELD_BOOL, .offset = FOB_OFFSET(S, member, bool)
#define FOB_VERSION_NUMBER(S, member) .kind = FOB_FIELD_VERSION, .offset = FOB_OFFSET(S, member, int64_t)
#define FOB_CHOICE(S, member, T) .kind = FOB_FIELD_CHOICE, .offset = FOB_OFFSET(S, member, T)
#define FOB_BLOCK(S, member, T) .kind = FOB_FIELD_BLOCK, .offset = FOB_OFFSET(S, member, T)
#define FOB_BLOCKS(S, member, count, T)                                                                      \
    .kind = FOB_FIELD_BLOCKS, .offset = FOB_OFFSET(S, member, T *),                                          \
    .count_offset = FOB_OFFSET(S, count, size_t)
#define FOB_ITEMS(S, member, count, T)                                                                       \
    .kind = FOB_FIELD_ITEMS, .offset = FOB_OFFSET(S, member, T *),                                           \
    .count_offset = FOB_OFFSET(S, count, size_t)
#define FOB_JSON(S, member) .kind = FOB_FIELD_JSON, .offset = FOB_OFFSET(S, member, char *)
#define FOB_INCLUDE(S, member, T) .kind = FOB_FIELD_INCLUDE, .offset = FOB_OFFSET(S, member, T)

/* Fills target, zeroed before, from a map; what is wrong goes to problems. map NULL stands for an empty one. */
void fob_fields_read(const struct fob_table *table, const struct fob_yaml *map, void *target,
                     struct fob_problems *problems);

/* The row of a key, in the table or one that it includes; NULL when there is none. */
const struct fob_field *fob_fields_find(const struct fob_table *table, const char *key);

/* Wipes and frees what fob_fields_read filled in; target itself stays. */
void fob_fields_free(const struct fob_table *table, void *target);

#endif
