"""Under which base a request is answered, and who may say so."""

from pathlib import Path
from typing import Any

import pytest

from service.errors import InvalidHost
from service.settings import Settings
from service.web.addresses.base_url import Base, Hosts, authority, is_valid, path_below
from tests.support.builders import site

PEER = "10.0.0.7"
SERVER = ("192.0.2.9", 8000)


def hosts(public_url: str | None = None, *trusted: str) -> Hosts:
    return Hosts(
        Settings(
            content=Path("content"),
            index="sqlite:///x",
            site=site(public_url=public_url),
            trusted_proxies=trusted,
        )
    )


def base(of: Hosts, *, root_path: str = "", **headers: str) -> Base:
    raw = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return of.base("http", PEER, root_path, raw, SERVER)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (b"example.org", "example.org"),
        (b"EXAMPLE.org", "example.org"),
        (b"example.org:8000", "example.org:8000"),
        (b"example.org:80", "example.org"),
        (b"example.org:0080", "example.org"),
        (b"example.org:08000", "example.org:8000"),
        (b"example.org:443", "example.org:443"),
        (b"example.org:", "example.org"),
        (b"example.org.", "example.org."),
        (b"localhost", "localhost"),
        (b"my_service:8000", "my_service:8000"),
        (b"192.0.2.1", "192.0.2.1"),
        (b"[2001:db8::1]:8000", "[2001:db8::1]:8000"),
        (b"[::1]", "[::1]"),
    ],
)
def test_hosts(host: bytes, expected: str) -> None:
    assert authority(host, "http") == expected
    assert is_valid(host)


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b" ",
        b"a b",
        b"example.org/x",
        b"example.org:99999",
        b"example.org:8a",
        b"example.org:80:80",
        b"user@example.org",
        b"a..b",
        b".example.org",
        b"-a",
        b"::1",
        b"[::1",
        b"[::zz]",
        b"[1.2.3.4]",
        b'a"onload=',
        b"a<b>",
        b"a\\b",
        b"a%41",
        b"a'b",
        b"\xff",
        b"a\n",
        b"a" * 300,
    ],
)
def test_invalid_hosts(host: bytes) -> None:
    assert not is_valid(host)
    with pytest.raises(InvalidHost):
        authority(host, "http")


def test_the_request_makes_the_base() -> None:
    assert base(hosts(), host="Example.org:8000") == Base("http://example.org:8000", "")
    assert base(hosts(), host="example.org", root_path="/news/") == Base("http://example.org/news", "/news")


@pytest.mark.parametrize(
    ("scheme", "server", "expected"),
    [
        ("http", ("192.0.2.9", 8000), "http://192.0.2.9:8000"),
        ("http", ("192.0.2.9", "8000"), "http://192.0.2.9:8000"),  # granian's ports are texts
        ("http", ("192.0.2.9", 80), "http://192.0.2.9"),
        ("https", ("192.0.2.9", 443), "https://192.0.2.9"),
        ("http", ("2001:db8::1", 8000), "http://[2001:db8::1]:8000"),
        ("http", ("::ffff:192.0.2.9", 8000), "http://[::ffff:192.0.2.9]:8000"),
        ("http", ("0.0.0.0", 8000), "http://localhost:8000"),  # noqa: S104 - nothing is bound
        ("http", ("::", 8000), "http://localhost:8000"),
        ("http", ("/run/broadsheet.sock", None), "http://localhost"),
        ("http", None, "http://localhost"),
    ],
)
def test_a_request_without_host_has_the_base_of_the_server(scheme: str, server: Any, expected: str) -> None:
    for headers in ({}, {b"host": b""}):  # granian passes an empty one where there is none
        made = hosts().base(scheme, PEER, "", headers, server)
        assert made == Base(expected, "", is_of_server=True)
        public = hosts("https://example.org/news").base(scheme, PEER, "", headers, server)
        assert public == Base("https://example.org/news", "/news")


def test_a_trusted_proxy_may_name_the_host_that_a_request_lacks() -> None:
    assert base(hosts(None, "*"), x_forwarded_host="example.org") == Base("http://example.org", "")
    ignored = base(hosts(), x_forwarded_host="evil.example", x_forwarded_prefix="/evil")
    assert ignored == Base("http://192.0.2.9:8000", "", is_of_server=True)


def test_an_empty_host_counts_as_missing() -> None:
    for of in (hosts("https://example.org"), hosts()):
        assert of.key("http", PEER, {b"host": b""}) == of.key("http", PEER, {})


