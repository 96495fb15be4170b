/* SPDX-License-Identifier: MIT */
/* XML as it comes from outside, turned into what JSON Pointers can look into. Expat does the parsing. */
#ifndef CORE_XMLTREE_H
#define CORE_XMLTREE_H

#include "json.h"

/*
 * {"Root": …}: child elements are members, those that come again arrays, attributes "@name", and text alone is a string; an
 * element that has text and more has it as "#text". Space around text is left out, and so are namespace declarations.
 * Refused: a document type, more than FOB_MAX_JSON_DEPTH levels, more than FOB_MAX_XML_NODES elements and attributes.
 * Errors: FOB_E_PROTOCOL with the place, FOB_E_MEMORY.
 */
fob_err fob_xml_read(const char *text, size_t len, json_t **ret_object, struct fob_error *error);

#endif
