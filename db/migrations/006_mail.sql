-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Mail that is to go out. A row is gone once its mail was taken by the next
-- server, refused for good, or is of no use any more.
CREATE TABLE mail_out (
    id INTEGER NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL, -- what it is to say, and to whom
    tries INTEGER NOT NULL,
    next_ms INTEGER NOT NULL, -- not tried before
    expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_out_next ON mail_out (next_ms);
CREATE INDEX mail_out_ends ON mail_out (expires_ms);

-- What a browser asked for last.
CREATE INDEX mail_link_asked ON mail_link (browser, created_ms);
