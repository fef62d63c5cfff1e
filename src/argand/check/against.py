"""How a custom gradient stands against TensorFlow's own, in one dtype and mode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """A sample at which one of two gradients fails, by ``verdict``, and the other is right.

    ``input`` has a text for each input, and all numbers are texts that Python reads back. ``by``
    is the input by which the gradient is meant, ``place`` where it is seen (``verdict.PLACES``).
    """

    input: tuple[str, ...]
    upstream: str
    by: int
    verdict: str
    custom: str
    auto: str
    exact: str
    place: str


@dataclass(frozen=True)
class AgainstAuto:
    """Of ``of`` samples of one dtype and mode those at which the custom gradient fails though
    TensorFlow's own is right (``lost``), and those the other way round (``gained``); what
    conditioning explains is neither.

    ``lost_at`` and ``gained_at`` are the most ordinary of the gravest of them. ``severity`` is the
    gravest of what is lost (``verdict.SEVERITIES``). ``absent`` says why there is no gradient of
    TensorFlow's own to compare with; then nothing is counted.
    """

    dtype: str
    mode: str
    of: int
    lost: int = 0
    gained: int = 0
    lost_at: Difference | None = None
    gained_at: Difference | None = None
    severity: str = ""
    absent: str = ""

    def __str__(self) -> str:
        return sentence([self])


def sentence(records: Sequence[AgainstAuto], names: Sequence[str] = ()) -> str:
    """What one variant's records say: "nothing lost, nothing gained", or what is, for the dtype
    and mode in which it is most; ``names`` are those of the inputs. Empty without records."""
    if not records:
        return ""
    absent = [r for r in records if r.absent]
    if len(absent) == len(records):
        return f"nothing to compare with: {absent[0].absent}"
    told = [*_sides(records, names)]
    told += [f"not compared in {r.mode}, {r.dtype}: {r.absent}" for r in absent[:1]]
    return "; ".join(told)


def _sides(records: Sequence[AgainstAuto], names: Sequence[str]) -> Iterator[str]:
    most_lost = max(records, key=lambda r: (r.severity == "defect", r.lost))
    most_gained = max(records, key=lambda r: r.gained)
    if not most_lost.lost and not most_gained.gained:
        yield "nothing lost, nothing gained"
        return
    yield _side(
        "lost", most_lost, most_lost.lost, most_lost.lost_at, names,
        "the custom gradient fails where TensorFlow's own is right",
    )  # fmt: skip
    yield _side(
        "gained", most_gained, most_gained.gained, most_gained.gained_at, names,
        "TensorFlow's own fails where the custom gradient is right",
    )  # fmt: skip


def _side(
    word: str,
    record: AgainstAuto,
    count: int,
    at: Difference | None,
    names: Sequence[str],
    what: str,
) -> str:
    if at is None:
        return f"nothing {word}"
    if len(names) == len(at.input):
        point = ", ".join(f"{name} = {x}" for name, x in zip(names, at.input, strict=True))
    else:
        point = f"x = {at.input[0]}" if len(at.input) == 1 else f"({', '.join(at.input)})"
    few = " where few people work" if at.place == "elsewhere" else ""
    return (
        f"{word}{few}: at {count} of {record.of} samples {what}, e.g. at {point} "
        f"({record.dtype}, {record.mode})"
    )
