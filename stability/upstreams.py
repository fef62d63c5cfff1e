"""A million points of the float plane and of the window for each of five upstreams. Some minutes
for each subject: only `argand sweep upstreams_float_line upstreams_window`."""

from argand.sweep.study import Study

EVERY = (1, 1j, "random", "tiny", "huge")

upstreams_float_line = Study("float line", upstreams=EVERY, resolution=1000, by_name=True)
upstreams_window = Study("window", upstreams=EVERY, resolution=1000, by_name=True)
