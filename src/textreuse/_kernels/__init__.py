"""Compiled loops: arrays in, arrays filled. One leaf file per algorithm (see docs/decisions)."""
