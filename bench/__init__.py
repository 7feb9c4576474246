"""Measurements of speed and memory. Each module or package here with a function `run` is one; nothing here is a test.

`run` prints what it finds. It gives 1 where a bar that it judges does not hold, else 0 or nothing.
"""
