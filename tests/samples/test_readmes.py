"""The commands in README.md and samples/*/README.md do what the pages show."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tflint._dev import readmes

ROOT = Path(__file__).resolve().parents[2]
PAGES = readmes.pages(str(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=[os.path.relpath(page, ROOT) for page in PAGES])
def test_commands_print_what_the_page_shows(page: str) -> None:
    """On failure: `make readmes` writes the new output, to be read before it is committed."""
    outcomes = readmes.run_blocks(page)
    problems = [problem for outcome in outcomes if (problem := outcome.problem())]
    assert not problems, "\n".join(problems)
    silent = [outcome.command.text for outcome in outcomes if not outcome.printed]
    assert not silent, f"shown without any output: {silent}"


def test_every_sample_shows_a_command() -> None:
    folders = sorted(path.parent for path in (ROOT / "samples").glob("*/make_model.py"))
    assert len(folders) >= 5
    for folder in folders:
        page = (folder / "README.md").read_text(encoding="utf-8")
        assert any("model.tflite" in command.text for command in readmes.parse(page)), folder
        assert (folder / "model.tflite").stat().st_size < 40_000


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "words.txt").write_text("one\ntwo\n", encoding="utf-8")
    path = tmp_path / "README.md"
    path.write_text(
        "# Page\n"
        "\n"
        "```console\n"
        "$ cat words.txt\n"
        "one\n"
        "2\n"
        "$ echo 'done      12 ms'\n"
        "done   9.5 s\n"
        "```\n"
        "\n"
        "<!-- exit: 3 -->\n"
        "```console\n"
        "$ echo problem >&2; exit 3\n"
        "```\n"
        "\n"
        "```sh\n"
        "$ exit 1\n"
        "```\n",
        encoding="utf-8",
    )
    return path


def test_run_blocks_runs_console_blocks_beside_the_page(page: Path) -> None:
    cat, echo, problem = readmes.run_blocks(str(page))
    assert cat.printed == ["one", "two"]
    assert "-2\n+two" in cat.problem()
    assert echo.problem() == "", "run times differ and nothing else"
    assert (problem.printed, problem.exit) == (["problem"], 3)


def test_update_writes_output_and_leaves_the_rest(page: Path) -> None:
    before = page.read_text(encoding="utf-8")
    assert readmes.update(str(page))
    after = page.read_text(encoding="utf-8")
    expected = before.replace("one\n2\n", "one\ntwo\n").replace("exit 3\n", "exit 3\nproblem\n")
    assert after == expected
    assert not readmes.update(str(page))


def test_update_never_rewrites_an_exit_code(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("exit: 3", "exit: 1")
    page.write_text(text, encoding="utf-8")
    with pytest.raises(RuntimeError, match="exit code 3, expected 1"):
        readmes.update(str(page))
    assert page.read_text(encoding="utf-8") == text


def test_update_refuses_output_that_would_close_the_block(page: Path) -> None:
    page.write_text("```console\n$ printf '```\\n'\n```\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="open and close the block with ````"):
        readmes.update(str(page))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```console\n$ true\n", "line 1: the block is not closed"),
        ("<!-- exit: 1 2 -->\n```console\n$ true\n```\n", "2 exit codes for 1 commands"),
    ],
)
def test_parse_refuses(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        readmes.parse(text)


def test_tflint_is_this_checkout(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an installed copy nor variables of the caller may change what a page shows."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    page.write_text("```console\n$ command -v tflint; echo ${FORCE_COLOR-unset}\n```\n", "utf-8")
    (outcome,) = readmes.run_blocks(str(page))
    assert os.path.basename(os.path.dirname(outcome.printed[0])).startswith("tflint-readmes-")
    assert outcome.printed[1] == "unset"