def test_the_public_url_takes_precedence() -> None:
    public = hosts("https://example.org/news", "*")
    made = base(public, host="inside:8000", x_forwarded_host="evil.example", x_forwarded_proto="http")
    assert made == Base("https://example.org/news", "/news", "http://evil.example/news")
    with pytest.raises(InvalidHost):
        base(public, host="a b")


FORWARDED = {"host": "inside", "x_forwarded_proto": "https", "x_forwarded_host": "example.org"}


@pytest.mark.parametrize("trusted", ["10.0.0.0/8", "10.0.0.7", "*"])
def test_the_headers_of_a_trusted_proxy_are_used(trusted: str) -> None:
    of = hosts(None, "192.0.2.0/24", trusted)
    assert base(of, **FORWARDED).url == "https://example.org"
    assert base(of, **FORWARDED, x_forwarded_prefix="/news/") == Base("https://example.org/news", "/news")


@pytest.mark.parametrize("trusted", [(), ("192.0.2.0/24",)])
def test_the_headers_of_others_are_ignored(trusted: tuple[str, ...]) -> None:
    of = hosts(None, *trusted)
    assert base(of, **FORWARDED, x_forwarded_prefix="/evil").url == "http://inside"
    key = of.key("http", PEER, {b"host": b"inside"})
    assert of.key("http", PEER, {b"host": b"inside", b"x-forwarded-host": b"evil.example"}) == key


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"forwarded": "for=192.0.2.1;host=example.org;proto=https"}, "https://example.org"),
        ({"forwarded": 'Host="example.org:8443"; PROTO=https'}, "https://example.org:8443"),
        ({"forwarded": "host=evil.example, for=10.0.0.9;host=example.org"}, "http://example.org"),
        ({"forwarded": 'for="[2001:db8::1]";host=example.org;proto=http'}, "http://example.org"),
        ({"forwarded": "for=192.0.2.1"}, "http://inside"),
        ({"forwarded": "nonsense"}, "http://inside"),
        # A proxy that speaks X-Forwarded hands on whatever Forwarded a client sends.
        ({"forwarded": "host=evil.example", "x_forwarded_for": "192.0.2.1"}, "http://inside"),
        ({"forwarded": "host=evil.example;proto=http", "x_forwarded_proto": "https"}, "https://inside"),
        ({"x_forwarded_host": "example.org", "x_forwarded_port": "8080"}, "http://example.org:8080"),
        ({"x_forwarded_host": "example.org:9000", "x_forwarded_port": "8080"}, "http://example.org:9000"),
        ({"x_forwarded_proto": "https", "x_forwarded_port": "443"}, "https://inside"),
        # The port between two proxies, as nginx's $server_port names it where another one speaks TLS.
        ({"x_forwarded_proto": "https", "x_forwarded_port": "80"}, "https://inside"),
        ({"x_forwarded_host": "[::1]", "x_forwarded_port": "8080"}, "http://[::1]:8080"),
        ({"x_forwarded_port": "80x"}, "http://inside"),
    ],
)
def test_forwarded_headers(headers: dict[str, str], expected: str) -> None:
    assert base(hosts(None, "*"), host="inside", **headers).url == expected
    assert base(hosts(), host="inside", **headers).url == "http://inside"


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({"host": "example.org"}, ""),
        ({"host": "EXAMPLE.org:443"}, ""),
        ({}, ""),
        ({"host": "www.example.org"}, "https://www.example.org/news"),
        ({"host": "10.0.0.3:8000"}, "https://10.0.0.3:8000/news"),
        ({"host": "inside", "x_forwarded_host": "example.org"}, ""),
        ({"host": "example.org", "x_forwarded_proto": "https", "x_forwarded_prefix": "/news"}, ""),
        ({"host": "example.org", "x_forwarded_proto": "http"}, "http://example.org/news"),
        ({"host": "example.org", "x_forwarded_prefix": "/blog"}, "https://example.org/blog"),
    ],
)
def test_a_request_to_another_address_is_recognised(headers: dict[str, str], elsewhere: str) -> None:
    public = hosts("https://example.org/news", "*")
    actual = base(public, **headers)
    assert actual == Base("https://example.org/news", "/news", elsewhere)
    # A response to it has a key of its own, so that a cached one does not prevent the warning.
    raw = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    usual = public.key("http", PEER, {b"host": b"example.org"})
    assert (public.key("http", PEER, raw) == usual) is not bool(elsewhere)


