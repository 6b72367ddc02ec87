"""What a problem looks like: the one helper all tests use."""

from typing import Any

import httpx


def problem(response: httpx.Response, status: int, name: str) -> dict[str, Any]:
    """The members of the problem document that `response` must be (RFC 9457), with what every one has."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "etag" not in response.headers
    if response.request.method == "HEAD":
        return {}
    body: dict[str, Any] = response.json()
    assert body["type"].endswith(f"/openapi.json#/components/responses/{name}")
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert not {key for key, value in body.items() if value is None}
    return body
