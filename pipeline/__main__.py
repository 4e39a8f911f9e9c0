"""`python -m pipeline` is `bayan`."""

from pipeline.cli import main

main()
