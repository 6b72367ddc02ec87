"""The address an article had by the patterns of its engine, and that under which the whole site lay."""

from collections.abc import Iterable, Iterator

from service.content.generators.addresses import eleventy, jekyll
from service.content.generators.addresses.eleventy import Eleventy
from service.content.generators.addresses.hugo import Hugo
from service.content.generators.addresses.jekyll import Jekyll
from service.content.generators.addresses.pattern import as_path
from service.content.generators.addresses.scheme import Scheme
from service.content.generators.addresses.told import Told


def scheme_of(schemes: tuple[Scheme, ...], path: str) -> Scheme | None:
    """That of the innermost site around the file at `path`; `schemes` has the inner ones first."""
    for scheme in schemes:
        if not scheme.folder or path.startswith(f"{scheme.folder}/"):
            return scheme
    return None


def made_address(told: Told, scheme: Scheme | None, pattern: str | None) -> str | None:
    """The address made by `pattern`, which the article or its folder gives, or else by its engine."""
    if pattern and scheme is None:
        if "{{" in pattern:
            scheme = eleventy.BARE
        elif jekyll.is_post_of_jekyll(told.path):
            scheme = jekyll.BARE
    # The other engines know no patterns in articles.
    if pattern and isinstance(scheme, Eleventy | Hugo | Jekyll):
        return as_path(scheme.fill(pattern, told))
    return as_path(scheme.address(told)) if scheme else None


def with_base(made: str | None, given: Iterable[str], scheme: Scheme | None) -> Iterator[str]:
    """The address that was `made` and those `given`, each also as it was where the site lay below `/blog`.

    Those given may name that folder already.
    """
    base = scheme.base if scheme else ""
    for address in (made, *given):
        if address:
            yield address
            if base and (address is made or not address.startswith(f"{base}/")):
                yield base + address
