"""Whether an article is public, by its fields.

A value that decides this and is not understood is a fault, which excludes the article.
"""

import re
from collections.abc import Iterable
from datetime import UTC

from service.content.fields.article_dates import PUBLISHED
from service.content.fields.field_reader import Fields, as_boolean, members
from service.content.front_matter.known_keys import DRAFT_WORDS, DRAFTS, LISTS, NOT_PUBLIC, PASSWORDS
from service.content.front_matter.values import Entry, written

UNPUBLISHED = frozenset(
    """
    draft private pending hidden skip trash trashed unpublished auto-draft future-draft sent deleted
    wip work-in-progress in-review needs-review pending-review under-review ready-for-review
    unapproved rejected embargo embargoed withheld szkic
    """.split()
).union(DRAFT_WORDS)
"""Statuses of articles that are not published, in lower case and with hyphens between words."""

PUBLISHED_STATUSES = frozenset(
    """
    published publish public live visible posted released release final finished done complete completed
    current active stable mature approved accepted featured sticky new updated deprecated superseded obsolete
    outdated evergreen perennial seed seedling sprout sapling budding growing maintained ongoing
    future scheduled default
    """.split()
)
"""Statuses of published articles; the growth of notes and the state of documents are among them."""

VISIBLE_TO_SOME = frozenset(
    """
    private password members paid paying tiers filter internal hidden draft unpublished members-only
    membersonly members-and-paid member subscriber subscribers subscribers-only restricted confidential
    staff team friends
    founding only-paid only-free only-founding none nobody
    protected password-protected secret login logged-in registered registered-users authenticated users
    employees company insiders sponsors patrons supporters contacts followers family premium
    """.split()
)
"""Values of `visibility` that keep an article from the public, in the same form."""

_VISIBLE_TO_ALL = frozenset(
    {"public", "published", "visible", "everyone", "everybody", "anyone", "all", "open"}
)
# In no list, but not private either.
_UNLISTED = "unlisted"
_SCHEDULED = frozenset({"future", "scheduled"})
HIDING = tuple(
    """
    headless hidden hide is_hidden ishidden _hidden hide_in_list hideinlist unlisted is_unlisted isunlisted
    eleventyexcludefromcollections private is_private isprivate encrypt encrypted trashed deleted is_deleted
    wip members_only membersonly subscribers_only subscribersonly paywall paywalled premium confidential
    embargoed
    """.split()
) + tuple(sorted(NOT_PUBLIC))
# Elsewhere these are about something else, so that only words for yes are examined.
RESTRICTED = tuple(
    """
    restricted protected is_protected isprotected secret is_secret issecret internal is_internal isinternal
    paid is_paid ispaid pending removed is_removed isremoved trash disabled is_disabled isdisabled inactive
    is_inactive isinactive deactivated unfinished incomplete in_review needs_review
    """.split()
)
_PRIVATE = tuple(
    """
    private is_private isprivate encrypt encrypted trashed deleted is_deleted confidential embargoed
    """.split()
)
SHOWING = tuple(
    """
    publish public is_published ispublished is_public ispublic listed dg_publish visible is_visible
    isvisible
    """.split()
)
# Elsewhere these are about something else, so that only words for no are examined.
SWITCHES = tuple(
    """
    enabled is_enabled isenabled active is_active isactive live is_live islive online is_online isonline
    released is_released isreleased approved is_approved isapproved ready is_ready isready ready_to_publish
    show show_post display
    """.split()
)
# A map says which parts of the page are shown: `show: {author: false}`.
_OF_PARTS = frozenset({"show", "display"})
UNSET_IN_DRAFTS = ("published_at", "publishedat")
"""Dates of publication that content systems write as null for drafts."""

_NO = frozenset({"false", "no", "off", "never", "none", "0"})
_STATUSES = ("status", "post_status")
# Elsewhere some are about something else, such as a part of a country, so their other words are not examined.
STATES = tuple(
    """
    state stage post_state publish_state publishstate publish_status publishstatus publication_state
    publication_status publicationstatus workflow_state editorial_status statut estado stato zustand
    """.split()
)
# Substack and Ghost have the first two; elsewhere they are about something else.
_AUDIENCES = tuple(
    """
    audience access access_level accesslevel acl permission permissions privacy privacy_status
    post_visibility postvisibility viewable_by visible_to visibleto
    """.split()
)
READERSHIPS = frozenset(
    "users user developers developer administrators admins operators beginners experts general".split()
)
"""Values of `audience` that say for whom documentation is written, not who may see it."""

