"""`python -m comparada`."""

from comparada.cli import main

main(prog_name="comparada")
