"""Files of the content folder, the service's own assets, and the icon."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.content.files.access import (
    is_article_source,
    lies_in_closed_folder,
    may_be_served,
    page_references,
)
from service.errors import NotFound
from service.formats.assets import FAVICON, PAGE_SCRIPT
from service.formats.assets.theme import find_asset
from service.markup import FILES
from service.publisher import NO_ARTICLES, Rendered
from service.web.addresses.base_url import base_url
from service.web.application_state import InjectedState
from service.web.content_files import range_applies, requested_range
from service.web.handlers.dependencies import HTTPRequest, get_or_head
from service.web.http.conditional import not_modified
from service.web.openapi.declarations import MEDIA_TYPES, headers, path_parameter, statuses
from service.web.problems.types import NotReady, UnsatisfiableRange
from service.web.responses import RepresentationResponse, StreamResponse, redirect, require_preconditions

ASSET_SECONDS = 86400
IMMUTABLE = "public, max-age=31536000, immutable"


FilePath = Annotated[
    Path,
    path_parameter(
        "Where the file is below the content folder; slashes are not encoded.",
        "images/harbour.jpg",
        maxLength=500,
        format=None,
    ),
]
AssetName = Annotated[
    str,
    path_parameter("The file's name, as pages and feeds give it.", PAGE_SCRIPT.name, maxLength=300),
]


@get_or_head(
    "/files/{path:path}",
    name="getFile",
    tags=["Files"],
    response_headers=headers("ETag", "Cache-Control", "Accept-Ranges"),
    responses=statuses(206, 301, 304, 404, 416),
    opt={MEDIA_TYPES: ["application/octet-stream", "*/*"]},
)
async def get_file(request: HTTPRequest, app_state: InjectedState, path: FilePath) -> Response[Any]:  # noqa: ARG001
    """A static file: whole, or a range of bytes.

    The source of an article is redirected to the article.
    """
    # The path as it was sent: Litestar normalises path parameters.
    sent_path = unquote(request.scope["raw_path"].decode("ascii").removeprefix(FILES))
    if is_article_source(sent_path):
        slug = await app_state.index.locate(sent_path)
        if slug is None:
            raise NotFound("There is no such file.")
        cache_control = app_state.cache_control(app_state.settings.article_max_age_seconds)
        return redirect(app_state.publisher.urls(base_url(request.scope)).article(slug), cache_control)
    try:
        file = await app_state.files.find(sent_path)
    except NotFound:
        if app_state.counters.get("content_unavailable"):
            raise NotReady("The files cannot be read at the moment; the log has the reason.") from None
        raise
    record = await app_state.index.file_record(file.address, app_state.site.public_url, file.linked_folder)
    is_referenced = record.is_referenced or file.address in page_references(app_state.site)
    if not may_be_served(file.address, is_referenced=is_referenced, is_withheld=record.is_withheld):
        raise NotFound("There is no such file.")
    if file.address != sent_path and lies_in_closed_folder(sent_path):
        linked = await app_state.index.file_record(sent_path, app_state.site.public_url)
        if not linked.is_referenced and sent_path not in page_references(app_state.site):
            raise NotFound("There is no such file.")
    etag = file.etag(record.hash)
    file_headers = {"accept-ranges": "bytes"}
    start, length, status_code = 0, file.length, 200
    byte_range = _byte_range(request, file.length, etag)
    if byte_range is not None:
        (start, length), status_code = byte_range, 206
        file_headers["content-range"] = f"bytes {start}-{start + length - 1}/{file.length}"
    return StreamResponse(
        app_state.files.read(file, start, length),
        app_state.cache_control(app_state.settings.file_max_age_seconds),
        media_type=file.media_type,
        etag=etag,
        length=length,
        status_code=status_code,
        headers=file_headers,
        content_security_policy=file.policy,
    )


def _byte_range(request: HTTPRequest, length: int, etag: str) -> tuple[int, int] | None:
    sent = {name: value.encode("latin-1") for name, value in request.headers.items()}
    if request.method != "GET" or not range_applies(sent.get("if-range"), etag):
        return None
    # A client that has the file gets 304, whatever range it asks for (RFC 9110 §13.2.2).
    if etag and not_modified(sent.get("if-none-match"), None, etag.encode(), b""):
        return None
    try:
        return requested_range(sent.get("range"), length)
    except ValueError:
        require_preconditions(request, etag)
        raise UnsatisfiableRange(length) from None


@get_or_head(
    "/favicon.ico",
    name="getIcon",
    tags=["Service"],
    media_type="image/vnd.microsoft.icon",
    response_headers=headers("ETag", "Cache-Control"),
    responses=statuses(302, 304),
)
async def get_icon(request: HTTPRequest, app_state: InjectedState) -> Response[Any]:
    """The site's icon."""
    cache_control = app_state.cache_control(ASSET_SECONDS)
    if app_state.site.icon:
        location = app_state.publisher.urls(base_url(request.scope)).absolute(app_state.site.icon)
        return redirect(location, cache_control, status_code=302)
    rendered = Rendered.of(FAVICON.media_type, FAVICON.body, keys=NO_ARTICLES)
    return RepresentationResponse(rendered, cache_control)


@get_or_head(
    "/assets/{asset:str}",
    name="getAsset",
    tags=["Service"],
    responses=statuses(304, 404),
    opt={MEDIA_TYPES: ["text/javascript", "text/css", "*/*"]},
)
async def get_asset(app_state: InjectedState, asset: AssetName) -> Response[str]:
    """A script or style sheet of the pages and feeds, or a file of the theme."""
    file = find_asset(asset, app_state.site)
    if file is None:
        raise NotFound("There is no such file.")
    cache_control = IMMUTABLE if file.immutable else app_state.cache_control(ASSET_SECONDS)
    rendered = Rendered.of(file.media_type, file.body, keys=NO_ARTICLES)
    return RepresentationResponse(rendered, cache_control)


ROUTE_HANDLERS: list[HTTPRouteHandler] = [get_file, get_icon, get_asset]
