"""The requests by which each product discards responses with given keys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import quote

import msgspec

from service.settings.purges import KEY_FIELD, KEYS_FIELD, Purge, PurgeKindName


class PurgeRequest(msgspec.Struct, frozen=True):
    """One request, which discards every response with one of its keys."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


def make_requests(purge: Purge, token: str, keys: Sequence[str]) -> Iterator[PurgeRequest]:
    """The requests that discard the responses with any of `keys`, which are those of proxies."""
    make = MAKERS[purge.kind]
    for start in range(0, len(keys), purge.most_keys):
        yield make(purge, token, keys[start : start + purge.most_keys])


def _fastly(purge: Purge, token: str, keys: Sequence[str]) -> PurgeRequest:
    """Fastly API, "Purge multiple surrogate key tags": up to 256 keys."""
    headers = {"Fastly-Key": token, "Accept": "application/json", "Content-Type": "application/json"}
    if purge.soft:
        headers["Fastly-Soft-Purge"] = "1"
    url = f"{purge.url.rstrip('/')}/service/{purge.service_id}/purge"
    return PurgeRequest("POST", url, headers, msgspec.json.encode({"surrogate_keys": keys}))


def _cloudflare(purge: Purge, token: str, keys: Sequence[str]) -> PurgeRequest:
    """Cloudflare API v4, "Purge Cached Content by Tag": up to 30 tags on every plan."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    url = f"{purge.url.rstrip('/')}/zones/{purge.zone_id}/purge_cache"
    return PurgeRequest("POST", url, headers, msgspec.json.encode({"tags": keys}))


def _varnish(purge: Purge, token: str, keys: Sequence[str]) -> PurgeRequest:  # noqa: ARG001 - as its siblings
    """Varnish with vmod_xkey, which takes keys separated by spaces, and the VCL of docs/caches.md."""
    return PurgeRequest("PURGE", purge.url, {"xkey-purge": " ".join(keys)})


def _template(purge: Purge, token: str, keys: Sequence[str]) -> PurgeRequest:
    """A request to the address with the keys in it, percent-encoded and separated by commas."""
    written = ",".join(quote(key, safe="") for key in keys)
    url = purge.url.replace(KEY_FIELD, written).replace(KEYS_FIELD, written)
    return PurgeRequest(purge.method, url, {"Authorization": f"Bearer {token}"} if token else {})


MAKERS: Mapping[PurgeKindName, Callable[[Purge, str, Sequence[str]], PurgeRequest]] = {
    "fastly": _fastly,
    "cloudflare": _cloudflare,
    "varnish": _varnish,
    "url": _template,
}
