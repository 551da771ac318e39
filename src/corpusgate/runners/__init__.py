"""Engines that run a plan over a corpus."""
