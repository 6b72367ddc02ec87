"""The address an article had on the site of its generator."""

from collections.abc import Iterable, Iterator

from service.content.generators import eleventy, jekyll
from service.content.generators.addresses.permalink_patterns import to_path
from service.content.generators.addresses.scheme import ArticleVariables, Scheme


def find_scheme(schemes: tuple[Scheme, ...], path: str) -> Scheme | None:
    """The scheme of the innermost site around the file at `path`; `schemes` has the inner sites first."""
    for scheme in schemes:
        if not scheme.folder or path.startswith(f"{scheme.folder}/"):
            return scheme
    return None


def build_address(article: ArticleVariables, scheme: Scheme | None, pattern: str | None) -> str | None:
    """The address by the `pattern` of the article or its folder, or else by the scheme of its site."""
    if pattern and scheme is None:
        if "{{" in pattern:
            scheme = eleventy.DEFAULT_SCHEME
        elif jekyll.is_jekyll_post(article.path):
            scheme = jekyll.DEFAULT_SCHEME
    if scheme is None:
        return None
    return to_path(scheme.fill(pattern, article) if pattern else scheme.address(article))


def with_base_path(built: str | None, stated: Iterable[str], scheme: Scheme | None) -> Iterator[str]:
    """The address that was `built` and those `stated`, each also below the base path of the site (`/blog`).

    Stated addresses may begin with the base path already.
    """
    base = scheme.base if scheme else ""
    for address in (built, *stated):
        if address:
            yield address
            if base and (address is built or not address.startswith(f"{base}/")):
                yield base + address
