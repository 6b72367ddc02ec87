"""`--media DIR`: what articles show from their old site is copied, and links are rewritten."""

import json
from pathlib import Path

import pytest

from tests.support.exports import ghost_post
from tests.support.import_folder import Imported, import_text

OLD = "https://old.example/wp-content/uploads"


def bring_html(html: str, tmp_path: Path, uploads: dict[str, str], **item: object) -> Imported:
    """Import one item with the text `html`, and with a folder of `uploads` given by path."""
    media = tmp_path / "uploads"
    media.mkdir(parents=True, exist_ok=True)
    for path, text in uploads.items():
        file = media / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    known = {"id": "urn:x:1", "url": "https://old.example/a/post", "title": "Post", "content_html": html}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [known | item]}
    return import_text("feed.json", json.dumps(feed), tmp_path / "to", media=media)


MATCHED = [
    (f'<img src="{OLD}/2019/01/a.jpg" alt="">', "2019/01/a.jpg"),
    ('<img src="/wp-content/uploads/2019/01/a.jpg" alt="">', "2019/01/a.jpg"),
    ('<img src="../wp-content/uploads/2019/01/a.jpg" alt="">', "2019/01/a.jpg"),
    (f'<img src="{OLD}/2019/01/a.jpg?w=300#x" alt="">', "2019/01/a.jpg"),
    (f'<img src="{OLD}/2019/01/a.jpg" alt="">', "wp-content/uploads/2019/01/a.jpg"),
    (f'<img src="{OLD}/2019/01/a.jpg" alt="">', "backup/wp-content/uploads/2019/01/a.jpg"),
    (f'<img src="{OLD}/2019/01/a.jpg" alt="">', "a.jpg"),
    (f"<img alt='' src={OLD}/2019/01/a.jpg>", "2019/01/a.jpg"),
    (f'<p><a href="{OLD}/2019/01/plan.pdf">The plan</a></p>', "2019/01/plan.pdf"),
    (f'<video src="{OLD}/v.mp4" poster="{OLD}/v.jpg"></video>', "v.mp4"),
    (f'<img src="{OLD}/2019/01/a-300x200.jpg" alt="">', "2019/01/a.jpg"),
    ('<img src="https://g.example/content/images/size/w600/2019/01/a.jpg" alt="">', "2019/01/a.jpg"),
    (f'<img src="{OLD}/2019/01/caf%C3%A9%20b.jpg" alt="">', "2019/01/café b.jpg"),
    (f'<img src="{OLD}/2019/01/cafe%CC%81.jpg" alt="">', "2019/01/café.jpg"),
    (
        '<img src="https://cdn.example/image/fetch/w_1/https%3A%2F%2Fs3.example%2Fimages%2Fa.png" alt="">',
        "images/a.png",
    ),
]


@pytest.mark.parametrize(("html", "path"), MATCHED)
def test_a_file_belongs_to_the_address_whose_path_it_ends(html: str, path: str, tmp_path: Path) -> None:
    imported = bring_html(f"<p>Words.</p>{html}", tmp_path, {path: "pixels"})

    assert (imported.folder / "media" / path).read_text("utf-8") == "pixels"
    assert "/files/media/" in imported.articles["post"].content_html


NOT_MATCHED = [
    (f'<img src="{OLD}/2021/03/a.jpg" alt="">', "2019/01/a.jpg"),
    (f'<img src="{OLD}/2019/01/a.jpg" alt="">', "2019/01/A.jpg"),
    (f'<img src="{OLD}/2019/01/page.html" alt="">', "2019/01/page.html"),
    (f'<img src="{OLD}/2019/01/.hidden.jpg" alt="">', "2019/01/.hidden.jpg"),
    ('<img src="data:image/png;base64,AAAA" alt="">', "a.jpg"),
    ('<img src="https://[/2019/01/a.jpg" alt="">', "2019/01/a.jpg"),
]


@pytest.mark.parametrize(("html", "path"), NOT_MATCHED)
def test_files_of_similar_names_are_not_copied(html: str, path: str, tmp_path: Path) -> None:
    imported = bring_html(f"<p>Words.</p>{html}", tmp_path, {path: "pixels"})

    assert not (imported.folder / "media").exists()


def test_two_files_for_one_address_and_two_addresses_for_a_name(tmp_path: Path) -> None:
    pictures = "".join(f'<p><img src="{OLD}/{year}/a.jpg" alt=""></p>' for year in (2019, 2020))
    flat = bring_html(pictures, tmp_path / "flat", {"a.jpg": "pixels"})
    several = bring_html(
        f'<p>Words.</p><img src="{OLD}/a.jpg" alt="">', tmp_path / "two", {"x/a.jpg": "1", "y/a.jpg": "2"}
    )

    assert [item.remote_files for item in flat.done if item.remote_files] == [(f"{OLD}/2020/a.jpg",)]
    assert not (several.folder / "media").exists()


