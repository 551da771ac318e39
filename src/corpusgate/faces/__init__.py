"""Faces of a run: each makes one text out of results.json and of nothing else."""
