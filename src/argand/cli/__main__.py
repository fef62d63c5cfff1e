"""python -m argand.cli is argand."""

from argand.cli import main

main()
