"""The ids of articles: URIs that outlive title, slug, folder and address (RFC 4151, RFC 9562 §5.5)."""

import re
from urllib.parse import quote
from uuid import UUID, uuid5

from service.model import Site

# Every id that is derived without `id_authority` hangs on this constant: it must never change.
NAMESPACE = UUID("15333a35-091b-5a0e-acc8-eb4e12b28e59")

# RFC 4151 §2.1: `specific` is pchar, "/" and "?" (RFC 3986 §3.3); quote keeps the unreserved by itself.
_SPECIFIC = "/?:@!$&'()*+,;="

_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):[^\s<>\"{}|\\^`]+")
# Schemes whose URIs are something to run, open or send, here and now, and so no name that lasts.
_NO_NAME_WORDS = """
    javascript vbscript livescript mocha jscript ecmascript typescript data blob filesystem file jar
    mhtml mk res about view-source resource chrome chrome-extension moz-extension edge opera brave
    wyciwyg feed intent itms market shell search help callto facetime mailto sip sips skype sms smsto
    tel telnet ssh sftp rlogin tn3270 ldap ldaps smb nfs afp ws wss rtsp mms steam vnc rdp slack zoommtg
    whatsapp tg
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())


def derive_id(site: Site, language: str, slug: str) -> str:
    """The id of an article that gives none: a tag URI of the site's authority, else a UUID of the same.

    A tag URI is ASCII (RFC 4151 §2.1): what is not stands percent-encoded.
    """
    name = f"{language}/{slug}"
    if site.id_authority and site.id_year:
        return f"tag:{site.id_authority},{site.id_year}:{quote(name, safe=_SPECIFIC)}"
    return f"urn:uuid:{uuid5(NAMESPACE, name)}"


def as_uri(given: str) -> str:
    """`given` where it is a URI that names something, else a `urn:uuid:` of it (RFC 4287 §4.2.6)."""
    if _scheme(given) and not names_nothing(given):
        return given
    try:
        return f"urn:uuid:{UUID(given)}"
    except ValueError:
        return f"urn:uuid:{uuid5(NAMESPACE, given)}"


def names_nothing(given: str) -> bool:
    """Whether `given` is a URI to run, open or send: `javascript:…`, `data:…`, `mailto:…`, `ms-word:…`."""
    scheme = _scheme(given)
    return scheme in _NO_NAME or scheme.endswith("script") or scheme.startswith(("ms-", "vnd.", "x-"))


def _scheme(given: str) -> str:
    """The scheme of a URI in lower case (RFC 3986 §3.1); "" where `given` is none."""
    found = _URI.fullmatch(given) if given.isprintable() else None
    return found[1].lower() if found else ""
