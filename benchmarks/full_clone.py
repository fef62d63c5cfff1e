"""A plugin of asv's (asv.conf.json names it): a shallow clone gets a clear word, no traceback."""


def setup():
    """asv calls it before each of its commands."""
    from asv.util import UserError  # not at the top: the benchmarks' environments have no asv

    try:
        from argand.subject import TargetError
        from argand.timing.clone import refuse_shallow
    except ImportError:  # asv is in an environment of its own, without argand
        return
    try:
        refuse_shallow()
    except TargetError as error:
        raise UserError(str(error)) from error
