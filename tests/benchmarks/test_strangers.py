"""The lists of strangers, the independent route, and what counts as a failure of argand's."""

import json
from collections import Counter
from multiprocessing import Pipe
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.scripts.strangers import failures, table, try_all, try_altered
from benchmarks.strangers.altered import EACH, KINDS, SPARE, altered, candidates
from benchmarks.strangers.listing import evaluated, read
from benchmarks.strangers.plain_names import Unknown, plain
from benchmarks.strangers.route import (
    RIGHT_IN_SINGLE,
    Witness,
    confirmed,
    extrapolated,
    judged,
    tape,
    witness,
)
from benchmarks.strangers.trial import Job, Kept, Worker


def at(*components, inputs=1, upstream=1.0, plane=False):
    return Witness(tuple(components), inputs, plane, (upstream,))


def result(state, formula=(), message="", kinds=None):
    return {
        "state": state, "formula": list(formula), "message": message, "kinds": kinds or {},
        "seconds": 0.1,
    }  # fmt: skip


def held(word):
    return {"word": word, "why": "mpmath: 1, TensorFlow 2", "dtype": "float64", "input": "0x0p+0"}


def test_the_list_has_300_functions_each_once():
    rows = read()
    assert len({source for _, source in rows}) == len(rows) == 300
    assert all(callable(evaluated(source)) for _, source in rows)
    assert {inputs for inputs, _ in rows} == {1, 2}


def test_each_kind_of_alteration_has_candidates_from_the_list():
    rows = candidates()
    assert Counter(kind for kind, _, _ in rows) == dict.fromkeys(KINDS, EACH + SPARE)
    pairs = [(inputs, source) for _, inputs, source in rows]
    assert len(set(pairs)) == len(pairs)
    assert set(pairs) <= set(read())


@pytest.mark.parametrize(
    ("kind", "above", "below"),
    [("double", 8, 0.8), ("hundredths", 3.92, 0.392), ("sign", -4, -0.4), ("branch", 4, 0.8)],
)
def test_an_altered_gradient_has_one_thing_wrong(kind, above, below):
    square = altered(lambda x: x * x, kind, 1)
    assert tape(square, at(2.0)) == pytest.approx([above])
    assert tape(square, at(0.2)) == pytest.approx([below])


def test_the_conjugate_is_dropped_by_the_inputs_not_by_the_upstream():
    product = altered(lambda x, y: x * y, "conjugate", 2)
    u, x, y = 2 + 1j, 1 - 2j, 3 + 0.5j
    got = tape(product, at(1.0, -2.0, 3.0, 0.5, inputs=2, upstream=u, plane=True))
    want = [u * y, u * x]
    np.testing.assert_allclose(got.view(np.complex128), want)


SILU = "lambda x: tf.nn.silu(x)"
CONFIRMED = {
    "conjugate missing": (SILU, at(0.5, -1.5, plane=True), "mpmath"),
    "conjugate missing, by quotients": ("tf.nn.swish", at(0.5, -1.5, plane=True), "quotients"),
    "zero of xlogy": ("tf.math.xlogy", at(0.0, 2.0, inputs=2), "mpmath"),
    "two relus": ("lambda x: tf.nn.relu(x) - tf.nn.relu(-x)", at(0.0), "mpmath"),
    "NaN": ("lambda x: tf.sqrt(x ** 4)", at(0.0), "mpmath"),
    "NaN, by quotients": ("lambda x: tf.sqrt(tf.identity(x) ** 4)", at(0.0), "quotients"),
}
REFUTED = {
    "sine": ("keras.ops.sin", at(2.0), "mpmath"),
    "product": ("tf.math.multiply", at(2.0, 3.0, inputs=2, upstream=-4.0), "mpmath"),
    "exp": ("tf.math.exp", at(0.5, -1.5, upstream=1 - 2j, plane=True), "mpmath"),
    "a constant of 24 bits": ("keras.activations.gelu", at(-2.5), "quotients"),
    "a kink": ("tf.nn.relu6", at(0.0), "mpmath"),
    "a kink, by quotients": ("lambda x: tf.abs(tf.identity(x))", at(0.0), "quotients"),
    "rows": ("tf.math.reduce_logsumexp", at(0.5, 1.0, -0.25), "quotients"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "source", "where", "way"),
    [("confirmed", *row) for row in CONFIRMED.values()]
    + [("refuted", *row) for row in REFUTED.values()],
    ids=[*CONFIRMED, *REFUTED],
)
def test_the_independent_route_tells_wrong_gradients_from_right_ones(word, source, where, way):
    got, why = confirmed(source, where)
    assert got == word, why
    assert why.startswith(way)


def test_what_the_constants_of_single_precision_explain_is_no_wrong_formula():
    gave, want, slack = np.array([1.0000001]), np.array([1.0]), {}
    for single in (False, True):
        where = Witness((1.0,), 1, False, (1.0,), single)
        slack[single] = judged(gave, want, where.right, where, "mpmath")[0]
    assert slack == {False: "cannot tell", True: "refuted"}
    assert judged(np.array([0.98]), want, RIGHT_IN_SINGLE, where, "mpmath")[0] == "confirmed"


