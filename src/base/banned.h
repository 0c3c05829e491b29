/* SPDX-License-Identifier: Apache-2.0 */
/* Forced into every translation unit by the build (-include). What is named
 * here either has no bound or reads the locale: a server that reads "5,2" in
 * one locale and "5.2" in another loses runs. Use base/ instead. */
#ifndef ES_BASE_BANNED_H
#define ES_BASE_BANNED_H

#include <assert.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Macros under clang with _FORTIFY_SOURCE. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok gmtime localtime
#pragma GCC poison atoi atol atof strtod strtof setlocale

#endif
