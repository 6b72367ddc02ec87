"""The commands: exit status, what is printed and where."""

import os
import pty
import select
import shlex
import signal
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.commands import Outcome, run, run_forked, run_process
from tests.support.server import CONTENT, clean_environment, command, free_port
from tests.support.waiting import TIMEOUT_SECONDS

GOOD = "---\ntitle: Good\ndate: 2020-01-02\n---\nText.\n"
BAD = "---\ntitle: Bad\ndate: 0000-00-00\n---\nText.\n"
SCRAPED = """Council delays its vote on the bridge
By Ann Lee
March 13, 2019

The vote on the old bridge will be held in May, the council said on Tuesday evening after a long debate.

Engineers had warned that the bridge may not carry lorries for another winter, and asked for more time.

The mayor welcomed the delay. Residents of both banks had collected four thousand names against the plan.

Subscribe to our newsletter
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with one good and one bad article in `content`."""
    content = tmp_path / "content"
    content.mkdir()
    (content / "good.md").write_text(GOOD, "utf-8")
    (content / "bad.md").write_text(BAD, "utf-8")
    return tmp_path


WITH_EMPTY_FOLDER = [
    [*words, "--content", ""]
    for words in (
        ["serve"],
        ["check"],
        ["index"],
        ["webhooks"],
        ["render", "/"],
        ["export", "x"],
        ["new", "x"],
    )
]


