/* SPDX-License-Identifier: Apache-2.0 */
#include "track/rts.h"

/* Standing still or at 4 m/s: not known before the first fix. */
static const double FIRST_VAR_V = 16;

struct cov {
    double a, b, c;
};

/* h seconds later; qh = q * h. */
static inline struct cov later(struct cov p, double h, double qh)
{
    double half = qh * 0.5 * h;
    return (struct cov){
        (p.a + 2 * h * p.b) + (h * h * p.c + half * h * (2.0 / 3)),
        (p.b + h * p.c) + half,
        p.c + qh,
    };
}

/* At even steps the covariances soon stand still to the last bit: what follows
 * from them is what it was. */
static inline bool same(struct cov p, struct cov q)
{
    return p.a == q.a && p.b == q.b && p.c == q.c;
}

static void forward(struct es_state *s, const double *t_s, const double *x_m,
                    const double *y_m, size_t n, double q)
{
    struct cov p = { s[0].fix_var, 0, FIRST_VAR_V };
    es_v2 at = { x_m[0], y_m[0] }, by = { 0, 0 };
    struct cov from = p;
    double k0 = 0, k1 = 0, last_h = NAN, last_r = NAN;
    for (size_t i = 0; i < n; i++) {
        double h = i > 0 ? t_s[i] - t_s[i - 1] : 0, r = s[i].fix_var;
        if (h != last_h || r != last_r || !same(p, from)) {
            from = p;
            last_h = h;
            last_r = r;
            if (i > 0)
                p = later(p, h, q * h);
            double w = 1 / (p.a + r);
            k0 = p.a * w;
            k1 = p.b * w;
            p = (struct cov){ r * k0, r * k1, p.c - k1 * p.b };
        }
        es_v2 fix = { x_m[i], y_m[i] };
        es_v2 to = at + by * h, off = fix - to;
        at = to + off * k0;
        by += off * k1;
        s[i].at_m = at;
        s[i].by_mps = by;
        s[i].var = p.a;
        s[i].cov = p.b;
        s[i].var_v = p.c;
    }
}

/* The variance with which a fix off the way enters the next pass. */
static inline double reweighted(es_v2 off, double r, double r_inv)
{
    es_v2 sq = off * off;
    double z = (sq[0] + sq[1]) * r_inv;
    return z > 2 ? r * ((5 + z) / 7) : r;
}

static bool back(struct es_state *s, const double *t_s, const double *x_m,
                 const double *y_m, size_t n, double q, double r,
                 double *speed_mps)
{
    double r_inv = 1 / (r > 1 ? r : 1);
    bool changed = false;
    es_v2 at = s[n - 1].at_m, by = s[n - 1].by_mps;
    struct cov from = { NAN, 0, 0 };
    double g00 = 0, g01 = 0, g10 = 0, g11 = 0, last_h = NAN;
    for (size_t i = n; i-- > 0;) {
        if (i + 1 < n) {
            double h = t_s[i + 1] - t_s[i];
            struct cov p = { s[i].var, s[i].cov, s[i].var_v };
            if (h != last_h || !same(p, from)) {
                struct cov m = later(p, h, q * h);
                double det = 1 / (m.a * m.c - m.b * m.b);
                double c00 = p.a + h * p.b, c10 = p.b + h * p.c;
                g00 = (c00 * m.c - p.b * m.b) * det;
                g01 = (p.b * m.a - c00 * m.b) * det;
                g10 = (c10 * m.c - p.c * m.b) * det;
                g11 = (p.c * m.a - c10 * m.b) * det;
                from = p;
                last_h = h;
            }
            es_v2 mine = s[i].at_m, slow = s[i].by_mps, next = at;
            es_v2 dx = at - (mine + slow * h), dv = by - slow;
            at = mine + (dx * g00 + dv * g01);
            by = slow + (dx * g10 + dv * g11);
            s[i].at_m = at;
            s[i].by_mps = by;
            speed_mps[i] = es_step_mps(at, next, h);
        }
        es_v2 fix = { x_m[i], y_m[i] };
        double var = reweighted(fix - at, r, r_inv);
        changed |= var != s[i].fix_var;
        s[i].fix_var = var;
    }
    return changed;
}

bool es_rts(struct es_state *s, const double *t_s, const double *x_m,
            const double *y_m, size_t n, double q, double r, double *speed_mps)
{
    forward(s, t_s, x_m, y_m, n, q);
    return back(s, t_s, x_m, y_m, n, q, r, speed_mps);
}
