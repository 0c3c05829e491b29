/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo/seed.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/random.h"
#include "cli/demo/face.h"
#include "cli/demo/press.h"
#include "cli/demo/programme.h"
#include "cli/demo/said.h"
#include "cli/demo/world.h"
#include "initiative/registration.h"
#include "initiative/routes.h"
#include "initiative/rules.h"
#include "initiative/runs.h"
#include "ipc/memfd.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SEED_MEM = 16 << 20,
    TAKE_MEM = 16 << 20,
    RUNS_OF_MAX = 64, /* more than any person of the demo has */
    THREADS_MAX = 16,
    NAMES_MAX = 1 << 16,
};

/* Which initiative is the demo's, and that all of it is there. Kept apart from
 * the initiative, so that one that only has the same slug is left alone. */
static const char META_ID[] = "demo";
static const char META_DONE[] = "demo_done";

/* One run of the world, and whether it is in the store already. */
struct job {
    size_t person, run;
    int64_t started_ms;
    bool there;
};

struct seeding {
    struct es_app *app;
    struct es_initiative ini;
    struct es_arena *a;
    struct es_participant
        *people;      /* by es_demo_person's number; id 0: not in */
    struct job *jobs; /* in the order of time */
    size_t n_jobs;

    es_demo_progress_fn *progress;
    void *progress_arg;
    pthread_mutex_t lock; /* all below */
    size_t next, done;
    bool stopped;
    enum es_code rc; /* the first failure ends it for all */
    struct es_err err;
};

bool es_demo_show(void *arg, size_t done, size_t total)
{
    (void)arg;
    bool terminal = isatty(STDERR_FILENO);
    bool last = done == total;
    if (terminal)
        fprintf(stderr, "\rdemo: %zu of %zu runs%s", done, total,
                last ? "\n" : "");
    else if (done % 100 == 0 || last)
        fprintf(stderr, "demo: %zu of %zu runs\n", done, total);
    sigset_t pending;
    return sigpending(&pending) != 0 ||
           (!sigismember(&pending, SIGINT) && !sigismember(&pending, SIGTERM));
}

/* ---- the instance's notes ---- */

struct note {
    const char *key;
    struct es_bytes value;
};

static enum es_code note_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct note *n = arg;
    (void)blob;
    return es_txn_meta_put(tx, n->key, n->value, e);
}

static enum es_code note_put(struct seeding *s, const char *key,
                             const char *value, struct es_err *e)
{
    struct note n = { key, es_bytes_str(value) };
    return es_store_write(
        s->app->store, &(struct es_write){ .apply = note_apply, .arg = &n }, e);
}

/* The demo's initiative: *id is 0 where there is none and none may be made. */
static enum es_code find_id(struct seeding *s, int64_t *id, struct es_err *e)
{
    struct es_bytes text;
    *id = 0;
    enum es_code rc = es_store_meta(s->app->store, META_ID, s->a, &text, e);
    if (rc == ES_OK && !es_num_i64(text, 1, INT64_MAX, id))
        return es_fail(e, ES_EINTERNAL, 0, "the demo's note is damaged");
    if (rc != ES_ENOENT)
        return rc;
    struct es_initiative *any;
    size_t n;
    rc = es_store_initiatives(s->app->store, 1, s->a, &any, &n, e);
    if (rc != ES_OK || n > 0)
        return rc;
    int64_t made = es_id_new();
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%" PRId64, made);
    rc = note_put(s, META_ID, digits, e);
    if (rc == ES_OK)
        *id = made;
    return rc;
}

/* ---- the initiative ---- */

static const char *rule_sheet(struct seeding *s)
{
    struct es_rules rules = es_rules_default();
    struct es_buf sheet;
    size_t n;
    const char *const *categories = es_demo_categories(&n);
    for (size_t i = 0; i < n && i < ES_RULE_CATEGORIES_MAX; i++)
        (void)snprintf(rules.categories[rules.n_categories++].name,
                       ES_RULE_CATEGORY_TEXT, "%s", categories[i]);
    es_buf_init(&sheet, NAMES_MAX);
    es_rules_write(&rules, &sheet);
    const char *out = es_arena_str(s->a, es_buf_cstr(&sheet));
    es_buf_release(&sheet);
    return out;
}

