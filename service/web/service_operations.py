"""What the addresses beside articles are for: directories, files, what robots ask, the service itself."""

from service.urls import OPML_PATH
from service.web.operation import Operation

SERVICE: tuple[Operation, ...] = (
    Operation(
        path=OPML_PATH,
        name="listFeeds",
        summary="Every feed as OPML 2.0: the main one, and those of tags, authors, sources and languages",
        group="Feeds",
        answers={"text/x-opml": None},
        also=(304,),
        headers=("ETag", "Cache-Control", "Vary"),
    ),
    Operation(
        path="/files/{path}",
        name="getFile",
        summary="A file beside the articles: whole, or a range of bytes",
        group="Files",
        answers={"application/octet-stream": None, "*/*": None},
        also=(206, 301, 304, 404, 416),
        headers=("ETag", "Cache-Control", "Accept-Ranges"),
    ),
    Operation(
        path="/assets/{asset}",
        name="getAsset",
        summary="A script of the pages, or the style of feeds in browsers",
        group="Service",
        answers={"text/javascript": None, "text/css": None},
        also=(304, 404),
        headers=("ETag", "Cache-Control", "Vary"),
    ),
    Operation(
        path="/robots.txt",
        name="getRobots",
        summary="What robots may read: everything (RFC 9309)",
        group="Service",
        answers={"text/plain": None},
        also=(304,),
        headers=("ETag", "Cache-Control"),
    ),
    Operation(
        path="/favicon.ico",
        name="getIcon",
        summary="The site's icon",
        group="Service",
        answers={"image/vnd.microsoft.icon": None},
        also=(302, 304),
        headers=("ETag", "Cache-Control"),
    ),
    Operation(
        path="/openapi.json",
        name="getDescription",
        summary="This document",
        group="Service",
        answers={"application/json": "Description"},
        also=(304,),
        headers=("ETag", "Cache-Control", "Vary"),
    ),
    Operation(
        path="/healthz",
        name="isAlive",
        summary="The process answers",
        group="Service",
        answers={"application/json": "State"},
        headers=("Cache-Control",),
    ),
    Operation(
        path="/readyz",
        name="isReady",
        summary="Content is loaded and the index answers; 503 before that",
        group="Service",
        answers={"application/json": "State"},
        headers=("Cache-Control",),
    ),
)
