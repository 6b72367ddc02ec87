"""The audience of an item at its source: an item that was not public becomes a draft.

Every source lists the statuses that are public; any other status, including an unknown one, is not.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from service.content.discovery.publication_status import (
    HIDING,
    READERSHIPS,
    RESTRICTED,
    SHOWING,
    STATES,
    SWITCHES,
    UNSET_IN_DRAFTS,
    is_switched_off,
    is_unpublished,
)
from service.content.front_matter.known_keys import DRAFTS, LISTS, PASSWORDS
from service.content.front_matter.values import normal_key
from service.importing.item import ImportOptions
from service.importing.parsing.json_values import as_text

DRAFT = "a draft"
PASSWORD = "protected by a password"  # noqa: S105 - a reason, no password
MEMBERS = "for members only"
PARTLY_MEMBERS = "for members only in part"
EMAIL = "sent by e-mail only"
RESPONSE = "a response to another page"
UNLISTED = "a text of Substack without its list posts.csv"
UNSCHEDULED = "scheduled for a time in the past"

_REASONS = {
    "draft": DRAFT,
    "pending": "waiting for review",
    "private": "private",
    "sent": EMAIL,
    "trash": "in the trash",
}
_PUBLIC = frozenset({"public", "publish", "published", "live", "everyone", "everybody", "all"})
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def status_reason(status: str | None) -> str:
    """Why an item with a status that is not public is a draft."""
    known = (status or "").strip().lower()
    if not known:
        return "without a status"
    return _REASONS.get(known, f"of status {known!r}")


def _schedule_reason(published: datetime | None, options: ImportOptions) -> str | None:
    """Why a scheduled item is a draft; None if its time is in the future, when it is published."""
    is_ahead = published is not None and options.now is not None and published > options.now
    return None if is_ahead else UNSCHEDULED


def publication_reason(
    status: str,
    *,
    public: Collection[str],
    scheduled: str,
    published: datetime | None,
    options: ImportOptions,
) -> str | None:
    """Why an item with this status is a draft; None if it is `public` or scheduled for the future."""
    if status == scheduled:
        return _schedule_reason(published, options)
    return None if status in public else status_reason(status)


def record_reason(record: Mapping[str, Any]) -> str | None:
    """Why a JSON object is a draft, by fields that are common in exports; None if it is public."""
    values = {normal_key(name): value for name, value in record.items() if value not in (None, "")}
    status = _text(values.get("status", values.get("post_status")))
    is_unset = any(value is None and normal_key(name) in UNSET_IN_DRAFTS for name, value in record.items())
    if is_unset and not (status in _PUBLIC or is_true(values.get("published"))):
        return DRAFT
    if any(may_be_true(values.get(name)) for name in DRAFTS) or _text(values.get("published")) in _FALSE:
        return DRAFT
    if status and status not in _PUBLIC:
        return status_reason(status)
    for name in STATES:
        if is_unpublished(state := _text(values.get(name))):
            return status_reason(state)
    for name in ("visibility", "audience", "access"):
        seen = _text(values.get(name))
        if seen and seen not in _PUBLIC and not (name == "audience" and seen in READERSHIPS):
            return "private" if seen == "private" else MEMBERS
    if any(values.get(name) for name in PASSWORDS):
        return PASSWORD
    is_hidden = (
        any(may_be_true(values.get(name)) for name in HIDING if not _is_list_of_parts(name, values))
        or any(is_true(values.get(name)) for name in RESTRICTED)
        or not all(is_true(values[name]) for name in SHOWING if name in values)
        or any(is_switched_off(name, values.get(name)) for name in SWITCHES)
    )
    return "private" if is_hidden else None


def is_true(value: object) -> bool:
    """Whether a value of an export means true: true, 1, `TRUE`, `yes`."""
    return _text(value) in _TRUE


def may_be_true(value: object) -> bool:
    """Whether a value of an export may mean true: it is there and does not mean false."""
    return _text(value) not in {"", *_FALSE}


def _is_list_of_parts(name: str, values: Mapping[str, Any]) -> bool:
    """Whether the value is a list of what is hidden of an article, or where it is."""
    return name in LISTS and isinstance(values.get(name), list)


def _text(value: object) -> str:
    """A value in lower case, "" for none; a list or an object, which is no status, is unknown."""
    if isinstance(value, bool | float):
        return str(value).lower()
    return (as_text(value) or "").lower() or ("unknown" if value and not isinstance(value, str) else "")
