/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Row 8 of the table of attacks, and its other side: many slow connections
 * hold nobody up, and a school that comes at once gets through. */
#include "http/rig.h"

#include "base/limits.h"
#include "http/pool.h"

#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLOW = 800, SCHOOL = 2000 };

static int fds[SCHOOL];

/* Both ends of each connection are ours. */
static bool room_for(int connections)
{
    struct rlimit r;
    rlim_t want = (rlim_t)connections * 2 + 200;
    CHECK_INT(getrlimit(RLIMIT_NOFILE, &r), 0);
    if (r.rlim_cur < want && r.rlim_max >= want) {
        r.rlim_cur = want;
        CHECK_INT(setrlimit(RLIMIT_NOFILE, &r), 0);
    }
    return r.rlim_cur >= want;
}

static void drain_and_close(int fd)
{
    struct es_buf b;
    bool reset;
    CHECK(rig_get(fd, &b, 5000, &reset)); /* closed */
    es_buf_release(&b);
    close(fd);
}

static void check_hello_from(const struct es_http *s, const char *from)
{
    struct es_buf b;
    bool reset;
    int fd = rig_dial_from(s, from);
    CHECK(rig_put(fd, "GET /hello HTTP/1.1\r\n" HOST "\r\n"));
    CHECK(rig_get(fd, &b, 5000, &reset) && !reset);
    CHECK_INT(rig_status_of(&b), 200);
    es_buf_release(&b);
    close(fd);
}

/* ---- 8: the slow ---- */

