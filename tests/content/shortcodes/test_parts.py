"""Files that a text shows within itself: parts that MDX imports, includes of VitePress."""

from pathlib import Path

import pytest

from service.content.files.dependencies import FileLookup
from service.content.shortcodes.parts import include_parts
from tests.support.index_folder import Folder

PARTS = {
    "docs/_steps.mdx": "---\nx: 1\n---\nimport Deep from './parts/_deep.md'\n\nSteps.\n\n<Deep/>\n",
    "docs/parts/_deep.md": "import Self from './_deep.md'\n\nDeep.\n\n<Self />\n",
    "docs/.hidden.md": "Hidden.",
}
STEPS = "import Steps from './_steps.mdx'\n\n"
# The text of docs/a.md, and what of its parts is shown in it.
CASES = [
    (f"{STEPS}<Steps />", ["Steps.", "Deep."]),
    (f'{STEPS}<Tabs>\n  <Steps id="a" />\n</Tabs>', ["Steps.", "Deep."]),
    ("import A from \"./\\\\_steps.mdx\"; import\nB from './parts/_deep.md';\n\n<B />", ["Deep."]),
    ("A\n\n<!--@include: ./parts/_deep.md-->\n", ["Deep."]),
    ("A\n\n<!-- @include: ../docs/_steps.mdx -->\n", []),
    (f"{STEPS}`<Steps />`\n\n```\n<Steps />\n```", []),
    (STEPS, []),
    ("import Gone from './_gone.mdx'\n\n<Gone />", []),
    ("import Hidden from './.hidden.md'\n\n<Hidden />", []),
    ("import Up from '../../../../../etc/x.md'\n\n<Up />", []),
    ("import Own from './a.md'\n\n<Own />", []),
    ("<!--@include: ./parts/_deep.md{1,2}-->", []),
]


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_the_text_of_a_part_stands_in_its_place(tmp_path: Path, text: str, shown: list[str]) -> None:
    for path, content in {**PARTS, "docs/a.md": text}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    included = include_parts(text, "docs/a.md", FileLookup(tmp_path), may_be_mdx=True)
    assert [part for part in ("Steps.", "Deep.", "Hidden.") if part in included] == shown
    assert (included == text) == (not shown)


def test_parts_do_not_make_a_text_longer_than_a_megabyte(tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text("x" * 300_000)
    text = "import Long from './long.md'\n\n" + "<Long />\n\n" * 4
    assert include_parts(text, "a.md", FileLookup(tmp_path), may_be_mdx=True) == text


def test_an_article_changes_with_its_part(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (folder.root / "a.mdx").write_text(f"---\ntitle: A\n---\n{STEPS}<Steps />\n")
    (folder.root / "_steps.mdx").write_text("First.\n")
    folder.refresh()
    assert [article.content_text for article in folder.find().articles] == ["First."]
    (folder.root / "_steps.mdx").write_text("The second.\n")
    folder.refresh()
    assert [article.content_text for article in folder.find().articles] == ["The second."]
