"""Each file in `faults` says within itself which `fault LINE: …` or `note LINE: …` it must give."""

import re
from pathlib import Path

import pytest

from service.content import load, read
from service.model import Site

FAULTS = Path(__file__).parent / "faults"
FILES = sorted(path.name for path in FAULTS.iterdir())
_EXPECTED = re.compile(r"\b(fault|note) (\d+): (.+?)(?: -->|\"[,}\]].*|\"|)$", re.MULTILINE)


@pytest.mark.parametrize("name", FILES)
def test_every_fault_is_reported_with_its_line(name: str) -> None:
    data = read(FAULTS, name)
    expected = _EXPECTED.findall(data.decode("utf-8", "ignore"))
    assert expected, "the file must say what to expect"
    loaded = load(FAULTS, name, data, Site())
    assert [(str(fault.line), fault.message) for fault in loaded.faults] == [
        (line, message) for _, line, message in expected
    ]
    aside = any(kind == "fault" for kind, _, _ in expected)
    if not name.endswith(".jsonl"):
        assert len(loaded.articles) == (0 if aside else 1)


def test_a_bad_line_of_jsonl_affects_no_other() -> None:
    loaded = load(FAULTS, "lines.jsonl", read(FAULTS, "lines.jsonl"), Site())
    assert [article.number for article in loaded.articles] == [0, 3]


def test_a_fault_reads_as_path_line_message() -> None:
    loaded = load(FAULTS, "a/b.md", b"---\ntitle: []\nslug: {a: 1}\n---\nText", Site())
    assert [str(fault) for fault in loaded.faults] == ["a/b.md:3: slug must be text, not a map"]
