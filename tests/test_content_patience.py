"""A text that would take for ever is set aside as any other fault."""

import re
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from service.content import load
from service.content.load import OUR_FAILURE
from service.content.patience import patience
from service.content.titles import Headed, head
from service.errors import ContentError
from service.model import Site

ENDLESS = re.compile(r"(?:a|a)+$")


def test_a_search_that_would_not_end_is_ended() -> None:
    with pytest.raises(ContentError, match=r"more than 0\.05 seconds") as raised, patience(7, 0.05):
        ENDLESS.match("a" * 40 + "b")
    assert raised.value.line == 7


def test_an_error_that_is_swallowed_comes_again() -> None:
    def swallow() -> None:
        with suppress(ContentError):
            ENDLESS.match("a" * 40 + "b")
        ENDLESS.match("a" * 40 + "b")

    with pytest.raises(ContentError), patience(1, 0.05):
        swallow()


def test_afterwards_no_timer_runs() -> None:
    with patience():
        pass
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_a_block_around_another_keeps_its_own_limit() -> None:
    def read() -> None:
        with patience(8, 5):
            pass
        ENDLESS.match("a" * 40 + "b")

    with pytest.raises(ContentError, match=r"more than 0\.05 seconds") as raised, patience(7, 0.05):
        read()
    assert raised.value.line == 7


def test_in_other_threads_there_is_no_limit() -> None:
    done: list[int] = []

    def work() -> None:
        with patience(1, 0.001):
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
def test_what_is_opened_a_thousand_times_and_never_closed_takes_no_time(mark: str, tmp_path: Path) -> None:
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


def test_a_name_no_file_can_have_hurts_no_article(tmp_path: Path) -> None:
    text = f"---\ntitle: A\nattachments: [{'1' * 5000}, {'a/' * 5000}b]\nimage: {'1' * 5000}\n---\n\nText.\n"
    loaded = load(tmp_path, "a.md", text.encode(), Site())
    assert [article.title for article in loaded.articles] == ["A"]
    assert "there is no file '1111" in loaded.faults[0].message


@pytest.mark.parametrize("line", ["source: 'http://[::1'", "redirect: 'http://[::1'", "url: 'http://[::1'"])
def test_half_an_ipv6_address_is_a_fault_of_the_article(line: str, tmp_path: Path) -> None:
    loaded = load(tmp_path, "a.md", f"---\ntitle: A\n{line}\n---\n\nText.\n".encode(), Site())
    assert not [fault for fault in loaded.faults if OUR_FAILURE in fault.message]
    assert len(loaded.articles) + len(loaded.faults) + len(loaded.left_out) > 0


def test_where_we_fail_one_article_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(title: str | None, html: str, *_: object) -> Headed:
        if "Bad" in html:
            raise OverflowError("nobody foresaw this")
        return head(title, html, "markdown", "/files/", "")

    monkeypatch.setattr(sys.modules["service.content.article"], "head", fail)
    lines = b'{"title": "A", "markdown": "Good."}\n{"title": "B", "markdown": "Bad."}\n'
    loaded = load(tmp_path, "a.jsonl", lines, Site())
    assert [article.title for article in loaded.articles] == ["A"]
    assert [(fault.path, fault.line) for fault in loaded.faults] == [("a.jsonl", 2)]
    assert "(OverflowError)" in loaded.faults[0].message
    assert "nobody foresaw this" in caplog.text


def test_a_block_entered_again_has_the_time_it_has_left() -> None:
    block = patience(7, 0.4)

    def enter_often() -> None:
        for _ in range(1_000):
            with block:
                sum(range(500_000))

    with pytest.raises(ContentError, match=r"more than 0\.4 seconds"):
        enter_often()
