"""Pages that only lead to another: they become 301, and are no articles."""

import re
from urllib.parse import urlsplit

from service.content.fields.field_reader import Fields
from service.content.generators.addresses.made import made_address, scheme_of, with_base
from service.content.generators.addresses.told import Told
from service.content.identity.permalinks import read_permalink, site_path, urlsplit_host
from service.content.identity.slugs import make_slug
from service.content.records import Redirect, SiteContext
from service.model import Site

_NAMES = ("redirect_to", "redirect", "redirect_url", "redirect_link", "redirectto", "redirecturl")
_SUFFIX = re.compile(r"\.[^./]+$")


def read_redirect(
    fields: Fields, path: str, name: str, site: Site, context: SiteContext
) -> tuple[Redirect | None, str] | None:
    """Where the page at `path` leads, and that in words; None where it is no redirect.

    One that leads to another site is told of, but there is no article of ours behind it: no Redirect.
    """
    value = fields.peek(*_NAMES)
    value = value[0] if isinstance(value, list) and value else value
    if not isinstance(value, str):
        return None
    target = value.strip()
    told = f"a redirect to {target}"
    host = urlsplit_host(target) if re.match(r"(?:https?:)?//", target) else None
    own = urlsplit(site.public_url).hostname if site.public_url else None
    if host and host != own:
        return None, told
    stem = _SUFFIX.sub("", path)
    bare = re.sub(r"/?index$", "", stem)
    permalink = read_permalink(fields, site.zone)
    former = [alias for _, alias in fields.texts("aliases", "alias", "redirect_from")]
    addresses = [permalink.address, f"/{path}", f"/{stem}", f"/{bare}", *map(site_path, former)]
    slugs = [permalink.slug, make_slug(name), *map(make_slug, (one for one in former if "/" not in one))]
    scheme = scheme_of(context.schemes, path)
    made = None
    if scheme and not permalink.address:
        made = made_address(Told(path, name, fields, None, None, site.zone), scheme, permalink.pattern)
    there = with_base(made, [one for one in addresses if one and one != "/"], scheme)
    return Redirect(addresses=tuple(dict.fromkeys((*filter(None, slugs), *there))), target=target), told