static enum es_code create(struct seeding *s, int64_t id, struct es_err *e)
{
    int64_t now_ms = es_time_now_ms();
    struct es_buf face;
    es_buf_init(&face, ES_FACE_MAX);
    enum es_code rc = es_demo_face(s->app, id, &face, e);
    es_demo_initiative(es_demo_opens_ms(now_ms), &s->ini);
    s->ini.id = id;
    s->ini.created_ms = now_ms;
    s->ini.consents = es_demo_consents();
    s->ini.rules = rule_sheet(s);
    s->ini.face = es_arena_str(s->a, es_buf_cstr(&face));
    es_buf_release(&face);
    if (rc != ES_OK)
        return rc;
    if (!s->ini.rules || !s->ini.face)
        return es_fail(e, ES_ENOMEM, 0, "no memory for the initiative");
    return es_initiative_save(s->app, &s->ini, e);
}

static enum es_code teams(struct seeding *s, struct es_err *e)
{
    size_t n;
    const struct es_demo_team *v = es_demo_teams(&n);
    enum es_code rc = ES_OK;
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_team there;
        int64_t id;
        rc = es_store_team_by_code(s->app->store, s->ini.id, v[i].code, s->a,
                                   &there, e);
        if (rc == ES_ENOENT)
            rc =
                es_team_create(s->app, s->ini.id, v[i].name, v[i].code, &id, e);
    }
    return rc;
}

/* ---- the people ---- */

/* Known by their names, each of which occurs once: a visitor who joins in the
 * midst of it takes nobody's place. */
static enum es_code see_person(const struct es_participant_sum *row, void *arg,
                               struct es_err *e)
{
    struct seeding *s = arg;
    (void)e;
    for (size_t i = 0; i < es_demo_participants(); i++) {
        struct es_demo_person p;
        es_demo_person(i, &p);
        if (s->people[i].id == 0 &&
            strcmp(p.display_name, row->p.display_name) == 0) {
            s->people[i].id = row->p.id;
            break;
        }
    }
    return ES_OK;
}

static enum es_code join(struct seeding *s, size_t i, struct es_err *e)
{
    struct es_demo_person p;
    struct es_joined joined;
    struct es_field_errors errors;
    es_demo_person(i, &p);
    struct es_join in = {
        .display_name = p.display_name,
        .country = p.country,
        .team_code = p.team_code,
        .category = p.category,
        .birth_year = p.birth_year,
        .lang = p.lang,
        .visibility = p.visibility,
        .consents = p.consents,
    };
    enum es_code rc =
        es_register(s->app, &s->ini, &in, s->a, &joined, &errors, e);
    if (rc == ES_OK)
        s->people[i] = joined.p;
    return rc;
}

static enum es_code people(struct seeding *s, struct es_err *e)
{
    size_t n = es_demo_participants();
    s->people = es_arena_array(s->a, n, sizeof *s->people);
    if (!s->people)
        return es_fail(e, ES_ENOMEM, 0, "no memory for the people");
    enum es_code rc =
        es_store_each_sum(s->app->store, s->ini.id, see_person, s, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        if (s->people[i].id == 0)
            rc = join(s, i, e);
        else
            rc = es_store_participant(s->app->store, s->ini.id, s->people[i].id,
                                      s->a, &s->people[i], e);
    }
    return rc;
}

/* ---- the runs ---- */

static int by_time(const void *a, const void *b)
{
    const struct job *x = a;
    const struct job *y = b;
    if (x->started_ms != y->started_ms)
        return x->started_ms < y->started_ms ? -1 : 1;
    return (x->person > y->person) - (x->person < y->person);
}

/* Nobody of the demo runs twice at once: the start tells a run from another. */
static enum es_code plan_person(struct seeding *s, size_t i, struct es_err *e)
{
    struct es_run *runs;
    size_t n;
    enum es_code rc =
        es_store_runs_of(s->app->store, s->ini.id, s->people[i].id, 0,
                         RUNS_OF_MAX, s->a, &runs, &n, e);
    if (rc != ES_OK)
        return rc;
    for (size_t k = 0; k < es_demo_runs_of(i); k++) {
        struct es_demo_run run;
        es_demo_run(i, k, s->ini.created_ms, &run);
        struct job *job = &s->jobs[s->n_jobs++];
        *job = (struct job){ i, k, run.started_ms, false };
        for (size_t j = 0; j < n; j++)
            job->there |= runs[j].started_ms == run.started_ms;
        s->done += job->there;
    }
    return ES_OK;
}

static void report(struct seeding *s)
{
    if (s->progress && !s->progress(s->progress_arg, s->done, s->n_jobs))
        s->stopped = true;
}

/* What is left to do, in the order in which it was run, so that the list of
 * arrivals is one that people could have made. */
