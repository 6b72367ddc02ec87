"""Frozen values every layer shares: `Article` and its parts, the `Site` that publishes them, the formats.

All instants are aware datetimes in UTC, in whole seconds. References to the site itself, such as the image of
an article, are site-relative (`/files/…`) until `urls` makes them absolute. Begin with `article.Article`.
"""

from service.model.article import (
    Article,
    Attachment,
    Author,
    Body,
    Image,
    MenuEntry,
    Source,
    Span,
    Tag,
    Translation,
    TranslationKey,
    Withdrawal,
)
from service.model.formats import FORMAT_DESCRIPTIONS, FormatDescription, FormatName
from service.model.names import ascii_host, fold, language_tag, nearest_name, slugify
from service.model.site import (
    ARTICLE_FACTS,
    EPOCH,
    READERS,
    THEME_FILE_TYPES,
    AddressStyle,
    NamedLink,
    ScrapedRule,
    Site,
    Template,
    ThemeFile,
)

__all__ = [
    "ARTICLE_FACTS",
    "EPOCH",
    "FORMAT_DESCRIPTIONS",
    "READERS",
    "THEME_FILE_TYPES",
    "AddressStyle",
    "Article",
    "Attachment",
    "Author",
    "Body",
    "FormatDescription",
    "FormatName",
    "Image",
    "MenuEntry",
    "NamedLink",
    "ScrapedRule",
    "Site",
    "Source",
    "Span",
    "Tag",
    "Template",
    "ThemeFile",
    "Translation",
    "TranslationKey",
    "Withdrawal",
    "ascii_host",
    "fold",
    "language_tag",
    "nearest_name",
    "slugify",
]
