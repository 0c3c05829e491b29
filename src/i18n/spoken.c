/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/spoken.h"

const struct es_spoken es_spoken[] = {
    { "ar", "العربية" },
    { "az", "Azərbaycanca" },
    { "bn", "বাংলা" },
    { "zh", "中文" },
    { "de", "Deutsch" },
    { "en", "English" },
    { "es", "Español" },
    { "fa", "فارسی" },
    { "fr", "Français" },
    { "hi", "हिन्दी" },
    { "id", "Bahasa Indonesia" },
    { "it", "Italiano" },
    { "ja", "日本語" },
    { "ka", "ქართული" },
    { "kk", "Қазақша" },
    { "pt", "Português" },
    { "ru", "Русский" },
    { "sw", "Kiswahili" },
    { "tr", "Türkçe" },
    { "uk", "Українська" },
    { "ur", "اردو" },
    { "uz", "Oʻzbekcha" },
};
const size_t es_spoken_n = sizeof es_spoken / sizeof *es_spoken;
