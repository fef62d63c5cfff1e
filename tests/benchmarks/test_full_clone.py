"""Clones that will not do get one line, from `make bench` and from asv alike."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from argand.subject import TargetError
from benchmarks import full_clone

git = shutil.which("git")
needs_git = pytest.mark.skipif(git is None, reason="asv itself needs git")


def commit(folder):
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@example.invalid", "-C", str(folder)]
    subprocess.run([*run, "init", "-q"], check=True)
    for message in ("one", "two"):
        subprocess.run([*run, "commit", "-q", "--allow-empty", "-m", message], check=True)


@pytest.fixture
def cut(tmp_path):
    """A shallow clone of a repository of two commits."""
    (tmp_path / "whole").mkdir()
    commit(tmp_path / "whole")
    command = ["git", "clone", "-q", "--depth", "1", f"file://{tmp_path}/whole"]
    subprocess.run([*command, str(tmp_path / "cut")], check=True)
    return tmp_path / "cut"


@needs_git
def test_a_shallow_clone_gets_one_clear_line(cut, monkeypatch):
    monkeypatch.chdir(cut)
    with pytest.raises(TargetError, match="git fetch --unshallow") as refusal:
        full_clone.head()
    assert "\n" not in str(refusal.value)
    monkeypatch.chdir(cut.parent / "whole")
    assert len(full_clone.head()) == 40


@needs_git
def test_outside_a_clone_git_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(TargetError, match="not a git repository"):
        full_clone.head()


@needs_git
def test_asv_itself_says_so_too(cut):
    """Its own command line, with the project's configuration and plugin."""
    root = Path(__file__).parents[2]
    shutil.copy(root / "asv.conf.json", cut)
    shutil.copytree(root / "benchmarks", cut / "benchmarks")
    asv = [sys.executable, "-m", "asv", "run", "HEAD~3..HEAD"]
    done = subprocess.run(asv, cwd=cut, capture_output=True, text=True)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "git fetch --unshallow" in said
    assert "Traceback" not in said
