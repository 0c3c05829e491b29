/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit, with its reason. Configurable downward only. */
#ifndef ES_BASE_LIMITS_H
#define ES_BASE_LIMITS_H

/* ---- uploads and decoding ---- */
#define ES_UPLOAD_MAX                                                          \
    (32u << 20)                     /* a 24 h file at 1 Hz with all sensors is \
                                       about 12 MB as GPX */
#define ES_UNPACKED_MAX (64u << 20) /* after decompression, all members */
#define ES_UNPACK_RATIO 200         /* real GPX compresses 10 to 30 times */
#define ES_UNPACK_RATIO_FLOOR 65536 /* the ratio counts only beyond this */
#define ES_MEMBERS_MAX 64           /* activities in one zip */
#define ES_POINTS_MAX 1000000u      /* 11 days at 1 Hz */
#define ES_ACTIVITIES_MAX 256u      /* sessions in one file */
#define ES_LAPS_MAX 10000u          /* a lap every 8 s for a day */
#define ES_LENGTHS_MAX 10000u       /* of a pool: 250 km in one of 25 m */
#define ES_EXTRAS_MAX 32u           /* developer fields of one FIT file */
#define ES_EXTRA_COLUMNS 9u         /* those kept: 96 bytes a point at most */
#define ES_SPLITS_MAX 2000u         /* km or miles of one activity */
#define ES_LAPS_SHOWN 400u    /* kept with a measure: a marathon on a track */
#define ES_WARNINGS_MAX 32u   /* kept per activity; later ones counted */
#define ES_FINDINGS_MAX 32u   /* kept per run */
#define ES_COURSE_POINTS 400u /* of a shown route: finer than a card */
#define ES_ZONES_MAX 100u     /* hidden places of one person */
#define ES_XML_DEPTH 32       /* GPX with extensions needs about 8 */
#define ES_XML_ATTRS 32       /* GPX's root carries about 12 */
#define ES_XML_TOKEN                                                           \
    (4u << 10) /* bytes of one name, value or text that                        \
                  is kept */
#define ES_XML_GROWN                                                           \
    (512u << 10) /* by which a file may grow when it is written in UTF-8: as   \
                    many accents as no file of a run has */
#define ES_ZIP_ENTRIES_MAX 4096u /* a service's export of one person */
#define ES_DECODE_MEM                                                          \
    (288u << 20) /* arena of one decode and its measure: a million points at   \
                    96 bytes, and ES_MEASURE_POINT while they are measured */
#define ES_MEASURE_POINT                                                       \
    176 /* bytes that measuring takes for each: columns of 29 and 26, 96 to    \
           smooth in, 21 of distance over time */
#define ES_MEASURE_FLOOR (256u << 10) /* and besides: splits, laps, series */

/* ---- the decode worker ---- */
#define ES_WORKER_CPU_S 2   /* per upload */
#define ES_WORKER_WALL_S 10 /* per upload, then it is killed */
#define ES_WORKER_AS                                                           \
    (640u << 20)         /* address space; the arena, the input, the unpacked  \
                            bytes and what two are compared by, with room */
#define ES_LEND_MAX 1024 /* files lent to a sandbox: all of Noto are 400 */
#define ES_FRAME_MAX (8u << 20) /* one answer from a worker */
#define ES_JOB_HEAD_MAX                                                        \
    (16u << 10) /* what a worker is told: a card with its words and route */
#define ES_JOB_FILE_MAX (2 * ES_UPLOAD_MAX) /* two files, to be compared */
#define ES_WORKERS_MAX 256 /* forked by one zygote: 4 a core on 64 cores */
#define ES_WORKER_JOBS                                                         \
    64 /* then it is replaced: one that was taken over sees no more files,     \
          and a fork costs the average upload nothing that can be seen */
#define ES_ZYGOTE_WAIT_MS 3000 /* a fork takes 1 ms; a busy machine more */
#define ES_ZYGOTE_READY_MS                                                     \
    60000 /* the first: who draws reads 300 fonts, on slow machines too */
#define ES_INGEST_WAIT_S 5 /* for a free worker; then "busy, try again" */

