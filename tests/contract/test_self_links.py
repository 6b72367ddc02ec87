"""The self link: one address for one query, however it was asked, in all three formats and in the header."""

import httpx
import pytest

from tests.support.feed_links import FEEDS, self_address
from tests.support.server import Server

SELF = [
    ("", ""),
    ("?", ""),
    ("?utm_source=a&fbclid=b&x=%20", ""),
    ("?limit=50&sort=newest&content=full&cursor=&q=&tag=&fields=id", ""),
    ("?limit=0010", "?limit=10"),
    ("?tag=Russia", "?tag=russia"),
    ("?tag=russia&tag=IRAQ&tag=Russia", "?tag=iraq&tag=russia"),
    ("?exclude_tag=z&tag=b&exclude_tag=a", "?tag=b&exclude_tag=a&exclude_tag=z"),
    ("?content=none&author=Ada+Lov%C3%A9lace&q=%20a%20%20b", "?q=a%20b&author=ada-lovelace&content=none"),
    ("?language=en_gb", "?language=en-GB"),
    ("?since=2019-01-28", "?since=2019-01-28T00%3A00%3A00Z"),
    ("?since=2019-01-28T01:00:00%2B01:00", "?since=2019-01-28T00%3A00%3A00Z"),
    ("?until=2019-01-28T01:00:00+01:00&since=", "?until=2019-01-28T00%3A00%3A00Z"),
    ("?updated_since=2019-01-28T00:00:00.000z&limit=9", "?updated_since=2019-01-28T00%3A00%3A00Z&limit=9"),
    ("?limit=9&content=summary&sort=updated", "?sort=updated&content=summary&limit=9"),
    ("?source=Rudaw&q=%22coup%20d%27%C3%A9tat%22", "?q=%22coup%20d%27%C3%A9tat%22&source=rudaw"),
]


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(("asked", "canonical"), SELF)
def test_one_query_has_one_address(
    client: httpx.Client, service: Server, path: str, asked: str, canonical: str
) -> None:
    answer = client.get(f"{path}{asked}")
    assert answer.status_code == 200
    assert self_address(answer) == f"{service.base}{path}{canonical}"
    assert answer.links["self"]["url"] == f"{service.base}{path}{canonical}"
    again = client.get(f"{path}{canonical}")
    assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])


@pytest.mark.parametrize("path", FEEDS)
def test_a_later_page_is_canonical_and_its_feed_is_the_first_page(
    client: httpx.Client, service: Server, path: str
) -> None:
    first = client.get(f"{path}?limit=2&utm_source=x")
    second = client.get(first.links["next"]["url"])
    assert second.links["self"]["url"] == first.links["next"]["url"]
    assert second.links["first"]["url"] == f"{service.base}{path}?limit=2"
    if path == "/feed.json":  # where a reader subscribes, on every page
        assert self_address(second) == f"{service.base}{path}?limit=2"
    else:
        assert self_address(second) == first.links["next"]["url"]
