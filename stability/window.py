"""The window where people work, linear."""

from argand.sweep.study import Study

window = Study(scale="window")
