"""The addresses of the main feed, and the self link of a feed document."""

import defusedxml.ElementTree
import httpx

FEEDS = ("/feed.atom", "/feed.rss", "/feed.json")


def self_address(response: httpx.Response) -> str:
    """The address that a feed document gives as its own."""
    if "json" in response.headers["content-type"]:
        return str(response.json()["feed_url"])
    root = defusedxml.ElementTree.fromstring(response.content)
    links = [
        link.attrib for link in root.iter("{http://www.w3.org/2005/Atom}link") if link.attrib["rel"] == "self"
    ]
    assert len(links) == 1
    return str(links[0]["href"])
