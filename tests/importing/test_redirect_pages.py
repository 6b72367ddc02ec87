"""Pages that only led to another, and slugs a post no longer has, become addresses of the article."""

from pathlib import Path

from tests.support.import_folder import import_file, import_text

STUB = (
    '<!DOCTYPE html><html><head><title>Moved</title><meta http-equiv="refresh" content="0; url={}"></head>'
    "<body><p>Moved.</p></body></html>"
)
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
TEXT = "The vote was held in the town hall on Monday evening, and everybody came to see it. " * 3


def test_a_page_that_leads_to_an_article_becomes_an_alias_of_it(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "old").mkdir(parents=True)
    (source / "old" / "ballot.html").write_text(STUB.format("/vote/"), "utf-8")
    (source / "away.html").write_text(STUB.format("https://elsewhere.example/x"), "utf-8")
    (source / "vote.html").write_text(PAGE.format("Vote", TEXT), "utf-8")
    (source / "other.html").write_text(PAGE.format("Other", TEXT), "utf-8")
    imported = import_file(source, to=tmp_path / "to")
    assert {slug: [*item.addresses] for slug, item in imported.articles.items()} == {
        "vote": ["/old/ballot.html", "/old/ballot"],
        "other": [],
    }
    assert any("a redirect to /vote/" in note for note in imported.of("left out"))


def test_a_front_matter_redirect_finds_the_article_by_its_old_address(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "former.md").write_text("---\nredirect_to: /2019/01/vote.html\n---\n", "utf-8")
    (source / "a.md").write_text(
        "---\ntitle: A\nslug: a\naliases: [/2019/01/vote.html]\n---\nText.\n", "utf-8"
    )
    imported = import_file(source, to=tmp_path / "to")
    assert [*imported.articles["a"].addresses] == ["/former.md", "/former", "/2019/01/vote.html"]


def test_slugs_wordpress_remembers(tmp_path: Path) -> None:
    imported = import_text(
        "export.xml",
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>X</title><item><title>Vote</title>'
        "<link>https://x.example/2019/01/the-vote/</link><guid>https://x.example/?p=1</guid>"
        "<content:encoded>Text.</content:encoded><wp:post_name>the-vote</wp:post_name>"
        "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
        "<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>vote</wp:meta_value></wp:postmeta>"
        "</item></channel></rss>",
        tmp_path / "to",
    )
    assert [*imported.articles["the-vote"].addresses] == ["/2019/01/vote", "/2019/01/the-vote"]
