"""`python -m pathway`."""

import sys

from pathway.cli.main import main

sys.exit(main())
