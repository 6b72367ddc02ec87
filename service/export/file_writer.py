"""Writes the files of an export: those that differ from the previous one, which keeps all others."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from service.export.file_names import Layout
from service.export.record import ExportedFile, ExportFacts, FileFacts
from service.export.rendering import Rendition
from service.export.responses import Headers
from service.export.targets.target import ExportTarget

Progress = Callable[[int], None]


class WrittenFiles(msgspec.Struct, frozen=True):
    """The numbers of files written, left and removed, the addresses that changed, and those left out."""

    written: int
    unchanged: int
    removed: int
    changed: tuple[str, ...]
    faults: tuple[str, ...]


class FileWriter:
    """Writes files to `target` and to its record. `progress` is called with the number of files so far."""

    def __init__(self, target: ExportTarget, layout: Layout, progress: Progress) -> None:
        self.record = target.record
        self.before = target.record.facts
        self.layout = layout
        self._target = target
        self._progress = progress
        self._obsolete: list[str] = []
        self._changed: dict[str, None] = {}
        self._faults: list[str] = []
        self._files = 0
        self._written = 0
        self._last_written: ExportedFile | None = None

    def find_whole(self, address: str) -> ExportedFile | None:
        """The file of the previous export for `address`, if it is there."""
        if self.before.layout != self.layout:
            return None
        known = self.record.find(address)
        return known if known and known.facts.keys and self._is_whole(known) else None

    def has_whole_folder(self, folder: str) -> bool:
        """Whether all files that the previous export wrote in `folder` are there."""
        return all(map(self._is_whole, self.record.files_below(folder)))

    def keep(self, known: ExportedFile, linked_on: str = "") -> None:
        """Keep a file of the previous export."""
        if known.linked_on == linked_on:
            self.record.keep(known)
        else:
            self.record.write(msgspec.structs.replace(known, linked_on=linked_on))
        self._count()

    def leave_out(self, fault: str) -> None:
        """Note an address that has no file, and the reason."""
        self._faults.append(fault)

    def write_rendition(
        self,
        name: str,
        rendition: Rendition,
        headers: Headers = (),
        *,
        linked_on: str = "",
        parts: Mapping[str, bytes | Path] | None = None,
    ) -> None:
        """Write a response as a file, whose bytes are `parts` if they are given."""
        previous = self.record.file_at(name)
        if parts is None:
            parts = {**dict(rendition.variants), "": rendition.body} if rendition.body is not None else {}
        variants = tuple(suffix for suffix in parts if suffix)
        if not parts and previous is not None:
            variants = previous.facts.variants
        facts = FileFacts(rendition.sha256, rendition.length, variants, rendition.keys, rendition.following)
        self.write(name, rendition.address, facts, parts, headers, linked_on)

    def write(
        self,
        name: str,
        address: str,
        facts: FileFacts,
        parts: Mapping[str, bytes | Path],
        headers: Headers,
        linked_on: str = "",
    ) -> None:
        """Write a file and its compressed forms, `parts` by their suffixes, unless the same are there."""
        previous = self.record.file_at(name)
        file = ExportedFile(name, address, facts, self.record.number_of(headers) if headers else 0, linked_on)
        if previous is not None and self.record.is_written(name):
            self._write_copy(file, previous)
            return
        self.record.write(file)
        self._count()
        names_before = previous.names if previous else ()
        self._obsolete += set(names_before).difference(file.names)
        is_same = previous is not None and (previous.facts.sha256, names_before) == (facts.sha256, file.names)
        if not parts or (is_same and self._is_whole(file)):
            return
        last = self._last_written
        has_same_bytes = last and (last.facts.sha256, last.facts.variants) == (facts.sha256, facts.variants)
        same_as = last.name if last and has_same_bytes else ""
        self._target.write(name, parts, headers, replaced=names_before, same_as=same_as)
        self._last_written = file
        self._written += 1
        if previous is not None and address:
            self._changed[address] = None

    def _write_copy(self, file: ExportedFile, written: ExportedFile) -> None:
        """Note that the address of `file` has the file that was `written` for another address."""
        if written.facts.sha256 != file.facts.sha256:
            self.leave_out(
                f"{file.address} cannot be exported: {written.address} has the same file, {file.name};"
                " use the other --layout"
            )
            return
        if written.address == file.address:  # two chains of links may lead to it
            return
        self.record.write_copy(file)
        if written.address in self._changed:
            self._changed[file.address] = None

    def finish(self, facts: ExportFacts) -> WrittenFiles:
        """Remove what is gone, and save the record of what is there, which was made from `facts`."""
        removed = 0
        for file in self.record.stale_files():
            removed += 1
            if file.address:
                self._changed[file.address] = None
        self._changed |= dict.fromkeys(self.record.stale_copies())
        total = self.record.count_written()
        self._target.remove(self._names_to_remove())
        self.record.save(facts)
        self._target.finish()
        return WrittenFiles(
            self._written, total - self._written, removed, tuple(self._changed), tuple(self._faults)
        )

    def _is_whole(self, file: ExportedFile) -> bool:
        """Whether the file that the previous export wrote is there with its compressed forms."""
        return self._target.unfinished.isdisjoint(file.names) and self._target.has(
            file.name, file.facts.length
        )

    def _count(self) -> None:
        self._files += 1
        self._progress(self._files)

    def _names_to_remove(self) -> Iterator[str]:
        yield from self._obsolete
        for file in self.record.stale_files():
            yield from (name for name in file.names if not self.record.is_written(name))
        for name in self._target.unfinished:
            written = self.record.file_at(name) or self.record.file_at(name.rpartition(".")[0])
            is_written = written is not None and self.record.is_written(written.name)
            if not is_written or written is None or name not in written.names:
                yield name