_HIDING_AUDIENCES = VISIBLE_TO_SOME - READERSHIPS
_KINDS = ("type", "layout", "kind")
_UNPUBLISHED_KINDS = frozenset({"draft", "drafts", "private"})
# The tables that generators, themes and content systems have for keys of their own.
_HOLDERS = frozenset(
    """
    params extra meta metadata frontmatter front_matter attributes fields custom custom_fields properties
    publishing publication workflow sys taxonomies eleventycomputed
    """.split()
)
_VISIBILITY_KEYS = frozenset(
    (
        *_STATUSES,
        *STATES,
        *_AUDIENCES,
        *HIDING,
        *RESTRICTED,
        *PASSWORDS,
        *_HOLDERS,
        *"visibility permalink _build build render".split(),
    )
)
_STATUS_KEYS = frozenset((*DRAFTS, "published", *SHOWING, *SWITCHES, *_HOLDERS))
_RENDERED = frozenset({"always", "true", ""})
_NOT_RENDERED = frozenset({"never", "false", "link"})
_IN_LISTS = frozenset({"always", "true", "local", ""})
_IN_NO_LIST = frozenset({"never", "false"})
# Its text is readable with a password only (hugo-encryptor).
_ENCRYPTED_PART = re.compile(r"\{\{[%<]\s*hugo-encryptor\b")


def find_status_exclusion(fields: Fields) -> str | None:
    """Why an article is a draft or not public. `published` may be a boolean instead of a date."""
    if not fields.among(_STATUS_KEYS):
        return None
    for name in fields.among(DRAFTS):
        if fields.peek_boolean(name):
            return "a draft"
        fields.take(name)
    if fields.take_boolean("published") is False:
        return "not for the public: published is false"
    for name in fields.among(SHOWING):
        if fields.peek_boolean(name) is False:
            return f"not for the public: {name} is false"
    for name in fields.among(SWITCHES):
        if is_switched_off(name, fields.peek(name)):
            return f"not for the public: {name} is false"
    return next(filter(None, map(find_status_exclusion, _nested(fields))), None)


def find_unset_publication(fields: Fields, path: str) -> str | None:
    """Why an article of JSON with `published_at: null` is a draft, as in Strapi, Ghost and DEV; else None.

    In front matter, a key without a value is often that of a template.
    """
    names = fields.among(UNSET_IN_DRAFTS) if path.lower().endswith((".json", ".jsonl")) else []
    is_unset = bool(names) and fields.peek(*names) is None
    return f"a draft: {names[0]} is null" if is_unset else None


def find_visibility_exclusion(fields: Fields, text: str, *, is_dated: bool) -> str | None:
    """Why the fields or `text` of an article hide it; None if they do not.

    `is_dated` is whether its path gives a date.
    """
    if _ENCRYPTED_PART.search(text):
        return "not for the public: a part of its text is encrypted"
    kinds = (_check_words(fields, name, _UNPUBLISHED_KINDS) for name in fields.among(_KINDS))
    if reason := next(filter(None, kinds), None):
        return reason
    if not fields.among(_VISIBILITY_KEYS):
        return None
    if reason := _find_stated_exclusion(fields, is_dated=is_dated):
        return reason
    computed = fields.peek("eleventycomputed")
    if fields.peek("permalink") is False or (
        isinstance(computed, dict) and members(computed).get("permalink") is False
    ):
        return "not for the public: it has no permalink"
    return _check_rendering(fields)


def _find_stated_exclusion(fields: Fields, *, is_dated: bool) -> str | None:
    """Why the fields say that an article is not for everybody, also in tables such as `params`."""
    reasons = (
        *(_check_status(fields, name, is_dated=is_dated) for name in fields.among(_STATUSES)),
        *(_check_words(fields, name, UNPUBLISHED) for name in fields.among(STATES)),
        _check_visibility(fields),
        *(_check_words(fields, name, _hiding_words(name)) for name in fields.among(_AUDIENCES)),
        *(_check_hiding(fields, name) for name in fields.among(HIDING)),
        *(_check_restriction(fields, name) for name in fields.among(RESTRICTED)),
        *(_find_stated_exclusion(inner, is_dated=True) for inner in _nested(fields)),
    )
    if reason := next(filter(None, reasons), None):
        return reason
    return "not for the public: it has a password" if _has_password(fields) else None


def report_unread_metadata(fields: Fields, entries: Iterable[Entry]) -> None:
    """Report each of `entries`, which stand in the text, that would hide the article as front matter."""
    for entry in entries:
        stated = Fields((entry,), UTC, "/")
        if find_status_exclusion(stated) or find_visibility_exclusion(stated, "", is_dated=True):
            fields.exclude_article(
                entry,
                f"`{entry.name}: {entry.value}` is part of the text here: write it into front matter, between"
                " two lines of --- at the start of the file, or remove it",
            )


def is_unpublished(status: str | None) -> bool:
    """Whether a status is that of an article that is not published."""
    return _normal(status) in UNPUBLISHED


def is_switched_off(name: str, value: object) -> bool:
    """Whether the value of one of `SWITCHES` hides an article: a word for no, or a list of nothing else."""
    return _has_only(value, _NO) and not (name in _OF_PARTS and isinstance(value, dict))


def is_private(fields: Fields) -> bool:
    """Whether the article is private, so that the files of its folder are as well.

    A page that is only unlisted, or has no address of its own, is excluded but not private.
    """
    return (
        any(_has_only(fields.peek(name), UNPUBLISHED) for name in (*_STATUSES, *STATES))
        or any(_has_only(fields.peek(name), _hiding_words(name)) for name in ("visibility", *_AUDIENCES))
        or any(_has_only(fields.peek(name), _UNPUBLISHED_KINDS) for name in _KINDS)
        or any(as_boolean(fields.peek(name)) is True for name in (*_PRIVATE, *NOT_PUBLIC, *RESTRICTED))
        or _has_password(fields)
        or any(map(is_private, _nested(fields)))
    )


