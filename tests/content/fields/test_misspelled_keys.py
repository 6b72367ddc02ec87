"""A misspelled key is reported, and publishes nothing that was meant to be private."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.content import load, read, scan
from service.content.fields.field_reader import Fields
from service.content.front_matter.known_keys import KNOWN, OURS, near_keys
from service.content.records import LoadedFile
from service.model import Site

BODY = "Text.\n"


def loaded(text: str, path: str = "a.md") -> LoadedFile:
    return load(Path("/nowhere"), path, text.encode(), Site())


def messages(file: LoadedFile) -> list[str]:
    return [str(fault) for fault in file.faults]


NOT_SERVED = [
    ("staus: [draft]", "status"),
    ("visibilty: {to: members}", "visibility"),
    ("pasword: [sesame]", "password"),
    ("drafft: true", "draft"),
    ("Darft: yes", "draft"),
    ("drafft: false", "draft"),
    ("pubslished: false", "published"),
    ("pubslished: 2019-01-02", "published"),
    ("dat: 2030-01-02", "date"),
    ("dtae: 3 March 2030", "date"),
    ("dat: 04/05/2030", "date"),
    ("publsh-date: 2030-01-02", "publish_date"),
    ("expirs: 2019-01-02", "expires"),
    ("expirey: 2019-01-02", "expires"),
    ("expriry_dat: 2019-01-02", "expiry_date"),
    ("withdrwan: It was false.", "withdrawn"),
    ("withdrawal: {reason: It was false.}", "withdrawn"),
    ("visibilty: members", "visibility"),
    ("staus: draft", "status"),
    ("pasword: sesame", "password"),
    ("passwort: sesame", "password"),
    ("hiden: true", "hidden"),
    ("unlistd: true", "unlisted"),
    ("permalnk: false", "permalink"),
    ("is_darft: true", "is_draft"),
    ("drafft: true\ndraft: ''", "draft"),
    ("pubslished: false\npublished: 2019-01-01", "published"),
]


@pytest.mark.parametrize(("lines", "near"), NOT_SERVED)
def test_a_misspelled_key_of_visibility_excludes_the_article(lines: str, near: str) -> None:
    file = loaded(f"---\ntitle: T\n{lines}\n---\n{BODY}")
    assert file.articles == ()
    (message,) = messages(file)
    key = lines.partition(":")[0]
    assert message.startswith(f"a.md:3: unknown key {key!r}: did you mean {near!r}? It decides")


SERVED = [
    ("titel: A vote", "title"),
    ("titel:", "title"),
    ("drafft:", "draft"),
    ("drafft: soon", "draft"),
    ("dat: soon", "date"),
    ("dat: true", "date"),
    ("dat: 2030-01-02\ndate: 2019-01-02", "date"),
    ("drafft: true\ndraft: false", "draft"),
    ("tgas: [a]", "tags"),
    ("athor: Ann", "author"),
    ("athours: Ann", None),
    ("sumary: S", "summary"),
    ("discription: S", "description"),
    ("descirptoin: S", "description"),
    ("lanugage: en", "language"),
    ("categroies: [a]", "categories"),
    ("upated: 2019-01-02", "updated"),
    ("permalnk: /a/b/", "permalink"),
    ("corection: C", "correction"),
]


@pytest.mark.parametrize(("lines", "near"), SERVED)
def test_any_other_misspelled_key_is_reported_and_the_article_served(lines: str, near: str | None) -> None:
    file = loaded(f"---\n{lines}\n---\n{BODY}")
    assert len(file.articles) == 1
    key = lines.partition(":")[0]
    assert messages(file) == ([f"a.md:2: unknown key {key!r}: did you mean {near!r}?"] if near else [])


RIGHT = """
name math site data dates math path next text test wide rate gate late post poster links cases update
updates due_date last_date start_date end_date craft tabs toc series weight mood colour rating sub_title
""".split()


@pytest.mark.parametrize("key", RIGHT)
def test_a_known_key_is_not_reported(key: str) -> None:
    for value in ("2019-01-02", "true", "draft", "some words"):
        file = loaded(f"---\ntitle: T\n{key}: {value}\n---\n{BODY}")
        assert (len(file.articles), [m for m in messages(file) if "did you mean 'date'" in m]) == (1, [])


KINDS = [
    ("a.md", "+++\ntitle = 'T'\ndrafft = true\n+++\nText.\n", 3),
    ("a.md", '{\n"title": "T",\n"drafft": true\n}\nText.\n', 3),
    ("a.md", "Title: T\nDate: 2019-01-02\nStaus: draft\n\nText.\n", 3),
    ("a.md", "Titel: T\nDate: 2019-01-02\nStatus: published\nDraftt: true\n\nText.\n", 4),
    ("a.md", "Titel: T\nDat: 2030-01-02\n\nText.\n", 2),
    ("a.md", "titel: T\ndate: 2019-01-02\ndrafft: true\n---\nText.\n", 3),
    ("a.md", "title: T\ndate: 2019-01-02\ndrafft: true\n---\nText.\n", 3),
    ("a.txt", "---\ntitle: T\ndrafft: true\n---\nText.\n", 3),
    ("a.html", "---\ntitle: T\ndrafft: true\n---\n<p>Text.\n", 3),
    (
        "a.html",
        '<html><head>\n<title>T</title>\n<meta name="staus" content="draft">\n</head><body>x</body>',
        3,
    ),
    (
        "a.html",
        "<html><head>\n<title>T</title>\n<meta content=2030-01-02 name=dat>\n</head><body>x</body>",
        3,
    ),
    ("a.json", '{"title": "T",\n "text": "x",\n "drafft": true}', 3),
    ("a.jsonl", '{"title": "A", "text": "x"}\n\n{"title": "T", "text": "x", "drafft": true}\n', 3),
]


@pytest.mark.parametrize(("path", "text", "line"), KINDS)
def test_every_kind_of_front_matter_is_looked_at(path: str, text: str, line: int) -> None:
    file = loaded(text, path)
    assert [article.title for article in file.articles] == (["A"] if path == "a.jsonl" else [])
    (message,) = [message for message in messages(file) if "decides" in message]
    assert message.startswith(f"{path}:{line}: unknown key")


def test_unknown_meta_elements_are_not_reported() -> None:
    metas = ["viewport", "theme-color", "generator", "twitter:card", "og:title", "drafft", "expirs", "rating"]
    head = "".join(f'<meta name="{name}" content="2019-01-02">' for name in metas)
    file = loaded(
        f"<html><head><title>T</title>{head}</head><body><h1>T</h1><p>Text.</body></html>", "a.html"
    )
    assert (len(file.articles), messages(file)) == (1, [])


def test_a_misspelled_key_in_a_draft_is_not_reported() -> None:
    file = loaded(f"---\ntitle: T\ndraft: true\ndat: 2030-01-01\n---\n{BODY}")
    assert (file.articles, messages(file)) == ((), [])


@pytest.mark.parametrize("line", ["publish: false", "public: false", "isDraft: true", "is_draft: yes"])
def test_the_words_of_other_engines_for_a_draft_are_heeded(line: str) -> None:
    file = loaded(f"---\ntitle: T\n{line}\n---\n{BODY}")
    assert (file.articles, messages(file), len(file.exclusions)) == ((), [], 1)


def folder(root: Path, texts: dict[str, str]) -> dict[str, LoadedFile]:
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    scanned = scan(root)
    return {
        file.path: load(root, file.path, read(root, file.path), Site(), scanned.context)
        for file in scanned.files
    }


LATER = '"title": "T", "text": "x", "dat": "2030-01-01"'
THROUGHOUT: dict[str, Callable[[int], dict[str, str]]] = {
    "Markdown": lambda n: {
        f"posts/{i}/index.md": f"---\ntitle: T\ndat: 2030-01-01\n---\n{BODY}" for i in range(n)
    },
    "TOML": lambda n: {f"{i}.md": f"+++\ntitle = 'T'\ndat = 2030-01-01\n+++\n{BODY}" for i in range(n)},
    "JSON": lambda n: {f"{i}.json": f"{{{LATER}}}" for i in range(n)},
    "JSON Lines": lambda n: {"a.jsonl": f"{{{LATER}}}\n" * n},
    "HTML": lambda n: {
        f"{i}.html": "<html><head><title>T</title><meta name=dat content=2030-01-01></head><body>x</body>"
        for i in range(n)
    },
}


@pytest.mark.parametrize("kind", THROUGHOUT)
@pytest.mark.parametrize(("uses", "served"), [(1, 0), (4, 0), (5, 5), (90, 90)])
def test_a_key_that_the_folder_uses_throughout_is_its_own(
    tmp_path: Path, kind: str, uses: int, served: int
) -> None:
    files = folder(tmp_path, THROUGHOUT[kind](uses))
    assert sum(len(item.articles) for item in files.values()) == served


@pytest.mark.parametrize(("others", "served"), [(15, 20), (16, 16)])
def test_a_key_is_the_folders_own_from_a_quarter_of_its_articles_on(
    tmp_path: Path, others: int, served: int
) -> None:
    texts = THROUGHOUT["Markdown"](5)
    texts |= {f"other/{i}.md": f"---\ntitle: T\n---\n{BODY}" for i in range(others)}
    files = folder(tmp_path, texts)
    assert sum(len(item.articles) for item in files.values()) == served


BLOGS = Path(__file__).parents[1] / "blogs"


def test_every_key_that_is_read_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that is read under a new name is a row of the tables too."""
    asked: set[str] = set()
    for method in ("take", "gives", "peek", "among", "take_boolean"):
        original = getattr(Fields, method)

        def recording(fields: Fields, *names: Any, original: Any = original) -> Any:
            asked.update(*([name] if isinstance(name, str) else name for name in names))
            return original(fields, *names)

        monkeypatch.setattr(Fields, method, recording)
    for blog in sorted(BLOGS.iterdir()):
        if blog.is_dir():
            scanned = scan(blog)
            for file in scanned.files:
                load(blog, file.path, read(blog, file.path), Site(), scanned.context)
    assert len(asked) > 100
    assert asked - KNOWN == set()


LETTERS = "abcdefghijklmnopqrstuvwxyz_"


@given(st.sampled_from(sorted(OURS)), st.data())
def test_every_single_edit_of_a_key_is_near_to_it_or_known(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    slips = {
        name[:place] + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + letter + name[place + 1 :],
        name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
    }
    for slip in slips - KNOWN:
        assert near_keys(slip)


@settings(max_examples=settings().max_examples // 4)
@given(st.text(LETTERS, max_size=8))
def test_near_keys_are_as_near_as_a_plain_search_finds_them(key: str) -> None:
    """Against edits made one after the other from the key."""
    once = edits(key)
    near = {name for name in OURS if name in once and name != key}
    if not near:
        twice = set().union(*map(edits, once))
        assert set(near_keys(key)) <= {name for name in OURS if len(name) >= 8 and name in twice}
    elif key not in OURS:
        assert set(near_keys(key)) == near


def edits(key: str) -> set[str]:
    cuts = [(key[:place], key[place:]) for place in range(len(key) + 1)]
    return {
        *(a + b[1:] for a, b in cuts if b),
        *(a + letter + b for a, b in cuts for letter in LETTERS),
        *(a + letter + b[1:] for a, b in cuts if b for letter in LETTERS),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
    }
