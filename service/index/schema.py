"""The tables of the index.

`documents` holds every loaded article, visible or not; the article itself is in `articles`, so that assigning
a slug or showing an article rewrites a short row. `visible` and `article_terms` share one integer key, the
row: rows ascend as (published, id) do, so reading them backwards gives the newest first. Undated articles
come before all others. In the full text an article has a number instead, which ascends as the row does (see
`article_numbers`): FTS5 stores the differences between neighbours in a list, so small numbers make it
smaller and faster. The rowid of `articles_fts` is the negative of the number, since FTS5 reads its lists
forwards faster than backwards. `terms` are what visible articles are listed under (tags, authors,
sources, languages, series, kinds of media, featured), with their counts. Each prefix of a language tag is a
term (`en` for `en-GB`). `spellings` are the names of terms that have a directory entry; of language tags,
only those that an article has. The full text holds the numbers of an article's terms, too, since FTS5
intersects lists of rows faster than joins do; its first column takes two bytes less for each word.

`changelog` orders visible articles by their last change, for the whole index (term WHOLE) and for each term;
`removals` orders those that were withdrawn or expire by the instant they leave.

`manifest_entries` has the etag of each visible article, and the journal how these changed lately.

`file_references`, `private_files`, `file_hashes` and `file_links` decide and answer requests below `/files/`.
"""

import hashlib
import re
from typing import Any

import msgspec

from service.content.records import Claim, FileDependencies, ScanMemory, SourceFile
from service.errors import Fault
from service.model import Article, Site

APPLICATION_ID = 0x42736874
"""Written in the header of our files (`Bsht`), so that no other database is ever taken for one."""

PAGE_BYTES = 16_384
"""Four times what SQLite takes by itself: an article is 22 kB, and each page is written by its own calls."""

SHIFT = 20
WHOLE = -1
"""Stands for the term that everything carries."""

UNDATED = -(1 << 42)
"""Stands for the seconds of an instant that is not known: before every year there is."""