def test_lead_picture_and_attachments(tmp_path: Path) -> None:
    sound = {"url": f"{OLD}/talk.mp3", "mime_type": "audio/mpeg"}
    imported = bring_html(
        "<p>Words.</p>",
        tmp_path,
        {"a.jpg": "pixels", "talk.mp3": "sound"},
        image=f"{OLD}/a.jpg",
        attachments=[sound],
    )
    post = imported.articles["post"]

    assert post.image
    assert post.image.url.endswith("/files/media/a.jpg")
    assert [attachment.url.partition("/files/")[2] for attachment in post.attachments] == ["media/talk.mp3"]


def test_other_links_lead_where_they_led(tmp_path: Path) -> None:
    html = (
        f'<p><a href="/about">us</a> <a href="#x">there</a> <b id="x">x</b></p><img src="{OLD}/a.jpg" alt="">'
    )
    post = bring_html(html, tmp_path, {"a.jpg": "pixels"}).articles["post"]

    assert 'href="https://old.example/about"' in post.content_html
    assert 'href="\x02#x"' in post.content_html


def test_another_file_of_that_name_stays(tmp_path: Path) -> None:
    there = tmp_path / "to" / "media" / "a.jpg"
    there.parent.mkdir(parents=True)
    there.write_text("mine", "utf-8")
    html = f'<p>Words.</p><img src="{OLD}/a.jpg" alt="">'
    first = bring_html(html, tmp_path, {"a.jpg": "pixels"})
    again = bring_html(html, tmp_path, {"a.jpg": "pixels"})

    assert there.read_text("utf-8") == "mine"
    (copy,) = (file.name for file in there.parent.iterdir() if file != there)
    assert f"/files/media/{copy}" in first.articles["post"].content_html
    assert [item.outcome for item in again.done] == ["unchanged"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_text("secret", "utf-8")
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "a.jpg").symlink_to(tmp_path / "secret.jpg")
    imported = bring_html(f'<p>Words.</p><img src="{OLD}/a.jpg" alt="">', tmp_path, {})

    assert not (imported.folder / "media").exists()


def test_markdown(tmp_path: Path) -> None:
    media = tmp_path / "uploads"
    media.mkdir()
    (media / "a.jpg").write_text("pixels", "utf-8")
    text = f'---\ntitle: Post\n---\nWords ![a]({OLD}/a.jpg "A") and <{OLD}/b.jpg>.\n'
    imported = import_text("post.md", text, tmp_path / "to", media=media)

    assert '![a](/files/media/a.jpg "A")' in imported.text("post.md")
    assert f"<{OLD}/b.jpg>" in imported.text("post.md")


def test_an_address_in_code_stays(tmp_path: Path) -> None:
    media = tmp_path / "uploads"
    media.mkdir()
    (media / "a.jpg").write_text("pixels", "utf-8")
    text = f"---\ntitle: Post\n---\nRun `curl {OLD}/a.jpg`.\n"

    assert f"`curl {OLD}/a.jpg`" in import_text("post.md", text, tmp_path / "to", media=media).text("post.md")


def test_pictures_of_ghost_without_the_address_of_the_site(tmp_path: Path) -> None:
    media = tmp_path / "content" / "images"
    media.mkdir(parents=True)
    (media / "a.jpg").write_text("pixels", "utf-8")
    html = '<p>Words.</p><img src="__GHOST_URL__/content/images/a.jpg">'
    export = ghost_post("published", html=html, feature_image="__GHOST_URL__/content/images/a.jpg")
    imported = import_text("a.json", export, tmp_path / "to", media=tmp_path / "content")
    article = imported.articles["secret-plan"]

    assert '/files/media/images/a.jpg"' in article.content_html
    assert article.image
    assert article.image.url.endswith("/files/media/images/a.jpg")


def test_a_dry_run_copies_nothing(tmp_path: Path) -> None:
    media = tmp_path / "uploads"
    media.mkdir()
    (media / "a.jpg").write_text("pixels", "utf-8")
    imported = import_text(
        "a.html", f'<p>Words.</p><img src="{OLD}/a.jpg">', tmp_path / "to", media=media, dry_run=True
    )

    assert not imported.folder.exists()
    assert [item.path for item in imported.done] == ["a.md", "media/a.jpg"]


def test_a_file_that_cannot_be_copied_stops_no_article(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "media").write_text("a file, no folder", "utf-8")
    imported = bring_html(f'<p>Words.</p><img src="{OLD}/a.jpg" alt="">', tmp_path, {"a.jpg": "pixels"})

    assert list(imported.articles) == ["post"]
    assert len(imported.of("fault")) == 1
