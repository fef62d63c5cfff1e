"""asv.conf.json agrees with the project: versions from the lock, and what the suite imports."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from asv.config import Config
from asv.util import load_json

ROOT = Path(__file__).parents[1]
CONF = load_json(str(ROOT / "asv.conf.json"), 1, js_comments=True)
REQUIREMENTS = CONF["matrix"]["req"]
MATRIX = {name for name in REQUIREMENTS if not name.startswith("pip+")}  # the others are asv's
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = dict(
    line.lower().split("==")
    for line in (ROOT / "requirements.lock").read_text().split()
    if "==" in line
)
EXTRAS = PROJECT["optional-dependencies"]
DECLARED = {re.match(r"[\w-]+", d).group() for d in [*PROJECT["dependencies"], *EXTRAS["test"]]}
DISTRIBUTIONS = {"cpuinfo": "py-cpuinfo", "flint": "python-flint", "pynvml": "nvidia-ml-py"}


def test_the_second_configuration_differs_by_tensorflows_versions_alone():
    other = load_json(str(ROOT / "asv.versions.json"), 1, js_comments=True)
    versions = other["matrix"]["req"].pop("tensorflow")
    assert len(versions) >= 2
    assert set(REQUIREMENTS["tensorflow"]) < set(versions)
    own = json.loads(json.dumps(CONF))
    del own["matrix"]["req"]["tensorflow"]
    assert other == own


def test_the_matrix_holds_the_locks_versions():
    locked = {name: [LOCK[name.removeprefix("pip+")]] for name in REQUIREMENTS}
    assert locked == REQUIREMENTS


def test_every_line_of_the_matrix_is_a_dependency_of_the_project():
    assert MATRIX <= DECLARED


def test_the_matrix_is_just_what_the_suite_needs():
    """The environment has the project's wheel without its dependencies: the suite must import
    with only these of them, and use each."""
    absent = DECLARED - MATRIX
    code = (
        f"import sys; sys.modules |= dict.fromkeys({sorted(absent)}); "
        "import argand.timing.suite, argand.timing.machine, argand.exact.fast.kernels, mpmath; "
        "print(*{m.partition('.')[0] for m in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert {DISTRIBUTIONS.get(m, m) for m in done.stdout.split()} >= MATRIX


def test_asv_reads_it_and_keeps_all_it_makes_in_one_folder():
    conf = Config.load(str(ROOT / "asv.conf.json"))
    assert conf.branches == ["main"]
    assert conf.environment_type == "virtualenv"
    for folder in (conf.env_dir, conf.results_dir, conf.html_dir):
        assert folder.startswith(".asv/")
    assert ".asv/" in (ROOT / ".gitignore").read_text().split()
    assert (ROOT / conf.benchmark_dir / "value_and_gradient.py").is_file()


def test_only_the_projects_wheel_is_built_and_installed():
    assert "--no-deps" in CONF["install_command"][0]
    assert "python -m build --wheel" in CONF["build_command"][0]


def test_it_names_no_host():
    assert not re.search(r"https?://|file:", json.dumps(CONF))