static enum es_code plan(struct seeding *s, struct es_err *e)
{
    enum es_code rc = ES_OK;
    s->jobs = es_arena_array(s->a, es_demo_runs(), sizeof *s->jobs);
    if (!s->jobs)
        return es_fail(e, ES_ENOMEM, 0, "no memory for the runs");
    for (size_t i = 0; rc == ES_OK && i < es_demo_participants(); i++)
        rc = plan_person(s, i, e);
    if (rc != ES_OK)
        return rc;
    qsort(s->jobs, s->n_jobs, sizeof *s->jobs, by_time);
    report(s);
    return ES_OK;
}

static enum es_code take_file(struct seeding *s, size_t person,
                              const struct es_buf *file, const char *name,
                              int64_t received_ms, struct es_err *e)
{
    struct es_arena a;
    struct es_taken taken;
    int fd = -1;
    es_arena_init(&a, TAKE_MEM);
    enum es_code rc = es_memfd_of(es_buf_bytes(file), &fd, e);
    if (rc == ES_OK)
        rc = es_runs_take(s->app,
                          &(struct es_take){ .who = &s->people[person],
                                             .fd = fd,
                                             .size = file->n,
                                             .file_name = name,
                                             .activity = ES_TAKE_ONLY,
                                             .received_ms = received_ms },
                          &a, &taken, e);
    if (fd >= 0)
        close(fd);
    es_arena_release(&a);
    return rc;
}

static enum es_code take(struct seeding *s, const struct job *job,
                         struct es_buf *file, struct es_err *e)
{
    struct es_demo_run run;
    int64_t now_ms = s->ini.created_ms;
    es_buf_clear(file);
    es_demo_run(job->person, job->run, now_ms, &run);
    enum es_code rc = es_demo_run_file(job->person, job->run, now_ms, file, e);
    return rc == ES_OK ? take_file(s, job->person, file, run.file_name,
                                   run.received_ms, e)
                       : rc;
}

/* The next run to take, or NULL when there is none or one has failed. */
static const struct job *next_job(struct seeding *s)
{
    const struct job *job = NULL;
    pthread_mutex_lock(&s->lock);
    while (!s->stopped && s->next < s->n_jobs && !job) {
        job = &s->jobs[s->next++];
        if (job->there)
            job = NULL;
    }
    pthread_mutex_unlock(&s->lock);
    return job;
}

static void job_done(struct seeding *s, enum es_code rc, const struct es_err *e)
{
    pthread_mutex_lock(&s->lock);
    if (rc == ES_OK) {
        s->done++;
        report(s);
    } else if (s->rc == ES_OK) {
        s->rc = rc;
        s->err = *e;
        s->stopped = true;
    }
    pthread_mutex_unlock(&s->lock);
}

static void *taker(void *arg)
{
    struct seeding *s = arg;
    const struct job *job;
    struct es_buf file;
    es_buf_init(&file, ES_DEMO_FILE_MAX);
    while ((job = next_job(s))) {
        struct es_err e = { 0 };
        enum es_code rc = take(s, job, &file, &e);
        job_done(s, rc, &e);
    }
    es_buf_release(&file);
    return NULL;
}

/* More threads than processors: each waits for its commit half of the time,
 * and commits that wait together are one. */
static enum es_code runs(struct seeding *s, struct es_err *e)
{
    pthread_t threads[THREADS_MAX];
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    size_t want = cpus < 1 ? 2 : (size_t)cpus * 2;
    size_t n = 0;
    pthread_mutex_init(&s->lock, NULL);
    while (n < want && n < THREADS_MAX &&
           pthread_create(&threads[n], NULL, taker, s) == 0)
        n++;
    if (n == 0)
        taker(s);
    for (size_t i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&s->lock);
    if (s->rc != ES_OK && e)
        *e = s->err;
    return s->rc;
}

/* ---- what doesn't go as smoothly ---- */

static enum es_code type_in(struct seeding *s, const struct es_demo_odd *odd,
                            struct es_err *e)
{
    struct es_arena a;
    struct es_receipt receipt;
    struct es_field_errors errors = { 0 };
    es_arena_init(&a, TAKE_MEM);
    enum es_code rc =
        es_runs_type_in(s->app, &s->people[odd->person],
                        &(struct es_typed){ .started_ms = odd->started_ms,
                                            .dist_m = odd->dist_m,
                                            .elapsed_s = odd->elapsed_s,
                                            .note = odd->note,
                                            .received_ms = odd->received_ms },
                        &a, &receipt, &errors, e);
    es_arena_release(&a);
    return rc;
}

