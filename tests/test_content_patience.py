"""A text that would take for ever is set aside as any other fault."""

import re
import signal
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from service.content import load
from service.content.patience import patience
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


def test_afterwards_everything_is_as_before() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with patience():
        pass
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) == before


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
)  # fmt: skip


@pytest.mark.parametrize("mark", NEVER_CLOSED)
def test_what_is_opened_a_thousand_times_and_never_closed_takes_no_time(mark: str, tmp_path: Path) -> None:
    text = f"---\ntitle: A\n---\n\nimport x from 'y'\n\nBefore.\n\n{mark * (200_000 // len(mark))}\n"
    loaded = load(tmp_path, "a.mdx", text.encode(), Site())
    assert [article.title for article in loaded.articles] == ["A"], loaded.faults