/* ---- drawing pictures ---- */
#define ES_RENDER_AS                                                           \
    (512u << 20) /* 155 MB of fonts, were all of them mapped; 140 of libraries \
                    and heap with a story in hand; and room */
#define ES_RENDER_WALL_S 10 /* per card; the slowest needs a tenth of a s */
#define ES_RENDER_WAIT_S 3  /* for a free worker; then "busy, try again" */
#define ES_RENDER_DRAWINGS                                                     \
    12 /* under way or waited for: most of ES_HTTP_WORKERS stay free */
#define ES_RENDER_CACHE (48u << 20) /* about 500 pictures */

/* ---- uploaded pictures ---- */
#define ES_PICTURE_MAX                                                         \
    (16u << 20) /* bytes of one: 12 megapixels of a phone are 3 to 8 MB */
#define ES_PICTURE_PIXELS 40000000u /* twice what most cameras make */
#define ES_PICTURE_EDGE 16384u      /* a panorama; WebP has no more either */
#define ES_PICTURE_SIZES 4u         /* of one picture: phone, page, print */
#define ES_PICTURE_MEM                                                         \
    (400u << 20) /* arena: WebP and interlaced PNG whole, 160 MB, and as high  \
                    as the source in linear light, 100 MB */

/* ---- serving ---- */
#define ES_STOP_S 15 /* to end in order; then it is killed */

/* ---- HTTP ---- */
#define ES_HTTP_LINE (8u << 10)    /* request line */
#define ES_HTTP_HEADER (16u << 10) /* header block */
#define ES_HTTP_FIELDS 64          /* header fields */
#define ES_FORM_MAX (64u << 10)    /* form fields, without files */
#define ES_SHOWN_MAX (8u << 10)    /* of these: a passkey's answer, and more */
#define ES_JSON_MAX (64u << 10)    /* a JSON request body */
#define ES_PARTS_MAX 20            /* multipart parts */
#define ES_HEADER_DEADLINE_S 5     /* absolute */
#define ES_BODY_DEADLINE_S 120     /* absolute */
#define ES_BODY_MIN_RATE 1024      /* bytes a second after a grace of 10 s */
#define ES_BODY_GRACE_S 10
#define ES_SEND_DEADLINE_S 120     /* absolute, plus the size over... */
#define ES_SEND_MIN_RATE 16384     /* ...bytes a second: a poor 3G link */
#define ES_BODIES_MAX (512u << 20) /* bodies held in memory, all requests */
#define ES_KEEPALIVE_S 15
#define ES_READY_S 30      /* at the gate, for others of one address */
#define ES_LINGER_S 5      /* a refused client may still read why */
#define ES_HTTP_WORKERS 48 /* handlers block on workers and commits */
#define ES_HTTP_QUEUE                                                          \
    3072                        /* a school's 2,048 at once, and others; then  \
                                   503 */
#define ES_REQ_ARENA (8u << 20) /* a handler renders its rows in it */
#define ES_RESP_MAX (40u << 20) /* an original of ES_UPLOAD_MAX, with room */
#define ES_RESP_HEADERS 32
#define ES_HUB_RING 256 /* events a watcher may be behind */
#define ES_HUB_EVENT (16u << 10)
#define ES_HUB_TOPICS 4096
#define ES_HUB_COMMENT_S 15 /* keeps proxies from closing a quiet stream */
#define ES_INCOMPLETE_PER_ADDR 64 /* per IPv4 address or IPv6 /64 */
#define ES_INCOMPLETE_GRACE_MS                                                 \
    2000 /* before they count: a phone's first bytes need one round trip, on a \
            bad day of a second */
#define ES_RUNNING_PER_ADDR                                                    \
    16 /* a third of the handlers: others find one that is free, and cores     \
          that aren't shared by 50; more of an address waits at the gate */
#define ES_CONN_PER_ADDR 2048 /* a school behind one address */
#define ES_CONN_MAX 10000

/* ---- passkeys ---- */
#define ES_CBOR_DEPTH 8 /* an attestation with a certificate chain needs 4 */
#define ES_PASSKEY_BYTES                                                       \
    (8u << 10)                 /* one part of an answer: with an RSA key 700 */
