/* SPDX-License-Identifier: MIT */
/* Which functions libfob exports, and how the compiler checks calls to them. */
#ifndef FOB_EXPORT_H
#define FOB_EXPORT_H

#if defined(__GNUC__)
#define FOB_API __attribute__((visibility("default")))
#define FOB_NODISCARD __attribute__((warn_unused_result))
#define FOB_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define FOB_API
#define FOB_NODISCARD
#define FOB_PRINTF(fmt, first)
#endif

#ifdef __cplusplus
#define FOB_BEGIN_DECLS extern "C" {
#define FOB_END_DECLS }
#else
#define FOB_BEGIN_DECLS
#define FOB_END_DECLS
#endif

#endif
