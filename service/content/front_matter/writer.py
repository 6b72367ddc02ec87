"""Write front matter as readable YAML that loads as the same values."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import yaml

from service.content.front_matter.yaml_values import resolve_plain

_WIDTH = 110


class _Dumper(yaml.SafeDumper):
    """Block style, lists indented under their key, no anchors; ambiguous text is quoted."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text and _fits_a_block(text) else None
    if not isinstance(resolve_plain(text), str):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _fits_a_block(text: str) -> bool:
    return not any(line != line.rstrip() for line in text.split("\n")) and not text.startswith((" ", "\n"))


def _moment(dumper: yaml.SafeDumper, moment: date) -> yaml.ScalarNode:
    text = moment.isoformat().replace("+00:00", "Z")
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", text)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(date, _moment)
_Dumper.add_representer(datetime, _moment)


def write_front_matter(values: Mapping[str, object]) -> str:
    """`values` in their order as YAML between two lines of `---`; the last line ends in `\\n`.

    A value is None, a bool, a number, text, a date or datetime, or a list or dict of these.
    """
    text = yaml.dump(
        dict(values),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=_WIDTH,
        default_flow_style=False,
    )
    return f"---\n{text if values else ''}---\n"
