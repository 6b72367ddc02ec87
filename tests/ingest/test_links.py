"""The content folder behind symbolic links: swapped releases, links that lead nowhere for a moment."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.index import made_from
from service.ingest import refresh_index
from tests.support.index_folder import NOW, Folder

OLD = 1_500_000_000


class Site(Folder):
    """Two releases of one site in `path`: the same names, sizes and mtimes, and other texts."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.releases = path / "releases"
        for release, word in (("rev1", "alpha"), ("rev2", "bravo")):
            for name in ("one", "deep/two"):
                file = self.releases / release / "content" / f"{name}.md"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"---\ntitle: {name[-3:]}\ndate: 2020-01-01\n---\n\nText of {word}.\n")
                os.utime(file, (OLD, OLD))

    def look(self) -> int:
        """Refresh as the running service does; how many files were read anew."""
        return refresh_index(self.url, self.root, self.site, now=NOW, take_over=False).read

    def words(self) -> list[str]:
        return [word for word in ("alpha", "bravo") if len(self.slugs(q=word)) == 2]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def swap(link: Path, target: str) -> None:
    """`ln -s TARGET new; mv -T new LINK`: at every moment the link leads somewhere."""
    new = link.with_name("new-link")
    new.symlink_to(target)
    new.replace(link)


def current(site: Site) -> Callable[[], object]:
    site.root = site.releases.parent / "current"
    site.root.symlink_to("releases/rev1/content")
    return lambda: swap(site.root, "releases/rev2/content")


def folder_above(site: Site) -> Callable[[], object]:
    link = site.releases.parent / "current"
    link.symlink_to("releases/rev1")
    site.root = link / "content"
    return lambda: swap(link, "releases/rev2")


def chain(site: Site) -> Callable[[], object]:
    release = site.releases / "latest"
    release.symlink_to("rev1")
    site.root = site.releases.parent / "current"
    site.root.symlink_to("releases/latest/content")
    return lambda: swap(release, "rev2")


def link_within(site: Site) -> Callable[[], object]:
    site.releases.rename(site.root / ".releases")
    (site.root / "posts").symlink_to(".releases/rev1/content")
    return lambda: swap(site.root / "posts", ".releases/rev2/content")


def config_map(site: Site) -> Callable[[], object]:
    for release in ("rev1", "rev2"):
        shutil.copytree(site.releases / release / "content", site.root / f"..{release}")
    (site.root / "..data").symlink_to("..rev1")
    (site.root / "one.md").symlink_to("..data/one.md")
    (site.root / "deep").symlink_to("..data/deep")
    return lambda: swap(site.root / "..data", "..rev2")


def renamed(site: Site) -> Callable[[], object]:
    site.root = site.releases / "rev1" / "content"

    def exchange() -> None:
        site.root.rename(site.releases / "before")
        (site.releases / "rev2" / "content").rename(site.root)

    return exchange


LAYOUTS = (current, folder_above, chain, link_within, config_map, renamed)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_release_that_is_swapped_is_noticed(
    site: Site, layout: Callable[[Site], Callable[[], object]]
) -> None:
    exchange = layout(site)
    assert site.look() == 2
    assert site.words() == ["alpha"]
    assert site.look() == 0
    exchange()
    assert made_from(site.url, site.root)
    assert site.look() == 2
    assert site.words() == ["bravo"]
    assert site.look() == 0


def test_the_folder_is_one_however_its_path_is_written(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.root = site.releases / "rev1" / "content"
    site.refresh()
    monkeypatch.chdir(site.releases)
    for path in ("rev1/content", "./rev1/content/", "rev2/../rev1/content"):
        assert made_from(site.url, Path(path)), path
    assert not made_from(site.url, Path("rev2/content"))


def test_a_folder_that_is_gone_for_a_moment_changes_nothing(site: Site) -> None:
    exchange = current(site)
    site.look()
    before = site.everything()
    site.root.unlink()
    for target in (None, "nowhere", "current"):
        if target:
            swap(site.root, target)
        with pytest.raises(SettingsError, match="there is no folder"):
            site.look()
        assert site.everything() == before
    exchange()
    site.look()
    assert site.words() == ["bravo"]


def test_a_volume_that_is_not_mounted_changes_nothing(site: Site) -> None:
    current(site)
    site.look()
    before = site.everything()
    site.root.unlink()
    site.root.mkdir()
    with pytest.raises(SettingsError, match="another folder than before, and empty"):
        site.look()
    assert site.everything() == before
    (site.root / "three.md").write_text("---\ntitle: Three\n---\n")
    assert site.look() == 1
    assert site.slugs() == ["three"]


def test_a_folder_that_was_emptied_is_empty(site: Site) -> None:
    site.root = site.releases / "rev1" / "content"
    site.look()
    shutil.rmtree(site.root / "deep")
    (site.root / "one.md").unlink()
    site.look()
    assert site.everything() == []


@pytest.mark.parametrize("layout", [link_within, config_map])
def test_a_link_that_leads_nowhere_for_a_moment_loses_nothing(
    site: Site, layout: Callable[[Site], Callable[[], object]]
) -> None:
    exchange = layout(site)
    site.look()
    before = site.everything()
    link = next(link for link in (site.root / "..data", site.root / "posts") if link.is_symlink())
    swap(link, "nowhere")
    report = refresh_index(site.url, site.root, site.site, now=NOW, take_over=False)
    assert report.faults
    assert all("leads nowhere" in fault.message for fault in report.faults)
    assert site.everything() == before
    exchange()
    site.look()
    assert site.words() == ["bravo"]
    link.unlink()
    if layout is link_within:
        site.look()
        assert site.everything() == []


def test_a_working_folder_that_is_removed_is_reported(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.releases / "rev1")
    site.root = Path("content")
    site.look()
    shutil.rmtree(site.releases / "rev1")
    with pytest.raises(SettingsError, match="removed"):
        site.look()
    monkeypatch.chdir(site.releases)


def test_new_settings_wait_for_what_cannot_be_read(site: Site) -> None:
    """All articles have to be read anew then, and those that cannot be would be lost."""
    exchange = link_within(site)
    site.look()
    before = site.everything()
    swap(site.root / "posts", "nowhere")
    (site.root / "hugo.toml").write_text('languageCode = "de"\ntitle = "T"\n')
    with pytest.raises(SettingsError, match=r"two\.md cannot be read, and the settings"):
        site.look()
    assert site.everything() == before
    exchange()
    site.look()
    assert site.words() == ["bravo"]