#define ES_PASSKEY_ID_MAX 1023 /* WebAuthn Level 3 section 4 */
#define ES_PASSKEYS_MAX 20     /* of one person: a name tells them apart */
#define ES_PASSKEY_ROWS (64u << 10) /* of them, with ids of the longest */
#define ES_CHALLENGE_S 300          /* to find a key in a drawer */
#define ES_CHALLENGES_SPENT                                                    \
    16384u /* remembered, 400 KB: 50 people a second sign in for 5 minutes */

/* ---- the store ---- */
#define ES_STORE_GROUP 256    /* writes of one commit: bounds its latency */
#define ES_STORE_WAITING 1024 /* writes that wait; more is overload */
#define ES_STORE_WAITING_BYTES                                                 \
    (256u << 20)                   /* their uploads: 8 of the largest */
#define ES_STORE_READERS 16        /* connections; each caches its statements */
#define ES_STORE_BUSY_MS 5000      /* for another process's transaction */
#define ES_STORE_WAL_PAGES 2000    /* 8 MiB: replayed in well under 1 s */
#define ES_STORE_LIST_MAX 10000u   /* rows of one listing */
#define ES_DAYS_MAX 20000u         /* with runs, of one initiative: 54 years */
#define ES_SEARCH_PEOPLE 2000      /* of whom the best placed are shown */
#define ES_SEARCH_WORDS 4          /* of a name; more narrow nothing down */
#define ES_SEGMENT_MAX (256 << 20) /* a backup copies it in seconds */

/* ---- copies ---- */
#define ES_COPIES_MAX 20000000u /* runs indexed: 5 GB of memory */
#define ES_COPIES_CHAIN                                                        \
    32 /* runs of one mark, of each million: a search stays below 1 ms */
#define ES_LIKENESSES 16 /* proposed for one run, the likeliest first */
#define ES_LIKENESSES_COMPARED                                                 \
    3 /* of them decoded again: who runs one way daily waits no longer */

/* ---- signing in ---- */
#define ES_SESSION_MS                                                          \
    (365 * 86400000LL) /* a participant's: an initiative lasts months, and who \
                          lost the link may have nothing else */
#define ES_SESSION_IDLE_MS                                                     \
    (90 * 86400000LL) /* not seen so long: that phone is somebody else's now   \
                       */
#define ES_STAFF_SESSION_MS                                                    \
    (12 * 3600000LL) /* of who decides about others: a day at the start line   \
                      */
#define ES_STAFF_IDLE_MS                                                       \
    (2 * 3600000LL) /* left open in an office: a meeting, not an evening */
#define ES_SESSION_SEEN_MS                                                     \
    300000 /* noted at most so often: a write for each page would be too many  \
            */
#define ES_FRESH_MS                                                            \
    300000 /* after signing in, for what can't be undone: to find the button   \
            */
#define ES_INVITATION_MS (7 * 86400000LL) /* a week's mail gets read */
#define ES_STAFF_MAX 200    /* roles of one initiative: a marathon's helpers */
#define ES_WATCHED_MAX 8000 /* code points: a thousand words */
#define ES_IMPRINT_MAX 4000 /* code points: an address, a register, a law */
#define ES_WHY_MAX 500      /* code points of a reason given by staff */
#define ES_SAID_MAX                                                            \
    2000 /* code points of an appeal, a question, an answer: a page is read */
#define ES_REPORT_MAX 1000 /* code points of a report: half a page is read */
#define ES_REPORTS_SAME 50 /* open ones about one thing; more tell no more */

/* ---- mail ---- */
#define ES_MAIL_LINK_MS 600000 /* a link is read at once or not at all */
#define ES_MAIL_LINK_TRIES                                                     \
    5 /* wrong codes: of 10^8, so guessing one is a chance of 1 to 20 million  \
       */
#define ES_MAIL_FAMILY 20 /* people of one address to choose among */
#define ES_MAIL_TRIES 6   /* of sending one; then its server won't have it */
#define ES_MAIL_SEND_S 30 /* one try: a server that greylists answers late */
#define ES_MAIL_CONNECT_S 10
#define ES_MAIL_ROUND 32 /* sent between two looks at what has expired */
#define ES_LETTER_DAYS 4 /* a message is tried; a weekend is survived */
#define ES_LETTER_LATE_MS                                                      \
    (2 * 86400000LL) /* older events are no news: mail was set up              \
                        meanwhile, or stood still */
