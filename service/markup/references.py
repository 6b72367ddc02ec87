"""Where the references in an article lead: out into the web, to something on this site, or within itself."""

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

from service.markup.marks import SELF, SITE

SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp", "geo", "magnet", "sms", "xmpp", "irc", "ircs"})

_FILES = "/files/"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# What may stand in a reference as it is (RFC 3986 §2.2); everything else is percent-encoded.
_LONGEST_SRCSET = 10_000
_CANDIDATE = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:\s+([\d.]+[wxh]))?\s*(?:,|$)")
_KEPT = "%/:=&?~#+!$,;'@()*[]"
_AS_IS = re.compile(r"[\w.~/:=&?#+!$,;'@()*-]*+", re.ASCII)
_PLAIN_PATH = re.compile(r"/?(?:[\w~-][\w.~-]*+/)*+(?:[\w~-][\w.~-]*+/?)", re.ASCII)
_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def folder_base(path: str) -> str:
    """What references in the content file `path` are relative to: `posts/a b.md` → `/files/posts/`."""
    folder, slash, _ = path.rpartition("/")
    return _files_below(folder) + slash


@lru_cache(maxsize=1024)
def _files_below(folder: str) -> str:
    return _FILES + quote(folder)


def resolve(reference: str, base: str) -> str | None:
    """`reference` as an absolute address, a site-relative one (`/files/…`), or a `#fragment`; None if unsafe.

    A relative one is taken from `base`, which is site-relative or absolute, and never climbs out of
    `/files/`; `//host/x` is taken as https (RFC 3986 §5.2).
    """
    if reference.startswith(("https://", "http://")) and _AS_IS.fullmatch(reference):
        return reference
    reference = reference.strip().replace("\t", "").replace("\n", "").replace("\r", "")
    if reference.startswith("//"):
        return _encoded(f"https:{reference}")
    scheme = _SCHEME.match(reference)
    if scheme:
        return _encoded(reference) if scheme.group()[:-1].lower() in SCHEMES else None
    if not reference or reference[0] in "#?":
        return _encoded(reference)
    if not base.startswith("/"):
        return _joined(base, reference)
    if _PLAIN_PATH.fullmatch(reference):
        return reference if reference[0] == "/" else _folder(base) + reference
    return _on_site(base, reference.replace("\\", "/"))


def mark(reference: str, base: str) -> str | None:
    """`reference` resolved and marked, as it stands in safe HTML: begins with SITE, SELF, or a scheme."""
    resolved = resolve(reference, base)
    if resolved is None:
        return None
    if resolved.startswith("/"):
        return SITE + resolved
    return SELF + resolved if not resolved or resolved[0] in "#?" else resolved


def mark_srcset(srcset: str, base: str) -> str | None:
    """Every candidate of an image's `srcset` resolved and marked (HTML §4.8.4.2.1); None if none is left."""
    candidates = []
    for address, descriptor in _CANDIDATE.findall(srcset[:_LONGEST_SRCSET]):
        marked = mark(address, base)
        if marked:
            candidates.append(f"{marked} {descriptor}".rstrip())
    return ", ".join(candidates) or None


@lru_cache(maxsize=1024)  # every article of a folder has the same
def _folder(base: str) -> str:
    """What stands before a mere name that is taken from `base`."""
    return _on_site(base, "")


def _on_site(base: str, reference: str) -> str:
    path, query = re.fullmatch(r"([^?#]*)(.*)", reference, re.DOTALL).groups()  # type: ignore[union-attr]
    floor = _FILES if base.startswith(_FILES) and not path.startswith("/") else "/"
    start = path if path.startswith("/") else base.rpartition("/")[0] + "/" + path
    segments: list[str] = []
    *folders, name = start.removeprefix(floor).lstrip("/").split("/")
    for segment in [*folders, name]:
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    ending = "/" if segments and name in {"", ".", ".."} else ""
    return _encoded(floor + "/".join(segments) + ending + query)


def _joined(base: str, reference: str) -> str | None:
    try:
        return _encoded(urljoin(base, reference))
    except ValueError:
        return None


def _encoded(reference: str) -> str:
    """`reference` in ASCII: a host by IDNA, everything else percent-encoded."""
    if _AS_IS.fullmatch(reference):
        return reference
    if "%" in reference:
        reference = _STRAY_PERCENT.sub("%25", reference)
    if "[" in reference or "]" in reference:
        reference = _without_brackets(reference)
    if reference.isascii():
        return quote(reference, safe=_KEPT)
    try:
        parts = urlsplit(reference)
        host = parts.netloc.encode("idna").decode() if parts.scheme in {"http", "https"} else parts.netloc
        return quote(parts._replace(netloc=host).geturl(), safe=_KEPT)
    except (ValueError, UnicodeError):
        return quote(reference, safe=_KEPT)


def _without_brackets(reference: str) -> str:
    """`reference` with its brackets encoded, but for those of an IPv6 address (RFC 3986 §3.2.2)."""
    authority = _AUTHORITY.match(reference)
    kept = authority.group() if authority else ""
    return kept + reference.removeprefix(kept).replace("[", "%5B").replace("]", "%5D")