_OTHER_TABLES = """
CREATE TABLE state (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    content TEXT NOT NULL,      -- Revision.content
    transition INTEGER NOT NULL,
    articles INTEGER NOT NULL,  -- how many are visible
    fingerprint TEXT NOT NULL,  -- everything but the files that loading depended on
    folder TEXT NOT NULL,       -- the absolute path of the folder, as given; nothing public is made of it
    location TEXT NOT NULL,     -- the device and inode of that folder
    links TEXT NOT NULL,        -- a hash of where the symbolic links in it led
    names TEXT NOT NULL         -- a hash of the names in it; "": check again for missing files
);
CREATE TABLE counts (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    counted_at INTEGER NOT NULL,  -- the instant up to which articles count as published and expired
    files INTEGER NOT NULL,
    visible INTEGER NOT NULL,
    scheduled INTEGER NOT NULL,
    expired INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    removals INTEGER NOT NULL     -- those that feeds announce
);
INSERT INTO counts VALUES (1, 0, 0, 0, 0, 0, 0, 0);
CREATE TABLE site (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    facts BLOB NOT NULL         -- the facts of the site, templates included
);
CREATE TABLE source_files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,  -- -1: look again next time
    ctime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL,       -- "" when it could not be read
    is_parsed INTEGER NOT NULL, -- whether it was read at some time, so that articles of it may be known
    faults BLOB NOT NULL,
    measured BLOB NOT NULL,     -- other files whose size its articles asked for, as they were
    looked_up BLOB NOT NULL     -- paths where they looked for other files, compressed
) WITHOUT ROWID;
-- Hashes of the names of files that articles looked for, and of the folders of those they found (see
-- `source_files.lookup_keys`).
CREATE TABLE lookups (
    key INTEGER NOT NULL,
    path TEXT NOT NULL,         -- of the article file
    PRIMARY KEY (key, path)
) WITHOUT ROWID;
-- The parts of each file of JSON Lines: their sizes, lines and hashes (see `lines`).
CREATE TABLE line_parts (path TEXT PRIMARY KEY, parts BLOB NOT NULL) WITHOUT ROWID;
-- What a scan of the whole folder found and one of some paths needs.
CREATE TABLE scan_memory (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    memory BLOB NOT NULL
);
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
    claim BLOB NOT NULL,
    names BLOB NOT NULL,        -- hashes of the slugs, ids and translation keys it claims
    identity_faults BLOB,       -- conflicts about its slug and id
    digest BLOB NOT NULL,       -- a hash of the article without path, slug and id
    line_hash BLOB,             -- of the line it was made from; NULL where that cannot be recognised
    has_links INTEGER NOT NULL  -- whether it may link to other articles
);
CREATE TABLE articles (
    doc INTEGER PRIMARY KEY,
    article BLOB NOT NULL       -- compressed, without its number; see `compression`
);
CREATE TABLE dictionaries (     -- with which articles are compressed; at most one
    id INTEGER PRIMARY KEY,
    content BLOB NOT NULL
);
CREATE UNIQUE INDEX documents_place ON documents (path, number);
CREATE UNIQUE INDEX documents_slug ON documents (slug) WHERE slug IS NOT NULL;
CREATE INDEX documents_translation ON documents (translation, slug) WHERE translation IS NOT NULL;
-- Those that do not expire; and those that do, of which most that wait have expired.
CREATE INDEX documents_waiting ON documents (published)
    WHERE row IS NULL AND slug IS NOT NULL AND withdrawn = 0 AND expires IS NULL;
CREATE INDEX documents_waiting_to_expire ON documents (published)
    WHERE row IS NULL AND slug IS NOT NULL AND withdrawn = 0 AND expires IS NOT NULL;
CREATE INDEX documents_waiting_by_expiry ON documents (expires)
    WHERE row IS NULL AND slug IS NOT NULL AND withdrawn = 0 AND expires IS NOT NULL;
CREATE INDEX source_files_faulty ON source_files (path) WHERE faults != x'90';
CREATE INDEX source_files_dependent ON source_files (path) WHERE measured != x'' OR looked_up != x'';
CREATE INDEX documents_unidentified ON documents (doc) WHERE slug IS NULL;
CREATE INDEX documents_conflicting ON documents (path, number) WHERE identity_faults IS NOT NULL;
CREATE INDEX documents_expiring ON documents (expires) WHERE row IS NOT NULL AND expires IS NOT NULL;
CREATE INDEX documents_pending_update ON documents (pending_update_at)
    WHERE row IS NOT NULL AND pending_update_at IS NOT NULL;
CREATE INDEX documents_id ON documents (id) WHERE id IS NOT NULL;
CREATE INDEX documents_expires ON documents (expires) WHERE expires IS NOT NULL;
-- Which articles claim a name, as the column `names` has it: those that may affect each other's slug or id.
CREATE TABLE claimed_names (
    name INTEGER NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (name, doc)
) WITHOUT ROWID;
CREATE TRIGGER count_added_file AFTER INSERT ON source_files
BEGIN UPDATE counts SET files = files + 1; END;
CREATE TRIGGER count_deleted_file AFTER DELETE ON source_files
BEGIN UPDATE counts SET files = files - 1; END;
-- Most articles are none of these; expressions are NULL, and count as 0, where an instant is not known.
CREATE TRIGGER count_assigned AFTER UPDATE OF slug ON documents
WHEN (NEW.slug IS NULL) != (OLD.slug IS NULL) AND (NEW.withdrawn OR NEW.expires IS NOT NULL
    OR NEW.published > (SELECT counted_at FROM counts))
BEGIN UPDATE counts SET
    withdrawn = withdrawn + iif(NEW.slug IS NULL, -1, 1) * NEW.withdrawn,
    scheduled = scheduled + iif(NEW.slug IS NULL, -1, 1)
        * (NOT NEW.withdrawn AND coalesce(NEW.published > counted_at, 0)),
    expired = expired + iif(NEW.slug IS NULL, -1, 1)
        * (NOT NEW.withdrawn AND coalesce(NEW.expires <= counted_at, 0)); END;
CREATE TRIGGER count_deleted_article AFTER DELETE ON documents
WHEN OLD.slug IS NOT NULL AND (OLD.withdrawn OR OLD.expires IS NOT NULL
    OR OLD.published > (SELECT counted_at FROM counts))
BEGIN UPDATE counts SET
    withdrawn = withdrawn - OLD.withdrawn,
    scheduled = scheduled - (NOT OLD.withdrawn AND coalesce(OLD.published > counted_at, 0)),
    expired = expired - (NOT OLD.withdrawn AND coalesce(OLD.expires <= counted_at, 0)); END;
CREATE TABLE visible (
    row INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,    -- in the full text
    doc INTEGER NOT NULL,
    id TEXT NOT NULL,
    changed INTEGER NOT NULL,
    title_key TEXT NOT NULL,
    series_key TEXT NOT NULL
);
-- What sitemaps and counts by month are made of (see `sitemap_parts`).
CREATE TABLE sitemap_parts (
    first_row INTEGER PRIMARY KEY,
    articles INTEGER NOT NULL,
    changed INTEGER NOT NULL    -- the newest change of any of them
);
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
CREATE TABLE article_terms (
    term INTEGER NOT NULL,
    row INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (term, row)
) WITHOUT ROWID;
CREATE TABLE changelog (
    term INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    id_hash TEXT NOT NULL,
    row INTEGER NOT NULL,
    PRIMARY KEY (term, changed, id_hash, row)
) WITHOUT ROWID;
CREATE TABLE aliases (
    slug TEXT NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (slug, doc)
) WITHOUT ROWID;
CREATE INDEX aliases_doc ON aliases (doc);
-- Pages that only redirect, by slug or by path. The columns of the key come first: else `quick_check` of
-- SQLite 3.40 takes `target` for NULL, and the index would be rebuilt every time.
CREATE TABLE redirects (
    former TEXT NOT NULL,
    path TEXT NOT NULL,         -- of the file with the redirect
    target TEXT NOT NULL,
    PRIMARY KEY (former, path)
) WITHOUT ROWID;
CREATE INDEX redirects_path ON redirects (path);
CREATE TABLE removals (
    kind TEXT NOT NULL,         -- "" with slug "" for the whole index
    slug TEXT NOT NULL,
    removed_at INTEGER NOT NULL,
    id_hash TEXT NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (kind, slug, removed_at, id_hash, doc)
) WITHOUT ROWID;
CREATE INDEX removals_doc ON removals (doc, kind, slug);
CREATE TRIGGER count_removal AFTER INSERT ON removals WHEN NEW.kind = '' AND NEW.slug = ''
BEGIN UPDATE counts SET removals = removals + (NEW.removed_at <= counted_at); END;
CREATE TRIGGER count_deleted_removal AFTER DELETE ON removals WHEN OLD.kind = '' AND OLD.slug = ''
BEGIN UPDATE counts SET removals = removals - (OLD.removed_at <= counted_at); END;
-- The Merkle tree of `content_tree`: what `state.content` is a hash of.
CREATE TABLE content_entries (
    key BLOB PRIMARY KEY,       -- a hash of its name
    value BLOB NOT NULL,        -- a hash of what it holds
    doc INTEGER                 -- the article that it describes; NULL for anything else
) WITHOUT ROWID;
CREATE TABLE content_nodes (
    node INTEGER PRIMARY KEY,   -- a bucket, 0 to 255; -1: the root
    digests BLOB NOT NULL       -- 256 hashes of the leaves in it, or of the buckets, compressed
);
-- The same tree of visible articles alone: the key is a hash of the id, the value is the etag.
CREATE TABLE manifest_entries (
    key BLOB PRIMARY KEY,
    value BLOB NOT NULL,
    doc INTEGER
) WITHOUT ROWID;
CREATE TABLE manifest_nodes (
    node INTEGER PRIMARY KEY,
    digests BLOB NOT NULL
);
-- What the links of visible articles look up (see `differences.etags`).
CREATE TABLE article_links (
    name INTEGER NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (name, doc)
) WITHOUT ROWID;
CREATE INDEX article_links_doc ON article_links (doc);
-- The journal: the revisions of the last weeks, and what changed between them (see `differences.journal`).
CREATE TABLE journal_revisions (
    generation INTEGER PRIMARY KEY,
    content TEXT NOT NULL,      -- of the Revision
    transition INTEGER NOT NULL,
    articles TEXT NOT NULL,     -- a hash of all visible articles: the root of their tree
    recorded_at INTEGER NOT NULL,
    last_change INTEGER NOT NULL,  -- the number of the last change up to this revision
    algorithms TEXT NOT NULL,   -- by which words are searched for, unless a query names languages
    has_other_changes INTEGER NOT NULL
);
CREATE INDEX journal_revisions_articles ON journal_revisions (articles, generation);
CREATE TABLE journal_articles (
    change INTEGER PRIMARY KEY, -- numbers ascend with generations; one is left out after each revision
    key BLOB NOT NULL,          -- of its entry in the tree
    id TEXT NOT NULL,
    slug TEXT NOT NULL,
    etag BLOB,                  -- NULL when it is not visible any more
    reason TEXT,                -- why it is not
    terms BLOB NOT NULL,        -- MessagePack, as the two others of this kind
    slug_before TEXT,           -- NULL when it was not visible before, as the etag
    etag_before BLOB,
    terms_before BLOB NOT NULL,
    published INTEGER,          -- seconds since 1970, as the three that follow
    changed INTEGER,
    published_before INTEGER,
    changed_before INTEGER,
    keeps_place INTEGER NOT NULL  -- whether it is at the same place in every list as before
);
CREATE TABLE journal_files (
    change INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    sha256_before TEXT,
    sha256 TEXT
);
-- Files whose hashes were stored since the last revision, with the hashes in it.
CREATE TABLE changed_files (path TEXT NOT NULL PRIMARY KEY, sha256_before TEXT) WITHOUT ROWID;
-- Whether and how far it is logged which rows are changed, and the keys of these rows (see `row_log`).
CREATE TABLE row_log (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    id TEXT NOT NULL,           -- random, of the last transaction; "" where nothing is logged
    last INTEGER NOT NULL       -- the last sequence that was given
);
INSERT INTO row_log VALUES (1, '', 0);
CREATE TABLE row_changes (
    sequence INTEGER PRIMARY KEY,
    name TEXT NOT NULL,         -- of the table
    key1, key2, key3, key4, key5
);
-- In a copy for replicas, which publication it is; the index itself has no row.
CREATE TABLE published_copy (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    generation INTEGER NOT NULL,
    id TEXT NOT NULL,
    unpublished TEXT NOT NULL   -- paths of files that were not as they were hashed, as JSON
);
-- Addresses that answer 410; carried over when an index of another version is replaced.
CREATE TABLE deleted_slugs (slug TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE renames (          -- articles that readers know by another id or slug, not declared by a file
    path TEXT NOT NULL,
    number INTEGER NOT NULL,
    former_path TEXT NOT NULL,
    former_slug TEXT NOT NULL,
    former_id TEXT NOT NULL,
    PRIMARY KEY (path, number)
) WITHOUT ROWID;
-- Which articles refer to a file: by its path, or by an absolute address that may be one of this site.
CREATE TABLE file_references (
    file TEXT NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (file, doc)
) WITHOUT ROWID;
-- Article files with a draft or a fault: other files in their folders are not served.
CREATE TABLE private_files (path TEXT PRIMARY KEY) WITHOUT ROWID;
-- Files that are not articles, as they were when they were hashed; kept from build to build.
-- Each has an entry in the content tree.
CREATE TABLE file_hashes (
    path TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    is_final INTEGER NOT NULL,  -- 0: hashed so soon after a change that it is hashed again
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
-- Symbolic links to something in the folder: where each is and where it leads, without other links. Each
-- has an entry in the content tree.
CREATE TABLE file_links (path TEXT NOT NULL PRIMARY KEY, target TEXT NOT NULL) WITHOUT ROWID;
-- Pages that are not articles. Whether one is visible follows from its instants and the newest transition.
CREATE TABLE site_pages (
    page INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    number INTEGER NOT NULL,
    address TEXT,               -- assigned, such as `/about`; NULL before
    id TEXT,
    translation TEXT,           -- as in documents
    language TEXT NOT NULL,
    published INTEGER,
    updated INTEGER,
    expires INTEGER,
    withdrawn INTEGER NOT NULL,
    menu_label TEXT,            -- NULL when it is not in the navigation
    menu_weight REAL,
    claim BLOB NOT NULL,
    article BLOB NOT NULL
);
CREATE UNIQUE INDEX site_pages_place ON site_pages (path, number);
CREATE UNIQUE INDEX site_pages_address ON site_pages (address) WHERE address IS NOT NULL;
CREATE INDEX site_pages_translation ON site_pages (translation) WHERE translation IS NOT NULL;
CREATE INDEX site_pages_menu ON site_pages (page) WHERE menu_label IS NOT NULL;
CREATE INDEX site_pages_standing ON site_pages (published, expires, withdrawn, address);
CREATE INDEX site_pages_expires ON site_pages (expires) WHERE expires IS NOT NULL;
CREATE INDEX site_pages_updated ON site_pages (updated) WHERE updated IS NOT NULL;
CREATE TABLE site_page_aliases (former TEXT NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (former, page))
    WITHOUT ROWID;
CREATE INDEX site_page_aliases_page ON site_page_aliases (page);
CREATE TABLE site_page_files (file TEXT NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (file, page))
    WITHOUT ROWID;
CREATE INDEX site_page_files_page ON site_page_files (page);
CREATE TABLE site_page_faults (fault BLOB NOT NULL);
CREATE VIEW visible_site_pages AS SELECT * FROM site_pages WHERE address IS NOT NULL AND withdrawn = 0
    AND (published IS NULL OR published <= (SELECT transition FROM state))
    AND (expires IS NULL OR expires > (SELECT transition FROM state));
CREATE VIRTUAL TABLE site_pages_fts USING fts5 (
    text, title, names, stems, title_stems, title_tokens, content = '', tokenize = 'ascii'
);
"""

