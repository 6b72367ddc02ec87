"""Resolves and marks the references of an article: to the web, to this site, within the article."""

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from service.markup.characters import SELF, SITE
from service.model import ascii_host

SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp", "geo", "magnet", "sms", "xmpp", "irc", "ircs"})

EMBEDDED_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]{200,}+={0,2}")
"""A picture within the text, as Google Docs and Jupyter write it; a shorter one is a placeholder."""

FILES = "/files/"
"""The beginning of the addresses of files in the content folder."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST_SRCSET = 10_000
_CANDIDATE = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:\s+([\d.]+[wxh]))?\s*(?:,|$)")
# Allowed in a reference (RFC 3986 §2.2); every other character is percent-encoded.
_ALLOWED = "%/:=&?~#+!$,;'@()*[]"
_AS_IS = re.compile(r"[\w.~/:=&?#+!$,;'@()*-]*+", re.ASCII)
_PLAIN_PATH = re.compile(r"/?(?:[\w~-][\w.~-]*+/)*+(?:[\w~-][\w.~-]*+/?)", re.ASCII)
_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def folder_base(path: str) -> str:
    """The base of references in the content file `path`: `posts/a.md` → `/files/posts/`."""
    folder, slash, _ = path.rpartition("/")
    return _files_below(folder) + slash


@lru_cache(maxsize=1024)
def _files_below(folder: str) -> str:
    return FILES + quote(folder)


def resolve(reference: str, base: str) -> str | None:
    """Resolve to an absolute or site-relative (`/files/…`) address, or a `#fragment`; None if unsafe.

    Relative references are resolved against `base`, which is site-relative or absolute, and never leave
    `/files/`; `//host/x` is read as https (RFC 3986 §5.2).
    """
    if reference.startswith(("https://", "http://")) and _AS_IS.fullmatch(reference):
        return reference
    reference = reference.strip().replace("\t", "").replace("\n", "").replace("\r", "")
    if reference.startswith("//"):
        return _encode(f"https:{reference}")
    scheme = _SCHEME.match(reference)
    if scheme:
        return _encode(reference) if scheme.group()[:-1].lower() in SCHEMES else None
    if not reference or reference[0] in "#?":
        return _encode(reference)
    if not base.startswith("/"):
        return _join(base, reference)
    if _PLAIN_PATH.fullmatch(reference):
        return reference if reference[0] == "/" else _folder(base) + reference
    return _on_site(base, reference.replace("\\", "/"))


def mark_reference(reference: str, base: str) -> str | None:
    """Resolve and mark `reference` for safe HTML: the result begins with SITE, SELF or a scheme."""
    resolved = resolve(reference, base)
    if resolved is None:
        return None
    if resolved.startswith("/"):
        return SITE + resolved
    return SELF + resolved if not resolved or resolved[0] in "#?" else resolved


def mark_srcset(srcset: str, base: str) -> str | None:
    """Resolve and mark every candidate of a `srcset` (HTML §4.8.4.2.1); None if none is safe."""
    candidates = []
    for address, descriptor in _CANDIDATE.findall(srcset[:_LONGEST_SRCSET]):
        marked = mark_reference(address, base)
        if marked:
            candidates.append(f"{marked} {descriptor}".rstrip())
    return ", ".join(candidates) or None


@lru_cache(maxsize=1024)  # all articles of a folder share it
def _folder(base: str) -> str:
    """The prefix of file names resolved against `base`."""
    return _on_site(base, "")


def _on_site(base: str, reference: str) -> str:
    path, query = re.fullmatch(r"([^?#]*)(.*)", reference, re.DOTALL).groups()  # type: ignore[union-attr]
    floor = FILES if base.startswith(FILES) and not path.startswith("/") else "/"
    start = path if path.startswith("/") else base.rpartition("/")[0] + "/" + path
    segments: list[str] = []
    *folders, name = start.removeprefix(floor).lstrip("/").split("/")
    for segment in [*folders, name]:
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    ending = "/" if segments and name in {"", ".", ".."} else ""
    return _encode(floor + "/".join(segments) + ending + query)


def _join(base: str, reference: str) -> str | None:
    try:
        return _encode(urljoin(base, reference))
    except ValueError:
        return None


def _encode(reference: str) -> str:
    """Encode `reference` in ASCII: the host by IDNA, everything else percent-encoded."""
    if _AS_IS.fullmatch(reference):
        return reference
    if "%" in reference:
        reference = _decode_host(reference)
        reference = _STRAY_PERCENT.sub("%25", reference)
    if "[" in reference or "]" in reference:
        reference = _encode_brackets(reference)
    if reference.isascii():
        return quote(reference, safe=_ALLOWED)
    try:
        parts = urlsplit(reference)
        user, at, name = parts.netloc.rpartition("@")
        netloc = f"{user}{at}{ascii_host(name)}" if parts.scheme in {"http", "https"} else parts.netloc
        return quote(parts._replace(netloc=netloc).geturl(), safe=_ALLOWED)
    except (ValueError, UnicodeError):
        return quote(reference, safe=_ALLOWED)


def _decode_host(reference: str) -> str:
    """`reference` with its host as letters, which CommonMark encodes as it does a path."""
    authority = _AUTHORITY.match(reference)
    encoded = authority.group().partition("://")[2] if authority else ""
    host = unquote(encoded)
    if host == encoded or not host.replace(".", "").replace("-", "").replace(":", "").isalnum():
        return reference
    return reference.replace(encoded, host, 1)


def _encode_brackets(reference: str) -> str:
    """Encode the brackets of `reference` except those of an IPv6 address (RFC 3986 §3.2.2)."""
    authority = _AUTHORITY.match(reference)
    kept = authority.group() if authority else ""
    return kept + reference.removeprefix(kept).replace("[", "%5B").replace("]", "%5D")
