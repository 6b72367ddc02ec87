"""What every handler works with, and how its answer is sent."""

import asyncio
from collections.abc import Hashable
from contextlib import aclosing

from litestar.types import Send

from service.model import Site
from service.publisher import ByteBoundedLRU, Publisher, Rendered
from service.settings import Settings
from service.web.counters import Counters
from service.web.files import Files
from service.web.finished import BY_ACCEPT, NO_BODY, Finished, compress, compressible, finish, form_of
from service.web.negotiation import Coding, choose_coding
from service.web.visit import Answer, Visit

INLINE_COMPRESSED_BYTES = 100_000


class Desk:
    """The publisher, the settings and the memories of one worker.

    `sees` when the last look at the index, four a second, found content.
    """

    def __init__(self, publisher: Publisher, settings: Settings, counters: Counters) -> None:
        self.publisher = publisher
        self.settings = settings
        self.counters = counters
        self.files = Files(settings.content)
        self.memory: ByteBoundedLRU[Finished] = ByteBoundedLRU(settings.cache_megabytes * 500_000)
        self._compressed: ByteBoundedLRU[bytes] = ByteBoundedLRU(settings.cache_megabytes * 250_000)
        self.sees = False

    @property
    def site(self) -> Site:
        return self.publisher.site

    async def notice(self) -> bool:
        """Look whether the content has moved; if so forget all that is finished. Raises IndexUnavailable."""
        try:
            moved = await self.publisher.poll_revision()
        except BaseException:
            self.sees = False
            raise
        self.sees = True
        if moved:
            self.memory.clear()
            self._compressed.clear()
        return moved

    def cache_control(self, max_age_seconds: int) -> str:
        """Cache-Control for a class of addresses (RFC 9111 §5.2, RFC 5861)."""
        return (
            f"public, max-age={max_age_seconds}, "
            f"stale-while-revalidate={self.settings.stale_while_revalidate_seconds}, "
            f"stale-if-error={self.settings.stale_if_error_seconds}"
        )

    def kept(
        self, rendered: Rendered, max_age_seconds: int, headers: tuple[tuple[str, str], ...] = ()
    ) -> Answer:
        """`rendered` as an answer that stays fresh so long, and is remembered until the content moves."""
        cache_control = self.cache_control(max_age_seconds)
        return Answer(rendered=rendered, cache_control=cache_control, headers=headers, kept=True)

    async def send(self, visit: Visit, answer: Answer, send: Send) -> None:
        """Send `answer`, or that it has not changed, and remember it where it may be."""
        if answer.chunks is not None:
            async with aclosing(answer.chunks):
                self.counters.responded(form_of(answer), await _stream(visit, answer, send))
            return
        coding: Coding = "identity"
        if compressible(answer.rendered):
            coding = choose_coding(visit.headers.get(b"accept-encoding"))
        finished = finish(answer, coding, await self._body(answer, coding), visit.base)
        # What was made before the content moved belongs to the past: it is sent, but not kept.
        if answer.kept and visit.key is not None and visit.revision == self.publisher.revision:
            self._remember(visit, finished)
        status = await finished.send(visit.method, visit.headers, send)
        self.counters.responded(finished.form, status)

    def _remember(self, visit: Visit, finished: Finished) -> None:
        key: Hashable = visit.key
        if finished.negotiated:
            self.memory.put(key, BY_ACCEPT, BY_ACCEPT.size)
            key = (key, visit.headers.get(b"accept"))
        self.memory.put(key, finished, finished.size)

    async def _body(self, answer: Answer, coding: Coding) -> bytes:
        rendered = answer.rendered
        if coding == "identity":
            return rendered.body
        key = (rendered.etag, coding)
        if (held := self._compressed.get(key)) is not None:
            return held
        if len(rendered.body) > INLINE_COMPRESSED_BYTES:
            body = await self.publisher.in_progress.share(
                (rendered.etag or rendered.body, coding),
                lambda: asyncio.to_thread(compress, rendered.body, coding),
            )
        else:
            body = compress(rendered.body, coding)
        # What is made anew each time, an archive say, would drive out what is asked for again and again.
        if rendered.etag and answer.kept:
            self._compressed.put(key, body, len(body) + 200)
        return body


async def _stream(visit: Visit, answer: Answer, send: Send) -> int:
    """Send a body in pieces; the status. An error midway breaks the connection: nobody takes it for whole.

    A piece is made when the one before has been sent, so a slow reader has one ahead of it at most.
    """
    finished = finish(answer, "identity", b"", visit.base)
    if visit.method == "HEAD" or finished.is_known(visit.headers) or answer.chunks is None:
        return await finished.send(visit.method, visit.headers, send)
    await send(finished.start)
    async for chunk in answer.chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        # The server takes what it can without suspending: let others run, and hear that the client has left.
        await asyncio.sleep(0)
    await send(NO_BODY)
    return answer.status
