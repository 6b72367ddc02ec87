"""The processor time that a text may take is limited; a text over the limit is a fault like any other."""

import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from service.content import load, load_parts
from service.content.body.titles import TitledBody, title_body
from service.content.cpu_time_limit import cpu_time_limit
from service.content.fields.field_reader import Fields
from service.content.parsing.raw_article import RawArticle
from service.content.pipeline import INTERNAL_ERROR
from service.content.records import FilePart
from service.errors import ContentError
from service.importing.item import ImportOptions, Note
from service.importing.run import ImportResult, find_sources, import_sources
from service.model import Site

ENDLESS = re.compile(r"(?:a|a)+$")


def test_an_endless_search_is_interrupted() -> None:
    with pytest.raises(ContentError, match=r"more than 0\.05 seconds") as raised, cpu_time_limit(7, 0.05):
        ENDLESS.match("a" * 40 + "b")
    assert raised.value.line == 7


def test_a_swallowed_error_is_raised_again() -> None:
    def swallow() -> None:
        with suppress(ContentError):
            ENDLESS.match("a" * 40 + "b")
        ENDLESS.match("a" * 40 + "b")

    with pytest.raises(ContentError), cpu_time_limit(1, 0.05):
        swallow()


def test_no_timer_runs_after_the_block() -> None:
    with cpu_time_limit():
        pass
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_a_block_around_another_keeps_its_own_limit() -> None:
    def read() -> None:
        with cpu_time_limit(8, 5):
            pass
        ENDLESS.match("a" * 40 + "b")

    with pytest.raises(ContentError, match=r"more than 0\.05 seconds") as raised, cpu_time_limit(7, 0.05):
        read()
    assert raised.value.line == 7


