"""All signals by name: importing this package registers them."""

from corpusgate.signals import boilerplate, dates, encoding, headlines, hidden
from corpusgate.signals.base import REGISTRY, Hits, Signal, View, find, signal

__all__ = ["REGISTRY", "Hits", "Signal", "View", "boilerplate", "dates", "encoding", "find", "headlines", "hidden", "signal"]
