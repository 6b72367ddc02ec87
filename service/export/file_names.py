"""Which file holds the response at an address, where a static host finds it."""

from typing import Literal
from urllib.parse import unquote

from service.errors import ExportError

Layout = Literal["folders", "files", "names"]
"""Where the page at `/about` is: `about/index.html`, `about.html`, or in a bucket `about`."""

LONGEST_NAME = 255
LONGEST_SUFFIX = ".html.zst"


def file_name(address: str, media_type: str, layout: Layout) -> str:
    """The path of the file, below the folder of the export, for `address` below the public URL.

    Raises ExportError if no file can have this name.
    """
    name = unquote(address).removeprefix("/")
    if media_type.startswith("text/html") and not name.endswith(".html") and not name.startswith("files/"):
        name = _page_name(name, layout)
    segments = name.split("/")
    if any(segment in {"", ".", ".."} or "\0" in segment for segment in segments):
        raise ExportError(f"{address} cannot be exported: no file can have this name")
    if any(len(segment.encode()) > LONGEST_NAME - len(LONGEST_SUFFIX) for segment in segments):
        raise ExportError(
            f"{address} cannot be exported: its name has more than {LONGEST_NAME - len(LONGEST_SUFFIX)} bytes"
        )
    return name


def _page_name(name: str, layout: Layout) -> str:
    if not name:
        return "index.html"
    return {"folders": f"{name}/index.html", "files": f"{name}.html", "names": name}[layout]
