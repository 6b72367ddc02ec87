"""Front matter without an opening line: headers as in Pelican, YAML as in Hexo, `.. title:` as in Nikola."""

import re
from collections.abc import Iterable

from service.content.front_matter.known_keys import BOOLEANS, KNOWN, near_keys
from service.content.front_matter.values import Entry, add_entry, as_items, normal_key

_KNOWN = (
    frozenset(
        """
    title date category categories tags slug author authors summary status lang language modified updated
    layout description permalink subtitle keywords template image comments visibility password
    """.split()
    )
    | BOOLEANS
)
_TELLING = frozenset({"title", "date", "slug", "tags"})
_HEADER = re.compile(r"([A-Za-z][\w -]{0,30}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_CLOSING = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
_LINE_OF_YAML = re.compile(r"[ \t]*$|[ \t]*#|[ \t]*-[ \t]|[ \t]+\S|[A-Za-z][\w -]{0,30}:(?:\s|$)")
_MOST_LINES = 80
# In a comment, or at the start of the text (https://getnikola.com/handbook.html#metadata-fields).
_NIKOLA = re.compile(r"\s*(?:(?P<comment><!--)\s*)?(?=\.\. [A-Za-z_-]+:)")
_NIKOLA_FIELD = re.compile(r"\s*\.\. ([A-Za-z][\w-]{0,30}):(?:[ \t]+(.*))?$")
_NIKOLA_STATUSES = ("draft", "private")


def begins_with_headers(text: str) -> bool:
    """Whether the first line is a usual header of front matter, such as `Title: A vote`."""
    first = _HEADER.match(text.lstrip("\n").partition("\n")[0])
    return bool(first and _meant(first[1]) in _KNOWN)


def yaml_before_rule(text: str) -> tuple[str, int] | None:
    """The YAML above a line of `---` without an opening line (Hexo), and the start of the body.

    None if the lines above are not front matter, such as a heading underlined with `---`.
    """
    closing = _CLOSING.search(text)
    if closing is None:
        return None
    lines = text[: closing.start()].split("\n")
    names = {_meant(match[1]) for line in lines if (match := _HEADER.match(line))}
    if len(lines) > _MOST_LINES or len(names & _KNOWN) < 2 or not names & _TELLING:
        return None
    if not all(_LINE_OF_YAML.match(line) for line in lines):
        return None
    return text[: closing.start()], closing.end()


def split_nikola_headers(text: str) -> tuple[dict[str, Entry], int] | None:
    """The fields of Nikola at the start of `text`, and the start of the body; None if it has none.

    They end with the comment that holds them, else with a blank line. As in Nikola, the status `featured`
    marks an article (see also `add_tag_status`). Raises ContentError as `add_entry`.
    """
    opening = _NIKOLA.match(text)
    if not opening:
        return None
    start = opening.end()
    mark = "-->" if opening["comment"] else "\n\n"
    end = text.find(mark, start)
    if end < 0:
        if opening["comment"]:
            return None
        end = len(text)
    entries: dict[str, Entry] = {}
    line_number = text.count("\n", 0, start) + 1
    for number, line in enumerate(text[start:end].split("\n"), line_number):
        if field := _NIKOLA_FIELD.match(line.rstrip()):
            add_entry(entries, Entry(field[1], number, (field[2] or "").strip() or None))
    if not entries.keys() & _TELLING:
        return None
    status = entries.get("status")
    if status and status.value == "featured":
        entries["featured"] = Entry("featured", status.line, True)
    hidden = {entry.name: entry for entry in add_tag_status(entries.values())}
    return hidden, min(end + len(mark), len(text))


def add_tag_status(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """`entries` of Nikola; the tags `draft` and `private` are its status."""
    entries = tuple(entries)
    for tags in entries:
        if normal_key(tags.name) == "tags":
            values = tags.value.split(",") if isinstance(tags.value, str) else as_items(tags.value)
            names = {value.strip().lower() for value in values if isinstance(value, str)}
            if hidden := next((name for name in _NIKOLA_STATUSES if name in names), None):
                others = (entry for entry in entries if normal_key(entry.name) != "status")
                return (*others, Entry("status", tags.line, hidden))
    return entries


def split_headers(text: str) -> tuple[dict[str, Entry], int] | None:
    """The headers at the start of `text`, and the blank line that ends them; None if it has none.

    Every line must be a header or, indented, continue one; and one must be a key that only articles have. A
    single line is one if it is the title. Raises ContentError as `add_entry`.
    """
    entries: dict[str, Entry] = {}
    position = len(text) - len(text.lstrip("\n"))
    line_number = position
    name = ""
    for line in text[position:].split("\n"):
        line_number += 1
        if not line.strip():
            break
        header = _HEADER.match(line)
        if header and not line.startswith((" ", "\t")):
            name = header[1]
            add_entry(entries, Entry(name, line_number, (header[2] or "").strip() or None))
        elif name and line.startswith((" ", "\t")):
            known = entries[name]
            joined = " ".join(filter(None, (known.value, line.strip())))
            entries[name] = Entry(name, known.line, joined)
        else:
            return None
        position += len(line) + 1
    names = {_meant(name) for name in entries}
    if line_number > _MOST_LINES or not names & {"title", "date", "slug"}:
        return None
    if len(names & _KNOWN) < 2 and [*map(normal_key, entries)] != ["title"]:
        return None
    return entries, min(position, len(text))


def _meant(name: str) -> str:
    """The key that the name of a header is, or resembles: `Titel: A vote` begins front matter too."""
    key = normal_key(name)
    return key if key in KNOWN else next((near for near in near_keys(key) if near in _KNOWN), key)
