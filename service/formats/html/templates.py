"""The templates: ours, and before them those of the site's own folder."""

from datetime import datetime
from functools import lru_cache

import jinja2
from markupsafe import Markup

from service.formats import languages
from service.formats.date_precision import stated
from service.markup import render_html
from service.model import Site, Span, Template
from service.urls import Urls, facet_query, instant

_FILES = "/files/"


@lru_cache(maxsize=8)
def environment(own: tuple[Template, ...]) -> jinja2.Environment:
    """What renders pages. A template of the site's may extend ours of the same name as `default/NAME`."""
    ours = jinja2.PackageLoader("service.formats")
    texts = {template.name: template.text for template in own}

    def theirs(name: str) -> tuple[str, str, None] | None:
        # With its name as that of a file, so that an error says where it is.
        return (texts[name], name, None) if name in texts else None

    found = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FunctionLoader(theirs), ours, jinja2.PrefixLoader({"default": ours})],
        ),
        autoescape=jinja2.select_autoescape(("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        # An upgrade in place must not mix its templates with the code that is running.
        auto_reload=False,
    )
    found.filters |= {
        "instant": instant,
        "stated": stated,
        "day": _day,
        "direction": languages.direction,
        "own_name": languages.own_name,
        "name_in": languages.name_in,
        "markdown": _markdown,
        "size": size,
        "length": len,
        "clock": clock,
    }
    found.globals["facet_query"] = facet_query
    return found


def size(length: int) -> str:
    """A number of bytes in words: 1234567 → `1.2 MB`."""
    amount = float(length)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def clock(seconds: int) -> str:
    """A duration as a player shows it: 95 → `1:35`."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _day(moment: datetime, site: Site, within: Span | None = None) -> str:
    return languages.day(site.day(moment), site.language, within)


def _markdown(text: str, urls: Urls) -> Markup:
    """Markdown of the site's owner as safe HTML; what it refers to lies beside `site.toml`."""
    return Markup(urls.on_page(render_html(text, "markdown", _FILES)))  # noqa: S704 - made safe by `markup`
