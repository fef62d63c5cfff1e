"""Short tensors: kernels do four, eight or sixteen entries at once, and the rest one by one, by
other code. Each point is a call: only `argand sweep lengths`."""

from argand.sweep.study import Study

lengths = Study("float line", lengths=(1, 3, 4, 5, 8), resolution=24, by_name=True)
