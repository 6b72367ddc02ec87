"""About how many bytes an article takes in a feed: never fewer than in any of the three.

A cut may not hang on the format or on the base address, so it is made by this, which is equal everywhere.
"""

import msgspec

from service.markup import SELF, SITE
from service.model import Article

HEAD_BYTES = 6_000
"""What a feed says of itself: title, description and rights of its site, and its links."""

_ENTRY_BYTES = 2_500
_ITEM_BYTES = 600
_BASE_BYTES = 120
_ESCAPES = {"&": 4, "<": 3, ">": 3, '"': 1, "\n": 1, "\\": 1}
_DOUBLED = 5
TOMBSTONE_BYTES = 400


class Weight(msgspec.Struct, frozen=True):
    """`text` is the article's content, `rest` everything else."""

    rest: int
    text: int


def weigh(article: Article) -> Weight:
    """What `article` takes in a feed, in bytes."""
    content, source, image = article.content_html, article.source, article.image
    own = content.count(SELF)
    # The text follows the address of the article in xml:base and in each mark of its own.
    slug = 3 * len(article.slug.encode())
    text = written(content) + (content.count(SITE) + own) * _BASE_BYTES + own * slug
    facts = (
        *(article.title, article.subtitle, article.dateline, article.rights, article.canonical),
        *(one for author in article.authors for one in (author.name, author.url)),
        *(one for tag in article.tags for one in (tag.name, tag.slug)),
        *(one for attached in article.attachments for one in (attached.url, attached.url, attached.title)),
        *((source.name, source.title, source.author, source.url, source.feed) if source else ()),
        *((image.url, image.url, image.url, image.alt) if image else ()),
    )
    items = len(article.tags) + len(article.authors) + 2 * len(article.attachments)
    rest = _ENTRY_BYTES + items * _ITEM_BYTES + 2 * written("".join(filter(None, facts)))
    # RSS escapes a summary twice, and a correction stands in the text and beside it.
    rest += _DOUBLED * written(article.summary) + 3 * written(article.correction or "")
    return Weight(rest + len(msgspec.json.encode(article.extra)), text)


def written(text: str) -> int:
    """How many bytes `text` takes with every character escaped that XML or JSON escapes."""
    return len(text.encode("utf-8", "replace")) + sum(
        more * text.count(character) for character, more in _ESCAPES.items()
    )
