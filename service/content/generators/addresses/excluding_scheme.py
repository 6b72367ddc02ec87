"""The scheme of a generator whose settings exclude files by globs, and whose addresses are not built."""

from typing import ClassVar

from service.content.files.kinds import HTML_SUFFIXES
from service.content.generators.addresses.scheme import Scheme
from service.content.generators.site_settings.folder_defaults import matches_glob
from service.content.generators.site_settings.values import relative_path


class ExcludingScheme(Scheme, frozen=True, kw_only=True):
    """`source` is the folder of the pages; `excluded` are the globs in `setting` of those that have none.

    `included` are the globs of those that have one, none for all; `suffixes` those of files that are read.
    """

    unread_suffixes: ClassVar[tuple[str, ...]] = (".txt", *HTML_SUFFIXES)

    source: str
    setting: str
    excluded: tuple[str, ...]
    included: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (self.source,) if self.source != self.folder else ()

    def find_site_exclusion(self, path: str) -> str | None:
        inner = relative_path(self.source, path)
        is_excluded = inner is not None and matches_glob(inner, self.excluded)
        if is_excluded:
            return f"excluded by {self.setting}"
        if self.suffixes and not path.lower().endswith(self.suffixes):
            return f"not read: only files {', '.join(self.suffixes)} are"
        return "not included by the settings" if self._is_left_out(inner) else None

    def _is_left_out(self, inner: str | None) -> bool:
        return bool(self.included) and inner is not None and not matches_glob(inner, self.included)
