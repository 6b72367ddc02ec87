"""A publisher and replicas as running services, which are killed while readers ask them."""

import json
import os
import random
import re
import signal
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path

import httpx

from tests.support.faulty_proxy import FaultyProxy
from tests.support.processes import children, is_running
from tests.support.replication import Answer, answer_of
from tests.support.server import Server, launch
from tests.support.waiting import wait_until

ARTICLES = 12
PICTURE = "/files/picture.png"
LISTING = "/articles.json?limit=100"
ADDRESSES = (LISTING, "/feed.atom", "/feed.rss", "/", "/changes", "/manifest.json")
READS_PER_EDIT = 12
WORKERS = "2"
_EDIT = re.compile(r"edit (\d+)")


class Chaos:
    """Services below `work` with the store at `address`, which they reach through `proxy`.

    Every edit changes one file, and the next one waits until the publisher serves it: each revision is what
    some number of edits made. Titles say by which edit they were written, so a response shows of which state
    it is.
    """

    def __init__(
        self, work: Path, proxy: FaultyProxy, address: str, environment: dict[str, str], seed: int
    ) -> None:
        self._work = work
        self._proxy = proxy
        self._chance = random.Random(seed)  # noqa: S311
        self._environment = environment
        self._content = work / "content"
        self._content.mkdir(parents=True)
        self._staging = work / "staging"
        self._titles: dict[str, str] = {}
        self._states: list[dict[str, str]] = [{}]
        self._pictures = [b""]
        self._listings: dict[frozenset[tuple[str, str]], Answer] = {}
        self.happened: Counter[str] = Counter()
        for _ in range(ARTICLES):
            self._edit()
        self._options = {
            "publisher": ("--content", str(self._content), "--publish", address, "--workers", WORKERS),
            **{f"replica-{number}": ("--from", address, "--workers", WORKERS) for number in range(3)},
        }
        self._seen = dict.fromkeys(self._options, 0)
        self._services: dict[str, Server] = {}

    def run(self, edits: int) -> None:
        """Edit, kill, interrupt and read; at the end all services must answer alike."""
        try:
            for name in self._options:
                self._start(name)
            for _ in range(edits):
                self._proxy.is_down = self._chance.random() < 0.1
                self._edit()
                wait_until(self._is_edit_served, "the publisher serves the edit")
                for _ in range(READS_PER_EDIT):
                    self._read(self._chance.choice([*self._options]))
                if self._chance.random() < 0.3:
                    self._kill()
            self._proxy.is_down = False
            for name in self._options:
                wait_until(partial(self._is_up_to_date, name), f"{name} is up to date")
            self._require_equal_answers()
        finally:
            for server in self._services.values():
                server.stop()
        for name, server in self._services.items():
            assert "Traceback" not in server.output(), f"{name}: {server.output()}"

    @property
    def _last(self) -> int:
        return len(self._states) - 1

    def _edit(self) -> None:
        """Write or delete one file, which appears as a whole."""
        number = len(self._states)
        kind = self._chance.random()
        slug = f"a{self._chance.randrange(ARTICLES)}"
        picture = self._pictures[-1]
        if kind < 0.15:
            picture = b"%d " % number * 100
            self._write("picture.png", picture)
        elif kind < 0.3 and len(self._titles) > 3 and slug in self._titles:
            (self._content / f"{slug}.json").unlink()
            del self._titles[slug]
        else:
            self._titles[slug] = f"edit {number}"
            text = " ".join(f"{self._chance.getrandbits(30):x}" for _ in range(200))
            record = {"title": self._titles[slug], "slug": slug, "id": f"id:{slug}", "text": text}
            if slug == "a0":
                record["image"] = "picture.png"
            self._write(f"{slug}.json", json.dumps({**record, "date": "2025-01-01"}).encode())
        self._states.append(dict(self._titles))
        self._pictures.append(picture)

    def _write(self, name: str, content: bytes) -> None:
        self._staging.write_bytes(content)
        self._staging.replace(self._content / name)

    def _is_edit_served(self) -> bool:
        server = self._services["publisher"]
        titles = {article["slug"]: article["title"] for article in server.get(LISTING).json()["articles"]}
        picture = server.get(PICTURE)
        body = picture.content if picture.status_code == httpx.codes.OK else None
        return titles == self._titles and body in (None, self._pictures[-1])

    def _is_up_to_date(self, name: str) -> bool:
        """Whether a service has the last edit, also if that was of the picture, which no list shows."""
        picture = self._pictures[-1]
        has_picture = not picture or self._services[name].get(PICTURE).content == picture
        return self._read(name) == self._last and has_picture

    def _read(self, name: str) -> int:
        """Ask a service for the list, check what it answers, and the state that it shows."""
        response = self._services[name].get(LISTING)
        assert response.status_code == httpx.codes.OK, f"{name}: {response.text}"
        titles = {article["slug"]: article["title"] for article in response.json()["articles"]}
        fitting = [number for number, state in enumerate(self._states) if state == titles]
        assert fitting, f"{name} mixes revisions: {titles}"
        listing = self._listings.setdefault(frozenset(titles.items()), answer_of(response))
        assert answer_of(response) == listing, f"{name} has other bytes or validators"
        # States that differ in no article, and an earlier one that a deletion made again, fit as well.
        assert fitting[-1] >= self._seen[name], f"{name} serves an older revision"
        first = next(number for number in fitting if number >= self._seen[name])
        self._seen[name] = first
        address = self._chance.choice(ADDRESSES)
        self._check_numbers(name, self._services[name].get(address))
        self.happened["reads"] += 1
        return fitting[-1]

    def _check_numbers(self, name: str, response: httpx.Response) -> None:
        """A response is of a state that is not older than what the service has answered before."""
        assert response.status_code == httpx.codes.OK, f"{name}: {response.url} {response.text}"
        shown = {f"edit {number}" for number in _EDIT.findall(response.text)}
        if shown:
            possible = range(self._seen[name], len(self._states))
            fitting = [number for number in possible if shown <= set(self._states[number].values())]
            assert fitting, f"{name} serves an older or a mixed revision: {response.url} {shown}"
            self._seen[name] = fitting[0]

    def _kill(self) -> None:
        """Kill a service, or one of its processes; it is started again."""
        name = self._chance.choice([*self._options])
        server = self._services[name]
        if self._chance.random() < 0.5:
            process = self._chance.choice(children(server.process.pid))
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            self.happened["killed processes"] += 1
            # Until it has ended, it may be given connections that are reset then.
            wait_until(lambda: not is_running(process), f"a process of {name} has ended")
            wait_until(lambda: self._answers_again(name), f"{name} answers")
            return
        server.process.kill()
        server.process.wait()
        self.happened["killed services"] += 1
        self._start(name)

    def _answers_again(self, name: str) -> bool:
        try:
            return self._services[name].get("/readyz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def _start(self, name: str) -> None:
        work = self._work / name
        work.mkdir(exist_ok=True)
        self._services[name] = launch(work, *self._options[name], **self._environment)

    def _require_equal_answers(self) -> None:
        """All services give the same bytes and validators."""
        addresses = (*ADDRESSES, PICTURE, *(f"/articles/{slug}" for slug in self._titles))
        answers = {
            name: [answer_of(server.get(address)) for address in addresses]
            for name, server in self._services.items()
        }
        for name, answered in answers.items():
            for address, answer, expected in zip(addresses, answered, answers["publisher"], strict=True):
                assert answer == expected, f"{name}: {address}"
