"""The rows the index stores for one article: its terms, tokens, instants and estimated size in a feed.

A feed page is cut by this estimate and not by the bytes of a format or base address, so that every replica
cuts alike; it is never smaller than the article is in any of the three feeds.
"""

import hashlib
import struct

import msgspec

from service.content.identity.slugs import name_slug
from service.index.database import decoder
from service.index.instants import seconds
from service.index.search import Analysis, analyse, title_tokens
from service.markup import SELF, SITE
from service.model import Article, fold
from service.query import MEDIA, TermKind


class Term(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A term that an article is listed under; `name` is None if it has no directory entry of its own."""

    kind: TermKind
    slug: str
    name: str | None


class SearchText(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The tokens of an article, in the parts that are weighed differently."""

    text: str
    title: str
    names: str
    stems: str
    title_stems: str
    title_tokens: str


_BORDER = " · "  # a token that no query has

NO_TEXT = SearchText("", "", "", "", "", "")


class IndexEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The parts of a visible article for listings and searches: its instants, terms and tokens.

    `published` and `updated` are seconds since 1970; None for an undated article and for one never updated.
    By `title_key` and `series_key` articles are sorted by title, and in the order of their series.
    """

    published: int | None
    updated: int | None
    title_key: str
    series_key: str
    terms: tuple[Term, ...]
    search_text: SearchText

    def changed(self, now: int) -> int | None:
        """The later of the two instants, without an update that is due after `now`."""
        instants = (self.published, None if self.has_pending_update(now) else self.updated)
        return max((instant for instant in instants if instant is not None), default=None)

    def has_pending_update(self, now: int) -> bool:
        return self.updated is not None and self.updated > now


class ArticleRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row of the table of stored articles: instants in seconds since 1970; three parts as MessagePack.

    `changed_at` is the instant of the last change, `published_at` that of the publication; an undated article
    has the site's epoch in both. `rest_bytes` and `text_bytes` estimate its size in a feed, `files` are the
    files it refers to. `claim` is a Claim, `names` what it claims as `identities` packs it, `article` an
    Article without its number, `digest` as `article_digest` makes it, `line_hash` that of a line which can be
    recognised (see `lines`), `has_links` whether it may link to other articles, `entry` an IndexEntry, which
    is empty for a withdrawn article.
    """

    number: int
    published: int | None
    expires: int | None
    changed_at: int
    published_at: int
    rest_bytes: int
    text_bytes: int
    withdrawn: bool
    language: str
    claim: bytes
    names: bytes
    article: bytes
    digest: bytes
    line_hash: bytes | None
    has_links: bool
    aliases: tuple[str, ...]
    files: tuple[str, ...]
    entry: bytes


decode_article = decoder(Article)

DIGEST_BYTES = 16
_encode = msgspec.msgpack.Encoder().encode


def before_update(article: Article) -> Article:
    """The article as readers see it until the instant of its update: without its correction."""
    return msgspec.structs.replace(article, updated=article.published, correction=None)


def article_digest(article: Article) -> bytes:
    """A hash of the article without its place, its identity and its translations."""
    content = msgspec.structs.replace(article, path="", number=0, slug="", id="", translations=())
    return hashlib.sha256(_encode(content)).digest()[:DIGEST_BYTES]


def may_link_articles(article: Article) -> bool:
    """Whether the HTML of `article` links to an address of this site."""
    return f'href="{SITE}/' in article.content_html


TITLE_KEY_CHARACTERS = 100
_LAST = "~"
"""Follows every hexadecimal digit."""

HEAD_BYTES = 6_000
"""The bytes of a feed without entries: title, description and rights of its site, and its links."""

_ENTRY_BYTES = 2_500

_ITEM_BYTES = 600

_BASE_BYTES = 120

_ESCAPES = ((b"&", 4), (b"<", 3), (b">", 3), (b'"', 1), (b"\n", 1), (b"\\", 1))

_DOUBLED = 5

TOMBSTONE_BYTES = 400


class FeedSize(msgspec.Struct, frozen=True):
    """`text` is the article's content, `rest` everything else."""

    rest: int
    text: int


def estimate_size(article: Article) -> FeedSize:
    """The size of `article` in a feed, in bytes."""
    content, source, image = article.content_html, article.source, article.image
    own = content.count(SELF)
    # The text follows the address of the article in xml:base and in each mark of its own.
    slug = 3 * len(article.slug.encode())
    text = escaped_bytes(content) + (content.count(SITE) + own) * _BASE_BYTES + own * slug
    facts = (
        *(article.title, article.subtitle, article.dateline, article.rights, article.canonical),
        *(text for author in article.authors for text in (author.name, author.url)),
        *(text for tag in article.tags for text in (tag.name, tag.slug)),
        *(text for attached in article.attachments for text in (attached.url, attached.url, attached.title)),
        *((source.name, source.title, source.author, source.url, source.feed) if source else ()),
        *((image.url, image.url, image.url, image.alt) if image else ()),
    )
    items = len(article.tags) + len(article.authors) + 2 * len(article.attachments)
    rest = _ENTRY_BYTES + items * _ITEM_BYTES + 2 * escaped_bytes("".join(filter(None, facts)))
    # RSS escapes a summary twice, and a correction stands in the text and next to it.
    rest += _DOUBLED * escaped_bytes(article.summary)
    rest += 3 * escaped_bytes(article.correction) if article.correction else 0
    return FeedSize(rest + len(msgspec.json.encode(article.extra)), text)


def escaped_bytes(text: str) -> int:
    """How many bytes `text` takes with every character escaped that XML or JSON escapes."""
    encoded = text.encode("utf-8", "replace")
    return len(encoded) + sum([more * encoded.count(character) for character, more in _ESCAPES])


def index_entry(article: Article) -> IndexEntry:
    return IndexEntry(
        published=seconds(article.published),
        updated=seconds(article.updated),
        title_key=title_key(article.title),
        series_key=_series_key(article),
        terms=terms_of(article),
        search_text=search_text(article),
    )


def place_of(article: Article) -> bytes:
    """A hash of what decides at which place each list holds an article: its terms, instants and sort keys."""
    instants = seconds(article.published), seconds(article.updated)
    place = (*instants, title_key(article.title), _series_key(article), terms_of(article))
    return hashlib.sha256(msgspec.msgpack.encode(place)).digest()


def title_key(title: str) -> str:
    """The sort key of a title: without case, accents and leading punctuation."""
    folded = fold(title)
    start = next((index for index, character in enumerate(folded) if character.isalnum()), 0)
    return folded[start : start + TITLE_KEY_CHARACTERS].encode("utf-8", "replace").decode()


def _series_key(article: Article) -> str:
    """The sort key of articles of a series: their order, then their date, each without value last."""
    order, published = article.series_order, seconds(article.published)
    if order is not None:
        (bits,) = struct.unpack(">Q", struct.pack(">d", order + 0.0))
        # As unsigned numbers, IEEE 754 values ascend once negative ones are inverted and others get the sign.
        key = f"{bits ^ ((1 << 64) - 1 if bits >> 63 else 1 << 63):016x}"
    else:
        key = _LAST
    return key + (_LAST if published is None else f"{published + (1 << 40):012x}")


def terms_of(article: Article) -> tuple[Term, ...]:
    """Every term of `article`, each once: of two spellings of one slug the first counts."""
    terms = [Term("tag", tag.slug, tag.name) for tag in article.tags]
    terms += [Term("author", author.slug, author.name) for author in article.authors]
    if article.source:
        terms.append(Term("source", article.source.slug, article.source.name))
    if article.series:
        terms.append(Term("series", name_slug(article.series), article.series))
    if article.featured:
        terms.append(Term("featured", "true", None))
    terms += [Term("has", medium, None) for medium in _media(article)]
    terms += [
        Term("language", tag, tag if tag == article.language else None)
        for tag in language_ranges(article.language)
    ]
    first: dict[tuple[str, str], Term] = {}
    for term in terms:
        if term.slug:
            first.setdefault((term.kind, term.slug), term)
    return tuple(first.values())


def _media(article: Article) -> list[str]:
    """Which of `MEDIA` an article has."""
    types = [attachment.mime_type for attachment in article.attachments]
    has = {
        "image": article.image is not None,
        "audio": any(mime_type.startswith("audio/") for mime_type in types),
        "attachment": bool(types),
    }
    return [medium for medium in MEDIA if has[medium]]


def language_ranges(language: str) -> list[str]:
    """Every range that finds `language` (RFC 4647 §3.3.1): `zh-Hant-TW` → `zh`, `zh-Hant`, `zh-Hant-TW`."""
    parts = language.split("-")
    return ["-".join(parts[:length]) for length in range(1, len(parts) + 1)]


def search_text(article: Article) -> SearchText:
    """The tokens full text finds `article` by: title, text, and the names that stand around it."""
    source = article.source
    # Of a summary made from the text, each word would count twice, and a phrase would be found where it ends.
    beginning = article.summary.removesuffix("…")
    is_of_text = beginning in article.content_text or beginning in " ".join(article.content_text.split())
    text = _analyse(
        article, None if is_of_text else article.summary, article.content_text, article.correction
    )
    title = _analyse(article, article.title, article.subtitle)
    names = _analyse(
        article,
        article.dateline,
        *(author.name for author in article.authors),
        *(tag.name for tag in article.tags),
        *((source.name, source.title, source.author) if source else ()),
        *(attachment.title for attachment in article.attachments),
    )
    return SearchText(
        text.words,
        title.words,
        names.words,
        f"{text.stems}{_BORDER}{names.stems}",
        title.stems,
        title_tokens(f"{title.words} {title.stems}"),
    )


def _analyse(article: Article, *parts: str | None) -> Analysis:
    """The tokens of parts of `article`; no phrase is found across their borders."""
    analyses = [analyse(part, article.language) for part in parts if part]
    return Analysis(
        _BORDER.join([analysis.words for analysis in analyses]),
        _BORDER.join([analysis.stems for analysis in analyses]),
    )
