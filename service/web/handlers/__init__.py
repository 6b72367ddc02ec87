"""The route handlers: a request comes in by path, headers and injected values, a response goes out.

`ROUTE_HANDLERS` are all of them. Begin reading at `listings`; `dependencies` has what they are injected with.
"""

from litestar.handlers import HTTPRouteHandler

from service.web.handlers import (
    articles,
    changes,
    directories,
    files,
    listings,
    opensearch,
    path_forms,
    site_pages,
    sitemaps,
    system,
)

ROUTE_HANDLERS: list[HTTPRouteHandler] = [
    *listings.ROUTE_HANDLERS,
    *articles.ROUTE_HANDLERS,
    *site_pages.ROUTE_HANDLERS,
    *changes.ROUTE_HANDLERS,
    *directories.ROUTE_HANDLERS,
    *path_forms.ROUTE_HANDLERS,
    *files.ROUTE_HANDLERS,
    *sitemaps.ROUTE_HANDLERS,
    *opensearch.ROUTE_HANDLERS,
    *system.ROUTE_HANDLERS,
]
