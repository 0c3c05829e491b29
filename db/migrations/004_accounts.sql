-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who may do what: people of staff and their roles, how people sign in, what
-- they report and what was decided.

-- A person of staff. A participant is none: they belong to one initiative.
CREATE TABLE account (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    mail TEXT NOT NULL,
    lang TEXT NOT NULL,
    may_create INTEGER NOT NULL, -- initiatives
    created_ms INTEGER NOT NULL,
    ended_ms INTEGER NOT NULL -- 0 while it stands
) STRICT;

-- The name of one who is still there is nobody else's.
CREATE TABLE account_name (
    name_key TEXT NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The initiative 0 is the instance.
CREATE TABLE role (
    initiative INTEGER NOT NULL,
    account INTEGER NOT NULL,
    role INTEGER NOT NULL,
    given_by INTEGER NOT NULL, -- an account; 0: who has the machine
    given_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, account, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_of ON role (account, initiative, role);

-- A link that gives a role, once.
CREATE TABLE invitation (
    hash BLOB NOT NULL PRIMARY KEY,
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    role INTEGER NOT NULL,
    name TEXT NOT NULL, -- for whom, as who made it calls them
    made_by INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_of ON invitation (initiative, id);

-- A credential is listed to whom it belongs, by an id that tells no secret.
-- It ends idle_ms after it was last seen (0: it doesn't).
ALTER TABLE credential ADD COLUMN id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN seen_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN idle_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN fresh_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN fresh_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN browser TEXT NOT NULL DEFAULT '';
-- Those of before get ids by chance; no two of one person are the same.
UPDATE credential SET id = random() & 9223372036854775807,
    seen_ms = created_ms, fresh_ms = created_ms;
CREATE INDEX credential_of ON credential (initiative, subject, kind, id);

-- Whose: an account (initiative 0) or a participant.
CREATE TABLE passkey (
    id BLOB NOT NULL PRIMARY KEY, -- the credential id of WebAuthn
    initiative INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    public_key BLOB NOT NULL, -- COSE
    algorithm INTEGER NOT NULL, -- of COSE: -7, -8, -257
    sign_count INTEGER NOT NULL,
    name TEXT NOT NULL,
    may_back_up INTEGER NOT NULL, -- fixed when it was made
    backed_up INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL -- 0: never
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_of ON passkey (initiative, subject, created_ms);

-- One that was used stays, so that its owner sees when.
CREATE TABLE recovery (
    hash BLOB NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL -- 0: not yet
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_of ON recovery (account, used_ms);

-- Who can be reached by an address, on the whole instance: several people of
-- one family may share it.
CREATE TABLE mail (
    address TEXT NOT NULL, -- A-Z in lower case
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    PRIMARY KEY (address, initiative, participant)
) STRICT, WITHOUT ROWID;
INSERT INTO mail (address, initiative, participant)
    SELECT lower(email), initiative, id FROM participant WHERE email <> '';

-- A link that was sent to an address.
CREATE TABLE mail_link (
    hash BLOB NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    browser BLOB NOT NULL, -- hash of the cookie of who asked
    code BLOB NOT NULL, -- hash of what another browser has to enter
    tries INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_link_of ON mail_link (initiative, participant, created_ms);
CREATE INDEX mail_link_ends ON mail_link (expires_ms);

-- What somebody holds to be wrong.
CREATE TABLE report (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    what INTEGER NOT NULL,
    which INTEGER NOT NULL, -- a participant, a run, media; 0: the initiative
    shown TEXT NOT NULL, -- what could be read there then
    words TEXT NOT NULL,
    mail TEXT NOT NULL, -- of who reports; '' when they gave none
    lang TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    state INTEGER NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_in ON report (state, id);

-- Append-only: what people of staff decided. The initiative 0 is the instance.
CREATE TABLE decision (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    account INTEGER NOT NULL, -- 0: who has the machine
    what TEXT NOT NULL, -- a stable word
    which INTEGER NOT NULL, -- what it is about; 0: the initiative
    about TEXT NOT NULL, -- the same in words
    why TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_order ON decision (id);

-- What the operator says of an initiative: its owners can't change it.
ALTER TABLE initiative ADD COLUMN suspended_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE initiative ADD COLUMN suspended_why TEXT NOT NULL DEFAULT '';
ALTER TABLE initiative ADD COLUMN people_max INTEGER NOT NULL DEFAULT 0;
