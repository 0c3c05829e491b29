/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a picture to share costs: drawn in a worker, or kept from before; and
 * what the worker then holds. */
#include "base/limits.h"
#include "bench.h"
#include "render/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct load {
    struct es_render *r;
    const char *lang, *name, *title;
    enum es_card_size size;
    int64_t dist_mm; /* another one, another picture */
    bool same;
    size_t bytes;
};

static void ask(void *arg)
{
    struct load *l = arg;
    struct es_arena a;
    struct es_bytes png;
    struct es_err e = { 0 };
    struct es_card c = {
        .kind = ES_CARD_RUN,
        .size = l->size,
        .lang = es_lang_of(l->lang),
        .colour = 0x24265c,
        .name = l->name,
        .country = "PK",
        .initiative = l->title,
        .initiative_lang = l->lang,
        .holder = l->title,
        .dist_mm = l->dist_mm += l->same ? 0 : 10000,
        .time_ms = 3600000,
        .day_ms = 1750000000000,
        .zone = "UTC",
        .total_mm = 5675000000,
        .goal_mm = 12000000000,
        .url = "https://run.example.org/r/k3m9q2xw",
    };
    es_arena_init(&a, ES_FRAME_MAX);
    if (es_render_card(l->r, &c, &a, &png, &e) != ES_OK) {
        fprintf(stderr, "%s\n", e.msg);
        exit(1);
    }
    l->bytes = png.n;
    es_arena_release(&a);
}

static void note_memory(struct es_render *r)
{
    char path[64], line[256];
    pid_t pid = 0;
    if (es_render_pids(r, &pid, 1) != 1)
        abort();
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f)) {
        long kib = strtol(line + strcspn(line, "0123456789"), NULL, 10);
        if (strncmp(line, "VmPeak:", 7) == 0)
            bench_note("worker, address space", "%ld MiB of %u", kib >> 10,
                       ES_RENDER_AS >> 20);
        if (strncmp(line, "VmHWM:", 6) == 0)
            bench_note("worker, resident", "%ld MiB", kib >> 10);
    }
    if (f)
        fclose(f);
}

static struct es_render *open_render(void)
{
    static const char NAME[] = "/../" ES_RENDER_EXE;
    char exe[4096];
    struct es_render_config c = { .zygote_fd = -1, .exe = exe, .workers = 1 };
    struct es_render *r = NULL;
    struct es_err e = { 0 };
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - sizeof NAME);
    exe[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(exe, '/');
    if (!slash)
        abort();
    memcpy(slash, NAME, sizeof NAME);
    if (es_render_open(&c, &r, &e) != ES_OK) {
        fprintf(stderr, "%s\n", e.msg);
        exit(1);
    }
    return r;
}

int main(void)
{
    static const char *const SIZES[] = { "wide", "square", "story" };
    static const struct {
        const char *label, *lang, *name, *title;
    } WORDS[] = {
        { "Latin", "en", "Ada Lovelace", "The Lantern Run" },
        { "Urdu", "ur", "آمنہ خان", "لالٹین کی دوڑ" },
        { "Chinese", "en", "王小明", "灯笼跑" },
    };
    struct es_render *r = open_render();
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        for (size_t k = 0; k < ES_CARD_SIZES; k++) {
            char label[64];
            struct load l = { .r = r,
                              .lang = WORDS[i].lang,
                              .name = WORDS[i].name,
                              .title = WORDS[i].title,
                              .size = (enum es_card_size)k };
            (void)snprintf(label, sizeof label, "%s, %s", WORDS[i].label,
                           SIZES[k]);
            (void)bench_run(label, 1, "cards", ask, &l);
            bench_note("", "%zu kB", l.bytes / 1000);
        }
    struct load kept = { .r = r,
                         .lang = "en",
                         .name = "Ada",
                         .title = "The Lantern Run",
                         .same = true };
    (void)bench_run("kept", 1, "cards", ask, &kept);
    note_memory(r);
    es_render_close(r);
    return 0;
}
