"""The rule of `/files/`: which files are served, by name, references and the articles around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content.files.access import (
    file_references,
    is_never_served,
    may_be_served,
    owner_prefixes,
    owns_folder,
    page_references,
)
from service.markup import SITE
from service.model import Attachment, Image, NamedLink, Template
from tests.support.builders import article, site

PAGE_TYPES = """
    a.png a.PNG a.jpg a.jpeg a.gif a.webp a.avif a.svg a.ico a.bmp a.tiff a.heic a.jxl a.apng a.jfif
    a.mp3 a.m4a a.ogg a.opus a.flac a.wav a.mp4 a.webm a.mov a.ogv a.mkv a.weba
    a.woff a.woff2 a.ttf a.otf a.eot a.ttc a.css
    a.pdf a.epub a.doc a.docx a.xls a.xlsx a.ppt a.pptx a.odt a.ods a.odp a.rtf a.mobi a.vtt a.srt
    static/img/a.png public/a.png assets/a.png source/images/a.png content/posts/a.png src/a.png docs/a.pdf
    _posts/a.png _assets/a.png posts/2019/a.png themes/x/static/a.png
""".split()
ONLY_REFERENCED = """
    _config.yml hugo.toml config.toml pelicanconf.py publishconf.py docker-compose.yml
    Dockerfile Makefile Gemfile
    Gemfile.lock package.json5 yarn.lock secrets.env id_rsa id_ed25519 server.key server.pem cert.p12
    keys.kdbx
    content.db a.sqlite3 dump.sql users.csv users.tsv a.parquet backup.zip backup.tar.gz a.7z a.tar a.rar a.gz
    index.js app.mjs a.ts a.tsx a.jsx a.py a.rb a.go a.php a.sh a.scss a.sass a.less a.wasm a.map a.xml a.atom
    a.toml a.yaml a.yml a.ini a.cfg a.conf a.log a.pyc a.so a.exe a.iso a.bin a.key a.ics a.vcf a.torrent
    noextension a.unknown png
    _data/photo.png data/a.png src/_data/a.pdf node_modules/x/a.png vendor/a.svg __pycache__/a.png
    layouts/a.png _layouts/a.png _includes/a.svg _sass/a.png _site/a.png archetypes/a.png scaffolds/a.png
    Node_Modules/a.png posts/DATA/a.png _drafts/a.png
    _discarded/a.png a/_old/b/c.png backup/a.pdf venv/lib/a.png
""".split()
NEVER = """
    .env .git/config .git/a.png a/.hidden/a.png .a.png ..data/a.png a/../a.png ./a.png .htpasswd
    a.png~ a.png.bak a.png.orig a.png.swp a.png.tmp a.PNG.BAK #a.png# site.toml SITE.TOML
    a.md A.MD a.markdown a.mdx a.html a.htm a.txt a.json a.jsonl a//b.png /a.png a.png/
