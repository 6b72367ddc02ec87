"""Pages that only redirect: they are answered with 301 and are no articles."""

import re
from urllib.parse import urlsplit

from service.content.fields.field_reader import Fields
from service.content.generators.addresses.article_addresses import build_address, find_scheme, with_base_path
from service.content.generators.addresses.scheme import ArticleVariables
from service.content.identity.permalinks import host_of, read_permalink, site_path
from service.content.identity.slugs import make_slug
from service.content.records import Redirect, SiteContext
from service.model import Site

_NAMES = ("redirect_to", "redirect", "redirect_url", "redirect_link", "redirectto", "redirecturl")
_SUFFIX = re.compile(r"\.[^./]+$")


def read_redirect(
    fields: Fields, path: str, name: str, site: Site, context: SiteContext
) -> tuple[Redirect | None, str] | None:
    """The redirect of the page at `path` and a description of it; None for a page that is no redirect.

    For a redirect to another site the Redirect is None.
    """
    value = fields.peek(*_NAMES)
    value = value[0] if isinstance(value, list) and value else value
    if not isinstance(value, str):
        return None
    target = value.strip()
    description = f"a redirect to {target}"
    host = host_of(target) if re.match(r"(?:https?:)?//", target) else None
    own = urlsplit(site.public_url).hostname if site.public_url else None
    if host and host != own:
        return None, description
    stem = _SUFFIX.sub("", path)
    bare = re.sub(r"/?index$", "", stem)
    permalink = read_permalink(fields, site.zone)
    former = [alias for _, alias in fields.texts("aliases", "alias", "redirect_from")]
    addresses = [permalink.address, f"/{path}", f"/{stem}", f"/{bare}", *map(site_path, former)]
    slugs = [
        permalink.slug,
        make_slug(name),
        *map(make_slug, (alias for alias in former if "/" not in alias)),
    ]
    scheme = find_scheme(context.schemes, path)
    built = None
    if scheme and not permalink.address:
        built = build_address(
            ArticleVariables(path, name, fields, None, None, site.zone), scheme, permalink.pattern
        )
    given = [address for address in addresses if address and address != "/"]
    paths = with_base_path(built, given, scheme)
    return Redirect(
        addresses=tuple(dict.fromkeys((*filter(None, slugs), *paths))), target=target
    ), description
