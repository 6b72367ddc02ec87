PRAGMA application_id = 1114859636;
PRAGMA user_version = 10;
CREATE TABLE gone (slug TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO gone (slug) VALUES ('deleted');
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
