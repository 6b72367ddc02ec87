"""Applies the rules of a site's owner to scraped pages: `[[scraped]]` in site.toml."""

import re
from fnmatch import fnmatchcase

from service.content.scraping.lines.line_buffer import Line, LineBuffer
from service.content.scraping.page_metadata import PageMetadata
from service.model import ScrapedRule


def find_rules(path: str, rules: tuple[ScrapedRule, ...]) -> list[ScrapedRule]:
    """The rules for the file at `path`: those whose `files` match it, and those without `files`."""
    return [rule for rule in rules if rule.files is None or fnmatchcase(path, rule.files)]


def find_kept_positions(lines: list[Line], rules: list[ScrapedRule]) -> frozenset[int]:
    """The positions of the lines that match a `keep` pattern, which no rule may cut."""
    patterns = [re.compile(rule.keep) for rule in rules if rule.keep]
    return frozenset(
        line.position for line in lines if any(pattern.search(line.text) for pattern in patterns)
    )


def apply_rules(buffer: LineBuffer, metadata: PageMetadata, rules: list[ScrapedRule]) -> None:
    """Cut the lines that the rules match, and move the author they name into `metadata`."""
    for rule in rules:
        if rule.until and (match := _find_first(buffer, rule.until)):
            index, line = match
            reason = f"stands up to line {line.number}, which matches until = {rule.until!r} in site.toml"
            buffer.cut(buffer.lines[: index + 1], "site: until", reason)
        if rule.cut_from and (match := _find_first(buffer, rule.cut_from)):
            index, line = match
            reason = (
                f"stands from line {line.number} on, which matches cut_from = {rule.cut_from!r} in site.toml"
            )
            buffer.cut(buffer.lines[index:], "site: from", reason)
        if rule.cut:
            for line in buffer.lines:
                if re.search(rule.cut, line.text):
                    buffer.cut([line], "site: cut", f"matches cut = {rule.cut!r} in site.toml")
        if rule.author:
            _read_author(buffer, metadata, rule.author)


def _find_first(buffer: LineBuffer, pattern: str) -> tuple[int, Line] | None:
    return next(((i, line) for i, line in enumerate(buffer.lines) if re.search(pattern, line.text)), None)


def _read_author(buffer: LineBuffer, metadata: PageMetadata, pattern: str) -> None:
    for line in buffer.lines:
        match = re.search(pattern, line.text)
        name = match and (match.group(1) if match.re.groups else match.group()).strip()
        if name:
            metadata.add_authors(line, (name,))
            buffer.move(line, "site: author", f"matches author = {pattern!r} in site.toml")
            return
