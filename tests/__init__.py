"""The tests. This is loaded before any of them, and before what they load."""

import os
import sys

# Where an environment forbids bytecode, each of the thousands of processes that the tests start compiles the package
# afresh, which is more than half of what a short one costs. The files go where git ignores them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
