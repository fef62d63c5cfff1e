"""How a custom gradient stands against TensorFlow's own, in one dtype and mode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Side = Literal["lost", "gained"]


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

    ``lost_at`` and ``gained_at`` are the most ordinary of them. ``severity`` is the gravest of what
    is lost (``verdict.SEVERITIES``). ``absent`` says why there is no gradient of TensorFlow's own
    to compare with; then nothing is counted.
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

    def count(self, side: Side) -> int:
        """How many samples are on one side."""
        return self.lost if side == "lost" else self.gained

    def at(self, side: Side) -> Difference | None:
        """The most ordinary of them."""
        return self.lost_at if side == "lost" else self.gained_at

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
    lost, gained = (max(records, key=lambda r, s=side: r.count(s)) for side in ("lost", "gained"))
    if not lost.lost and not gained.gained:
        yield "nothing lost, nothing gained"
        return
    if lost.lost:
        yield (
            f"lost: at {lost.lost} of {lost.of} samples the custom gradient fails where "
            f"TensorFlow's own is right, e.g. {_example(lost, 'lost', names)}"
        )
    else:
        yield "nothing lost"
    if gained.gained:
        where = f"at {gained.gained} of {gained.of} samples"
        own = "TensorFlow's own fails where the custom gradient is right"
        yield f"gained: {where} {own}, e.g. {_example(gained, 'gained', names)}"
    else:
        yield "nothing gained"


def _example(record: AgainstAuto, side: Side, names: Sequence[str]) -> str:
    at = record.at(side)
    assert at is not None
    named = names if len(names) == len(at.input) else ["x"] * (len(at.input) == 1)
    point = (
        ", ".join(f"{name} = {x}" for name, x in zip(named, at.input, strict=True))
        if named
        else f"({', '.join(at.input)})"
    )
    return f"at {point} ({record.dtype}, {record.mode})"