def test_a_very_long_host_is_not_cached() -> None:
    endless = {b"host": b"a" * 60_000}
    assert hosts().key("http", PEER, endless) is None
    with pytest.raises(InvalidHost):
        base(hosts(), host="a" * 60_000)


def test_forwarded_values_of_the_client_are_ignored() -> None:
    of = hosts(None, "*")
    made = base(of, host="inside", x_forwarded_host="evil.example, example.org", x_forwarded_proto="gopher")
    assert made.url == "http://example.org"
    assert base(of, host="inside", x_forwarded_prefix='/a"b').url == "http://inside"
    with pytest.raises(InvalidHost):
        base(of, host="inside", x_forwarded_host="a b")


@pytest.mark.parametrize(
    "prefix",
    ["/a%20b", "/m%C3%BCnz", "/~ada/news", "/a+b/@c", "/a;v=1", "/a.b", "/_", "/A(1)", "/x:y", "/%41"],
)
def test_a_prefix_may_contain_whatever_a_path_may(prefix: str) -> None:
    made = base(hosts(None, "*"), host="inside", x_forwarded_prefix=f"{prefix}/")
    assert made == Base(f"http://inside{prefix}", prefix)


@pytest.mark.parametrize(
    "prefix",
    [
        "news",
        "/a b",
        "/a//b",
        "/..",
        "/a/../b",
        "/%2e%2e",
        "/%2E",
        "/a%2Fb",
        "/a%5Cb",
        "/a%00",
        "/%zz",
        "/a%",
        "/a?b",
        "/a#b",
        "/a'b",
        "/a<b",
        "/a\x7f",
    ],
)
def test_a_prefix_that_is_no_path_is_reported(prefix: str) -> None:
    made = base(hosts(None, "*"), host="inside", x_forwarded_prefix=prefix)
    assert made == Base("http://inside", "", refused_prefix=prefix)
    # With a public URL it has no effect.
    assert not base(
        hosts("https://example.org", "*"), host="example.org", x_forwarded_prefix=prefix
    ).refused_prefix


def test_the_message_about_a_host_names_where_it_comes_from() -> None:
    of = hosts(None, "*")
    with pytest.raises(InvalidHost, match=r"^X-Forwarded-Host"):
        base(of, host="inside", x_forwarded_host="a b")
    with pytest.raises(InvalidHost, match=r"^X-Forwarded-Host"):
        base(of, host="inside", x_forwarded_proto="https", x_forwarded_port="99999")
    with pytest.raises(InvalidHost, match=r"^The Host"):
        base(of, host="a b", x_forwarded_proto="https")


@pytest.mark.parametrize(
    ("prefix", "path", "below"),
    [
        ("", "/blog", "/blog"),
        ("/blog", "/blog", ""),
        ("/blog", "/blog/", "/"),
        ("/blog", "/blog/a%2Fb/c", "/a%2Fb/c"),
        ("/blog", "/%62log/a", "/a"),
        ("/m%C3%BC", "/m%c3%bc/a", "/a"),
        ("/a%20b/c", "/a%20b/%63/d", "/d"),
        ("/blog", "/blogs", "/blogs"),
        ("/blog", "/blog%2Fa", "/blog%2Fa"),
        ("/a/b", "/a%2Fb/c", "/a%2Fb/c"),
        ("/a/b", "/a", "/a"),
        ("/blog", "//blog/a", "//blog/a"),
        ("/blog", "*", "*"),
    ],
)
def test_the_path_below_a_prefix(prefix: str, path: str, below: str) -> None:
    assert path_below(prefix, path) == below


def test_a_mapped_address_is_its_ipv4_address() -> None:
    of = hosts(None, "10.0.0.0/8")
    forwarded = {b"host": b"inside", b"x-forwarded-host": b"example.org"}
    mapped = of.base("http", "::ffff:10.0.0.7", "", forwarded, SERVER)
    assert mapped.url == "http://example.org"


def test_equal_keys_have_equal_bases() -> None:
    of = hosts(None, "*")
    one = {b"host": b"inside", b"x-forwarded-proto": b"https"}
    other = {b"host": b"inside", b"x-forwarded-proto": b"http"}
    assert of.key("http", PEER, one) != of.key("http", PEER, other)
    assert of.key("http", PEER, one) != of.key(
        "http", PEER, {b"host": b"other", b"x-forwarded-proto": b"https"}
    )
