/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/words_letters.h"

#include "notify/smtp.h"
#include "store/letters.h"

const char *es_words_letter(const struct es_lang *l, int32_t kind)
{
    static const char *const IDS[ES_LETTER_KINDS] = {
        [0] = "",
        [ES_LETTER_JOINED] = ES_T("Confirmation of joining"),
        [ES_LETTER_ACCEPTED] = ES_T("A run was accepted"),
        [ES_LETTER_REFUSED] = ES_T("A run was refused"),
        [ES_LETTER_QUESTION] = ES_T("A question about a run"),
        [ES_LETTER_APPEAL] = ES_T("The answer to an appeal"),
        [ES_LETTER_OPENS] = ES_T("Reminder before it begins"),
        [ES_LETTER_CLOSES] = ES_T("Reminder before it ends"),
        [ES_LETTER_FINAL] = ES_T("The final result"),
        [ES_LETTER_PLACED] = ES_T("A place has become free"),
    };
    if (kind == ES_LETTER_GUARDIAN)
        return es_t(l, ES_T("The question to a parent or guardian"));
    return kind > 0 && kind < ES_LETTER_KINDS ? es_t(l, IDS[kind]) : "";
}

const char *es_words_letter_who(const struct es_lang *l, int32_t kind)
{
    static const char *const IDS[ES_LETTER_KINDS] = {
        [0] = "",
        [ES_LETTER_JOINED] =
            ES_T("To everybody who registers, at once: that they take part, or "
                 "wait for a place. Their personal link isn't in it."),
        [ES_LETTER_ACCEPTED] =
            ES_T("After a person has looked at a run and accepted it."),
        [ES_LETTER_REFUSED] = ES_T("After a person has refused a run; it leads "
                                   "to the receipt, where the reason stands."),
        [ES_LETTER_QUESTION] = ES_T("When a reviewer asks back; it leads to "
                                    "the receipt, where the question stands."),
        [ES_LETTER_APPEAL] = ES_T("When a second person has decided."),
        [ES_LETTER_OPENS] =
            ES_T("To those who agreed to such mails, some days before."),
        [ES_LETTER_CLOSES] = ES_T("To those who agreed to such mails and have "
                                  "no run yet, some days before."),
        [ES_LETTER_FINAL] = ES_T("To those who agreed to such mails, once the "
                                 "results are final, with their own figures."),
        [ES_LETTER_PLACED] = ES_T("To who stood on the waiting list and has a "
                                  "place now."),
    };
    return kind > 0 && kind < ES_LETTER_KINDS ? es_t(l, IDS[kind]) : "";
}

const char *es_words_fault(const struct es_lang *l, int32_t fault)
{
    static const char *const IDS[ES_FAULTS] = {
        [ES_FAULT_NONE] = "",
        [ES_FAULT_NAME] = ES_T("The mail server wasn't found: its name leads "
                               "nowhere. Is it written rightly, and does this "
                               "machine look up names (DNS)?"),
        [ES_FAULT_CONNECT] = ES_T("Nobody answers at the mail server: the "
                                  "connection was refused. Is the port right, "
                                  "and does a firewall let it through?"),
        [ES_FAULT_SILENT] = ES_T("The mail server took too long to answer."),
        [ES_FAULT_CERT] = ES_T("The mail server couldn't prove who it is: its "
                               "certificate (TLS) is for another name, too "
                               "old, or signed by nobody known here."),
        [ES_FAULT_TLS] = ES_T("The mail server doesn't encrypt (TLS), and we "
                              "send nothing in the clear."),
        [ES_FAULT_LOGIN] =
            ES_T("The mail server refused our user name or password."),
        [ES_FAULT_SENDER] = ES_T("The mail server doesn't let us send from our "
                                 "address."),
        [ES_FAULT_RECIPIENT] =
            ES_T("The mail server refused the address it was to go to."),
        [ES_FAULT_CONTENT] = ES_T("The mail server refused what is in it."),
        [ES_FAULT_LATER] =
            ES_T("The mail server wants to be asked again later."),
        [ES_FAULT_OTHER] = ES_T("The connection to the mail server broke off."),
        [ES_FAULT_ADDRESS] = ES_T("There is no such mail address."),
    };
    return fault > 0 && fault < ES_FAULTS ? es_t(l, IDS[fault]) : "";
}
