"""`python -m stackcraft.viz.cli` is the command `stackcraft`."""

from stackcraft.viz.cli.main import main

main()