ARTICLES_FTS = """\
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    text, title, names, stems, title_stems, title_tokens, terms, content = '', tokenize = 'ascii'
);
-- Bytes of full text gathered in memory before they are written, 1 MB by default: half as many merges.
INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', 16777216);
"""

TABLES = _OTHER_TABLES + ARTICLES_FTS

WHERE_UPDATED = f"WHERE changed > row >> {SHIFT}"
"""Selects visible articles that changed after they were published."""

LISTING_INDEXES = f"""
CREATE INDEX visible_title ON visible (title_key, id);
CREATE INDEX visible_changed ON visible (changed DESC, id);
CREATE INDEX visible_updated ON visible (changed DESC, number) {WHERE_UPDATED};
CREATE UNIQUE INDEX visible_number ON visible (number);
CREATE INDEX article_terms_changed ON article_terms (term, changed);
"""
"""Indexes that no first build reads: created after it, when their rows can be sorted."""

LATER_INDEXES = """
CREATE INDEX IF NOT EXISTS journal_articles_key ON journal_articles (key, change);
"""
"""Indexes that the index of an earlier version lacks: created by the next transaction that writes to it.

They only make reading faster, so they are not part of its version.
"""


def schema_version(tables: str, stored: tuple[Any, ...]) -> int:
    """A positive `user_version` for these tables, without their comments, and the types stored in them."""
    statements = " ".join(re.sub("--[^\\n]*", "", tables).split())
    _, types = msgspec.json.schema_components(stored)
    fields = {name: {**kind, "description": ""} for name, kind in types.items()}
    digest = hashlib.sha256(msgspec.json.encode((statements, fields), order="deterministic")).digest()
    return int.from_bytes(digest[:4], "big") >> 1


VERSION = schema_version(
    TABLES + LISTING_INDEXES, (Article, Site, Claim, Fault, SourceFile, FileDependencies, ScanMemory)
)
"""Kept as `user_version`: an index with another one is rebuilt."""
