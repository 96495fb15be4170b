/* SPDX-License-Identifier: MIT */
/* From a request to whatever answers it. */
#ifndef SANDBOX_DISPATCH_H
#define SANDBOX_DISPATCH_H

#include "sandbox.h"

void dispatch(struct sandbox *sandbox, const struct request *request, struct reply *reply);

#endif
