"""The client of the README keeps an exact copy, whatever happens to the site, its index and its replicas."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.index import apply_due_transitions
from tests.support.published_folder import PublishedFolder
from tests.support.random_site import RandomSite
from tests.support.server import ROOT, Server

Copy = dict[str, dict[str, Any]]

CLIENT = re.search(
    r"## Keep a copy in step.*?```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
)


def synchronise(site: Any, copy: Copy, revision: str | None) -> str:
    """As the README does."""
    assert CLIENT is not None
    names: dict[str, Any] = {}
    exec(CLIENT[1], names)  # noqa: S102 - the code of our own README
    reached: str = names["synchronise"](site, copy, revision)
    return reached


class ReplicaClient:
    """The part of an `httpx.Client` that the README uses, of a service in this process; it never waits."""

    def __init__(self, replica: PublishedFolder) -> None:
        self._replica = replica

    def get(self, url: str, params: Mapping[str, str] | None = None, **_: Any) -> httpx.Response:
        return self._replica.get(str(httpx.URL(url, params=params) if params else url))


def articles_of(lines: bytes) -> Copy:
    return {article["id"]: article for article in map(json.loads, lines.splitlines())}


class Publication:
    """Two replicas of one folder that is edited at random, and a client that keeps a copy."""

    def __init__(self, path: Path, seed: int) -> None:
        first = RandomSite(path / "first", seed)
        second = RandomSite(path / "second", seed)
        second.root = first.root
        self.site = first
        self.replicas = (first, second)
        self.random = first.random
        self.copy: Copy = {}
        self.revision: str | None = None
        self.refresh()

    def refresh(self) -> None:
        for replica in self.replicas:
            replica.refresh(self.site.clock)

    def make_step(self) -> None:
        """Edit some files, let one index be built anew or let what is due appear; then synchronise."""
        for _ in range(self.random.choice([1, 1, 4])):
            self.site.edit()
        chance = self.random.random()
        if chance < 0.1:
            self.random.choice(self.replicas).file.unlink()
        if chance < 0.8:
            self.refresh()
        else:
            for replica in self.replicas:
                apply_due_transitions(replica.url, self.site.clock)
        replica = self.random.choice(self.replicas)
        self.revision = synchronise(ReplicaClient(replica), self.copy, self.revision)

    def require_exact_copy(self) -> None:
        manifests = []
        for replica in self.replicas:
            assert self.copy == articles_of(replica.get("/articles.ndjson").content)
            manifests.append(replica.get("/manifest.json").json())
        assert manifests[0] == manifests[1]
        assert manifests[0]["revision"] == self.revision
        assert manifests[0]["total"] == len(self.copy)


def run(path: Path, seed: int, steps: int) -> None:
    publication = Publication(path, seed)
    for _ in range(steps):
        publication.make_step()
        publication.require_exact_copy()


def test_the_copy_is_exact_after_any_edits(tmp_path: Path) -> None:
    run(tmp_path, 3, 8)


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(20))
def test_the_copy_is_exact_after_many_edits(tmp_path: Path, seed: int) -> None:
    run(tmp_path, seed, 50)


def test_the_client_of_the_readme_reads_a_running_service(service: Server) -> None:
    copy: Copy = {}
    with httpx.Client(base_url=service.base) as client:
        revision = synchronise(client, copy, None)
        assert copy == articles_of(client.get("/articles.ndjson").content)
        assert revision == client.get("/manifest.json").json()["revision"]


def test_a_link_to_a_deleted_article_is_the_same_after_a_rebuild(tmp_path: Path) -> None:
    """A rebuilt index does not know what was deleted; its articles must be the same nevertheless."""
    folder = PublishedFolder(tmp_path)
    folder.write("a", html='<p><a href="/articles/d">D</a></p>')
    folder.write("d")
    folder.refresh()
    assert 'href="http://localhost/articles/d"' in folder.get("/articles/a.json").json()["content_html"]
    folder.remove("d")
    folder.refresh()
    assert folder.get("/articles/d").status_code == httpx.codes.GONE
    before = folder.get("/articles/a.json").content, folder.get("/manifest.json").json()
    folder.file.unlink()
    folder.refresh()

    assert folder.get("/articles/d").status_code == httpx.codes.NOT_FOUND
    assert (folder.get("/articles/a.json").content, folder.get("/manifest.json").json()) == before
