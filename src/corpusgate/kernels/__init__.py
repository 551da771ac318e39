"""Compiled loops straight over bytes and offsets: no policy, no Python object a record.

Compiled code is kept in the user's cache folder, so that it is made once a machine and not once a run.
"""

import os
from pathlib import Path

# numba reads this when it is first imported; next to the sources would fail where they are read-only.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "corpusgate" / "numba"))
