"""`check --explain`: what was left out, cut or moved, and why; former addresses of articles."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from service.content import LoadedFile, load_parts, read_file_parts, scan
from service.errors import ContentError, SettingsError
from service.index import now
from service.model import Article, Site


def explain_files(root: Path, site: Site, files: tuple[str, ...]) -> Iterator[str]:
    """A line `path:line: …` for everything below `root`, or in `files`, that was left out, cut or moved.

    For `files` also the former addresses of their articles. Files are named relative to the working directory
    or to `root`. Raises SettingsError if one is not an article file below `root`.
    """
    scanned = scan(root)
    paths = [file.path for file in scanned.files]
    lines = [
        f"{exclusion.path}:{exclusion.line}: left out: {exclusion.reason}" for exclusion in scanned.exclusions
    ]
    if files:
        requested = {_relative(root, name) for name in files}
        if unknown := sorted(requested - set(paths)):
            raise SettingsError(
                tuple(f"check: there is no article file {name!r} in {root}" for name in unknown)
            )
        paths, lines = [path for path in paths if path in requested], []
    yield from lines
    for path in paths:
        try:
            for part in read_file_parts(root, path):
                (loaded,) = load_parts(root, [part], site, scanned.context)
                yield from _explain_articles(path, loaded, with_addresses=bool(files))
        except ContentError as error:
            yield f"{path}:{error.line}: {error.message}"


def _explain_articles(path: str, loaded: LoadedFile, *, with_addresses: bool) -> Iterator[str]:
    for exclusion in loaded.exclusions:
        yield f"{exclusion.path}:{exclusion.line}: left out: {exclusion.reason}"
    for receipt in loaded.receipts:
        yield f"{path}:{receipt.line}: {receipt.rule}: {receipt.text!r} ({receipt.why})"
    for article in (*loaded.articles, *loaded.pages):
        if reason := _reason_not_served(article):
            yield f"{path}:{article.number + 1}: left out: {reason}"
            continue
        if with_addresses and article.is_page:
            yield f"{path}:{article.number + 1}: a page, not an article: {article.slug}"
        if with_addresses and article.addresses:
            yield f"{path}:{article.number + 1}: leads here: {', '.join(article.addresses)}"


def _reason_not_served(article: Article) -> str | None:
    """Why a loaded article is not served at present; None if it is."""
    present = now()
    if article.withdrawn:
        return (
            f"it is withdrawn ({article.withdrawn.reason})" if article.withdrawn.reason else "it is withdrawn"
        )
    if article.expires and article.expires <= present:
        return f"it expired at {_instant(article.expires)}"
    if article.published and article.published > present:
        return f"it is scheduled for {_instant(article.published)}"
    return None


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _relative(root: Path, name: str) -> str:
    if Path(name).exists() and Path(name).resolve().is_relative_to(root.resolve()):
        return Path(name).resolve().relative_to(root.resolve()).as_posix()
    return Path(name).as_posix()
