"""Errors that a user can mend: each message says what was wrong, where, and what to do."""

from __future__ import annotations


class TextReuseError(Exception):
    """Base of every error that textreuse raises on purpose."""


class InputError(TextReuseError):
    """The documents cannot be read as they are: which one, why, and how to mend it."""


class OptionsError(TextReuseError):
    """Options that make no sense, all of them reported together."""


class TextReuseWarning(UserWarning):
    """The texts are such that other options would find more."""


class MissingTextError(TextReuseError):
    """The result does not hold the texts that were asked for."""
