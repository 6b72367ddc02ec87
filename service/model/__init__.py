"""What the service is about, as frozen values: Article and its parts, and the Site that publishes them.

All instants are aware datetimes in UTC, whole seconds. A reference to something on this site (an image beside
an article, say) is kept site-relative, as `/files/…`; `urls` makes it absolute when a page is rendered.
"""

from service.model.article import (
    Article,
    Attachment,
    Author,
    Body,
    Image,
    Source,
    Span,
    Tag,
    Translation,
    Withdrawal,
)
from service.model.names import fold, language_tag, slugify
from service.model.site import EPOCH, READERS, NamedLink, ScrapedRule, Site, Template

__all__ = [
    "EPOCH",
    "READERS",
    "Article",
    "Attachment",
    "Author",
    "Body",
    "Image",
    "NamedLink",
    "ScrapedRule",
    "Site",
    "Source",
    "Span",
    "Tag",
    "Template",
    "Translation",
    "Withdrawal",
    "fold",
    "language_tag",
    "slugify",
]
