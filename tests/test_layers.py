"""The architecture is one line, and every fence of it stands."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.support.server import ROOT

LINE = (
    *("errors", "log_on_change", "model", "query", "markup", "content", "index", "filter_parsers", "ingest"),
    *("urls", "formats", "publisher", "importing", "retries", "outgoing", "websub", "replication"),
    *("settings", "webhooks", "purging", "web", "server", "export", "cli"),
)

# What a module may import of those to its left, where it is not all of them.
LEFT_FENCES = {"settings": ("errors", "model", "query", "content", "filter_parsers")}

# Who may import a package, or read a name of it: the beginnings of paths below service/.
IMPORT_FENCES = {
    "litestar": ("web/", "server/"),
    "feedgen": ("formats/feeds/",),
    "lxml": ("formats/feeds/", "formats/lint/xml"),
    "sqlite3": ("index/", "ingest/", "replication/index_copy", "replication/row_delta", "export/record"),
    "bs4": ("importing/conversion/",),
    "markdownify": ("importing/conversion/",),
    "inotify_simple": ("ingest/watch/folder_watch",),
    "obstore": ("replication/object_store",),
    "feedparser": ("importing/parsing/feed_document",),
}
NAME_FENCES = {
    "os.environ": ("settings",),
    "os.getenv": ("settings",),
    "datetime.now": ("index/instants",),
    "datetime.utcnow": ("index/instants",),
    "datetime.today": ("index/instants",),
    "date.today": ("index/instants",),
    "time.time": ("index/instants",),
    "time.time_ns": ("index/instants",),
}

# What is imported inside a function, since few runs need it and it takes long: `test_command_start` counts.
LATE_IMPORTS = {
    "cli/options.py": {"service.formats.html.fault_of_templates"},
    "content/dates/date_field.py": {"service.content.dates.printed_dates.read_printed"},
    "content/dates/date_text.py": {"email.utils.parsedate_to_datetime"},
    "content/fields/images.py": {"imagesize"},
    "content/parsing/split_file.py": {"service.content.front_matter.mdx_metadata.read_metadata"},
    "content/shortcodes/__init__.py": {
        f"service.content.shortcodes.mdx.convert.{name}" for name in ("jsx_tags_to_html", "mdx_to_markdown")
    },
    "content/fields/script_detection.py": {"service.content.scraping.language.detect_language"},
    "settings/webhooks.py": {
        f"service.filter_parsers.{name}" for name in ("PARSERS", "near_parameter", "parse_values")
    },
    "content/pipeline.py": {
        "service.content.scraping.read_scraped",
        "service.content.shortcodes.obsidian.read_note",
    },
    "model/names.py": {"idna"},
    "replication/open_store.py": {"service.replication.object_store.BucketStore"},
}

# Classes that play the same role in sibling modules: only these may share a name.
SIBLING_CLASSES = {"_Post": ["content/generators/hexo.py", "content/generators/pelican.py"]}

SERVICE = ROOT / "service"
FILES = sorted(path.relative_to(SERVICE).as_posix() for path in SERVICE.rglob("*.py"))
TEST_FILES = sorted(path.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("*.py"))


Trees = dict[str, ast.Module]


@pytest.fixture(scope="module")
def trees() -> Trees:
    """The syntax tree of each file below service/."""
    return {path: ast.parse((SERVICE / path).read_text("utf-8")) for path in FILES}


def layer(path: str) -> int:
    """Where a file below service/ stands in the line; -1 for the package itself, which stands before all."""
    name = path.removesuffix(".py").split("/")[0]
    return -1 if name == "__init__" else LINE.index(name)


def imports(tree: ast.AST, path: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a file imports; relative ones made absolute."""
    package = ("service", *PurePosixPath(path).parts[:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def faults(path: str, tree: ast.AST) -> list[str]:
    """Every way in which the file at `path` below service/ breaks the line or a fence."""
    breaches = []
    for line, name in imports(tree, path):
        parts = name.split(".")
        if parts[0] == "service":
            target = parts[1] if len(parts) > 1 else "__init__"
            place = LINE.index(target) if target in LINE else -1
            if place > layer(path):
                breaches.append(f"{path}:{line}: imports {name}, which stands to its right")
            own = path.removesuffix(".py").split("/")[0]
            reachable = LEFT_FENCES.get(own)
            if reachable and place >= 0 and target not in (own, *reachable):
                breaches.append(f"{path}:{line}: imports {name}, but {own} needs only {', '.join(reachable)}")
        allowed = IMPORT_FENCES.get(parts[0])
        if allowed and not path.startswith(allowed):
            breaches.append(f"{path}:{line}: imports {parts[0]}, which belongs in {', '.join(allowed)}")
    breaches += [
        f"{path}:{line}: import inside a function"
        for line, name in late_imports(tree, path)
        if name not in LATE_IMPORTS.get(path, ())
    ]
    return breaches + list(name_faults(path, tree))


def late_imports(tree: ast.AST, path: str) -> Iterator[tuple[int, str]]:
    """As `imports`, of the functions in a file."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imports(function, path)


def name_faults(path: str, tree: ast.AST) -> Iterator[str]:
    """Names that are read where they may not be, also by way of `from os import environ`."""
    read = [(line, ".".join(name.split(".")[-2:])) for line, name in imports(tree, path)]
    fenced = {name.rpartition(".")[2] for name in NAME_FENCES}
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in fenced]
    read += [(node.lineno, ".".join(ast.unparse(node).split(".")[-2:])) for node in attributes]
    for line, name in read:
        allowed = NAME_FENCES.get(name)
        if allowed and not path.startswith(allowed):
            yield f"{path}:{line}: uses {name}, which belongs in {', '.join(allowed)}"


def test_a_module_imports_only_from_its_left(trees: Trees) -> None:
    assert [fault for path, tree in trees.items() for fault in faults(path, tree)] == []


def test_every_late_import_is_one(trees: Trees) -> None:
    assert {
        path: {name for _, name in late_imports(trees[path], path)} for path in LATE_IMPORTS
    } == LATE_IMPORTS


def test_every_module_of_the_line_is_there() -> None:
    tops = {path.removesuffix(".py").split("/")[0] for path in FILES} - {"__init__"}
    assert tops == set(LINE)


def test_no_modules_import_each_other_in_a_circle(trees: Trees) -> None:
    modules = {module_name(path): path for path in FILES}
    needs: dict[str, set[str]] = {}
    for name, path in modules.items():
        named = {target for _, target in imports(trees[path], path)}
        # `from service.query import Page` names service.query.Page: the module is what comes before.
        imported = {target if target in modules else target.rpartition(".")[0] for target in named}
        needs[name] = (imported & modules.keys()) - {name}
    while leaves := {name for name, others in needs.items() if not others & needs.keys()}:
        needs = {name: others for name, others in needs.items() if name not in leaves}
    assert needs == {}, "these import each other in a circle, or lead into one"


def test_a_class_name_stands_in_one_module(trees: Trees) -> None:
    modules: dict[str, list[str]] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                modules.setdefault(node.name, []).append(path)
    assert {name: paths for name, paths in modules.items() if len(paths) > 1} == SIBLING_CLASSES, (
        "rename all but one, unless each has the same role in sibling modules"
    )


def test_no_module_of_tests_imports_a_test_module() -> None:
    imported = [
        f"{path}:{line}: imports {name}; move it to tests/support"
        for path in TEST_FILES
        for line, name in imports(ast.parse((ROOT / "tests" / path).read_text("utf-8")), path)
        if re.match(r"tests\.(\w+\.)*test_", name)
    ]
    assert imported == []


def module_name(path: str) -> str:
    """`content/__init__.py` → `service.content`."""
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(["service", *(part for part in parts if part != "__init__")])


BREACHES = [
    ("model.py", "from service.query import Page", "stands to its right"),
    ("model.py", "import service.query", "stands to its right"),
    ("model.py", "from service import query", "stands to its right"),
    ("content/pipeline.py", "from ..formats import FORMATS", "stands to its right"),
    ("errors.py", "import litestar.handlers", "litestar"),
    ("settings.py", "from litestar import get", "litestar"),
    (
        "settings/appearance.py",
        "from service.formats.html import HTML",
        "needs only errors, model, query, content, filter_parsers",
    ),
    (
        "settings/__init__.py",
        "from service.publisher import Publisher",
        "needs only errors, model, query, content, filter_parsers",
    ),
    ("formats/json.py", "from lxml import etree", "lxml"),
    ("formats/html.py", "from feedgen.feed import FeedGenerator", "feedgen"),
    ("publisher.py", "import sqlite3", "sqlite3"),
    ("cli.py", "import os\nhome = os.environ['HOME']", "os.environ"),
    ("cli.py", "from os import getenv", "os.getenv"),
    ("formats/feeds/rss.py", "import datetime\nx = datetime.datetime.now()", "datetime.now"),
    ("formats/feeds/rss.py", "from datetime import datetime\nx = datetime.now(UTC)", "datetime.now"),
    ("publisher.py", "from time import time", "time.time"),
    ("cli.py", "def serve():\n    import service.server", "inside a function"),
    ("cli.py", "async def serve():\n    from service import server", "inside a function"),
]
KEPT = [
    ("query.py", "from service.model import Article"),
    ("cli.py", "from service import __version__"),
    ("content/pipeline.py", "from . import scan"),
    ("content/pipeline.py", "from service.content.discovery.scan import scan"),
    ("web/routes.py", "from litestar import get"),
    ("server/__init__.py", "from litestar import Litestar"),
    ("formats/feeds/atom.py", "from feedgen.feed import FeedGenerator\nfrom lxml import etree"),
    ("index/writer.py", "import sqlite3"),
    ("index/instants.py", "from datetime import datetime\nx = datetime.now(UTC)"),
    ("settings.py", "import os\nx = os.environ"),
    ("settings/__init__.py", "from service.settings import values\nfrom service.model import Site"),
    ("model.py", "import time\nx = time.monotonic()"),
]


@pytest.mark.parametrize(("path", "source", "message"), BREACHES)
def test_a_breach_is_found(path: str, source: str, message: str) -> None:
    breaches = faults(path, ast.parse(source))
    assert breaches
    assert message in breaches[0]


@pytest.mark.parametrize(("path", "source"), KEPT)
def test_what_is_allowed_is_not_reported(path: str, source: str) -> None:
    assert faults(path, ast.parse(source)) == []
