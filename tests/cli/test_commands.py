"""The command line: what it prints where, and its exit codes."""

import json
import subprocess
import sys

import numpy as np
import pytest

import argand
from argand.cli import main
from argand.replay import number
from argand.targets import resolve


@pytest.fixture
def run(monkeypatch, capsys):
    """Call ``argand`` in this process; returns (exit code, stdout, stderr)."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["argand", *arguments])
        with pytest.raises(SystemExit) as exit:
            main()
        out, err = capsys.readouterr()
        return exit.value.code, out, err

    return call


def refused(result):
    """The one line of a refusal: exit 2 and nothing on stdout."""
    code, out, err = result
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("argand: ")
    return err


@pytest.fixture
def mine(tmp_path):
    """A file of functions, each with something the matter."""
    path = tmp_path / "mine.py"
    path.write_text(
        "import tensorflow as tf\n"
        "def right(x):\n"
        "    print('hello from tracing')\n"
        "    return tf.abs(x) * tf.abs(x)\n"
        "def unsupported(x):\n"
        "    return x * tf.math.special.bessel_j0(x)\n"
        "def single(x):\n"
        "    return x * tf.constant(2.0, tf.float32)\n"
        "def pair(x):\n"
        "    return x, x\n"
        "def truth(x):\n"
        "    return tf.math.real(x) > 0\n"
        "def total(x):\n"
        "    return tf.reduce_sum(x)\n"
        "def nowhere(x):\n"
        "    return x / tf.zeros_like(x)\n"
        "def silent(x):\n"
        "    pass\n"
        "def array(x):\n"
        "    import numpy\n"
        "    return numpy.ones(1)\n"
        "def number(x):\n"
        "    return 2.0\n"
        "def leaves(x):\n"
        "    raise SystemExit(0)\n"
        "def noisy(x):\n"
        "    return x + tf.random.uniform(tf.shape(x), dtype=x.dtype)\n"
        "def nothing_asked():\n"
        "    return tf.constant(1.0)\n"
        "def printing(x):\n"
        "    import os\n"
        "    os.write(1, b'straight to stdout\\n')\n"
        "    return x * 2.0\n"
        "nothing = 3\n"
    )
    return str(path)


# --- check ---------------------------------------------------------------------------------------


def findings(result):
    code, out, err = result
    report = json.loads(out)
    assert (code, err) == (0 if report["ok"] else 1, "")
    assert set(report) == {
        "target", "ok", "samples", "undecided", "undefined", "special", "left_open",
        "notes", "unproved", "auto", "changes", "answer", "findings",
    }  # fmt: skip
    return report["findings"]


@pytest.mark.parametrize("target", ["z_exp_z", "argand.catalogue.z_exp_z:z_exp_z"])
def test_the_published_gradient_of_z_exp_z_is_proved_wrong_and_its_witness_replays(run, target):
    found = findings(run("check", target, "--quick", "--format", "json"))
    witness = next(f for f in found if f["variant"] == "published" and f["kind"] == "formula")
    assert "conjugate" in witness["message"]
    assert "z_exp_z.py" in witness["source"]
    code, out, _ = run(
        "exact", target, f"--at={','.join(witness['input'])}",
        "--upstream", witness["upstream"], "--dtype", witness["dtype"], "--format", "json",
    )  # fmt: skip
    (point,) = json.loads(out)["points"]
    assert (code, point["certified"]) == (0, True)
    assert point["vjp"] == [witness["exact"]]
    assert witness["computed"] != witness["exact"]


def test_every_witness_of_a_gradient_replays(run):
    found = findings(run("check", "exp_squared", "--quick", "--mode", "graph", "--format", "json"))
    for f in [f for f in found if f["exact"] and f["quantity"] == "gradient"][:5]:
        _, out, _ = run(
            "exact", "exp_squared", f"--at={f['input'][0]}", f"--upstream={f['upstream']}",
            "--dtype", f["dtype"], "--format", "json",
        )  # fmt: skip
        assert json.loads(out)["points"][0]["vjp"] == [f["exact"]]


CONTRACTS = {"formula", "error", "dtype", "shape", "batch_coupling", "missing_gradient"}


@pytest.mark.parametrize(
    ("target", "dtype", "kinds"),
    [
        ("exp_squared", "float64", {"formula", "batch_coupling"}),
        ("exp_squared", "float32", {"error", "dtype"}),
        ("complex_paraboloid", "float32", {"error", "dtype"}),
        ("complex_paraboloid", "float64", {"error", "dtype"}),
        ("z_exp_z", "complex64", {"formula"}),
    ],
)
def test_published_breaks_its_contract_and_no_other_variant_does(run, target, dtype, kinds):
    quick = ["--quick", "--mode", "graph", "--dtype", dtype, "--format", "json"]
    found = findings(run("check", target, *quick))
    broken = {(f["variant"], f["kind"]) for f in found if f["kind"] in CONTRACTS}
    assert broken == {("published", kind) for kind in kinds}
    assert "stable" not in {f["variant"] for f in found}


def test_a_right_function_exits_0_and_what_it_prints_stays_off_stdout(run, mine):
    code, out, err = run("check", f"{mine}:right", "--dtype", "float32", "--format", "json")
    report = json.loads(out)
    assert (code, report["ok"], report["findings"]) == (0, True, [])
    assert report["samples"] > 1000
    assert "hello" in err


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise ValueError('two\\nlines')", "ValueError: two lines"),
        ("raise SystemExit('enough')", "SystemExit: enough"),
        ("def f(x:", "SyntaxError"),
    ],
)
def test_a_file_that_cannot_be_imported_is_one_line(run, tmp_path, source, words):
    path = tmp_path / "broken.py"
    path.write_text(source)
    assert words in refused(run("check", f"{path}:f"))


def test_what_compiled_code_prints_stays_off_stdout_too(mine):
    done = process("-m", "argand.cli", "check", f"{mine}:printing", "--dtype", "float32",
                   "--mode", "eager", "--format", "json")  # fmt: skip
    assert json.loads(done.stdout)["target"] == f"{mine}:printing"
    assert "straight to stdout" in done.stderr


def test_the_text_names_each_variant_with_what_is_right_and_what_fails(run):
    code, out, err = run("check", "z_exp_z", "--mode", "eager", "--dtype", "complex64")
    assert (code, err) == (1, "")
    lines = out.splitlines()
    answers = {
        name: lines[lines.index(f"  {name}") + 1] for name in ("published", "custom", "stable")
    }
    assert "✗ the formula is wrong" in answers["published"]
    assert "✓ the formula is proved right" in answers["custom"]
    assert "✓ the formula is proved right" in answers["stable"]
    assert "the conjugate of ∂f/∂z is missing" in out
    assert "→ Correct the backward formula" in out
    paragraphs = [p.strip("\n") for p in out.split("\n\n") if p.lstrip("\n")[:1] in "✗○"]
    assert len(paragraphs) == sum(line[:1] in "✗○" for line in out.splitlines() if line)
    assert max(len(p.splitlines()) for p in paragraphs) <= 5
    assert out.count("✗") < 15


# --- why -----------------------------------------------------------------------------------------


def test_why_names_the_operation_its_line_and_what_mends_it(run, mine):
    code, out, err = run("why", f"{mine}:nowhere", "--at", "0")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 100
    assert "gradient by x: computed inf" in out
    assert "✗ no value" in out
    assert "the first that goes wrong at" in out
    assert "RealDiv has no value at (0, 0)" in " ".join(out.split())
    assert "to mend it: guard the divisor" in out


def test_why_says_that_nothing_goes_wrong(run):
    code, out, _ = run("why", "tf.sin", "--at", "1")
    assert code == 0
    assert out.endswith("nothing goes wrong here\n")


def test_why_shows_every_operation_when_it_is_asked(run):
    _, short, _ = run("why", "tf.norm", "--at", "0,0", "--core", "1", "--upstream", "2")
    _, long, _ = run("why", "tf.norm", "--at", "0,0", "--core", "1", "--upstream", "2", "-v")
    assert "Squeeze" not in short
    assert "Squeeze" in long
    assert "upstream 2.0" in short


def test_why_as_json(run, mine):
    code, out, _ = run("why", f"{mine}:nowhere", "--at", "0", "--format", "json")
    answer = json.loads(out)
    assert (code, answer["target"]) == (0, f"{mine}:nowhere")
    assert answer["wrong"][0]["op"] == "RealDiv"
    assert [s["op"] for s in answer["steps"] if s["marked"]] == ["RealDiv"]


def test_why_refuses_what_it_cannot_read(run):
    assert "takes 1 input" in refused(run("why", "tf.sin", "--at", "1", "--at", "2"))
    assert "is not a number" in refused(run("why", "tf.sin", "--at", "one"))
    assert "mode 'fast'" in refused(run("why", "tf.sin", "--at", "1", "--mode", "fast"))


# --- exact, list ---------------------------------------------------------------------------------


def test_exact_prints_value_and_both_derivatives(run):
    code, out, err = run("exact", "z_exp_z", "--at", "1+2j", "--format", "json")
    (point,) = json.loads(out)["points"]
    assert (code, err, point["certified"], point["vjp"]) == (0, "", True, None)
    z = 1 + 2j
    got = argand.exact(resolve("z_exp_z"), z)
    assert complex(point["value"]) == got.value
    assert complex(point["dz"][0]) == got.dz[0] == pytest.approx((1 + z) * np.exp(z), rel=1e-15)
    assert complex(point["dzbar"][0]) == 0


def test_exact_takes_negative_and_hexadecimal_numbers_and_several_points(run):
    code, out, _ = run(
        "exact", "z_exp_z", "--at", "-1+2j", "--at", "0x1p0,-0x1p1", "--upstream", "-1j",
        "--format", "json",
    )  # fmt: skip
    points = json.loads(out)["points"]
    assert code == 0
    assert [number(p["at"][0]) for p in points] == [-1 + 2j, 1 - 2j]
    assert all(complex(p["vjp"][0]) == -1j * np.conj(complex(p["dz"][0])) for p in points)


def test_exact_as_text_is_a_table(run):
    code, out, err = run("exact", "complex_paraboloid", "--at", "3", "--at", "2", "--upstream", "1")
    assert (code, err) == (0, "")
    assert "certified" in out
    for name in ("value", "dz[0]", "dz[1]", "vjp[1]"):
        assert name in out


def test_list_names_the_catalogue(run):
    code, out, err = run("list", "--format", "json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert (code, err) == (0, "")
    assert rows["z_exp_z"]["dtypes"] == ["complex64", "complex128"]
    assert rows["exp_squared"]["variants"] == ["auto", "published", "custom", "stable"]
    assert "z_exp_z" in run("list")[1]


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["check"], ["exact", "--at", "1.5"]])
def test_an_unsupported_operation_is_named_with_the_users_line(run, mine, command):
    line = refused(run(*command, f"{mine}:unsupported"))
    assert "BesselJ0" in line
    assert f"{mine}:6" in line


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("no_such_name", "neither a subject"),
        ("no_such_module:f", "no module 'no_such_module'"),
        ("missing.py:f", "no file missing.py"),
        ("{mine}:absent", "has no 'absent'"),
        ("{mine}:nothing", "int, not callable"),
        ("{mine}:pair", "not one tensor"),
        ("{mine}:truth", "no gradient"),
        ("{mine}:total", "each entry"),
        ("{mine}:nowhere", "could be certified"),
        ("{mine}:silent", "NoneType, not one tensor"),
        ("{mine}:array", "ndarray, not one tensor"),
        ("{mine}:number", "float, not one tensor"),
        ("{mine}:leaves", "SystemExit"),
        ("{mine}:noisy", "draws random numbers"),
        ("{mine}:nothing_asked", "takes no tensor"),
    ],
)
def test_an_unusable_target_is_one_line(run, mine, target, words):
    assert words in refused(run("check", target.format(mine=mine)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{mine}:single", "--dtype", "float64"], "cannot be traced for float64"),
        (["{mine}:single", "--dtype", "float64"], "mine.py:8)"),
        (["z_exp_z", "--dtype", "float32"], "does not take float32"),
        (["{mine}:right", "--dtype", "int8"], "dtype 'int8' is not one of"),
        (["z_exp_z", "--mode", "fast"], "mode 'fast' is not one of"),
        (["z_exp_z", "--format", "xml"], "'xml' is not one of"),
        ([], "Missing argument"),
    ],
)
def test_an_unusable_call_of_check_is_one_line(run, mine, arguments, words):
    assert words in refused(run("check", *[a.format(mine=mine) for a in arguments]))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--at", "one"], "'one' is not a number"),
        (["--at", "0x,1"], "is not a number"),
        (["--at", "1", "--upstream", "u"], "'u' is not a number"),
        (["--at", "1", "--dtype", "float32"], "does not take float32"),
        ([], "Missing option '--at'"),
    ],
)
def test_an_unusable_call_of_exact_is_one_line(run, arguments, words):
    assert words in refused(run("exact", "z_exp_z", *arguments))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--workers", "2", "--scheduler", "127.0.0.1:9"], "exclude each other"),
        (["--workers", "0"], "greater than or equal to 1"),
        (["nothing"], "no study 'nothing'"),
        (["--points", "1"], "resolution 1"),
    ],
)
def test_an_unusable_call_of_sweep_is_one_line_and_makes_nothing(run, tmp_path, arguments, words):
    out = tmp_path / "out"
    assert words in refused(run("sweep", "--out", str(out), *arguments))
    assert not out.exists()


def test_an_unknown_command_is_one_line(run):
    assert "No such command" in refused(run("prove"))


def test_a_failure_of_argands_own_is_told_apart_from_findings(run, monkeypatch):
    def broken(target):
        raise KeyError("a bug")

    monkeypatch.setattr(sys.modules["argand.targets"], "resolve_all", broken)
    code, out, err = run("check", "z_exp_z")
    assert (code, out) == (3, "")
    assert "Traceback" in err


# --- as a process of its own ---------------------------------------------------------------------


def process(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


def test_help_is_answered_without_tensorflow():
    done = process("-X", "importtime", "-m", "argand.cli", "--help")
    assert done.returncode == 0
    assert "exact" in done.stdout
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert not {m for m in imported if m.split(".")[0] in ("tensorflow", "flint", "pandas")}


def test_a_check_exits_1_and_tensorflow_says_nothing():
    done = process("-m", "argand.cli", "check", "z_exp_z", "--mode", "xla", "--dtype", "complex64")
    assert (done.returncode, done.stderr) == (1, "")
    assert "published" in done.stdout