def test_a_gradient_that_only_lost_its_range_is_not_called_wrong():
    assert confirmed("tf.math.exp", at(800.0))[0] == "cannot tell"


def test_difference_quotients_are_extrapolated_to_their_limit():
    steps = [2.0**-n for n in range(3, 12)]
    limit, error = extrapolated([np.expm1(h) / h for h in steps], 2.0)
    assert abs(limit - 1) <= max(error, 1e-12)
    assert error < 1e-9


def test_what_has_no_form_in_mpmath_is_said_so():
    with pytest.raises(Unknown, match=r"keras\.ops\.cumsum"):
        plain("keras.ops.cumsum")
    assert plain("lambda x: tf.where(x > 1.0, keras.ops.square(x), x)")(3) == 9


def test_a_finding_becomes_a_witness():
    of_two = witness(("0x1p+0", "0x1p-1", "0x0p+0", "-0x1p+0"), "(1+2j)", "complex64", 2)
    assert of_two == Witness((1.0, 0.5, 0.0, -1.0), 2, True, (1 + 2j,), True)
    assert [a.tolist() for a in of_two.arrays(of_two.components)] == [[1 + 0.5j], [-1j]]
    row = witness(("0x1p+0", "0x1p-1"), "[1.0, 2.0]", "float32", 1)
    assert row.arrays(row.components)[0].shape == (1, 2)
    assert row.single
    with pytest.raises(ValueError, match="3 components"):
        witness(("0x0p+0",) * 3, "1.0", "float64", 2)


def test_failures_are_tracebacks_hangs_long_refusals_and_refuted_formulas():
    job = Job("tf.math.exp", 1)
    good = [result("right"), result("refused", message="one line"), result("findings")]
    good += [result("findings", [held("confirmed")]), result("findings", [held("cannot tell")])]
    bad = [result("traceback"), result("timeout"), result("crash")]
    bad += [result("refused", message="two\nlines"), result("findings", [held("refuted")])]
    assert failures([(job, r) for r in good]) == []
    assert len(failures([(job, r) for r in bad])) == len(bad)
    text = "\n".join(table([(job, r) for r in good + bad]))
    assert "right: 1, findings: 4, undecided: 0, refused: 2, traceback: 1" in text
    assert "confirmed 1, refuted 1, cannot tell 1" in text


def test_the_report_is_written_and_a_failure_is_the_exit_code(tmp_path):
    said = []
    jobs = [Job("tf.math.exp", 1), Job("tf.math.log", 1)]
    out = tmp_path / "out.md"
    assert try_all(lambda job, tell: result("right"), jobs, out, said.append) == 0
    assert try_all(lambda job, tell: result("crash"), jobs, out, said.append) == 1
    assert out.read_text().count("| crash |") == 2


def test_sixty_altered_are_the_first_that_are_right_unaltered():
    asked = []

    def ask(job, tell, of_altered="findings"):
        asked.append(job)
        unaltered = "right" if job.source != "a" else "findings"
        return result(of_altered if job.alteration else unaltered)

    rows = [(kind, 1, f) for kind in KINDS for f in "abcd"]
    like = Job("", 0, samples=7)
    assert try_altered(ask, rows, 2, like, lambda text: None) == 0
    tried = [job for job in asked if job.alteration]
    assert [(j.alteration, j.source) for j in tried] == [(k, f) for k in KINDS for f in "bc"]
    assert {j.dtypes for j in tried if j.alteration == "conjugate"} == {("complex128",)}
    for state in ("right", "refused", "traceback", "undecided"):
        assert try_altered(lambda j, t, s=state: ask(j, t, s), rows, 2, like, lambda t: None) == 1
    assert try_altered(ask, rows, 4, like, lambda text: None) == 1, "too few are right"


class Silent(Worker):
    """A worker whose process is an open end that nobody answers."""

    def __init__(self, dead=False):
        super().__init__()
        self.dead, self.ends = dead, []

    def _start(self):
        self._end, other = Pipe()
        if self.dead:
            other.close()
        self.ends.append(other)
        self._process = SimpleNamespace(kill=lambda: None, join=lambda: None, exitcode=-11)


def test_a_hang_and_a_crash_are_counted():
    assert Silent().tries(Job("f", 1), 0.01)["state"] == "timeout"
    crash = Silent(dead=True).tries(Job("f", 1), 0.01)
    assert (crash["state"], crash["message"]) == ("crash", "the process ended with -11")


def test_what_is_known_is_not_tried_again(tmp_path):
    file, said = tmp_path / "kept.jsonl", []
    job = Job("f", 1, dtypes=("float64",))
    first = Kept(file).result(job, 0.01, Silent(), said.append)
    assert first["state"] == "timeout"
    again = Kept(file).result(job, 0.01, None, said.append)
    assert again == first
    assert len(said) == len(file.read_text().splitlines()) == 1
    assert json.loads(file.read_text())["found"] == first
