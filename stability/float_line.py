"""Every magnitude that a float can have, in both signs: logarithmic, evenly spaced by ordinal."""

from argand.sweep.study import Study

float_line = Study(scale="float line")
