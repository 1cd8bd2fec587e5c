"""`python -m stackcraft.viz.cli` is the command `stackcraft`."""

import sys

from stackcraft.viz.cli.main import main

sys.exit(main())