@pytest.mark.parametrize("times", [1, 40])
def test_time_in_c_code_counts_however_few_ticks_it_lets_through(times: int) -> None:
    block = cpu_time_limit(7, 0.2)

    def enter() -> None:
        for _ in range(times):
            with block:
                sum(range(40_000_000 // times))  # C code that handles no signal

    with pytest.raises(ContentError, match=r"more than 0\.2 seconds"):
        enter()


def test_the_time_of_another_thread_does_not_count() -> None:
    ends = threading.Event()

    def work() -> None:
        while not ends.is_set():
            sum(range(10_000))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        used = time.process_time()
        with cpu_time_limit(1, 0.3):
            while time.process_time() - used < 0.5:
                time.sleep(0.01)
    finally:
        ends.set()
        thread.join()


def test_the_time_of_a_block_within_does_not_count() -> None:
    with cpu_time_limit(1, 0.1), cpu_time_limit(2, 5):
        sum(range(10_000_000))


def test_other_threads_have_no_limit() -> None:
    done: list[int] = []

    def work() -> None:
        with cpu_time_limit(1, 0.001):
            done.append(sum(range(300_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


NEVER_CLOSED = (
    "{{< ", "{{< x ", "{% ", '{{< "', "{#", "{# x", "{/*", "{{</* ", "{% comment %}", "{{% comment %}}",
    "<pre>", "<code>", "{% raw %}", "{% highlight %}", "{{< highlight >}}", "<A b={{", "<A b='", "import {\n",
    "中", ">", "> [!NOTE] > ", "a\n: b\n\n",
)  # fmt: skip


@pytest.mark.parametrize("mark", NEVER_CLOSED)
def test_markup_opened_often_and_never_closed_is_read(mark: str, tmp_path: Path) -> None:
    text = f"---\ntitle: A\n---\n\nimport x from 'y'\n\nBefore.\n\n{mark * (200_000 // len(mark))}\n"
    loaded = load(tmp_path, "a.mdx", text.encode(), Site())
    assert [article.title for article in loaded.articles] == ["A"], loaded.faults


OPEN_PAGES = ("<a ", '<a href="x ', "<!-- x>", "<![CDATA[x>", "</x ", "<?x ", "<div>", "&")


@pytest.mark.parametrize("mark", OPEN_PAGES)
def test_a_page_of_tags_that_are_never_closed_is_read(mark: str, tmp_path: Path) -> None:
    text = f"<h1>A</h1>\n<p>Before the tide went out there was a pier.</p>\n{mark * (120_000 // len(mark))}"
    loaded = load(tmp_path, "a.html", text.encode(), Site())
    (article,) = loaded.articles
    assert article.title == "A"
    assert "Before the tide went out" in article.content_text


def test_an_invalid_file_name_in_a_link_is_ignored(tmp_path: Path) -> None:
    text = f"---\ntitle: A\nattachments: [{'1' * 5000}, {'a/' * 5000}b]\nimage: {'1' * 5000}\n---\n\nText.\n"
    loaded = load(tmp_path, "a.md", text.encode(), Site())
    assert [article.title for article in loaded.articles] == ["A"]
    assert "there is no file '1111" in loaded.faults[0].message


@pytest.mark.parametrize("line", ["source: 'http://[::1'", "redirect: 'http://[::1'", "url: 'http://[::1'"])
def test_half_an_ipv6_address_is_a_fault_of_the_article(line: str, tmp_path: Path) -> None:
    loaded = load(tmp_path, "a.md", f"---\ntitle: A\n{line}\n---\n\nText.\n".encode(), Site())
    assert not [fault for fault in loaded.faults if INTERNAL_ERROR in fault.message]
    assert len(loaded.articles) + len(loaded.faults) + len(loaded.exclusions) > 0


def test_an_internal_error_excludes_one_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(fields: Fields, raw: RawArticle, *rest: Any) -> TitledBody:
        if "Bad" in raw.text:
            raise OverflowError("nobody foresaw this")
        return title_body(fields, raw, *rest)

    monkeypatch.setattr(sys.modules["service.content.pipeline"], "title_body", fail)
    lines = b'{"title": "A", "markdown": "Good."}\n{"title": "B", "markdown": "Bad."}\n'
    loaded = load(tmp_path, "a.jsonl", lines, Site())
    assert [article.title for article in loaded.articles] == ["A"]
    assert [(fault.path, fault.line) for fault in loaded.faults] == [("a.jsonl", 2)]
    assert "(OverflowError)" in loaded.faults[0].message
    assert "nobody foresaw this" in caplog.text


def _burn(fields: Fields, raw: RawArticle, *rest: Any) -> TitledBody:
    if "Bad" in raw.text:
        ENDLESS.match("a" * 40 + "b")
    return title_body(fields, raw, *rest)


@pytest.fixture
def burning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles with "Bad" in their text take forever; the limit is 0.1 seconds."""
    monkeypatch.setattr(sys.modules["service.content.pipeline"], "title_body", _burn)
    monkeypatch.setattr(
        sys.modules["service.content.pipeline"], "cpu_time_limit", partial(cpu_time_limit, seconds=0.1)
    )


@pytest.mark.usefixtures("burning")
def test_each_article_of_a_batch_has_its_own_limit(tmp_path: Path) -> None:
    texts = [f"# A\n\n{word}.\n".encode() for word in ("Good", "Bad", "Good")]
    parts = [(FilePart(f"{number}.md", len(text)), text) for number, text in enumerate(texts)]
    loaded = load_parts(tmp_path, parts, Site())
    assert [len(item.articles) for item in loaded] == [1, 0, 1]
    (message,) = (fault.message for item in loaded for fault in item.faults)
    assert message.startswith("reading this takes more than 0.1 seconds of processor time; look for markup")


@pytest.mark.usefixtures("burning")
def test_an_import_is_limited_source_by_source(tmp_path: Path) -> None:
    folder = tmp_path / "from"
    folder.mkdir()
    for name, word in (("a", "Good"), ("b", "Bad"), ("c", "Good")):
        (folder / f"{name}.md").write_text(f"# {name}\n\n{word}.\n", "utf-8")
    sources, _ = find_sources((folder,), tmp_path / "to")
    outcomes = list(import_sources(sources, tmp_path / "to", ImportOptions(Site())))
    assert [outcome.place for outcome in outcomes if isinstance(outcome, ImportResult)] == ["a.md", "c.md"]
    (fault,) = (outcome for outcome in outcomes if isinstance(outcome, Note) and outcome.kind == "fault")
    assert fault.message.startswith("reading this takes more than 0.1 seconds")


def test_reading_an_export_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> Iterator[Note]:
        yield Note("note", "a", "the first")
        ENDLESS.match("a" * 40 + "b")

    run = sys.modules["service.importing.run"]
    monkeypatch.setattr(run, "feed_reader", lambda _: read)
    monkeypatch.setattr(run, "MAX_SECONDS", 0.1)
    (tmp_path / "feed.xml").write_bytes(b"<rss/>")
    sources, _ = find_sources((tmp_path / "feed.xml",), tmp_path / "to")
    first, fault = import_sources(sources, tmp_path / "to", ImportOptions(Site()))
    assert isinstance(first, Note)
    assert isinstance(fault, Note)
    assert first.message == "the first"
    assert fault.message.startswith("reading this takes more than 0.1")


def test_a_block_entered_again_has_the_time_it_has_left() -> None:
    block = cpu_time_limit(7, 0.4)

    def enter_often() -> None:
        for _ in range(1_000):
            with block:
                sum(range(500_000))

    with pytest.raises(ContentError, match=r"more than 0\.4 seconds"):
        enter_often()
