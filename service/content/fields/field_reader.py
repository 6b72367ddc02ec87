"""Reads the fields of one article from its keys, one at a time; keys that are never read are `extra`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

from service.content.dates.date_field import AmbiguousDateError, read_date
from service.content.dates.date_text import ParsedDate, unknown_zone_message
from service.content.fields.language import stated_language
from service.content.fields.template_variables import TemplateVariables
from service.content.front_matter.known_keys import NEVER_EMPTY
from service.content.front_matter.values import Entry, contradicts, kind, normal_key, to_json, written
from service.errors import ContentError
from service.markup import resolve
from service.model import language_tag

_WEB = ("http://", "https://", "/")
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_SHOWN_FIRST, _SHOWN_LAST = 200, 150
_TRUTHS = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0"), False)


class Fields:
    """The fields of an article.

    Each method takes the value at the first of `names` that has one, else that of `defaults` (by normal key),
    else returns None. An unusable value is reported in `notes` and stays in `extra`; the article is served
    without it. Only where the field decides who may see the article, or when, it is reported in `faults`, and
    the article is excluded. Relative references are resolved against `base`, or the base that the article
    states. `day_first` is the order of dates such as `03/04/2019`, None if it is unknown.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        zone: tzinfo,
        base: str,
        defaults: Mapping[str, Any] | None = None,
        *,
        day_first: bool | None = None,
    ) -> None:
        self.faults: list[ContentError] = []
        self.notes: list[ContentError] = []
        self._zone = zone
        self._day_first = day_first
        self._defaults = {name: Entry(name, 1, value) for name, value in (defaults or {}).items()}
        self._entries: dict[str, Entry] = {}
        self._stated = entries
        self._kept: list[Entry] = []  # repeated keys and unusable values
        for entry in entries:
            first = self._entries.setdefault(normal_key(entry.name), entry)
            if first is not entry:
                self._kept.append(entry)
                decides = contradicts(entry.name, first.value, entry.value)
                report = self.exclude_article if decides else self.note
                report(entry, f"{entry.name!r} is the same key as {first.name!r} above; this one is extra")
            elif entry.value in ([], {}) and normal_key(entry.name) in NEVER_EMPTY:
                message = (
                    f"{entry.name} is {kind(entry.value)} without values; write a value, or remove the key"
                )
                self.exclude_article(entry, message)
        # An article has five to eight of some 150 keys: with this set, an absent key costs one lookup.
        self._names = frozenset((*self._entries, *self._defaults))
        self.base = base
        stated = self.take("base", "media_subpath", "img_path")
        if stated and stated.value is not False:
            self.base = self.as_reference(stated, _base_reference(stated), stated.name) or base

    def take(self, *names: str) -> Entry | None:
        if self._names.isdisjoint(names):
            return None
        for name in names:
            # A known key without a value is neither a field nor `extra`.
            entry = self._entries.pop(name, None)
            if entry is not None and entry.value not in _EMPTY:
                return entry
        return _first(self._defaults, names)

    def gives(self, *names: str) -> bool:
        """Whether the article itself has a value at one of `names`."""
        return _first(self._entries, names) is not None

    def among(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that are given, even if without a value or already taken."""
        return [] if self._names.isdisjoint(names) else [name for name in names if name in self._names]

    def peek(self, *names: str) -> Any:
        """The value at the first of `names` that has one, without taking it."""
        entry = self.find(*names)
        return entry.value if entry else None

    def find(self, *names: str) -> Entry | None:
        """The entry at the first of `names` that has a value, without taking it."""
        if self._names.isdisjoint(names):
            return None
        return _first(self._entries, names) or _first(self._defaults, names)

    def peek_text(self, *names: str) -> str | None:
        """As `peek`, a text that decides who may see the article; a list or a map is a fault."""
        entry = self.find(*names)
        text = written(entry.value) if entry else None
        if entry and text is None:
            self.exclude_article(entry, f"{entry.name} must be text, not {kind(entry.value)}")
        return text

    def peek_boolean(self, *names: str) -> bool | None:
        """As `peek`, a boolean that decides who may see the article; anything else is a fault."""
        entry = self.find(*names)
        truth = as_boolean(entry.value) if entry else None
        if entry and truth is None:
            self.exclude_article(entry, f"{entry.name} must be true or false, not {kind(entry.value)}")
        return truth

    def shown(self) -> Mapping[str, str]:
        """The values for `{{ name }}` in a text: every field that is a single value or a list of pictures."""
        return TemplateVariables(self._defaults, self._entries)

    def text(self, *names: str) -> str | None:
        """One line of text; a number or a date as it was written."""
        entry = self.take(*names)
        return self.as_text(entry, entry.value, entry.name) if entry else None

    def texts(self, *names: str, separator: str | None = None) -> tuple[tuple[Entry, str], ...]:
        """A list of single values, or one; text is split at `separator`, or at spaces if that is "".

        For the value false there are none.
        """
        entry = self.take(*names)
        if entry is None or entry.value is False:
            return ()
        values = entry.value
        if not isinstance(values, list):
            apart = separator is not None and isinstance(values, str)
            values = values.split(separator or None) if apart else [values]
        texts = [
            (entry, self.as_text(entry, _name_of(value), entry.name)) for value in values if value is not None
        ]
        return tuple((entry, text) for entry, text in texts if text)

    def deciding_instant(self, *names: str, absent: Collection[str] = ()) -> datetime | None:
        """An instant that decides when the article is served; anything else is a fault.

        `absent` are words, in lower case, for no instant.
        """
        entry = self.take(*names)
        if entry is None or (written(entry.value) or "").lower() in absent:
            return None
        try:
            parsed = self.date_or_error(entry, entry.value, entry.name)
        except ValueError as error:
            self.exclude_article(entry, str(error))
            return None
        return parsed.instant if parsed else None

    def boolean(self, *names: str) -> bool | None:
        entry = self.take(*names)
        truth = as_boolean(entry.value) if entry else None
        if entry and truth is None:
            self.drop_value(entry, f"{entry.name} must be true or false, not {kind(entry.value)}")
        return truth

    def take_boolean(self, name: str) -> bool | None:
        """The field if it is true or false; any other value is not taken."""
        entry = self._entries.get(name) or self._defaults.get(name)
        truth = as_boolean(entry.value) if entry else None
        if truth is None:
            return None
        self._entries.pop(name, None)
        return truth

    def language(self, *names: str) -> str | None:
        """The first value that is a language tag in use; others are kept in `extra`."""
        entry = self.take(*names)
        if entry is None:
            return None
        text = self.as_text(entry, entry.value, entry.name)
        tag = stated_language(text) if text else None
        if text and tag is None and language_tag(text):
            self.drop_value(entry, f"{entry.name} {text!r} is not a language in use; it is kept as extra")
        elif text and tag is None:
            self.drop_value(
                entry, f"{entry.name} {text!r} is not a language tag; write one such as en or pt-BR"
            )
        return tag or self.language(*(name for name in names if name != normal_key(entry.name)))

    def reference(self, *names: str) -> str | None:
        """A URL, or a path on this site (`/…`)."""
        entry = self.take(*names)
        return self.as_reference(entry, entry.value, entry.name) if entry else None

    def extra(self) -> dict[str, Any]:
        """Every key that was not taken, by its name as given."""
        return {entry.name: to_json(entry.value) for entry in (*self._entries.values(), *self._kept)}

    def as_text(self, entry: Entry, value: Any, name: str) -> str | None:
        if value is None:
            return None
        text = None if isinstance(value, bool) else written(value)
        if text is None:
            self.drop_value(entry, f"{name} must be text, not {kind(value)}")
            return None
        return " ".join(text.split()) or None

    def instant_or_none(self, entry: Entry, value: Any, name: str) -> datetime | None:
        parsed = self.date_or_none(entry, value, name)
        return parsed.instant if parsed else None

    def date_or_none(self, entry: Entry, value: Any, name: str) -> ParsedDate | None:
        try:
            return self.date_or_error(entry, value, name) if value is not None else None
        except ValueError as error:
            self.drop_value(entry, str(error))
            return None

    def date_or_error(self, entry: Entry, value: Any, name: str) -> ParsedDate | None:
        """`value` as a date. Raises ValueError with the reason, AmbiguousDateError for several days."""
        try:
            parsed = read_date(value, self._zone, day_first=self._day_first)
        except AmbiguousDateError as error:
            raise AmbiguousDateError(f"{name} {error}", error.days) from None
        except (ValueError, TypeError) as error:
            raise ValueError(f"{name} {error}") from None
        if parsed and parsed.unknown_zone:
            self.note(entry, f"{name} {value!r}: {unknown_zone_message(parsed.unknown_zone)}")
        return parsed

    def as_reference(self, entry: Entry, value: Any, name: str) -> str | None:
        text = self.as_text(entry, value, name)
        address = text and resolve(text, self.base)
        if text and not (address and address.startswith(_WEB) and _is_sound(address)):
            self.drop_value(
                entry, f"{name} {text!r} is not an address; write https://… or a path relative to this file"
            )
            return None
        return address

    def exclude_article(self, entry: Entry, message: str) -> None:
        """Report a value that decides who may see the article, or when: the article is excluded."""
        self.faults.append(ContentError(entry.line, self._located(entry, message)))

    def drop_value(self, entry: Entry, message: str) -> None:
        """Report a value that cannot be used, and keep it in `extra`: the article is served without it."""
        self.note(entry, message)
        if any(entry is stated for stated in self._stated) and not any(entry is kept for kept in self._kept):
            self._kept.append(entry)

    def note(self, entry: Entry, message: str, *, harmless: bool = False) -> None:
        self.notes.append(ContentError(entry.line, self._located(entry, message), harmless=harmless))

    def is_default(self, entry: Entry) -> bool:
        """Whether the entry is a default of the folder, and not one of the article."""
        return any(entry is default for default in self._defaults.values())

    def _located(self, entry: Entry, message: str) -> str:
        if len(message) > _SHOWN_FIRST + _SHOWN_LAST:  # it repeats a long value
            message = f"{message[:_SHOWN_FIRST]}…{message[-_SHOWN_LAST:]}"
        return f"a default of its folder: {message}" if self.is_default(entry) else message


def _first(entries: dict[str, Entry], names: tuple[str, ...]) -> Entry | None:
    """The entry at the first of `names` that has a value."""
    for name in names:
        entry = entries.get(name)
        if entry is not None and entry.value not in _EMPTY:
            return entry
    return None


def nested_entry(fields: Fields, holders: tuple[str, ...], names: tuple[str, ...]) -> Entry | None:
    """A field one level down, in the tables that Zola and Hugo have for themes: `params: {author: Ann}`."""
    for holder in fields.among(holders):
        inner = fields.peek(holder)
        known = members(inner) if isinstance(inner, dict) else {}
        name = next((name for name in names if not isinstance(known.get(name, True), bool)), None)
        if name:
            return Entry(name, 1, known[name])
    return None


def _base_reference(entry: Entry) -> Any:
    """The base as a reference; a theme of Jekyll resolves `images/vote` from the root of the site."""
    text = written(entry.value) or ""
    if normal_key(entry.name) == "base" or "://" in text:
        return entry.value
    return f"/{text.strip('/')}/"


def _is_sound(address: str) -> bool:
    """Whether `address` can be parsed: `http://[::1` cannot."""
    if "[" not in address and "]" not in address and address.isascii():
        return True  # most are; parsing takes as long as all other checks
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True


def as_boolean(value: Any) -> bool | None:
    """`value` as a boolean if it is one or a word for one; None for anything else."""
    return _TRUTHS.get((written(value) or "").lower())


def members(value: dict[str, Any]) -> dict[str, Any]:
    """A map with its keys in normal form, without empty values."""
    return {normal_key(str(key)): item for key, item in value.items() if item not in _EMPTY}


def _name_of(value: Any) -> Any:
    """The name in a map such as `{name, slug}` or `{label, permalink}`; a boolean in a list as a word."""
    if isinstance(value, dict):
        known = members(value)
        return next((known[name] for name in ("name", "label", "title") if name in known), value)
    return written(value) if isinstance(value, bool) else value