def run_redirected(folder: Path, arguments: str, redirections: str, before: str = ":") -> Outcome:
    """Run a command in a process of its own whose streams the shell redirects, after the command `before`."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"{before}; exec {shlex.quote(command())} {arguments} {redirections}"],
        cwd=folder,
        env=clean_environment(XDG_CACHE_HOME=str(folder / "cache")),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (
            "export LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0",
            "set PYTHONUTF8=1, or a locale such as LC_ALL=C.UTF-8",
        ),
        (
            'mkdir gone && cd gone && rmdir "$PWD"',
            "the current folder has been deleted; change to one that exists",
        ),
    ],
)
@pytest.mark.parametrize("arguments", ["--help", "check", "export x", "import good.md --to y"])
def test_an_environment_that_no_command_can_work_in_is_reported(
    folder: Path, before: str, message: str, arguments: str
) -> None:
    result = run_redirected(folder, arguments, "", before)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("broadsheet: ")
    assert result.stderr.endswith(f"{message}\n")
    assert result.stderr.count("\n") == 1
    assert {path.name for path in folder.iterdir()} == {"content"}


@pytest.mark.parametrize("arguments", ["--help", "serve --help", "index", "render /articles.json"])
def test_output_that_cannot_be_written_is_reported(folder: Path, arguments: str) -> None:
    result = run_redirected(folder, arguments, ">/dev/full")
    assert result.returncode == 1
    assert (
        result.stderr.splitlines()[-1] == "broadsheet: the output cannot be written: No space left on device"
    )
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status"), [("--help", 0), ("index", 0), ("render /articles.json", 0), ("check", 1)]
)
def test_a_closed_stream_is_as_if_nobody_read_it(folder: Path, arguments: str, status: int) -> None:
    assert run_redirected(folder, arguments, "<&- >&-").returncode == status
    assert run_redirected(folder, arguments, "<&- >&- 2>&-").returncode == status


@pytest.mark.parametrize("name", ["serve", "check", "index", "render", "new"])
def test_help_of_every_command_has_an_example(tmp_path: Path, name: str) -> None:
    result = run(name, "--help", cwd=tmp_path)

    assert result.returncode == 0
    assert "Example" in result.stdout
    assert f"broadsheet {name}" in result.stdout


def test_help_and_version(tmp_path: Path) -> None:
    assert "Examples:" in run("--help", cwd=tmp_path).stdout
    assert run("--version", cwd=tmp_path).stdout.startswith("broadsheet, version ")


def test_check_lists_every_fault_and_exits_1(folder: Path) -> None:
    result = run("check", cwd=folder)

    assert result.returncode == 1
    (line,) = result.stdout.splitlines()
    assert line.startswith("bad.md:3: ")
    assert "1 article from 2 files (2 read), 0 scheduled, 0 expired, 0 withdrawn, 1 fault" in result.stderr


def test_check_explains_what_was_left_out(folder: Path) -> None:
    (folder / "content" / "README.md").write_text("About this folder.\n", "utf-8")
    (folder / "content" / "idea.md").write_text("---\ntitle: Idea\ndraft: true\n---\n", "utf-8")
    (folder / "content" / "bad.md").unlink()
    result = run("check", "--explain", cwd=folder)

    assert result.returncode == 0
    *left_out, unnamed = result.stdout.splitlines()
    assert left_out == [
        "README.md:1: left out: about the folder itself, not an article",
        "idea.md:1: left out: a draft",
    ]
    assert unnamed.startswith("good.md:1: note: no `id:`; its id is urn:uuid:")
    assert "1 article from 3 files" in result.stderr


def test_check_explains_articles_that_are_not_served_now(folder: Path) -> None:
    (folder / "content" / "bad.md").unlink()
    for name, field in (
        ("expired", "expires: 2020-01-02"),
        ("kept", "expires: 9000-01-02"),
        ("later", "date: 9000-01-02"),
        ("withdrawn", "withdrawn: {reason: It was wrong., at: 2020-01-03}"),
    ):
        (folder / "content" / f"{name}.md").write_text(f"---\ntitle: A\nid: a:{name}\n{field}\n---\nText.\n")
    (folder / "content" / "good.md").unlink()
    result = run("check", "--explain", cwd=folder)

    assert result.returncode == 0
    assert result.stdout.splitlines() == [
        "expired.md:1: left out: it expired at 2020-01-02T00:00:00Z",
        "later.md:1: left out: it is scheduled for 9000-01-02T00:00:00Z",
        "withdrawn.md:1: left out: it is withdrawn (It was wrong.)",
    ]
    assert "1 article from 4 files (4 read), 1 scheduled, 1 expired, 1 withdrawn, 0 faults" in result.stderr
    one_file = run("check", "--explain", "expired.md", cwd=folder)
    assert one_file.stdout == "expired.md:1: left out: it expired at 2020-01-02T00:00:00Z\n"


def test_check_explains_which_addresses_lead_to_an_article(folder: Path) -> None:
    (folder / "content" / "_config.yml").write_text("permalink: /:year/:title")
    (folder / "content" / "_posts").mkdir()
    (folder / "content" / "_posts/2019-03-14-vote.md").write_text("---\ntitle: T\naliases: /old/\n---\nX.")
    result = run("check", "--explain", "_posts/2019-03-14-vote.md", cwd=folder)

    assert result.stdout == "_posts/2019-03-14-vote.md:1: leads here: /2019/vote, /old\n"
    assert result.returncode == 0


def test_check_explains_every_line_that_was_cut_from_one_file(folder: Path) -> None:
    (folder / "content" / "vote.txt").write_text(SCRAPED, "utf-8")
    result = run("check", "--explain", "vote.txt", cwd=folder)

    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == sorted(
        (line.split(": ")[0] for line in lines), key=lambda place: int(place.rpartition(":")[2])
    )
    assert "vote.txt:1: title: 'Council delays its vote on the bridge'" in result.stdout
    assert "vote.txt:2: byline: 'By Ann Lee'" in result.stdout
    assert "'Subscribe to our newsletter'" in result.stdout
    assert "the council said" not in result.stdout
    assert run("check", "--explain", "none.txt", cwd=folder).returncode == 2


def test_check_of_the_sample_finds_nothing(tmp_path: Path) -> None:
    result = run("check", "--content", str(CONTENT), cwd=tmp_path)

    assert (result.returncode, result.stdout) == (0, "")
    assert "5 articles" in result.stderr


def test_index_reads_again_only_what_changed(folder: Path) -> None:
    first = run("index", cwd=folder)
    second = run("index", cwd=folder)

    assert "(2 read)" in first.stdout
    assert "(0 read)" in second.stdout
    assert "bad.md:3: " in second.stderr, "the fault of an unchanged file is still reported"


def test_render_prints_the_response_alone(folder: Path) -> None:
    result = run("render", "/articles.json?fields=title", cwd=folder)

    assert result.returncode == 0
    assert '"articles":[{"title":"Good"}]' in result.stdout.replace(" ", "")


def test_render_includes_status_and_headers_when_asked(folder: Path) -> None:
    result = run("render", "-i", "/feed.atom", cwd=folder)

    head, _, body = result.stdout.partition("\n\n")
    assert head.startswith("HTTP/1.1 200 OK\n")
    assert "application/atom+xml; charset=utf-8" in head
    assert body.startswith("<?xml")


@pytest.mark.parametrize(("address", "status"), [("/articles/none", 404), ("/articles.json?limit=-1", 400)])
def test_render_of_a_problem_exits_1(folder: Path, address: str, status: int) -> None:
    result = run("render", address, cwd=folder)

    assert result.returncode == 1
    assert f'"status":{status}' in result.stdout.replace(" ", "")


def test_render_is_equal_bytes_in_two_processes(folder: Path) -> None:
    one, other = (
        run_process("render", "/feed.atom", cwd=folder, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")
    )

    assert one == other != ""


def test_new_creates_a_draft(folder: Path) -> None:
    result = run("new", "Is: “this” C++?", cwd=folder)
    file = folder / "content" / "is-this-c-plus-plus.md"
    facts = yaml.safe_load(file.read_text("utf-8").split("---")[1])

    assert result.returncode == 0
    assert str(file.relative_to(folder)) in result.stdout
    assert facts["title"] == "Is: “this” C++?"
    assert facts["id"].startswith("urn:uuid:")
    assert '"total":1' in run("render", "/articles.json", cwd=folder).stdout.replace(" ", "")
    file.write_text(file.read_text("utf-8").replace("draft: true\n", "") + "Text.\n", "utf-8")
    assert '"total":2' in run("render", "/articles.json", cwd=folder).stdout.replace(" ", "")


def test_new_never_overwrites(folder: Path) -> None:
    (folder / "content" / "good-draft.md").write_text("---\ntitle: Good\ndraft: true\n---\n", "utf-8")
    result = run("new", "Good draft", cwd=folder)

    assert result.returncode == 1
    assert "already exists" in result.stderr
    assert (folder / "content" / "good.md").read_text("utf-8") == GOOD


@pytest.mark.parametrize("facts", ["", "date: 2999-01-01\n", "slug: other\naliases: [taken]\n"])
def test_new_refuses_a_slug_that_is_taken(folder: Path, facts: str) -> None:
    (folder / "content" / "news").mkdir()
    (folder / "content" / "news" / "taken.md").write_text(f"---\ntitle: A\n{facts}---\nText.\n", "utf-8")

    result = run("new", "Taken", cwd=folder)

    assert result.returncode == 1
    assert "news/taken.md already has the slug 'taken'" in result.stderr
    assert run("new", "Taken", "--slug", "free", cwd=folder).returncode == 0


def test_new_shortens_the_name_of_a_long_title(folder: Path) -> None:
    result = run("new", "é" * 400, cwd=folder)

    assert result.returncode == 0, result.stderr
    assert (
        len([*(folder / "content").glob("éé*.md")]) == 1 or len([*(folder / "content").glob("ee*.md")]) == 1
    )
    assert run("new", "é" * 401, cwd=folder).returncode == 1  # not overwritten


def test_new_requires_a_letter_or_digit_for_the_slug(folder: Path) -> None:
    result = run("new", "?!", cwd=folder)

    assert result.returncode == 2
    assert "--slug" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["serve", "--port", "abc"], "--port: invalid value 'abc'"),
        (["serve", "--workers", "0", "--public-url", "x"], "--public-url: invalid value 'x'"),
        (["check", "--content", "nowhere"], "there is no folder 'nowhere'"),
        (["check", "--content", "content/good.md"], "there is no folder 'content/good.md'"),
        (["index", "--index", "mysql://x"], "sqlite:///"),
        *(
            (["render", address], "expected a path such as /feed.atom")
            for address in ("feed.atom", "/a\nb", "/\udcff", "/" + "x" * 70_000)
        ),
        *(
            ([name, "blog"], "(blog); the folder of articles is an option, --content DIR.")
            for name in ("serve", "index", "webhooks")
        ),
        (["check", "blog"], "the whole folder is checked, which --content names."),
        (["new", "What", "was", "decided"], "(was decided); put quotes around the title."),
        (["frobnicate"], "No such command"),
        *((name, "--content: invalid value '': expected the path of a folder") for name in WITH_EMPTY_FOLDER),
        (["import", "content/good.md", "--to", ""], "it is empty; name a folder."),
        (["export", ""], "it is empty; name a folder or a bucket."),
        (["webhooks", "--content", "nowhere"], "site.toml, which does not exist; give --content DIR"),
    ],
)
def test_wrong_use_is_reported_without_a_traceback(folder: Path, arguments: list[str], expected: str) -> None:
    result = run(*arguments, cwd=folder)

    assert result.returncode == 2
    assert expected in result.stderr
    assert "Traceback" not in result.stderr


def test_strict_refuses_to_start_while_there_is_a_fault(folder: Path) -> None:
    result = run("serve", "--strict", "--port", str(free_port()), cwd=folder)

    assert result.returncode == 1
    assert "bad.md:3: " in result.stderr
    assert "not started" in result.stderr


def test_port_in_use_is_reported(folder: Path) -> None:
    port = str(free_port())
    first = subprocess.Popen(
        [command(), "serve", "--port", port],
        cwd=folder,
        env=clean_environment(XDG_CACHE_HOME=str(folder / "cache")),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert first.stderr is not None
        assert any("Serving" in line for line in iter(first.stderr.readline, ""))
        second = run_forked("serve", "--port", port, cwd=folder)
    finally:
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=TIMEOUT_SECONDS)

    assert first.returncode == 0, "Ctrl-C is a clean end"
    assert second.returncode == 1
    assert f"port {port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_progress_is_a_bar_on_a_terminal(folder: Path) -> None:
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [command(), "index"],
        cwd=folder,
        env=clean_environment(XDG_CACHE_HOME=str(folder / "cache"), TERM="xterm"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    while select.select([main], [], [], TIMEOUT_SECONDS)[0]:
        try:
            piece = os.read(main, 4096)
        except OSError:  # Linux's way to say that the other end of a terminal is closed
            break
        if not piece:
            break
        shown += piece
    os.close(main)

    assert process.wait(TIMEOUT_SECONDS) == 0
    assert b"Reading articles" in shown
    assert b"100%" in shown
