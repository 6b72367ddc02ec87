"""JSON Lines: each line is read, recognised and replaced by itself, in a file of any size."""

import json
import random
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from service.content import load_parts
from service.content.parsing import json_lines
from service.content.parsing.json_lines import read_part, read_parts, split_lines, unknown_lines
from service.content.records import FilePart
from service.errors import ContentError, Gone
from service.index.tables import lines as lines_table
from service.model import Article
from tests.support.index_dump import dump
from tests.support.index_folder import Folder

REMEMBERED = ("deleted_slugs", "renames")
"""What an index knows of articles that were there before."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "changing")


@pytest.fixture
def parsed_lines(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of all lines that are parsed."""
    numbers: list[int] = []

    def counted(root: Path, parts: Sequence[tuple[FilePart, bytes]], *others: Any) -> Any:
        numbers.extend(
            number for part, data in parts for number, line in unknown_lines(part, data) if line.strip()
        )
        return load_parts(root, parts, *others)

    monkeypatch.setattr("service.ingest.parse.load_parts", counted)
    return numbers


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in parts of about four lines."""
    monkeypatch.setattr(json_lines, "PART_BYTES", 300)


def record(number: int, **fields: Any) -> str:
    return json.dumps({"title": f"Title {number}", "text": f"Text {number}.", "date": "2019-01-01"} | fields)


def write(folder: Folder, lines: Sequence[str], name: str = "many") -> None:
    (folder.root / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")


def fresh(folder: Folder, place: Path) -> Folder:
    """The same articles in a new index."""
    other = Folder(place, folder.site)
    for path in folder.root.iterdir():
        (other.root / path.name).write_bytes(path.read_bytes())
    other.refresh()
    return other


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("change", "parsed"),
    [
        (lambda lines: [*lines, record(99)], [41]),
        (lambda lines: [record(99), *lines], [1]),
        (lambda lines: [*lines[:20], record(99), *lines[20:]], [21]),
        (lambda lines: [*lines[:20], record(99), *lines[21:]], [21]),
        (lambda lines: [*lines[:20], *lines[21:]], []),
        (lambda lines: lines[::-1], []),
        (lambda lines: ["", *lines], []),
        (lambda lines: [*lines[:5], "no JSON", *lines[5:]], [6]),
        (lambda lines: [*lines, lines[3]], [41]),
        (lambda lines: [lines[39], *lines[:39]], []),
        (lambda lines: lines[:0], []),
    ],
)
def test_only_changed_lines_are_parsed(
    change: Any, parsed: list[int], folder: Folder, parsed_lines: list[int], tmp_path: Path
) -> None:
    lines = [record(number) for number in range(40)]
    write(folder, lines)
    folder.refresh()
    assert parsed_lines == [*range(1, 41)]
    parsed_lines.clear()
    write(folder, change(lines))
    report = folder.refresh()
    assert parsed_lines == parsed
    assert report.articles == sum(line.startswith("{") for line in change(lines))
    assert dump(folder, *REMEMBERED) == dump(fresh(folder, tmp_path / "fresh"), *REMEMBERED)


def test_no_other_line_is_taken_for_one_that_was_deleted(folder: Folder) -> None:
    lines = [record(number) for number in range(5)]
    write(folder, lines)
    folder.refresh()
    write(folder, [*lines[:2], *lines[3:]])
    assert folder.refresh().notices == ()
    with pytest.raises(Gone):
        folder.find_article("title-2")


def test_a_rename_moves_with_its_line(folder: Folder) -> None:
    lines = [record(number) for number in range(5)]
    write(folder, lines)
    folder.refresh()
    lines[2] = record(2, title="Renamed")
    write(folder, lines)
    (notice,) = folder.refresh().notices
    write(folder, [record(9), *lines])
    (moved,) = folder.refresh().notices
    assert (notice.line, moved.line, notice.message) == (3, 4, moved.message)
    write(folder, [*lines[:2], *lines[3:]])
    assert folder.refresh().notices == ()


@pytest.mark.usefixtures("small_parts")
def test_lines_that_gave_more_than_an_article_are_parsed_again(
    folder: Folder, parsed_lines: list[int], tmp_path: Path
) -> None:
    """Their faults are reported with each build; an article without words has a slug made from its place."""
    lines = [record(0), record(1, tagz="a"), "no JSON", record(2, draft=True), '{"title": "!", "text": "x"}']
    write(folder, lines)
    before = folder.refresh()
    parsed_lines.clear()
    write(folder, [record(9), *lines])
    after = folder.refresh()
    assert parsed_lines == [1, 3, 4, 5, 6]
    assert [fault.line + 1 for fault in before.faults] == [fault.line for fault in after.faults]
    assert dump(folder, *REMEMBERED) == dump(fresh(folder, tmp_path / "fresh"), *REMEMBERED)


@pytest.mark.usefixtures("small_parts")
def test_any_edits_end_in_the_index_of_a_new_build(folder: Folder, tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311
    lines: list[str] = []
    choices: list[Callable[[int], str]] = [
        record,
        lambda number: record(number, slug="same"),
        lambda number: record(number % 3),
        lambda number: record(number, id="id:same"),
        lambda number: record(number, lang=chance.choice(["en", "fr"]), translation_key="k", slug="t"),
        lambda number: record(number, draft=True),
        lambda number: record(number, text=f"[a](/b{number}.png)"),
        lambda number: record(number, withdrawn="wrong"),
        lambda number: record(number, title="!"),
        lambda number: "{"[: number + 1],
        lambda number: " "[: number % 2],
    ]
    for round_number in range(40):
        for _ in range(chance.choice([1, 1, 2, 5])):
            place = chance.randrange(len(lines) + 1)
            if lines and chance.random() < 0.3:
                lines[place : place + 1] = []
            elif lines and chance.random() < 0.3:
                lines.insert(place, lines.pop(chance.randrange(len(lines))))
            else:
                lines[place : place + chance.choice([0, 0, 1])] = [chance.choice(choices)(round_number)]
        write(folder, lines)
        folder.refresh()
        if round_number % 4 == 3:
            other = fresh(folder, tmp_path / f"fresh{round_number}")
            assert dump(folder, *REMEMBERED) == dump(other, *REMEMBERED)


def edit_bytes(data: bytes, end: bytes, new: bytes, chance: random.Random) -> bytes:
    """`data` after one of many edits, most of them at a line that begins at `start`."""
    cut = chance.randrange(len(data) + 1)
    start = data.rfind(end, 0, cut) + len(end) if end in data[:cut] else 0
    stop = data.find(end, start) + len(end)
    mark = b"\xef\xbb\xbf"
    lines = data.split(end)
    edits: dict[Callable[[], bytes], float] = {
        lambda: data + new: 6,
        lambda: data + new[: len(new) // 2]: 2,
        lambda: data.removesuffix(end): 1,
        lambda: data[:start] + new + data[start:]: 6,
        lambda: data[:start] + end + data[start:]: 2,
        lambda: data[:start] + data[start + 300 :]: 2,
        lambda: data[:start] + data[stop:]: 4,
        lambda: data[:start] + b"no JSON" + end + data[start:]: 1,
        lambda: data.replace(b"Text", b"Words", 1): 3,
        lambda: data[start:] + data[:start]: 1,
        lambda: end.join(chance.sample(lines, len(lines))): 1,
        lambda: data + data[start : start + 200]: 2,
        lambda: data.removeprefix(mark) if data.startswith(mark) else mark + data: 1,
        lambda: data[:cut]: 0.3,
        lambda: data[: cut - 1] + b"\n" + data[cut:]: 1,
        lambda: data[:cut] + b"\r" + data[cut:]: 1,
    }
    (edit,) = chance.choices([*edits], [*edits.values()])
    return edit()


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("seed", range(4))
def test_any_edits_of_bytes_end_in_the_index_of_a_new_build(
    seed: int, folder: Folder, tmp_path: Path
) -> None:
    """Any ends of lines, a byte order mark, blank and equal lines, a last line that is written in part."""
    chance = random.Random(seed)  # noqa: S311
    numbers = count()
    end = chance.choice([b"\n", b"\n", b"\r\n", b"\r"])
    path = folder.root / "many.jsonl"
    data = b"".join(record(next(numbers)).encode() + end for _ in range(60))
    for round_number in range(30):
        data = edit_bytes(data, end, record(next(numbers)).encode() + end, chance)
        path.write_bytes(data)
        folder.refresh()
        if round_number % 3 == 2:
            other = fresh(folder, tmp_path / f"fresh{round_number}")
            assert dump(folder, *REMEMBERED) == dump(other, *REMEMBERED)


def test_a_fault_names_its_line_wherever_that_moves(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [record(number) for number in range(6)]
    lines[2:4] = [record(2, slug="title-1"), record(3, id="id:4")]
    lines[4] = record(4, id="id:4", date="2018-01-01")
    lines.append(record(9, type="page", slug="p"))
    lines.append(record(10, type="page", slug="p"))
    for added in range(3):
        write(folder, lines)
        faults = {fault.line - added: fault.message for fault in folder.refresh().faults}
        assert [*faults] == [3, 4, 8]
        assert f"is already that of many.jsonl:{5 + added}" in faults[4]
        lines.insert(0, record(100 + added))

    def refuse(article: Article, *_: object) -> None:
        raise ValueError("too large")

    monkeypatch.setattr("service.ingest.parse.estimate_size", refuse)
    lines.insert(2, record(200))
    write(folder, lines)
    assert (3, "the article cannot be stored: too large") in {
        (fault.line, fault.message) for fault in folder.refresh().faults
    }


@pytest.mark.usefixtures("small_parts")
def test_only_lines_of_parts_that_differ_are_looked_at(
    folder: Folder, parsed_lines: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    add_lines = lines_table.add_lines

    def note_lines(connection: Any, first_number: int, hashes: Any) -> None:
        known = [*hashes]
        looked_at.extend(range(first_number, first_number + len(known)))
        add_lines(connection, first_number, known)

    monkeypatch.setattr(lines_table, "add_lines", note_lines)
    lines = [record(number) for number in range(200)]
    write(folder, lines)
    folder.refresh()
    for place in (200, 100, 100, 0, 150):
        looked_at.clear()
        parsed_lines.clear()
        lines.insert(place, record(1000 + place + len(lines)))
        write(folder, lines)
        folder.refresh()
        assert parsed_lines == [place + 1]
        assert place in looked_at
        assert len(looked_at) < 12, "two parts of about four lines, and the new one"


def test_a_file_that_was_touched_is_not_parsed(folder: Folder, parsed_lines: list[int]) -> None:
    write(folder, [record(number) for number in range(3)])
    folder.refresh()
    parsed_lines.clear()
    write(folder, [record(number) for number in range(3)])
    assert folder.refresh().read == 0
    assert parsed_lines == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 7, 10, 1000])
def test_parts_are_whole_lines(end: str, size: int, tmp_path: Path) -> None:
    lines = ["one", "", "two and more", "ü", "three", "x" * 50, "last"]
    data = end.join(lines).encode()
    (tmp_path / "a.jsonl").write_bytes(data)
    parts = [*read_parts(tmp_path, "a.jsonl", size)]
    assert b"".join(data for _, data in parts) == data
    assert [
        (number, line.decode()) for part, data in parts for number, line in unknown_lines(part, data)
    ] == [*enumerate(lines, 1)]
    assert [read_part(tmp_path, part) for part, _ in parts] == [data for _, data in parts]


def test_a_line_that_is_too_long_affects_no_other(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(json_lines, "MAX_LINE_BYTES", 5000)
    monkeypatch.setattr("service.content.parsing.split_file.MAX_LINE_BYTES", 5000)
    monkeypatch.setattr(json_lines, "PART_BYTES", 700)
    write(folder, [record(0), record(1, text="long " * 10_000), record(2), record(3)])
    report = folder.refresh()
    assert report.articles == 3
    assert [(fault.line, "larger than" in fault.message) for fault in report.faults] == [(2, True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (json.dumps([{"title": "A", "text": "x"}, {"title": "B", "text": "y"}]), "one JSON array"),
        (json.dumps([{"title": "A", "text": "x"}], indent=2), "one JSON array"),
        ('[\n{"title": "A", "text": "x"},\n{"title": "B", "text": "y"}\n]\n', "one JSON array"),
        ("\n\n[]", "one JSON array"),
        ('\n{\n"title": "A", "text": "x"}', "takes several lines"),
        (json.dumps({"title": "A", "text": "x"}, indent=2), "takes several lines"),
        (
            json.dumps({"title": "A"}, indent=2) + "\n" + json.dumps({"title": "B"}, indent=2),
            "takes several lines",
        ),
        ('{"title": "A",\n"text": "x"}\n{"title": "B",\n"text": "y"}', "takes several lines"),
    ],
)
def test_json_that_is_not_in_lines_is_one_fault(text: str, fault: str, encoding: str, folder: Folder) -> None:
    write(folder, [record(0), record(1)])
    assert folder.refresh().articles == 2
    (folder.root / "many.jsonl").write_bytes(text.encode(encoding))
    report = folder.refresh()
    (only,) = report.faults
    assert report.articles == 0
    assert only.line == 1 + text.index(text.strip()[0])
    assert fault in only.message
    assert "convert it with `jq" in only.message
    write(folder, [record(0), record(1)])
    assert (folder.refresh().articles, folder.refresh().faults) == (2, ())


@pytest.mark.parametrize("text", ['["a"]\n{}\n', '["a"]\n{}', '{"title": "A"\n{}\n', '{"title": 3},\n{}'])
def test_a_line_that_is_not_an_article_affects_no_other(text: str, folder: Folder) -> None:
    (folder.root / "many.jsonl").write_text(text.replace("{}", record(0)))
    report = folder.refresh()
    assert (report.articles, [fault.line for fault in report.faults]) == (1, [1])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_lines_in_other_encodings_are_read(encoding: str, folder: Folder) -> None:
    lines = "\n".join([record(0, title="Über"), record(1)])
    (folder.root / "many.jsonl").write_bytes(lines.encode(encoding))
    report = folder.refresh()
    assert (report.articles, report.faults) == (2, ())
    assert len(split_lines(lines.encode(encoding))) == 2


def test_a_large_file_in_another_encoding_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "MAX_LINE_BYTES", 50)
    (tmp_path / "a.jsonl").write_bytes(record(0).encode("utf-16"))
    with pytest.raises(ContentError, match="save it as UTF-8"):
        list(read_parts(tmp_path, "a.jsonl", 10))


def test_a_line_in_another_encoding_affects_no_other(folder: Folder) -> None:
    lines = [record(0, title="Über").encode(), '{"title": "caf\xe9", "text": "x"}'.encode("latin-1")]
    lines = ['{"title": "Über", "text": "x"}'.encode(), lines[1]]
    (folder.root / "many.jsonl").write_bytes(b"\n".join(lines))
    report = folder.refresh()
    assert sorted(article.title for article in folder.find().articles) == ["café", "Über"]
    assert [(fault.line, "not UTF-8" in fault.message) for fault in report.faults] == [(2, True)]
