"""The handlers of what belongs to the service itself: files, icon, description, health."""

from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from service.content.discovery.served_files import is_article_source, may_be_served, page_references
from service.errors import NotFound
from service.formats.assets import ASSETS, FAVICON
from service.publisher import Rendered
from service.settings import Settings
from service.urls import Urls
from service.web.conditional import not_modified
from service.web.counters import PROCESSES, Counters
from service.web.desk import Desk
from service.web.files import asked_range, range_applies
from service.web.problem_types import NotReady, UnsatisfiableRange
from service.web.visit import Answer, Visit, moved

FILES = "/files/"
OWN = "/assets/"
ASSET_SECONDS = 86400
FOR_EVER = "public, max-age=31536000, immutable"


async def file(desk: Desk, visit: Visit) -> Answer:
    """Handles a file of the content folder; the address of an article's own file leads to the article."""
    path = unquote(visit.raw_path.removeprefix(FILES))
    index = desk.publisher.index
    if is_article_source(path):
        slug = await index.locate(path)
        if slug is None:
            raise NotFound("There is no such file.")
        cache_control = desk.cache_control(desk.settings.article_max_age_seconds)
        return moved(Urls(visit.base).article(slug), cache_control)
    found = await desk.files.find(path)
    record = await index.file_record(found.address, desk.site.public_url, found.linked_folder)
    is_referenced = record.is_referenced or found.address in page_references(desk.site)
    if not may_be_served(found.address, is_referenced=is_referenced, is_withheld=record.is_withheld):
        raise NotFound("There is no such file.")
    etag = found.etag(record.hash)
    headers = [("accept-ranges", "bytes")]
    start, length, status = 0, found.length, 200
    asked = _range(visit, found.length, etag)
    if asked is not None:
        (start, length), status = asked, 206
        headers.append(("content-range", f"bytes {start}-{start + length - 1}/{found.length}"))
    return Answer(
        rendered=Rendered(b"", found.media_type, etag),
        cache_control=desk.cache_control(desk.settings.file_max_age_seconds),
        status=status,
        headers=tuple(headers),
        chunks=desk.files.read(found, start, length),
        length=length,
        policy=found.policy,
    )


def _range(visit: Visit, length: int, etag: str) -> tuple[int, int] | None:
    if visit.method != "GET" or not range_applies(visit.headers.get(b"if-range"), etag):
        return None
    # What the client has already is 304, whatever part it asks for (RFC 9110 §13.2.2).
    if etag and not_modified(visit.headers.get(b"if-none-match"), None, etag.encode(), b""):
        return None
    try:
        return asked_range(visit.headers.get(b"range"), length)
    except ValueError:
        raise UnsatisfiableRange(length) from None


async def icon(desk: Desk, visit: Visit) -> Answer:
    """Handles `/favicon.ico`: the icon of the site, else the default icon."""
    if desk.site.icon:
        location = Urls(visit.base).absolute(desk.site.icon)
        return msgspec.structs.replace(moved(location, desk.cache_control(ASSET_SECONDS)), status=302)
    return desk.kept(Rendered.of(FAVICON.media_type, FAVICON.body), ASSET_SECONDS)


async def asset(desk: Desk, visit: Visit) -> Answer:
    """Handles a script or style of ours. Raises NotFound."""
    found = ASSETS.get(visit.path.removeprefix(OWN))
    if found is None:
        raise NotFound("There is no such file.")
    answer = desk.kept(Rendered.of(found.media_type, found.body), ASSET_SECONDS)
    return msgspec.structs.replace(answer, cache_control=FOR_EVER) if found.immutable else answer


async def healthz(_desk: Desk, _: Visit) -> Answer:
    """Handles `/healthz`: the process answers."""
    return _state("alive")


async def readyz(desk: Desk, _: Visit) -> Answer:
    """Handles `/readyz`: content is loaded and the index answers. Raises NotReady.

    What is wrong while there is something to serve stands in `problems`, and only then.
    """
    if not desk.sees:
        raise NotReady("The content cannot be read just now; the log says why.")
    problems = list(_problems(desk.counters, desk.settings))
    return _state("ready", **({"problems": problems} if problems else {}))


def _problems(counters: Counters, settings: Settings) -> Iterator[str]:
    """What keeps the service from doing all it should, a sentence each."""
    overdue = counters.overdue_seconds()
    if overdue >= settings.stale_after_seconds:
        yield f"A successful look at the folder is overdue by {overdue:.0f} seconds; the log says why."
    if counters.get("settings_refused"):
        yield "The settings cannot be used, so the previous ones stay in force; the log says why."
    if down := int(counters.get("down", "worker")):
        yield f"{down} of {settings.workers} workers ended unexpectedly and will be restarted."
    for name in PROCESSES:
        if name != "worker" and counters.get("down", name):
            yield f"The {name} ended unexpectedly and will be restarted."


def _state(status: str, **more: object) -> Answer:
    body = msgspec.json.encode({"status": status, **more})
    return Answer(rendered=Rendered(body, "application/json", ""), cache_control="no-store")
