"""An export to a bucket of a real S3 server."""

from pathlib import Path

import obstore
import pytest
from obstore.store import from_url

from service.errors import ExportError
from service.export.record import ExportFacts
from service.export.targets.bucket import open_export_bucket
from tests.support.commands import Outcome, run_forked
from tests.support.s3_server import S3Server
from tests.support.static_site import write_site

PUBLIC = "https://static.example"


def export(s3: S3Server, work: Path, target: str, *options: str) -> Outcome:
    arguments = ["--content", str(work / "content"), "--index", f"sqlite:///{work}/export.db"]
    return run_forked("export", target, *options, *arguments, cwd=work, seconds=300, **s3.environment())


def objects(address: str) -> dict[str, str]:
    """The ETag of every object, without those of the export itself."""
    store = from_url(address, client_options={"allow_http": True})
    found = (entry for page in obstore.list(store) for entry in page)
    return {entry["path"]: entry["e_tag"] or "" for entry in found if not entry["path"].startswith(".")}


@pytest.mark.parametrize(("arguments", "suffix"), [((), ""), (("--layout", "files"), ".html")])
def test_objects_have_the_headers_of_the_service(
    s3: S3Server, tmp_path: Path, arguments: tuple[str, ...], suffix: str
) -> None:
    write_site(tmp_path / "content", PUBLIC, articles=4)
    target = f"s3://broadsheet/blog{suffix}"
    result = export(s3, tmp_path, target, *arguments)
    assert result.returncode == 0, result.stderr
    store = from_url(target, client_options={"allow_http": True})
    for name, media_type in (
        (f"articles/n1{suffix}", "text/html; charset=utf-8"),
        ("articles/n1.json", "application/json"),
        ("feed.atom", "application/atom+xml; charset=utf-8"),
        # The server of the tests keeps folders, and may lose the object `tags/بغداد` beside what is below it.
        ("tags/بغداد.html", "text/html; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("files/p1.gif", "image/gif"),
    ):
        attributes = obstore.get(store, name).attributes
        assert attributes["Content-Type"] == media_type, name
        assert attributes["Cache-Control"], name
    compressed = obstore.get(store, f"articles/n1{suffix}.br").attributes
    assert (compressed["Content-Encoding"], compressed["Content-Type"]) == ("br", "text/html; charset=utf-8")


def test_a_bucket_follows_the_content(s3: S3Server, tmp_path: Path) -> None:
    """With a suffix: the server of the tests keeps folders, and loses an object with the name of one."""
    write_site(tmp_path / "content", PUBLIC, articles=4)
    target = "s3://broadsheet/followed"
    first = export(s3, tmp_path, target, "--layout", "files")
    assert first.returncode == 0, first.stderr
    before = objects(target)

    unchanged = export(s3, tmp_path, target, "--layout", "files")
    assert (unchanged.returncode, unchanged.stdout) == (0, "")
    assert objects(target) == before

    (tmp_path / "content/n3.md").unlink()
    path = tmp_path / "content/n1.md"
    path.write_text(path.read_text("utf-8").replace("Long. Long.", "Short."), "utf-8")
    changed = export(s3, tmp_path, target, "--layout", "files")
    assert changed.returncode == 0, changed.stderr
    assert {f"{PUBLIC}/articles/n1", f"{PUBLIC}/articles/n3"} <= set(changed.stdout.split())
    after = objects(target)
    assert not [name for name in after if name.startswith("articles/n3")]
    assert after["articles/n1.json"] != before["articles/n1.json"]
    assert after["robots.txt"] == before["robots.txt"]


def test_an_interrupted_export_is_completed(s3: S3Server) -> None:
    address = "s3://broadsheet/interrupted"
    with open_export_bucket(address) as bucket:
        bucket.write("a.json", {"": b"1"}, (("content-type", "application/json"),))
        bucket.write("b.json", {"": b"2"})
        bucket._write_waiting()  # and here it is killed
    with open_export_bucket(address) as bucket:
        assert bucket.unfinished == {"a.json", "b.json"}
        bucket.write("a.json", {"": b"1"})
        bucket.remove(["b.json"])
        bucket.record.save(ExportFacts(made_by="this test"))
        bucket.finish()
    assert set(objects(address)) == {"a.json"}
    with open_export_bucket(address) as bucket:
        assert (bucket.unfinished, bucket.record.facts.made_by) == (frozenset(), "this test")


def test_two_exports_do_not_mix(s3: S3Server) -> None:
    address = "s3://broadsheet/two"
    with open_export_bucket(address) as first, open_export_bucket(address) as second:
        first.write("a", {"": b"1"})
        for bucket, name in ((first, "the first"), (second, "the second")):
            bucket.record.save(ExportFacts(made_by=name))
        first.finish()
        with pytest.raises(ExportError, match="another export has written"):
            second.finish()


def test_objects_of_others_are_left(s3: S3Server, tmp_path: Path) -> None:
    address = "s3://broadsheet/others"
    obstore.put(from_url(address, client_options={"allow_http": True}), "mine", b"mine")
    with pytest.raises(ExportError, match="not empty and no export"), open_export_bucket(address):
        pass
    write_site(tmp_path / "content", PUBLIC, articles=1)
    result = export(s3, tmp_path, address)
    assert (result.returncode, "not empty and no export" in result.stderr) == (1, True)
    assert set(objects(address)) == {"mine"}


def test_what_is_wrong_with_a_bucket_is_named(s3: S3Server, tmp_path: Path) -> None:
    write_site(tmp_path / "content", PUBLIC, articles=1)
    for target, message in (
        ("ftp://broadsheet/a", "ftp://broadsheet/a"),
        ("s3://no-such-bucket/a", "s3://no-such-bucket/a"),
    ):
        result = export(s3, tmp_path, target)
        assert result.returncode == 1, target
        assert message in result.stderr
        assert "Traceback" not in result.stderr, result.stderr
    wrong = S3Server(s3.port, secret_key="wrong")  # noqa: S106 - it is wrong
    result = export(wrong, tmp_path, "s3://broadsheet/b")
    assert result.returncode == 1
    assert "AWS_" in result.stderr
    assert "Traceback" not in result.stderr
