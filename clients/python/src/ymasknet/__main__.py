"""`python3 -m ymasknet`: inspects image files from a terminal."""

import sys

from ymasknet.cli.program import main

if __name__ == "__main__":
    sys.exit(main())
