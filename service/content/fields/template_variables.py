"""The fields of an article as variables of the shortcodes in its text."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from service.content.fields.galleries import gallery
from service.content.parsing.values import Entry, written


class TemplateVariables(Mapping[str, str]):
    """Every field that is a single value, or a list of pictures, as text; the last of `given` wins.

    They are built at the first access: most articles have no such shortcode.
    """

    def __init__(self, *given: Mapping[str, Entry]) -> None:
        self._given = given

    @cached_property
    def _texts(self) -> dict[str, str]:
        fields = ((name, entry.value) for entries in self._given for name, entry in entries.items())
        texts = ((name, written(value) or gallery(value)) for name, value in fields)
        return {name: text for name, text in texts if text}

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
