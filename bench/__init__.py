"""Measurements of speed and memory. Each module here with a function `run` is one; nothing here is a test."""
