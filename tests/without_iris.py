"""Lets jsonschema do without a grammar of international addresses.

It builds the grammar when it is imported, which takes most of the time in which a Jupyter server
starts, and nothing here checks such addresses. Without the package it leaves out that format.
"""

import sys

# What is None here cannot be imported, as if it was not installed.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
