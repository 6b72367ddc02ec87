"""What the owner of a site says of the pages scraped from one place: `[[scraped]]` in site.toml."""

import re
from fnmatch import fnmatchcase

from service.content.scraping.line_buffer import Line, Sheet
from service.content.scraping.page_metadata import Found
from service.model import ScrapedRule


def rules_for(path: str, rules: tuple[ScrapedRule, ...]) -> list[ScrapedRule]:
    """The rules that hold for the file at `path`: those whose `files` match it, or name none."""
    return [rule for rule in rules if rule.files is None or fnmatchcase(path, rule.files)]


def kept_places(lines: list[Line], rules: list[ScrapedRule]) -> frozenset[int]:
    """The places of lines that a `keep` of the owner holds in the text."""
    patterns = [re.compile(rule.keep) for rule in rules if rule.keep]
    return frozenset(line.place for line in lines if any(one.search(line.text) for one in patterns))


def follow_rules(sheet: Sheet, found: Found, rules: list[ScrapedRule]) -> None:
    """Cut and move what the owner's rules name."""
    for rule in rules:
        if rule.until:
            _cut_until(sheet, rule.until)
        if rule.cut_from:
            _cut_from(sheet, rule.cut_from)
        if rule.cut:
            for line in [line for line in sheet.lines if re.search(rule.cut, line.text)]:
                sheet.cut([line], "site: cut", f"matches cut = {rule.cut!r} in site.toml")
        if rule.author:
            _read_author(sheet, found, rule.author)


def _cut_from(sheet: Sheet, pattern: str) -> None:
    for index, line in enumerate(sheet.lines):
        if re.search(pattern, line.text):
            sheet.cut(sheet.lines[index:], "site: from", f"stands from line {line.number} on: {pattern!r}")
            return


def _cut_until(sheet: Sheet, pattern: str) -> None:
    for index, line in enumerate(sheet.lines):
        if re.search(pattern, line.text):
            sheet.cut(
                sheet.lines[: index + 1], "site: until", f"stands up to line {line.number}: {pattern!r}"
            )
            return


def _read_author(sheet: Sheet, found: Found, pattern: str) -> None:
    for line in sheet.lines:
        match = re.search(pattern, line.text)
        name = match and (match.group(1) if match.re.groups else match.group()).strip()
        if name:
            found.wrote(line, (name,))
            sheet.move(line, "site: author", f"matches author = {pattern!r} in site.toml")
            return
