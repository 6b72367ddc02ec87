"""The Jinja environment of pages: the site's own templates, then the built-in ones."""

from datetime import datetime
from functools import lru_cache

import jinja2
from markupsafe import Markup, escape

from service.content.identity.slugs import name_slug
from service.formats import languages
from service.formats.assets.theme import theme_assets
from service.formats.date_precision import write_date
from service.markup import FILES
from service.markup import render as render_text
from service.model import THEME_FILE_TYPES, Article, Site, Span, Template
from service.query import Query
from service.urls import Urls, facet_query, rfc3339

_BUILT_IN = jinja2.PackageLoader("service.formats")
_INTERFACE = "en"
"""The language of the words in the built-in templates."""


@lru_cache(maxsize=8)
def environment(templates: tuple[Template, ...]) -> jinja2.Environment:
    """The environment with a site's own templates, which may extend a built-in one as `default/NAME`."""
    texts = {template.name: template.text for template in templates}

    def load_own(name: str) -> tuple[str, str, None] | None:
        # The name is also the file name, which errors show.
        return (texts[name], name, None) if name in texts else None

    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FunctionLoader(load_own), _BUILT_IN, jinja2.PrefixLoader({"default": _BUILT_IN})]
        ),
        autoescape=jinja2.select_autoescape(("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        # An upgrade in place must not mix its templates with the code that is running.
        auto_reload=False,
    )
    environment.filters |= {
        "instant": rfc3339,
        "stated": write_date,
        "day": _day,
        "direction": languages.direction,
        "own_name": languages.own_name,
        "name_in": languages.name_in,
        "markdown": _markdown,
        "size": size,
        "length": len,
        "clock": clock,
        "english": english,
    }
    environment.globals |= {"facet_query": facet_query, "language_attributes": language_attributes}
    environment.globals["series_query"] = _series_query
    return environment


def compile_templates(templates: tuple[Template, ...]) -> None:
    """Compile every template of pages, so that processes which are forked from this one need not."""
    for name in _BUILT_IN.list_templates():
        if name.endswith(".html"):
            environment(templates).get_template(name)


def language_attributes(language: str, surrounding: str) -> Markup:
    """The attributes of an element in `language` within one in another; none if both are the same."""
    are_english = all(tag.partition("-")[0] == _INTERFACE for tag in (language, surrounding))
    if language == surrounding or are_english:
        return Markup()
    attributes = Markup(' lang="{}" dir="{}"')
    return attributes.format(language, languages.direction(language))


def english(words: str, surrounding: Site | Article) -> Markup:
    """English words of the interface, marked as English if the text around them is not."""
    attributes = language_attributes(_INTERFACE, surrounding.language)
    return Markup("<span{}>{}</span>").format(attributes, words) if attributes else escape(words)


def asset_url(site: Site, urls: Urls, name: str) -> str:
    """The address of a file in the folder of templates: `asset('theme.css')` in a template."""
    asset = theme_assets(site).get(name)
    if asset is None:
        suffixes = " ".join(THEME_FILE_TYPES)
        raise jinja2.TemplateRuntimeError(f"there is no file {name!r} with one of the suffixes {suffixes}")
    return urls.asset(asset.name)


def _series_query(name: str) -> Query:
    """The articles of the series `name`, in the order in which they are read."""
    return Query(series=name_slug(name), sort="series")


def size(length: int) -> str:
    """A number of bytes with a unit: 1234567 → `1.2 MB`."""
    amount = float(length)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def clock(seconds: int) -> str:
    """A duration in minutes and seconds: 95 → `1:35`."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _day(moment: datetime, site: Site, within: Span | None = None) -> str:
    return languages.day(site.day(moment), site.language, within)


def _markdown(text: str, urls: Urls) -> Markup:
    """Markdown of `site.toml` as safe HTML; relative references are relative to that file."""
    return Markup(urls.configured_html(render_text(text, "markdown", FILES).html))  # noqa: S704 - made safe by `markup`
