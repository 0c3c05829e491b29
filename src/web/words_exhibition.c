/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/words_exhibition.h"

static const struct {
    const char *words, *url;
} LICENCES[ES_LICENCES] = {
    [ES_LICENCE_RESERVED] = { ES_T("All rights reserved: ask before you use "
                                   "it"),
                              NULL },
    [ES_LICENCE_BY] = { ES_T("May be used when the name is given (CC BY 4.0)"),
                        "https://creativecommons.org/licenses/by/4.0/" },
    [ES_LICENCE_BY_SA] = { ES_T("May be used when the name is given, and passed"
                                " on alike (CC BY-SA 4.0)"),
                           "https://creativecommons.org/licenses/by-sa/4.0/" },
    [ES_LICENCE_BY_NC] = { ES_T("May be used when the name is given, not for "
                                "money (CC BY-NC 4.0)"),
                           "https://creativecommons.org/licenses/by-nc/4.0/" },
    [ES_LICENCE_BY_NC_ND] = { ES_T("May be shown as it is when the name is "
                                   "given, not for money "
                                   "(CC BY-NC-ND 4.0)"),
                              "https://creativecommons.org/licenses/by-nc-nd/"
                              "4.0/" },
    [ES_LICENCE_ZERO] = { ES_T("May be used freely (CC0 1.0)"),
                          "https://creativecommons.org/publicdomain/zero/"
                          "1.0/" },
    [ES_LICENCE_PUBLIC] = { ES_T("Nobody's: it is in the public domain"),
                            NULL },
};

static bool known(enum es_licence licence)
{
    return (int)licence >= 0 && licence < ES_LICENCES;
}

const char *es_words_licence(const struct es_lang *l, enum es_licence licence)
{
    return known(licence) ? es_t(l, LICENCES[licence].words) : "";
}

const char *es_licence_address(enum es_licence licence)
{
    return known(licence) ? LICENCES[licence].url : NULL;
}
