"""The pre-commit hook, run by the real pre-commit on real commits."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("precommit"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]

LFS_POINTER = """version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 3901234
"""


class Repository:
    """A git repository whose commits run the hook."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        folder.mkdir()
        self.run("git", "init", "--quiet")

    def run(self, *command: str) -> str:
        """Runs `command` in the repository and returns what it printed; it has to succeed."""
        ran = self.attempt(*command)
        assert ran.returncode == 0, ran.stdout
        return ran.stdout

    def attempt(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs `command` in the repository; both streams end up in `stdout`."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def commit(self, name: str, content: bytes) -> subprocess.CompletedProcess[str]:
        """Tries to commit `content` as the file `name`, and takes it back where that fails."""
        (self.folder / name).write_bytes(content)
        self.run("git", "add", name)
        ran = self.attempt("git", "commit", "--message", f"add {name}")
        if ran.returncode:
            self.run("git", "rm", "--force", "--quiet", name)
        return ran

    def files(self) -> set[str]:
        """The files of the last commit."""
        return set(self.run("git", "ls-tree", "--name-only", "HEAD").split())


@pytest.fixture(scope="module")
def user(
    root: Path, tmp_path_factory: pytest.TempPathFactory, bare_environment: dict[str, str]
) -> Repository:
    """A repository set up as the README says, whose hook comes from a copy of this checkout."""
    folder = tmp_path_factory.mktemp("precommit")
    environment = bare_environment | {
        "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(folder / "cache"),
        "PRE_COMMIT_COLOR": "never",
    }
    (folder / "gitconfig").write_text(
        "[user]\nname = Test\nemail = test@example.org\n[init]\ndefaultBranch = main\n",
        encoding="utf-8",
    )
    hook = Repository(folder / "hook", environment)
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, hook.folder / name)
    shutil.copytree(root / "src", hook.folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    hook.run("git", "add", ".")
    hook.run("git", "commit", "--quiet", "--message", "tflint")
    revision = hook.run("git", "rev-parse", "HEAD").strip()

    repository = Repository(folder / "user", environment)
    (repository.folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hook.folder}\n  rev: {revision}\n  hooks:\n  - id: tflint\n",
        encoding="utf-8",
    )
    repository.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    repository.run("git", "add", ".")
    repository.run("git", "commit", "--quiet", "--message", "start")
    return repository


def test_clean_model_passes(user: Repository, sample: dict[str, str]) -> None:
    ran = user.commit("clean.tflite", Path(sample["01"]).read_bytes())
    assert ran.returncode == 0, ran.stdout
    assert "Passed" in ran.stdout
    assert "clean.tflite" in user.files()


def test_flex_model_is_blocked(user: Repository, sample: dict[str, str]) -> None:
    ran = user.commit("flex.tflite", Path(sample["03"]).read_bytes())
    assert ran.returncode == 1
    assert "flex.tflite" in ran.stdout
    assert "O001" in ran.stdout
    assert "flex.tflite" not in user.files()


def test_lfs_pointer_is_blocked_with_the_reason(user: Repository) -> None:
    ran = user.commit("pointer.tflite", LFS_POINTER.encode())
    assert ran.returncode == 1
    assert "Git LFS pointer" in ran.stdout


def test_other_files_are_not_looked_at(user: Repository) -> None:
    ran = user.commit("notes.txt", b"no model\n")
    assert ran.returncode == 0, ran.stdout
    assert "Skipped" in ran.stdout