TEST(row_08_slow_heads_of_one_address)
{
    struct es_http_config c = rig_config();
    struct es_http_stats st;
    if (!room_for(SLOW))
        SKIP("too few descriptors");
    c.incomplete_ms = 300;
    c.header_ms = 1500;
    struct es_http *s = rig_start(&c);
    for (int i = 0; i < SLOW; i++) {
        fds[i] = rig_dial(s);
        (void)rig_put(fds[i], "GET /hello HTTP/1.1\r\nHo");
    }
    check_hello_from(s, "127.0.0.2");
    rig_check_hello(s); /* their own neighbour */
    for (int i = 0; i < 200; i++) {
        es_http_stats(s, &st);
        if (st.connections <= ES_INCOMPLETE_PER_ADDR)
            break;
        rig_nap_ms(20);
    }
    CHECK(st.connections <= ES_INCOMPLETE_PER_ADDR);
    check_hello_from(s, "127.0.0.2");
    rig_check_hello(s);
    for (int k = 0; k < 20; k++) { /* dripping buys no time */
        for (int i = 0; i < SLOW; i++)
            (void)send(fds[i], "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        rig_nap_ms(100);
    }
    for (int i = 0; i < SLOW; i++)
        drain_and_close(fds[i]);
    es_http_stats(s, &st);
    CHECK_INT(st.connections, 0);
    CHECK_INT(st.gate_cut + st.gate_shed, SLOW);
    CHECK_INT(st.gate_cut, ES_INCOMPLETE_PER_ADDR);
    rig_stop(s);
}

/* Whole heads, and bodies that trickle: these have to stay, because uploads on
 * bad lines look like them, but cost no thread. */
TEST(row_08_slow_bodies_of_one_address)
{
    struct es_http_config c = rig_config();
    struct es_http_stats st;
    if (!room_for(SLOW))
        SKIP("too few descriptors");
    c.body_ms = 2500;
    struct es_http *s = rig_start(&c);
    for (int i = 0; i < SLOW; i++) {
        fds[i] = rig_dial(s);
        CHECK(rig_put(fds[i], "POST /raw HTTP/1.1\r\n" HOST
                              "Content-Length: 100000\r\n\r\nx"));
    }
    check_hello_from(s, "127.0.0.2");
    rig_check_hello(s);
    for (int i = 0; i < SLOW; i++)
        drain_and_close(fds[i]);
    es_http_stats(s, &st);
    CHECK_INT(st.body_cut, SLOW);
    CHECK_INT(st.requests, 2);
    check_hello_from(s, "127.0.0.2");
    rig_stop(s);
}

TEST(row_08_slow_readers_of_one_address)
{
    enum { READERS = 16 }; /* each is sent 24 MB */
    struct es_http_config c = rig_config();
    struct es_http_stats st;
    int small = 4096;
    c.send_ms = 1000;
    struct es_http *s = rig_start(&c);
    for (int i = 0; i < READERS; i++) {
        fds[i] = rig_dial(s);
        (void)setsockopt(fds[i], SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        CHECK(rig_put(fds[i], "GET /huge HTTP/1.1\r\n" HOST "\r\n"));
    }
    check_hello_from(s, "127.0.0.2");
    rig_check_hello(s);
    for (int i = 0; i < 500; i++) {
        es_http_stats(s, &st);
        if (st.body_cut == READERS)
            break;
        rig_nap_ms(20);
    }
    CHECK_INT(st.body_cut, READERS);
    for (int i = 0; i < READERS; i++)
        close(fds[i]);
    rig_stop(s);
}

/* An attack with many addresses leaves nobody a grace. */
TEST(row_08_no_grace_when_connections_become_few)
{
    struct es_http_config c = rig_config();
    struct es_http_stats st;
    c.conn_max = 200;
    c.header_ms = 3000;
    struct es_http *s = rig_start(&c);
    for (int i = 0; i < 190; i++) {
        fds[i] = rig_dial(s);
        (void)rig_put(fds[i], "GET /hello HTTP/1.1\r\nHo");
    }
    check_hello_from(s, "127.0.0.2");
    for (int i = 0; i < 100; i++) {
        es_http_stats(s, &st);
        if (st.connections <= 101)
            break;
        rig_nap_ms(20);
    }
    CHECK(st.connections <= 101); /* half of all, and the one too many */
    for (int i = 0; i < 190; i++)
        drain_and_close(fds[i]);
    rig_stop(s);
}

/* ---- and a school ---- */

/* All are connected before the first says a word, as from afar they are. */
static void come_at_once(struct es_http *s, const char *request)
{
    struct es_http_stats st;
    for (int i = 0; i < SCHOOL; i++)
        fds[i] = rig_dial(s);
    for (int i = 0; i < SCHOOL; i++)
        CHECK(rig_put(fds[i], request));
    check_hello_from(s, "127.0.0.2");
    for (int i = 0; i < SCHOOL; i++) {
        struct es_buf b;
        bool reset;
        CHECK(rig_get(fds[i], &b, 20000, &reset));
        if (reset || rig_status_of(&b) != 200)
            FAIL("%d of a school: %s", i, es_buf_cstr(&b));
        es_buf_release(&b);
        close(fds[i]);
    }
    es_http_stats(s, &st);
    CHECK_INT(st.gate_shed, 0);
    CHECK_INT(st.gate_cut, 0);
    CHECK_INT(st.queue_full, 0);
}

TEST(row_08_a_school_at_once)
{
    struct es_http_config c = rig_config();
    if (!room_for(SCHOOL))
        SKIP("too few descriptors");
    struct es_http *s = rig_start(&c);
    come_at_once(s, "GET /inline HTTP/1.1\r\n" HOST "\r\n");
    come_at_once(s, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    rig_stop(s);
}

/* Those who wait for their turn have no place among the threads that read and
 * write for all; and they may leave. */
TEST(row_08_of_one_address_so_many_run)
{
    enum { MANY = 100, LEAVE = 10 };
    struct es_http_config c = rig_config();
    struct es_http_stats st;
    struct es_http *s = rig_start(&c);
    for (int i = 0; i < MANY; i++) {
        fds[i] = rig_dial(s);
        CHECK(rig_put(fds[i], "GET /slow HTTP/1.1\r\n" HOST "\r\n"));
    }
    check_hello_from(s, "127.0.0.2");
    es_http_stats(s, &st);
    CHECK(st.in_flight <= ES_RUNNING_PER_ADDR);
    for (int i = MANY - LEAVE; i < MANY; i++) {
        const struct linger hard = { .l_onoff = 1, .l_linger = 0 };
        (void)setsockopt(fds[i], SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close(fds[i]);
    }
    for (int i = 0; i < MANY - LEAVE; i++) {
        struct es_buf b;
        bool reset;
        CHECK(rig_get(fds[i], &b, 20000, &reset) && !reset);
        CHECK_STR(rig_body_of(&b), "slow");
        es_buf_release(&b);
        close(fds[i]);
    }
    es_http_stats(s, &st);
    CHECK(st.requests >= MANY - LEAVE + 1 && st.requests < MANY);
    rig_stop(s);
}

/* A proxy of ours may keep its connections, and speaks for many. */
TEST(row_11_a_trusted_proxy_on_tcp)
{
    static const char *const OURS[] = { "127.0.0.1" };
    static const char ASK[] = "GET /hello HTTP/1.1\r\n" HOST
                              "X-Forwarded-For: 192.0.2.66, 192.0.2.7\r\n\r\n";
    struct es_http_config c = rig_config();
    struct es_buf b;
    bool reset;
    c.trusted = OURS;
    c.n_trusted = 1;
    struct es_http *s = rig_start(&c);
    int fd = rig_dial(s);
    for (int i = 0; i < 3; i++) {
        CHECK(rig_put(fd, ASK));
        CHECK(!rig_get(fd, &b, 300, &reset));
        CHECK_STR(rig_body_of(&b), "hello 192.0.2.7");
        es_buf_release(&b);
    }
    /* Each of its requests is held against the rules. */
    CHECK(rig_put(fd, "GET /hello HTTP/1.1\r\n" HOST HOST "\r\n"));
    (void)rig_get(fd, &b, 300, &reset);
    CHECK_INT(rig_status_of(&b), 400);
    es_buf_release(&b);
    close(fd);
    fd = rig_dial_from(s, "127.0.0.2");
    CHECK(rig_put(fd, ASK));
    CHECK(rig_get(fd, &b, 3000, &reset));
    CHECK_STR(rig_body_of(&b), "hello 127.0.0.2");
    es_buf_release(&b);
    close(fd);
    rig_stop(s);
}

/* ---- who waits behind whom ---- */

static sem_t taken, may_go, done;
static char order[64];
static size_t n_order;

static void note(void *job)
{
    const char *who = job;
    if (*who == '!') {
        sem_post(&taken);
        sem_wait(&may_go);
    } else {
        order[n_order++] = *who;
    }
    sem_post(&done);
}

/* The only thread is kept busy until all stand in the queue. */
static void queue_up(struct es_pool *p, const char *who)
{
    static char first[] = "!", jobs[3][2] = { "a", "b", "c" };
    uint8_t key[ES_PEER_KEY] = { 0 };
    size_t n = strlen(who);
    CHECK(es_pool_reserve(p));
    es_pool_put(p, key, first);
    sem_wait(&taken);
    for (size_t i = 0; i < n; i++) {
        key[0] = (uint8_t)who[i];
        CHECK(es_pool_reserve(p));
        es_pool_put(p, key, jobs[who[i] - 'a']);
    }
    sem_post(&may_go);
    for (size_t i = 0; i < n + 1; i++)
        sem_wait(&done);
}

TEST(row_08_addresses_take_turns)
{
    CHECK_INT(sem_init(&taken, 0, 0), 0);
    CHECK_INT(sem_init(&may_go, 0, 0), 0);
    CHECK_INT(sem_init(&done, 0, 0), 0);
    /* Two of them may share a lane by chance; not again and again. */
    for (int again = 0; again < 8; again++) {
        struct es_pool *p;
        n_order = 0;
        memset(order, 0, sizeof order);
        CHECK_INT(es_pool_new(1, 20, note, &p, NULL), ES_OK);
        queue_up(p, "aaaaaabbcc");
        CHECK(es_pool_stop(p, 1000));
        CHECK_INT(n_order, 10);
        if (strcmp(order, "abcabcaaaa") == 0)
            return;
    }
    FAIL("at last %s", order);
}
