"""Wrappers around the official validators, used by the tests.

Each module's ``problems`` takes a rendered file (or its text) and returns one line for each thing its tool objects to:
an empty list means accepted. A tool that is not there raises ``ToolMissingError``; nothing is ever skipped, since a
check that did not run looks exactly like a check that passed.
"""
