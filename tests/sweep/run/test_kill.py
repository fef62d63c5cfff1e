"""A sweep that is killed at any moment, again and again, ends in the bytes of one that was not."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cheap
import psutil
import pytest

from argand.subject import TargetError
from argand.sweep.store.results import results

pytestmark = pytest.mark.slow
CHEAP = [sys.executable, cheap.__file__]


def files(folder: Path) -> dict[str, bytes]:
    """What a reader may see: names that begin with a dot are the engine's own."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("[!.]*"))
        if path.is_file()
    }


def kill(process: subprocess.Popen, whole_group: bool) -> None:
    """SIGKILL to the parent alone, or to the whole group; no worker survives either."""
    try:
        workers = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        workers = []
    if whole_group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive, "workers outlive their parent"


def killed(command, folder, rng, after, **options):
    """Run ``command`` and kill it at a moment drawn from ``rng``, mostly only once work has
    begun: up to ``after`` seconds later. False where its work had ended before."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        **options,
    )  # fmt: skip
    with process:
        if rng.random() < 0.75:
            process.stdout.readline()
        time.sleep(after * rng.random())
        kill(process, rng.random() < 0.5)
    assert process.returncode in (0, -signal.SIGKILL)
    try:
        results(folder)
    except TargetError as error:
        return "no finished sweep" in str(error)
    return False


def test_killed_again_and_again_it_ends_in_the_same_bytes_and_does_little_twice(tmp_path, request):
    kills = request.config.getoption("--kills")
    rng = random.Random(5)
    whole, broken, log = tmp_path / "whole", tmp_path / "broken", tmp_path / "log"
    assert cheap.sweep(whole, cheap.tiles(), workers=3) == {"made": cheap.JOBS}
    environment = os.environ | {"CHEAP_LOG": str(log)}
    for _ in range(kills):
        assert killed([*CHEAP, broken, "2"], broken, rng, 0.05, env=environment)
        there = files(broken)
        there.pop("manifest.json", None)
        assert there.items() <= files(whole).items(), "a file is there that is not whole"
    subprocess.run([*CHEAP, broken, "1"], env=environment, check=True, capture_output=True)
    assert files(broken) == files(whole)
    assert not list(broken.rglob("*.partial"))
    made = log.read_text().split()
    assert set(made) == set(results(whole).manifest["results"])
    assert len(made) <= cheap.JOBS + 2 * kills


def test_interrupted_from_the_keyboard_it_says_so_and_leaves_no_worker(tmp_path):
    process = subprocess.Popen(
        [*CHEAP, tmp_path / "out", "2"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,
        # What runs in a shell's background would ignore the interrupt, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    with process:
        process.stdout.readline()
        workers = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        process.wait(timeout=20)
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive
    assert process.returncode == -signal.SIGINT


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project of one's own with a subject of one variant, and a small study."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "stability").mkdir()
    (folder / "mine.py").write_text(
        "import argand, tensorflow as tf\n"
        "@argand.subject('e^x', argand.real('x', -2.0, 2.0))\n"
        "def grown(x):\n"
        "    return tf.exp(x)\n"
    )
    (folder / "stability" / "small.py").write_text(
        "from argand.sweep.study import Study\n"
        "small = Study(scale='window', resolution=300, subjects=('mine.py:grown',),\n"
        "              modes=('graph', 'xla'), dtypes=('float64',))\n"
    )
    return folder


def test_the_command_itself_killed_with_tensorflow_at_work(project):
    rng = random.Random(11)
    command = [sys.executable, "-m", "argand.cli", "sweep", "--out"]
    whole, broken = project / "whole", project / "broken"
    begin = time.monotonic()
    subprocess.run([*command, whole], cwd=project, check=True, capture_output=True)
    undisturbed = time.monotonic() - begin
    while not killed([*command, broken], broken, rng, undisturbed, cwd=project):
        assert files(broken) == files(whole)
        shutil.rmtree(broken)
    done = [*command, broken, "--workers", "1"]
    subprocess.run(done, cwd=project, check=True, capture_output=True)
    assert files(broken) == files(whole)
