"""The ids of articles: URIs that outlive title, slug, folder and address (RFC 4151, RFC 9562 §5.5)."""

import re
from urllib.parse import quote
from uuid import UUID, uuid5

from service.model import Site

# Every id derived without `id_authority` depends on this constant: it must never change.
NAMESPACE = UUID("15333a35-091b-5a0e-acc8-eb4e12b28e59")

# RFC 4151 §2.1: `specific` is pchar, "/" and "?" (RFC 3986 §3.3); quote keeps the unreserved by itself.
_SPECIFIC = "/?:@!$&'()*+,;="

_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):[^\s<>\"{}|\\^`]+")
# Schemes of URIs to run, open or send, which name nothing permanent.
_TRANSIENT_SCHEMES = frozenset(
    """
    javascript vbscript livescript mocha jscript ecmascript typescript data blob filesystem file jar
    mhtml mk res about view-source resource chrome chrome-extension moz-extension edge opera brave
    wyciwyg feed intent itms market shell search help callto facetime mailto sip sips skype sms smsto
    tel telnet ssh sftp rlogin tn3270 ldap ldaps smb nfs afp ws wss rtsp mms steam vnc rdp slack zoommtg
    whatsapp tg
    """.split()
)


def derive_id(site: Site, language: str, slug: str) -> str:
    """The id of an article without an explicit one: a tag URI of the site's authority, else a UUID.

    A tag URI is ASCII (RFC 4151 §2.1): other characters are percent-encoded.
    """
    name = f"{language}/{slug}"
    if site.id_authority and site.id_year:
        return f"tag:{site.id_authority},{site.id_year}:{quote(name, safe=_SPECIFIC)}"
    return f"urn:uuid:{uuid5(NAMESPACE, name)}"


def to_uri(text: str) -> str:
    """`text` if it is a URI of a permanent scheme, else a `urn:uuid:` derived from it (RFC 4287 §4.2.6)."""
    if _scheme(text) and not is_transient_uri(text):
        return text
    try:
        return f"urn:uuid:{UUID(text)}"
    except ValueError:
        return f"urn:uuid:{uuid5(NAMESPACE, text)}"


def is_transient_uri(text: str) -> bool:
    """Whether `text` is a URI to run, open or send: `javascript:…`, `data:…`, `mailto:…`, `ms-word:…`."""
    scheme = _scheme(text)
    return (
        scheme in _TRANSIENT_SCHEMES or scheme.endswith("script") or scheme.startswith(("ms-", "vnd.", "x-"))
    )


def _scheme(text: str) -> str:
    """The scheme of a URI in lower case (RFC 3986 §3.1); "" for any other text."""
    uri = _URI.fullmatch(text) if text.isprintable() else None
    return uri[1].lower() if uri else ""
