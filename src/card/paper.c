/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A document becomes a PDF. */
#include "card/paper_int.h"

#include "base/time.h"
#include "card/card.h"

#include <cairo-pdf.h>
#include <math.h>

static const double SHORT = 595.276, LONG = 841.89; /* A4 */

/* Letters get smaller until the pages are enough, down to what can be read:
 * 7.6 points of a text. */
static const double STEP = 0.955, LEAST = 0.72, LEAST_CERTIFICATE = 0.42;

enum { ARENA = 24 << 20 };

static cairo_status_t append(void *to, const unsigned char *p, unsigned n)
{
    struct es_buf *b = to;
    es_buf_add(b, p, n);
    return b->bad ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static bool goes_rtl(const char *tag)
{
    static const char *const RTL[] = { "ar", "ur", "fa", "he", "ps",
                                       "sd", "ug", "yi", "dv", "ckb" };
    size_t n = strcspn(tag, "-_");
    for (size_t i = 0; i < sizeof RTL / sizeof RTL[0]; i++)
        if (strlen(RTL[i]) == n && strncasecmp(tag, RTL[i], n) == 0)
            return true;
    return false;
}

/* The size at which it fits, and then how many pages it takes. */
static enum es_code measure(struct es_paper_flow *f, struct es_err *e)
{
    bool across = f->p->face == ES_PAPER_CERTIFICATE;
    double least = across ? LEAST_CERTIFICATE : LEAST;
    f->most = across        ? 1
              : f->p->pages ? MIN(f->p->pages, ES_PAPER_PAGES)
                            : ES_PAPER_PAGES;
    if (!across && f->most == ES_PAPER_PAGES)
        least = 1;
    for (f->scale = 1;; f->scale = fmax(least, f->scale * STEP)) {
        es_paper_flow(f);
        if (f->no_memory)
            return es_fail(e, ES_ENOMEM, 0, "no memory");
        if (!f->full)
            break;
        if (f->scale <= least)
            return es_fail(e, ES_ETOOLARGE, 0, "more than %u pages", f->most);
    }
    f->pages = f->page;
    if (across)
        f->shift = fmax(0, (f->bottom - f->y) / 2);
    return ES_OK;
}

/* Who reads the file's properties sees whose it is, and of when. */
static void describe(cairo_surface_t *s, const struct es_paper *p)
{
    char at[ES_TIME_TEXT];
    const char *when = es_time_text(p->at_ms, at);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, p->title);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, p->author);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Everystep");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, when);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, when);
}

static enum es_code draw(struct es_paper_flow *f, struct es_buf *pdf,
                         struct es_err *e)
{
    bool across = f->p->face == ES_PAPER_CERTIFICATE;
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(
        append, pdf, across ? LONG : SHORT, across ? SHORT : LONG);
    describe(s, f->p);
    f->cr = cairo_create(s);
    cairo_tag_begin(f->cr, "Document", NULL);
    es_paper_flow(f);
    cairo_tag_end(f->cr, "Document");
    cairo_show_page(f->cr);
    cairo_status_t status = cairo_status(f->cr);
    cairo_destroy(f->cr);
    f->cr = NULL;
    cairo_surface_finish(s);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(s);
    cairo_surface_destroy(s);
    if (status == CAIRO_STATUS_SUCCESS && !pdf->bad)
        return ES_OK;
    return es_fail(e,
                   pdf->bad                           ? ES_ETOOLARGE
                   : status == CAIRO_STATUS_NO_MEMORY ? ES_ENOMEM
                                                      : ES_EINTERNAL,
                   0, "%s", cairo_status_to_string(status));
}

enum es_code es_paper_draw(const struct es_paper *p, struct es_buf *pdf,
                           struct es_err *e)
{
    struct es_paper_flow f = { .p = p, .rtl = goes_rtl(p->tag) };
    struct es_buf out;
    for (int i = 0; i < 2; i++)
        if (!(f.cx[i] = es_card_context(i == 1)))
            return es_fail(e, ES_EINTERNAL, 0, "es_card_fonts comes first");
    es_paper_tones(p->colour, &f.tones);
    es_buf_init(&out, ES_FRAME_MAX - 1);
    enum es_code rc = measure(&f, e);
    if (rc == ES_OK)
        rc = draw(&f, &out, e);
    if (rc == ES_OK)
        rc = es_paper_say_lang(&out, p->tag, f.rtl, e);
    if (rc == ES_OK)
        es_buf_add(pdf, out.p, out.n);
    if (rc == ES_OK && pdf->bad)
        rc = es_fail(e, ES_ETOOLARGE, 0, "too many bytes");
    es_buf_release(&out);
    g_object_unref(f.cx[0]);
    g_object_unref(f.cx[1]);
    return rc;
}

static void paper_job(struct es_bytes file, struct es_buf *answer)
{
    struct es_arena a;
    struct es_paper p;
    struct es_buf pdf;

    es_arena_init(&a, ARENA);
    es_buf_init(&pdf, ES_FRAME_MAX - 1);
    enum es_code rc = es_paper_get(file, &a, &p, NULL);
    if (rc == ES_OK)
        rc = es_paper_draw(&p, &pdf, NULL);
    es_buf_u8(answer, (uint8_t)rc);
    if (rc == ES_OK)
        es_buf_add(answer, pdf.p, pdf.n);
    es_buf_release(&pdf);
    es_arena_release(&a);
}

void es_paper_job(struct es_bytes head, struct es_bytes file,
                  struct es_buf *answer)
{
    if (es_bytes_eq(head, ES_PAPER_HEAD))
        paper_job(file, answer);
    else
        es_card_job(head, file, answer);
}
