"""`make demo`: the main job on the sample corpus. It ends 0, since showing a held gate is its purpose."""

from __future__ import annotations

import sys
from pathlib import Path

from corpusgate.job import Choices, check_and_write


def main() -> int:
    """Check corpora/sample-news of the checkout and say what a pipeline would see."""
    root = Path(__file__).parents[2]
    results, _ = check_and_write([root / "corpora" / "sample-news"], Choices(out=Path("reports") / "sample-news"))
    print(f"This is a demo and ends with 0; `corpusgate check corpora/sample-news` itself exits with {results.gate.exit_code}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