#define ES_LETTER_FINAL_DAYS                                                   \
    60                       /* after the end: who goes final later has told   \
                                people by other ways */
#define ES_LETTER_BATCH 250  /* people or events in one short write */
#define ES_LETTER_SAME 5     /* who joined with one address: no flood of it */
#define ES_LETTER_WORDS 1000 /* code points that an organiser adds */
#define ES_LETTER_DAYS_MAX                                                     \
    30 /* before: a reminder sooner reminds of nothing                         \
        */
#define ES_LETTER_PACE                                                         \
    120 /* a minute where none is set: what small mail servers let through */
#define ES_LETTER_HOLD_MS                                                      \
    60000                         /* a server that fails is left alone so long \
                                   */
#define ES_MAIL_BYTES (32u << 10) /* one message, whatever its language */

/* ---- people's words ---- */
#define ES_NAME_MAX 60 /* code points of a displayed name */
#define ES_NAME_COLUMNS                                                        \
    72 /* Latin letters as wide; 36 Han ones: a line of a phone */
#define ES_CSV_ROW (16u << 10)  /* bytes of a row that somebody brings */
#define ES_GROUP_MAX (4u << 20) /* bytes of a list of people... */
#define ES_GROUP_LINES 10000    /* ...and how many: a large school or club */
#define ES_WAITING_MAX 10000    /* for a place; their order is counted */
#define ES_RUNNING_MAX 65536    /* at once, of all initiatives: 4 MiB */
#define ES_TEAMS_MAX 2000 /* of one initiative: all are listed to choose */
#define ES_NOTE_MAX 500   /* code points */
#define ES_NAME_WORDS 8   /* of a name that can be searched */
#define ES_QUERY_MAX 100  /* code points of a search */
#define ES_MAIL_MAX 254   /* RFC 5321 section 4.5.3.1 */
#define ES_URL_MAX 2048   /* bytes; what browsers and proxies agree on */
#define ES_PROSE_MAX                                                           \
    (32u << 10)           /* bytes of an organiser's prose: six printed pages, \
                             read in a few milliseconds whatever they are */
#define ES_PROSE_DEPTH 12 /* elements in elements; a list in a list needs 5 */
#define ES_ADULT_AGE                                                           \
    17 /* turned this year: who is younger may be below 16, the highest age of \
          consent of GDPR article 8 */

/* ---- the face of an initiative ---- */
#define ES_TITLE_MAX 120         /* code points: a headline */
#define ES_FACE_MAX (192u << 10) /* bytes of its JSON: more than all below */
#define ES_FACE_HOSTS 24         /* a seminar has four and its supporters */
#define ES_FACE_LINKS 12         /* more is a page of its own */
#define ES_FACE_CAPTIONS 16      /* languages of one video */
#define ES_FACE_LABEL 120        /* code points of a name, an office, a link */
#define ES_FACE_ALT 500          /* what a picture shows, in two sentences */
#define ES_FACE_TRANSCRIPT 10000 /* ten minutes of speech, written down */
#define ES_FACE_VIDEO_S 3600
#define ES_MEDIA_MAX (24u << 20)       /* two minutes of a small video */
#define ES_MEDIA_TEXT_MAX (256u << 10) /* an hour's captions are 80 KB */
#define ES_MEDIA_OPEN 64               /* decrypted at once, and... */
#define ES_MEDIA_CACHE (96u << 20)     /* ...bytes of them */
#define ES_MEDIA_PIECE                                                         \
    (256u << 10) /* of a film, under a key of its own: each viewer holds one,  \
                    and it is opened in less than a ms */
#define ES_MEDIA_PIECES 9000    /* of one film: ES_FILM_MAX has 8192 */
#define ES_FILM_MAX (2LL << 30) /* 20 minutes of a good one */
#define ES_MEDIA_QUOTA                                                         \
    (5LL << 30)            /* of one initiative: a film, the one that          \
                              takes its place, and 1,000 pictures */
#define ES_MEDIA_UPLOADS 4 /* begun and not whole, of one initiative */
#define ES_MEDIA_IDLE_MS                                                       \
    (3 * 86400000LL) /* an upload left over a weekend goes on; then it is gone \
                      */
