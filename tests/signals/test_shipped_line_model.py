"""The model of lines as it is shipped: the file that its README speaks of, made for the numbers that the kernels give."""

from __future__ import annotations

import hashlib
import re

import numpy as np

from corpusgate.kernels.line_context import FEATURES, FIRST_FEATURES
from corpusgate.kernels.line_model import LineModel
from corpusgate.kernels.line_trees import DEPTH, LEAVES
from corpusgate.signals import line_model

README = line_model.FILE.with_name("README.md")


def section() -> str:
    return README.read_text("utf-8").split("# line_model.npz", 1)[1]


def test_the_file_is_the_one_whose_origin_is_told() -> None:
    (written,) = re.findall(r"SHA-256\s+`([0-9a-f]{64})`", section())
    assert hashlib.sha256(line_model.FILE.read_bytes()).hexdigest() == written


def test_it_was_made_for_these_numbers_of_a_line() -> None:
    """A number that is added, dropped or moved makes every tree ask for another one."""
    (written,) = re.findall(r"numbers of a line\s+`([0-9a-f]{16})`", section())
    assert hashlib.sha256("\n".join(FEATURES).encode()).hexdigest()[:16] == written


def test_it_has_what_is_read_and_nothing_else() -> None:
    with np.load(line_model.FILE) as data:
        assert set(data.files) == {*LineModel._fields, "thresholds"}
    known = line_model.model()
    assert known.feature.shape == known.bound.shape == (len(known.leaves), DEPTH)
    assert known.leaves.shape[1] == LEAVES
    # Sums of whole numbers, in any order the same, do not run over.
    assert np.abs(known.leaves.astype(np.int64)).max(axis=1).sum() < 2**31
    assert known.feature.max() < len(FEATURES)
    # The first trees do not know what the page speaks of.
    assert known.feature[: known.second].max() < FIRST_FEATURES
    assert list(line_model.thresholds()) == list(line_model.LOST)