static enum es_code take_odd(struct seeding *s, size_t j, struct es_buf *file,
                             struct es_err *e)
{
    struct es_demo_odd odd;
    struct es_run *runs;
    size_t n;
    es_demo_odd(j, s->ini.created_ms, &odd);
    enum es_code rc =
        es_store_runs_of(s->app->store, s->ini.id, s->people[odd.person].id, 0,
                         RUNS_OF_MAX, s->a, &runs, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (runs[i].started_ms == odd.started_ms)
            return ES_OK;
    if (rc == ES_OK && odd.kind == ES_DEMO_TYPED)
        return type_in(s, &odd, e);
    es_buf_clear(file);
    if (rc == ES_OK)
        rc = es_demo_odd_file(j, s->ini.created_ms, file, e);
    return rc == ES_OK
               ? take_file(s, odd.person, file, "track.gpx", odd.received_ms, e)
               : rc;
}

/* One after the other, and after all runs: a copy comes after what it copies.
 */
static enum es_code odds(struct seeding *s, struct es_err *e)
{
    enum es_code rc = ES_OK;
    struct es_buf file;
    es_buf_init(&file, ES_DEMO_FILE_MAX);
    for (size_t j = 0; rc == ES_OK && j < es_demo_odds(); j++)
        rc = take_odd(s, j, &file, e);
    es_buf_release(&file);
    return rc;
}

/* ---- what some people show ---- */

/* Showing a route twice shows it once. */
static enum es_code show_routes_of(struct seeding *s, size_t i,
                                   struct es_err *e)
{
    const struct es_participant *who = &s->people[i];
    struct es_run *runs;
    size_t n;
    enum es_code rc = es_store_runs_of(s->app->store, s->ini.id, who->id, 0,
                                       RUNS_OF_MAX, s->a, &runs, &n, e);
    for (size_t k = 0; rc == ES_OK && k < n; k++) {
        struct es_arena a;
        enum es_route_end end;
        if (runs[k].kind != ES_KIND_FILE)
            continue;
        es_arena_init(&a, TAKE_MEM);
        rc = es_route_show(s->app, who, runs[k].id, &a, &end, e);
        es_arena_release(&a);
    }
    return rc;
}

static enum es_code show_routes(struct seeding *s, struct es_err *e)
{
    enum es_code rc = ES_OK;
    for (size_t i = 0; rc == ES_OK && i < es_demo_participants(); i++)
        if (es_demo_shows_routes(i))
            rc = show_routes_of(s, i, e);
    return rc;
}

enum es_code es_demo_missing(struct es_app *app, bool *missing,
                             struct es_err *e)
{
    struct es_bytes done;
    struct es_arena a;
    es_arena_init(&a, 1024);
    enum es_code rc = es_store_meta(app->store, META_DONE, &a, &done, e);
    es_arena_release(&a);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    *missing = rc == ES_ENOENT;
    return ES_OK;
}

static enum es_code seed(struct seeding *s, struct es_err *e)
{
    bool missing;
    int64_t id;
    enum es_code rc = es_demo_missing(s->app, &missing, e);
    if (rc != ES_OK || !missing)
        return rc;
    rc = find_id(s, &id, e);
    if (rc != ES_OK || id == 0)
        return rc;
    rc = es_store_initiative_by_id(s->app->store, id, s->a, &s->ini, e);
    if (rc == ES_ENOENT)
        rc = create(s, id, e);
    if (rc == ES_OK)
        rc = es_demo_programme(s->app, &s->ini, e);
    if (rc == ES_OK)
        rc = teams(s, e);
    if (rc == ES_OK)
        rc = people(s, e);
    if (rc == ES_OK)
        rc = plan(s, e);
    if (rc == ES_OK)
        rc = runs(s, e);
    if (rc != ES_OK || s->done < s->n_jobs)
        return rc;
    rc = odds(s, e);
    if (rc == ES_OK)
        rc = show_routes(s, e);
    if (rc == ES_OK)
        rc = es_demo_press(s->app, &s->ini, e);
    if (rc == ES_OK)
        rc = es_demo_said(s->app, &s->ini, e);
    if (rc == ES_OK)
        rc = note_put(s, META_DONE, "1", e);
    return rc;
}

enum es_code es_demo_seed(struct es_app *app, es_demo_progress_fn *progress,
                          void *arg, struct es_err *e)
{
    struct es_arena a;
    struct seeding s = {
        .app = app, .a = &a, .progress = progress, .progress_arg = arg
    };
    es_arena_init(&a, SEED_MEM);
    enum es_code rc = seed(&s, e);
    es_arena_release(&a);
    return rc;
}