""".split()
STRANGE = ["", "a\\b.png", "a\x00.png", "/", "a/", "//"]


@pytest.mark.parametrize("path", PAGE_TYPES)
def test_what_a_page_can_use_is_served(path: str) -> None:
    assert may_be_served(path, is_referenced=False, is_withheld=False)
    assert not may_be_served(path, is_referenced=False, is_withheld=True)
    assert not may_be_served(path, is_referenced=True, is_withheld=True)


@pytest.mark.parametrize("path", ONLY_REFERENCED)
def test_everything_else_is_served_only_where_something_refers_to_it(path: str) -> None:
    assert not may_be_served(path, is_referenced=False, is_withheld=False)
    assert may_be_served(path, is_referenced=True, is_withheld=False)
    assert not may_be_served(path, is_referenced=True, is_withheld=True)


@pytest.mark.parametrize("path", [*NEVER, *STRANGE])
def test_some_files_are_never_served(path: str) -> None:
    assert is_never_served(path)
    assert not may_be_served(path, is_referenced=True, is_withheld=False)


@pytest.mark.parametrize(
    ("owner", "folder"),
    [
        ("later/index.md", "later"),
        ("later/index.fr.md", "later"),
        ("later/Index.html", "later"),
        ("posts/later/index.mdx", "posts/later"),
        ("later/later.md", "later"),
        ("later/later.pt-BR.md", "later"),
        ("later.md", "later"),
        ("source/_posts/later.md", "source/_posts/later"),
        ("posts/release 1.md", "posts/release 1"),
        ("2019-01-28-vote/vote.md", "2019-01-28-vote"),
        ("blog/2019-01-28-vote/text.html", "blog/2019-01-28-vote"),
        ("blog/2019-1-8/text.html", "blog/2019-1-8"),
        ("_posts/2016-06-09-cool/so-cool.md", "_posts/2016-06-09-cool"),
        ("news/_posts/cool/so-cool.md", "news/_posts/cool"),
    ],
)
def test_a_folder_belongs_to_its_article(owner: str, folder: str) -> None:
    assert owns_folder(owner, folder)
    assert any(owner.startswith(prefix) for prefix in owner_prefixes(folder))


@pytest.mark.parametrize(
    ("article_file", "folder"),
    [
        ("posts/a.md", "posts"),
        ("posts/_index.md", "posts"),
        ("posts/later/index.md", "posts"),
        ("later.md", "other"),
        ("a/later.md", "later"),
        ("later/more/later.md", "later"),
        ("release 1.0.md", "release 1"),
        ("later.notes.md", "later"),
        ("_posts/a.md", "_posts"),
        ("2019/a.md", "2019"),
        ("2019-01/a.md", "2019-01"),
        ("later/2019-01-28-vote/a/b.md", "later/2019-01-28-vote"),
    ],
)
def test_a_folder_of_many_belongs_to_none(article_file: str, folder: str) -> None:
    assert not owns_folder(article_file, folder)


SEGMENTS = st.sampled_from(["a", "later", "index", "_posts", "2019-01-28-vote", "2019", "b.c", "ü", "_index"])
FOLDERS = st.lists(SEGMENTS, min_size=1, max_size=3).map("/".join)
NAMES = st.tuples(
    SEGMENTS, st.sampled_from(["", ".fr", ".pt-BR", ".draft"]), st.sampled_from([".md", ".html"])
)


@given(FOLDERS, FOLDERS, NAMES)
def test_whatever_owns_a_folder_is_found_by_a_prefix(folder: str, parent: str, name: tuple[str, ...]) -> None:
    for place in (parent, folder, folder.rpartition("/")[0]):
        owner = f"{place}/{''.join(name)}".lstrip("/")
        has_owner = any(owner.startswith(prefix) and owner != prefix for prefix in owner_prefixes(folder))
        assert has_owner or not owns_folder(owner, folder)


def test_what_an_article_refers_to() -> None:
    html = (
        f'<a href="{SITE}/files/a/b%20c.zip?x=1#y">A</a><a href="https://example.org/blog/files/d.zip">B</a>'
        f'<img srcset="{SITE}/files/e.png 1x, {SITE}/files/f.png 2x" src="{SITE}/files/g&amp;h.png">'
        f'<video poster="{SITE}/files/i.jpg"></video><a href="{SITE}/articles/x">C</a> /files/text.zip'
    )
    attachments = (Attachment(url="/files/j.tar.gz", mime_type="application/gzip"),)
    known = article(content_html=html, image=Image(url="/files/k.heic"), attachments=attachments)
    expected = {"a/b c.zip", "e.png", "f.png", "g&h.png", "i.jpg", "j.tar.gz", "k.heic"}
    assert file_references(known) == expected | {"https://example.org/blog/files/d.zip"}


def test_what_the_pages_refer_to() -> None:
    pages = site(
        icon="/files/icon.bin",
        logo="https://example.org/files/logo.bin",
        footer="[Keys](/files/keys.asc)",
        navigation=(NamedLink("All", "/files/all.zip"),),
        templates=(Template("base.html", '<script src="/files/own%20theme.js?v=1"></script>'),),
    )
    expected = {"icon.bin", "logo.bin", "keys.asc", "all.zip", "own theme.js"}
    assert page_references(pages) == expected
    assert page_references(site()) == frozenset()
