"""asv needs the project's history: a shallow clone is refused in one line.

``setup`` is a plugin of asv's, which asv.conf.json names; ``head`` is for benchmarks/scripts.
"""

import sys


def setup():
    """Refuse a shallow clone. asv calls it before each of its commands."""
    from asv.util import UserError  # not at the top: the benchmarks' environments have no asv

    try:
        from argand.subject import TargetError
    except ImportError:  # asv is in an environment of its own, without argand
        return
    try:
        refuse_shallow()
    except TargetError as error:
        raise UserError(str(error)) from error


def head():
    """The hash of the commit that asv builds. Raises TargetError where asv could build none."""
    from argand.commits import git

    refuse_shallow()
    if git("status", "--porcelain", "--untracked-files=no"):
        print("note: asv builds HEAD; what is not committed is not measured", file=sys.stderr)
    return git("rev-parse", "HEAD")


def refuse_shallow():
    """Raise TargetError in a clone without its history, and outside a clone."""
    from argand.commits import git
    from argand.subject import TargetError

    if git("rev-parse", "--is-shallow-repository") == "true":
        raise TargetError(
            "this clone is shallow and asv needs the history: run `git fetch --unshallow`"
        )
