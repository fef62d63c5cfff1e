"""Linear, out to where the exact value leaves the float range, and a little beyond."""

from argand.sweep.study import Study

frontier = Study(scale="frontier")
