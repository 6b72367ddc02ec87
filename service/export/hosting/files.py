"""Writes what hosts read: redirects and headers, and a page at each former address of a page."""

from collections.abc import Iterator
from urllib.parse import quote, urldefrag, urlsplit

from service.export.addresses import SiteContents
from service.export.file_names import file_name
from service.export.file_writer import FileWriter
from service.export.hosting.nginx import write_nginx_files
from service.export.hosting.rules import HostingRules, find_header_rules
from service.export.hosting.static_hosts import (
    MOST_HEADER_RULES,
    header_rules,
    headers_file,
    redirect_page,
    redirects_file,
)
from service.export.record import ExportRecord
from service.export.rendering import make_rendition
from service.export.responses import ExportedResponse
from service.export.targets.target import MARKER
from service.model import Site
from service.urls import ARTICLE_SUFFIXES, Urls

_ARTICLES = "/articles/"


def write_hosting_files(site: Site, contents: SiteContents, files: FileWriter) -> list[str]:
    """Write the files by which hosts redirect and send headers; notes of what does not work there."""
    record = files.record
    redirects = {address: (redirect.status, redirect.location) for address, redirect in record.redirects()}
    pages = _write_redirect_pages(redirects, files)
    rules = HostingRules(
        urlsplit(site.public_url or "").path.rstrip("/"),
        redirects,
        find_header_rules(record.hosted),
        pages,
        _names(contents, record),
        _redirect_ages(record),
    )
    nginx = write_nginx_files(rules, files.layout)
    for name, text in (
        ("_redirects", redirects_file(rules)),
        ("_headers", headers_file(rules)),
        (f"{MARKER}/nginx-http.conf", nginx.http),
        (f"{MARKER}/nginx-server.conf", nginx.server),
    ):
        _write_file(files, name, "", text.encode())
    notes = [*_dead_navigation(site, record)]
    if beyond := [*header_rules(rules)][MOST_HEADER_RULES:]:
        notes.append(
            f"_headers has {MOST_HEADER_RULES + len(beyond)} rules, of which Cloudflare Pages reads the"
            f" first {MOST_HEADER_RULES}: there {beyond[0]} and the {len(beyond) - 1} after it have no"
            " security policy; move pages into folders, or use another host"
        )
    return notes


def _redirect_ages(record: ExportRecord) -> dict[str, str]:
    """How long redirects may be kept: those of slugs, which may be used again, and of other addresses."""
    ages: dict[str, str] = {}
    for address, redirect in record.redirects():
        if age := redirect.cache_control:
            folder = _ARTICLES if address.startswith(_ARTICLES) else ""
            if age != ages.setdefault(folder, age):
                ages[address] = age
    return ages


def _write_redirect_pages(redirects: dict[str, tuple[int, str]], files: FileWriter) -> dict[str, str]:
    """Write a page at each former address of a page; the names of these files, with the targets."""
    pages: dict[str, str] = {}
    for address, (_, target) in redirects.items():
        if _may_be_page(address) and _may_be_page(target):
            name = file_name(address, "text/html", files.layout)
            if not files.record.is_written(name):
                _write_file(files, name, address, redirect_page(target))
                pages[name] = target
    return pages


def _may_be_page(address: str) -> bool:
    """Whether the suffix of an address is that of a page, or missing."""
    name = urlsplit(address).path.rpartition("/")[2]
    return "." not in name or name.endswith(".html")


def _names(contents: SiteContents, record: ExportRecord) -> dict[str, str]:
    """Addresses of lists and pages by how readers write them."""
    pages = (
        f"{page}{suffix}" for page in contents.known.pages for suffix in ("", *ARTICLE_SUFFIXES.values())
    )
    names = contents.named_lists | {page: quote(page) for page in pages}
    return {name: address for name, address in names.items() if record.has_written(address)}


def _dead_navigation(site: Site, record: ExportRecord) -> Iterator[str]:
    """A note for each link of every page that leads to an address of the site without a file."""
    base = site.public_url or ""
    for link in site.navigation:
        url = urldefrag(Urls(base, site.addresses).configured(link.url)).url
        address = quote(url.removeprefix(base) or "/", safe="/%")
        redirect = record.find_redirect(address)
        leads_on = redirect is not None and redirect.status != 0
        if f"{url}/".startswith(f"{base}/") and not (leads_on or record.has_written(address)):
            yield f"[navigation] links to {link.url}, which the export does not hold; change the link"


def _write_file(files: FileWriter, name: str, address: str, data: bytes) -> None:
    """Write a file that no response is: it has no compressed forms."""
    files.write_rendition(name, make_rendition(ExportedResponse(address, 200, (), data)))
