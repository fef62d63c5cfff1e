"""The functions under study, one file each; `argand list` finds them by file name."""
