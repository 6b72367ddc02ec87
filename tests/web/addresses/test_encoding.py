"""Validation and normalisation of paths and query strings."""

import pytest

from service.web.addresses.encoding import BadAddress, check_address, normalise_path


@pytest.mark.parametrize(
    ("path", "query"),
    [(b"/", b""), (b"/a%20b", b"q=%C3%A9"), (b"/%25", b"q=100%25"), (b"/x", b"q=%FF"), ("/é".encode(), b"")],
)
def test_valid_addresses(path: bytes, query: bytes) -> None:
    check_address(path, query)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (b"/%", b""),
        (b"/%Z1", b""),
        (b"/%4", b""),
        (b"/%00", b""),
        (b"/\x00", b""),
        (b"/%FF", b""),
        (b"/", b"q=100%"),
        (b"/", b"q=%zz"),
        (b"/", b"q=%00"),
        (b"*", b""),
        (b"", b""),
    ],
)
def test_malformed_addresses(path: bytes, query: bytes) -> None:
    with pytest.raises(BadAddress):
        check_address(path, query)


def test_the_message_advises_to_encode_only_a_percent_sign() -> None:
    with pytest.raises(BadAddress, match=r"^The path contains a NUL\.$"):
        check_address(b"/a%00", b"")
    with pytest.raises(BadAddress, match=r"^The query string contains '%zz', .* itself as %25\.$"):
        check_address(b"/", b"q=%zz")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/", "/"), ("//", "/"), ("/a/", "/a"), ("//a//b///", "/a/b"), ("/a/b", "/a/b"), ("/a%2F", "/a%2F")],
)
def test_paths_are_normalised(path: str, expected: str) -> None:
    assert normalise_path(path) == expected
