PRAGMA application_id = 1114859636;
PRAGMA user_version = 1114096893;
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    content TEXT NOT NULL,      -- Revision.content
    transition INTEGER NOT NULL,
    articles INTEGER NOT NULL,  -- how many are visible
    fingerprint TEXT NOT NULL,  -- what loading depended on besides the files
    folder TEXT NOT NULL,       -- the absolute path of the folder, as given; nothing public is made of it
    location TEXT NOT NULL,     -- the device and inode of that folder
    links TEXT NOT NULL,        -- a hash of where the symbolic links in it led
    names TEXT NOT NULL,        -- a hash of the names in it; "": check again for missing files
    faults BLOB NOT NULL        -- those of assigning slugs and ids
);
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,  -- -1: look again next time
    ctime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL,       -- "" when it could not be read
    output_hash TEXT NOT NULL,  -- a hash of the articles and redirects in it
    faults BLOB NOT NULL,
    measured BLOB NOT NULL,     -- other files whose size its articles asked for, as they were
    consulted BLOB NOT NULL     -- paths where they looked for other files, compressed
) WITHOUT ROWID;
CREATE TABLE documents (
    doc INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    number INTEGER NOT NULL,
    slug TEXT,                  -- assigned; NULL when the article is left out
    id TEXT,
    row INTEGER,                -- NULL when it is not visible
    published INTEGER,
    expires INTEGER,
    withdrawn INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,   -- the last change; the site's epoch for an undated article
    published_at INTEGER NOT NULL,  -- the same before any update
    pending_update_at INTEGER,  -- when its update will be shown; NULL when none is pending
    rest_bytes INTEGER NOT NULL,
    text_bytes INTEGER NOT NULL,  -- its estimated size in a feed: its content, and everything else
    language TEXT NOT NULL,
    translation TEXT,           -- equal for one text in several languages; NULL for a single one
    claim BLOB NOT NULL
);
CREATE TABLE visible (
    row INTEGER PRIMARY KEY,
    doc INTEGER NOT NULL,
    id TEXT NOT NULL,
    changed INTEGER NOT NULL
);
CREATE TABLE changelog (
    term INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    h TEXT NOT NULL,
    row INTEGER NOT NULL,
    PRIMARY KEY (term, changed, h, row)
) WITHOUT ROWID;
CREATE TABLE removals (
    kind TEXT NOT NULL,         -- "" with slug "" for the whole index
    slug TEXT NOT NULL,
    at INTEGER NOT NULL,
    h TEXT NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (kind, slug, at, h, doc)
) WITHOUT ROWID;
CREATE TABLE deleted_slugs (slug TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO deleted_slugs (slug) VALUES ('deleted');
INSERT INTO documents (doc, path, number, slug, id, row, published, expires, withdrawn, changed_at, published_at, rest_bytes, text_bytes, language, claim)
VALUES (2, 'kept.json', 0, 'kept', 'id:kept', -1633305464859699883, NULL, NULL, 0, 946684800, 946684800, 2575, 32, 'en', X'80');
