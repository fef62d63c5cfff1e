"""The window where people work, linear."""

from argand.sweep.plane.study import Study

window = Study(scale="window")
