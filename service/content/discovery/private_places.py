"""Files and folders whose names say that their content is not public: `drafts/`, `vote.draft.md`."""

import re
from functools import lru_cache

from service.content.fields.field_reader import Fields, as_boolean
from service.content.front_matter.known_keys import DRAFT_WORDS, DRAFTS
from service.content.front_matter.values import written

_FOLDERS_OF_DRAFTS = """
    draft drafts entwürfe entwuerfe brouillons borradores bozze rascunhos kladder luonnokset taslaklar
    koncepty черновики чернетки unpublished not-published wip work-in-progress
"""
_DRAFTS = frozenset((*_FOLDERS_OF_DRAFTS.split(), *DRAFT_WORDS))
_PRIVATE = frozenset("private privat hidden confidential secret secrets unlisted".split())
# Where people, synchronising programs and systems keep what was deleted or replaced.
_REMOVED = frozenset(
    """
    trash deleted discarded recycle recycled recycle.bin recently-deleted backup backups eadir macosx
    lost+found system-volume-information
    """.split()
)
_WORDS = _DRAFTS | _PRIVATE | _REMOVED
# Categories have such names as well, and so have folders of one article (`hidden/index.md`).
_CATEGORIES = frozenset("secret secrets deleted discarded recycle recycled backup backups".split())
_ARTICLES = _CATEGORIES | frozenset("hidden confidential unlisted trash".split())
_MARKS = _WORDS | frozenset("bak old orig tmp".split())
_BEFORE = re.compile(r"^[\W\d_]+|[\W_]+$")
# Within a title, `(hidden)` and `(secret)` are words of it: "The (hidden) cost".
_MARKED = re.compile(
    rf"(?:^|[\s_-])[\[({{](?:{'|'.join(sorted(_DRAFTS))})[\])}}]"
    rf"|^(?:.*[\s_-])?[\[({{](?:{'|'.join(sorted(_PRIVATE))})[\])}}]\s*$"
    rf"|^[\[({{](?:{'|'.join(sorted(_PRIVATE))})[\])}}]"
    r"|^(?:draft|wip|private)\s+[-–—:]\s|\bconflicted copy\b",
    re.IGNORECASE,
)


def find_private_place(path: str) -> str | None:
    """Why the article at `path` is not for the public by the names of its file and folders; None if it is."""
    *folders, name = path.split("/")
    for place, folder in enumerate(folders, 1):
        is_of_one_article = place == len(folders) and name.lower().startswith("index.")
        topics = _ARTICLES if is_of_one_article else _CATEGORIES
        if is_private_folder(folder) and not (folder[0].isalnum() and _normal(folder) in topics):
            return f"not for the public: it is in the folder {folder!r}"
    if is_marked(name.rpartition(".")[0]):
        return "not for the public: its name says that it is a draft, private or a copy"
    return None


@lru_cache(maxsize=4096)  # many files are in one folder
def is_private_folder(name: str) -> bool:
    """Whether a folder of this name holds drafts, or what is private or deleted: `_Drafts`, `00 Private`."""
    return _normal(name) in _WORDS or is_marked(name)


def _normal(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", _BEFORE.sub("", name.casefold()))


def is_marked(stem: str) -> bool:
    """Whether a part of a name says that it is not for the public: `vote.draft`, `[draft] vote`."""
    parts = stem.casefold().split(".") if "." in stem else ()
    return any(part in _MARKS or part.startswith("sync-conflict-") for part in parts) or bool(
        _MARKED.search(stem)
    )


def declares_public(fields: Fields) -> bool:
    """Whether an article says itself that it is public, so that the name of its folder does not count."""
    return (
        any(as_boolean(fields.peek(name)) is False for name in fields.among((*DRAFTS, "private", "unlisted")))
        or any(as_boolean(fields.peek(name)) for name in ("published", "publish", "public", "dg_publish"))
        or any(
            (written(fields.peek(name)) or "").lower() in {"published", "public"}
            for name in ("status", "post_status", "visibility")
        )
    )
