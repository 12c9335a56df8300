"""A small search service that keeps the contract of the app image. README.md says what it does and reads."""

from pathlib import Path

VERSION = (Path(__file__).parent / "version.txt").read_text().strip()