def _check_status(fields: Fields, name: str, *, is_dated: bool) -> str | None:
    status = fields.peek_text(name)
    if not status:
        return None
    word = _normal(status)
    if word in UNPUBLISHED or word == _UNLISTED or as_boolean(status) is False:
        return f"not for the public: status {status!r}"
    if word in _SCHEDULED and not is_dated and fields.peek(*PUBLISHED) is None:
        _fault(fields, name, f"{name} is {status!r}, but there is no date; write the date of publication")
    elif word not in PUBLISHED_STATUSES and as_boolean(status) is None:
        advice = "write `published` or `draft`, or give the key another name"
        _fault(fields, name, f"unknown {name} {status!r} may mean that the article is not public; {advice}")
    return None


def _check_visibility(fields: Fields) -> str | None:
    visibility = fields.peek_text("visibility")
    if not visibility:
        return None
    word = _normal(visibility)
    if word in VISIBLE_TO_SOME or word == _UNLISTED or as_boolean(visibility) is False:
        return f"not for the public: visibility {visibility!r}"
    if word not in _VISIBLE_TO_ALL and as_boolean(visibility) is None:
        advice = "write `public` or `private`, or give the key another name"
        _fault(fields, "visibility", f"unknown visibility {visibility!r}; {advice}")
    return None


def _check_words(fields: Fields, name: str, hiding: frozenset[str]) -> str | None:
    """For a field that may be about something else: only the words in `hiding` are examined."""
    words = _words(fields.peek(name))
    return f"not for the public: {name} {', '.join(words)!r}" if _are_all(words, hiding) else None


def _hiding_words(name: str) -> frozenset[str]:
    """The values that keep an article from the public in the field `name`, one of `_AUDIENCES`."""
    return _HIDING_AUDIENCES if name == "audience" else VISIBLE_TO_SOME


def _check_hiding(fields: Fields, name: str) -> str | None:
    if name in LISTS and isinstance(fields.peek(name), list):
        return None
    return f"not for the public: {name}" if fields.peek_boolean(name) else None


def _check_restriction(fields: Fields, name: str) -> str | None:
    return f"not for the public: {name}" if as_boolean(fields.peek(name)) else None


def _nested(fields: Fields) -> list[Fields]:
    """The keys of the article in tables such as `params` and `extra`; what is unusable there is ignored."""
    tables = [fields.peek(name) for name in fields.among(_HOLDERS)]
    return [
        Fields([Entry(str(name), 1, value) for name, value in table.items()], UTC, "/")
        for table in tables
        if isinstance(table, dict)
    ]


def _check_rendering(fields: Fields) -> str | None:
    # Zola writes no page for it (https://www.getzola.org/documentation/content/page/).
    if fields.peek_boolean("render") is False:
        return "not for the public: it is never rendered"
    for name in ("_build", "build"):
        build = fields.peek(name)
        if isinstance(build, dict):
            if reason := _check_build(fields, name, build):
                return reason
        elif name == "_build" and build is not None:  # `build` may be the number of a version
            _fault(fields, name, "_build must be a map, such as {render: never}")
    return None


def _check_build(fields: Fields, name: str, build: dict[str, object]) -> str | None:
    """Hugo's build options (https://gohugo.io/content-management/build-options/)."""
    render, lists = (str(build.get(key, "")).lower() for key in ("render", "list"))
    if render in _NOT_RENDERED:
        return "not for the public: it is never rendered"
    if lists in _IN_NO_LIST:
        return "not for the public: it is in no list"
    if render not in _RENDERED:
        _fault(fields, name, f"unknown value of {name}.render: {render!r}; write always, link or never")
    elif lists not in _IN_LISTS:
        _fault(fields, name, f"unknown value of {name}.list: {lists!r}; write always, local or never")
    return None


def _has_only(value: object, words: frozenset[str]) -> bool:
    """Whether `value` is one of `words`, or a list or map of nothing else."""
    return _are_all(_words(value), words)


def _are_all(stated: list[str], words: frozenset[str]) -> bool:
    return bool(stated) and all(_normal(word) in words for word in stated)


def _words(value: object) -> list[str]:
    """A single value as it was written, or each one in a list or map."""
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return [written(each) or "" for each in values]


def _has_password(fields: Fields) -> bool:
    passwords = [fields.peek(name) for name in fields.among(PASSWORDS)]
    return any(password is not None and written(password) not in {"", "false"} for password in passwords)


def _fault(fields: Fields, name: str, message: str) -> None:
    if entry := fields.find(name):
        fields.exclude_article(entry, message)


def _normal(text: str | None) -> str:
    """A status in lower case, with hyphens between its words."""
    return re.sub(r"[\s_-]+", "-", (text or "").strip().lower())
