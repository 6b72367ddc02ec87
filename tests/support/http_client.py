"""HTTP on the loopback interface."""

import ssl
from typing import Any

import httpx

from tests.support.waiting import TIMEOUT_SECONDS

_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nothing here speaks TLS; by default every client loads the certificates of the system, which is slow."""


def open_client(base: str = "", timeout: float = TIMEOUT_SECONDS) -> httpx.Client:
    """A client for addresses below `base` that follows no redirect and heeds no proxy of the environment."""
    return httpx.Client(base_url=base, trust_env=False, timeout=timeout, verify=_NO_CERTIFICATES)


def fetch(address: str, *, timeout: float = TIMEOUT_SECONDS, **options: Any) -> httpx.Response:
    """The response to a GET on a connection of its own."""
    with open_client(timeout=timeout) as client:
        return client.get(address, **options)
