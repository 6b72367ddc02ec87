"""What was left out of a folder, cut from its texts or moved in them, and why; which addresses lead on."""

from collections.abc import Iterator
from pathlib import Path

from service.content import load, read, scan
from service.errors import ContentError, SettingsError
from service.model import Site


def explanations(root: Path, site: Site, files: tuple[str, ...] = ()) -> Iterator[str]:
    """A line `path:line: …` for everything below `root` that was left out, cut or moved; or only in `files`.

    Of those `files` also the addresses that lead to their articles, as they were on another site. Files are
    named as the shell sees them or relative to `root`. Raises SettingsError when one is no article file below
    `root`.
    """
    found = scan(root)
    paths = [file.path for file in found.files]
    beside = [f"{one.path}:{one.line}: left out: {one.reason}" for one in found.exclusions]
    if files:
        wanted = {_relative(root, name) for name in files}
        if unknown := sorted(wanted - set(paths)):
            raise SettingsError(
                tuple(f"check: there is no article file {name!r} in {root}" for name in unknown)
            )
        paths, beside = [path for path in paths if path in wanted], []
    yield from beside
    for path in paths:
        try:
            data = read(root, path)
        except ContentError as error:
            yield f"{path}:{error.line}: {error.message}"
            continue
        loaded = load(root, path, data, site, found.context)
        for one in loaded.exclusions:
            yield f"{one.path}:{one.line}: left out: {one.reason}"
        for receipt in loaded.receipts:
            yield f"{path}:{receipt.line}: {receipt.rule}: {receipt.text!r} ({receipt.why})"
        for article in loaded.articles if files else ():
            if article.addresses:
                yield f"{path}:{article.number + 1}: leads here: {', '.join(article.addresses)}"


def _relative(root: Path, name: str) -> str:
    if Path(name).exists() and Path(name).resolve().is_relative_to(root.resolve()):
        return Path(name).resolve().relative_to(root.resolve()).as_posix()
    return Path(name).as_posix()
