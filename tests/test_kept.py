"""What is kept in the user's cache folder: made once, made again when it is damaged or made from something else."""

from __future__ import annotations

from os import environ
from pathlib import Path
from subprocess import run
from sys import executable

import numpy as np
import pytest

from corpusgate.kept import kept_arrays


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


class _Maker:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> tuple[np.ndarray, ...]:
        self.times += 1
        return np.arange(3, dtype=np.uint16), np.zeros((2, 0)), np.array([True])


def test_arrays_are_made_once_and_come_back_as_they_were() -> None:
    make = _Maker()
    for _ in range(2):
        found = kept_arrays("some", [__file__], make)
        assert [array.dtype for array in found] == [np.uint16, np.float64, np.bool_]
        assert [array.shape for array in found] == [(3,), (2, 0), (1,)]
        # Compiled loops tell arrays that can be written to from others.
        assert all(array.flags.writeable for array in found)
    assert make.times == 1


def test_other_code_or_another_wish_makes_them_again(tmp_path: Path) -> None:
    make, code = _Maker(), tmp_path / "code.py"
    for text, given in (("a", ""), ("b", ""), ("b", "c")):
        code.write_text(text)
        kept_arrays("some", [str(code)], make, given)
    assert make.times == 3


def test_damaged_ones_are_made_again(tmp_path: Path) -> None:
    make = _Maker()
    kept_arrays("some", [__file__], make)
    (path,) = (tmp_path / "corpusgate" / "made").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    assert kept_arrays("some", [__file__], make)[2].tolist() == [True]
    assert make.times == 2


def test_workers_are_ready_without_pandas() -> None:
    code = "import sys; from corpusgate.runners.warm import warm; warm(); print('pandas' in sys.modules); import pandas"
    assert run([executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_compiled_kernels_are_kept_here_whatever_comes_first(tmp_path: Path) -> None:
    """Beside the sources every update would lose them, and there is nowhere to write where the sources are read-only."""
    code = (
        "from corpusgate.runners.warm import without_linear_algebra; without_linear_algebra()\n"
        "from numba.core import config; print(config.CACHE_DIR)"
    )
    bare = {name: value for name, value in environ.items() if name != "NUMBA_CACHE_DIR"}
    told = run([executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True, env=bare).stdout
    assert Path(told.strip()).parent == tmp_path / "corpusgate" / "numba"
