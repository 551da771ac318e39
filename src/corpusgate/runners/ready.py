"""Imported by the process that workers are forked from: what they need is loaded once, and its memory is shared by all of them.

No thread runs there that holds a lock: importing starts none, and measuring one record does not.
"""

from contextlib import suppress

from corpusgate.runners import memory, warm

memory.reuse()
# What goes wrong goes wrong again in each worker, where somebody hears of it.
with suppress(Exception):
    warm.warm()
