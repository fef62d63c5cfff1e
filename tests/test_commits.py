"""What git says of the folder at hand, and that it says nothing outside a clone."""

import shutil
import subprocess

import pytest

from argand.commits import commit, full_hash, git
from argand.subject import TargetError

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone with one commit, as the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    subprocess.run(["git", "init", "-q"], check=True)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.invalid"]
    empty = ["commit", "-q", "--allow-empty", "-m", "first"]
    subprocess.run(["git", *identity, *empty], check=True)
    return tmp_path


def test_the_commit_and_whether_files_changed_but_for_reports(clone):
    found = commit()
    assert len(found["hash"]) == 40
    assert found["changed"] is False
    (clone / "reports").mkdir()
    (clone / "reports" / "page.html").write_text("")
    assert commit() == found
    (clone / "mine.py").write_text("")
    assert commit() == found | {"changed": True}


def test_a_commit_is_known_by_any_of_its_names(clone):
    whole = commit()["hash"]
    assert full_hash("HEAD") == full_hash(whole[:8]) == whole
    assert full_hash("nothing") is None


@pytest.mark.usefixtures("clone")
def test_gits_own_words_are_told():
    with pytest.raises(TargetError, match=r"git rev-parse: .*nothing"):
        git("rev-parse", "nothing", "--")


def test_outside_a_clone_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit() is None
    assert full_hash("HEAD") is None


def test_without_git_there_is_no_commit(clone, monkeypatch):
    monkeypatch.setenv("PATH", str(clone))
    assert commit() is None
    with pytest.raises(TargetError, match="git cannot be run"):
        git("status")