#define ES_DISK_RESERVE                                                        \
    (512LL << 20) /* of the disk that films leave to runs: 8,000 of them */

/* ---- the programme ---- */
#define ES_OCCASIONS_MAX 2000 /* events: four times a large programme */
#define ES_OCCASION_MAX                                                        \
    (256u << 10)                /* bytes of one's JSON: more than all below */
#define ES_OCCASION_ABOUT 8192  /* bytes of prose: two printed pages */
#define ES_OCCASION_SPEAKERS 40 /* a conference's day */
#define ES_OCCASION_ITEMS 60    /* of a day, each a quarter of an hour */
#define ES_OCCASION_DAYS 400    /* an exhibition of a year */
#define ES_CALENDAR_MAX (8u << 20) /* bytes of a feed: all, described */
#define ES_PICTURES_MAX 5000       /* of one exhibition: a museum's house */
#define ES_PICTURES_QUOTA                                                      \
    (5LL << 30) /* bytes of them in all sizes: 1 MB each, what a photograph    \
                   full of leaves has */
#define ES_PICTURES_ROUND                                                      \
    16 /* in one form: as many parts as forms have, less its other fields */

/* ---- the press ---- */
#define ES_RELEASE_TITLE 200    /* code points: a headline, and its second */
#define ES_RELEASE_CONTACT 400  /* code points: a name, a post, a number */
#define ES_COVERAGE_MAX 500     /* links: what a desk can read; one page */
#define ES_KIT_FILES 160        /* of a press kit: pictures, and... */
#define ES_KIT_RELEASES 20      /* ...the latest releases, in their languages */
#define ES_KIT_TEXT (80u << 10) /* bytes of one: body and notes, no more */
#define ES_KIT_NAME 96          /* bytes of a file's name in it */
#define ES_FEED_MAX 40          /* texts in a feed: 32 KB of prose each */

/* ---- who speaks in public, and what ---- */
#define ES_MANY_MAX 16            /* languages of one name */
#define ES_MANY_BYTES (24u << 10) /* of its JSON: more than all of them */
#define ES_SEATS_MAX 60 /* of one person, or in one group: 60 states */
#define ES_STATEMENT_WORDS                                                     \
    6000 /* code points: more than a sheet of A4 holds; of a longer speech     \
            there is a summary, and its source. In any script a form's */
#define ES_STATEMENT_MAX (96u << 10) /* bytes of its JSON: more than all */
#define ES_STATEMENT_FIGURES 20      /* rows of its table: a page has 30 */
#define ES_STATEMENT_VERSIONS 100    /* shown of one: corrected each day */

/* ---- registration for an event ---- */
#define ES_TICKETS_MAX                                                         \
    20000 /* of an event, without those given back: a                          \
             large hall; its list is read whole */
#define ES_TICKET_BYTES (64u << 10) /* one, read: an arena of few pieces */
#define ES_TICKET_CHOICES 16        /* affiliations that a form offers */
#define ES_TICKET_LABEL 60          /* code points of one */
#define ES_TICKET_DOORS 64          /* devices that check an event's tickets */
#define ES_TICKET_KEEP_DAYS 730     /* at most, after its end: two years */
#define ES_TICKETS_TOLD 500         /* check-ins that a door tells of at once */

/* ---- cards ---- */
#define ES_CARD_ROUTE_MAX 450 /* points; the line is 900 pixels at most */
#define ES_CARD_BYTES 4096    /* one card: four names, an address, a route */

/* ---- paper ---- */
#define ES_PAPER_BYTES                                                         \
    (2u << 20) /* a document with its portraits: 200 KB are 100 pages */
#define ES_PAPER_PAGES 200     /* then it is a book, and no document of ours */
#define ES_PAPER_BLOCKS 4000   /* paragraphs: twenty a page */
#define ES_PAPER_SPANS 400     /* pieces of one paragraph */
#define ES_PAPER_COLUMNS 8     /* of a table: 21 mm each */
#define ES_PAPER_ROWS 4000     /* forty a page */
#define ES_PAPER_CELL 300      /* bytes of a cell: it never fills a page */
#define ES_PAPER_PORTRAIT 4096 /* pixels, the longer edge */

#endif
