"""The headers that identify and sign a request (Standard Webhooks 1.0, "Signature scheme")."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence


def signed_headers(keys: Sequence[bytes], event_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, with a signature by each key."""
    content = f"{event_id}.{timestamp}.".encode() + body
    signatures = (b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
