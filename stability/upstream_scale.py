"""An input against the size of the upstream, both over all that a float can be, and the input
linearly around its frontier: a gradient may be in range where the derivative is not."""

from argand.sweep.study import Study

upstream_scale = Study(scale="float line", axes=((0, "|u|"),), resolution=128)
upstream_frontier = Study(scale="frontier", axes=((0, "|u|"),), resolution=128)
