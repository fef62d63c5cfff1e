"""Functions of several numbers: planes through components of two inputs, or of two entries of a
row, and of the second; the rest stays at a place inside its window."""

from argand.sweep.study import Study

slices = Study(scale="float line", axes=((0, 2), (1, 2), (1, 3), (2, 3)), resolution=96)
