/* SPDX-License-Identifier: MIT */
/* libfob: OAuth 2.0 tokens for programs. This header brings in all the others a host needs. */
#ifndef FOB_H
#define FOB_H

#include <fob/client.h>
#include <fob/error.h>
#include <fob/flow.h>
#include <fob/http.h>
#include <fob/limits.h>
#include <fob/log.h>
#include <fob/provider.h>
#include <fob/secret.h>
#include <fob/session.h>
#include <fob/store.h>
#include <fob/token.h>
#include <fob/version.h>

#endif
