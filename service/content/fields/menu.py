"""The place of a page in the navigation of the site: `menu`, and what generators call it."""

import re
from typing import Any

from service.content.fields.field_reader import Fields, as_boolean, members
from service.content.front_matter.values import Entry, Number, kind, normal_key, written
from service.model import MenuEntry

# The menus of Hugo's themes (https://gohugo.io/content-management/menus/): those in the navigation of every
# page, and others.
_SITE_MENUS = frozenset(
    {"main", "main_menu", "mainmenu", "menu", "nav", "navbar", "navigation", "header", "top", "primary"}
)
_OTHER_MENUS = frozenset(
    {"footer", "bottom", "sidebar", "side", "social", "secondary", "legal", "meta", "icons", "hidden"}
)
_MENUS = ("menu", "menus", "eleventynavigation", "nav")
_LABELS = ("label", "name", "title", "key")
_WEIGHTS = ("weight", "order")
_WEIGHT = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")


def read_menu(fields: Fields) -> MenuEntry | None:
    """Read true, a weight, a label, a map of both, or the name of a menu of Hugo, perhaps with its entry.

    A menu that is not in the navigation, such as `footer`, stays in `extra`.
    """
    entry = fields.find(*_MENUS)
    if entry is None:
        return None
    menu = _read(fields, entry)
    if menu is not None or entry.value is False:
        fields.take(normal_key(entry.name))
    if menu and menu.weight is None and (order := fields.take("nav_order")):
        return MenuEntry(menu.label, _read_weight(fields, order, order.value))
    return menu


def _read(fields: Fields, entry: Entry) -> MenuEntry | None:
    value = entry.value
    if isinstance(value, dict):
        return _read_map(fields, entry, value)
    if isinstance(value, list):
        return MenuEntry() if any(_is_site_menu(name) for name in value) else None
    text = written(value) or ""
    truth = None if isinstance(value, Number | int) and not isinstance(value, bool) else as_boolean(value)
    if truth is not None:
        return MenuEntry() if truth else None
    if _WEIGHT.fullmatch(text):
        return MenuEntry(weight=_read_weight(fields, entry, value))
    if normal_key(text) in _OTHER_MENUS or normal_key(entry.name) == "nav":
        return None
    return MenuEntry(None if _is_site_menu(text) else fields.as_text(entry, value, entry.name))


def _read_map(fields: Fields, entry: Entry, value: dict[str, Any]) -> MenuEntry | None:
    """A map with a label and a weight, or of menus to such maps."""
    named = {normal_key(str(name)): item for name, item in value.items()}
    if any(isinstance(item, dict) for item in named.values()) or not named.keys().isdisjoint(
        _SITE_MENUS | _OTHER_MENUS
    ):
        name = next((name for name in named if name in _SITE_MENUS), None)
        if name is None:
            return None
        value = named[name] if isinstance(named[name], dict) else {}
    known = members(value)
    label = next((known[name] for name in _LABELS if name in known), None)
    weight = next((known[name] for name in _WEIGHTS if name in known), None)
    return MenuEntry(fields.as_text(entry, label, f"{entry.name} label"), _read_weight(fields, entry, weight))


def _is_site_menu(name: Any) -> bool:
    return normal_key(written(name) or "") in _SITE_MENUS


def _read_weight(fields: Fields, entry: Entry, value: Any) -> int | float | None:
    if value is None:
        return None
    text = "" if isinstance(value, bool) else written(value) or ""
    if not _WEIGHT.fullmatch(text):
        fields.drop_value(entry, f"{entry.name} weight must be a number, not {text or kind(value)!r}")
        return None
    return float(text) if "." in text else int(text)
