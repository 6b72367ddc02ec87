"""The tables of the index, and what makes an index of one version useless to another.

`stored` holds every article that was loaded, visible or not. The article itself is in `articles`: in a row of
`stored` it would be written anew when its slug is settled, and again when it is shown. What is visible stands
in `visible`, `carried` and `searched` under one integer, its row: rows ascend as (published, id) do, so that
reading backwards by row is newest first, for full text too. Undated articles come before all others. `terms`
are the tags, authors, sources and languages that visible articles carry, with their counts kept; each
beginning of a language tag is a term of its own (`en` for `en-GB`), but only a tag that some article has is
spelled.

`log` holds every visible article by when it last changed, for the whole index (under WHOLE) and for each term
it carries; `departures` in the same order those that were withdrawn or expire, by when they leave.

`file_references`, `private_files` and `file_hashes` are what `/files/` is decided and answered by.
"""

from service.index import analyser

APPLICATION_ID = 0x42736874
"""Written in the header of our files (`Bsht`), so that no other database is ever taken for one."""

VERSION = 10
"""Raised when these tables, or what is written to them, change."""

ANALYSER = analyser.VERSION

PAGE_BYTES = 16_384
"""Four times what SQLite takes by itself: an article is 22 kB, and each page is written by its own calls."""

SHIFT = 20
WHOLE = -1
"""Stands for the term that everything carries."""

UNDATED = -(1 << 42)
"""Stands for the seconds of an instant that is not known: before every year there is."""

TABLES = """
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    content TEXT NOT NULL,      -- Revision.content
    transition INTEGER NOT NULL,
    articles INTEGER NOT NULL,  -- how many are visible
    basis TEXT NOT NULL,        -- what loading depended on, besides the files
    folder TEXT NOT NULL,       -- the absolute path of the folder, as given; nothing public is made of it
    location TEXT NOT NULL,     -- which folder that was
    links TEXT NOT NULL,        -- a hash of where the symbolic links in it led
    names TEXT NOT NULL,        -- a hash of what lay there by name; "": look again for what was missing
    faults BLOB NOT NULL        -- those of settling slugs and ids
);
CREATE TABLE site (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    facts BLOB NOT NULL         -- what every representation is made with, templates included
);
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,  -- -1: look again next time
    ctime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL,       -- "" when it could not be read
    gave TEXT NOT NULL,         -- a hash of the articles and redirects in it
    faults BLOB NOT NULL,
    measured BLOB NOT NULL,     -- other files that its articles measured, as they were then
    consulted BLOB NOT NULL     -- those that they only looked for, compressed
) WITHOUT ROWID;
CREATE TABLE stored (
    doc INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    number INTEGER NOT NULL,
    slug TEXT,                  -- settled; NULL when the article is left out
    id TEXT,
    row INTEGER,                -- NULL when it is not visible
    published INTEGER,
    expires INTEGER,
    withdrawn INTEGER NOT NULL,
    told INTEGER NOT NULL,      -- when it last changed; undated ones carry the site's epoch
    first_told INTEGER NOT NULL,  -- the same before it was updated
    ahead INTEGER,              -- when its update will be told; NULL when it was told as it was shown
    rest_bytes INTEGER NOT NULL,
    text_bytes INTEGER NOT NULL,  -- what it takes in a feed: its content, and everything else
    language TEXT NOT NULL,
    translation TEXT,           -- the same for one text in several languages; NULL where there is one only
    claim BLOB NOT NULL
);
CREATE TABLE articles (doc INTEGER PRIMARY KEY, article BLOB NOT NULL);
CREATE UNIQUE INDEX stored_place ON stored (path, number);
CREATE UNIQUE INDEX stored_slug ON stored (slug) WHERE slug IS NOT NULL;
CREATE INDEX stored_translation ON stored (translation, slug) WHERE translation IS NOT NULL;
CREATE INDEX stored_waiting ON stored (published, expires)
    WHERE row IS NULL AND slug IS NOT NULL AND withdrawn = 0;
CREATE INDEX stored_expiring ON stored (expires) WHERE row IS NOT NULL AND expires IS NOT NULL;
CREATE INDEX stored_ahead ON stored (ahead) WHERE row IS NOT NULL AND ahead IS NOT NULL;
CREATE INDEX stored_leaving ON stored (doc) WHERE withdrawn = 1 OR expires IS NOT NULL;
CREATE TABLE visible (
    row INTEGER PRIMARY KEY,
    doc INTEGER NOT NULL,
    id TEXT NOT NULL,
    changed INTEGER NOT NULL
);
CREATE INDEX visible_changed ON visible (changed DESC, id);
CREATE TABLE terms (
    term INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    articles INTEGER NOT NULL
);
CREATE UNIQUE INDEX terms_slug ON terms (kind, slug);
CREATE TABLE spellings (
    term INTEGER NOT NULL,
    name TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (term, name)
) WITHOUT ROWID;
CREATE TABLE carried (
    term INTEGER NOT NULL,
    row INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (term, row)
) WITHOUT ROWID;
CREATE INDEX carried_changed ON carried (term, changed);
CREATE TABLE log (
    term INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    h TEXT NOT NULL,
    row INTEGER NOT NULL,
    PRIMARY KEY (term, changed, h, row)
) WITHOUT ROWID;
CREATE TABLE aliases (
    slug TEXT NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (slug, doc)
) WITHOUT ROWID;
CREATE INDEX aliases_doc ON aliases (doc);
-- Pages that only lead to an article, by slug or by path. What is in the key stands first: else SQLite 3.40
-- takes `target` for NULL when it looks for damage, and the index would be made anew at every look.
CREATE TABLE redirects (
    former TEXT NOT NULL,
    path TEXT NOT NULL,         -- of the file that says so
    target TEXT NOT NULL,
    PRIMARY KEY (former, path)
) WITHOUT ROWID;
CREATE INDEX redirects_path ON redirects (path);
CREATE TABLE departures (
    kind TEXT NOT NULL,         -- "", as slug, for the whole index
    slug TEXT NOT NULL,
    at INTEGER NOT NULL,
    h TEXT NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (kind, slug, at, h, doc)
) WITHOUT ROWID;
CREATE INDEX departures_doc ON departures (doc, kind, slug);
CREATE TABLE gone (slug TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE moved (            -- what readers know by another id or slug, and no file declares
    path TEXT NOT NULL,
    number INTEGER NOT NULL,
    was_path TEXT NOT NULL,
    was_slug TEXT NOT NULL,
    was_id TEXT NOT NULL,
    PRIMARY KEY (path, number)
) WITHOUT ROWID;
-- Which stored articles refer to a file: by its path, or by an absolute address that may be one of ours.
CREATE TABLE file_references (
    file TEXT NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (file, doc)
) WITHOUT ROWID;
-- Article files with a draft, or with a fault: what lies in their folders is not served.
CREATE TABLE private_files (path TEXT PRIMARY KEY) WITHOUT ROWID;
-- Files that are no articles, as they were when they were hashed; kept from build to build.
CREATE TABLE file_hashes (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    is_settled INTEGER NOT NULL,  -- 0: hashed so soon after a change that it is hashed once more
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE VIRTUAL TABLE searched USING fts5 (title, text, names, stems, content = '', tokenize = 'ascii');
-- Bytes of full text gathered in memory before they are written, 1 MB unless told: half as many merges.
INSERT INTO searched (searched, rank) VALUES ('hashsize', 16777216);
"""
