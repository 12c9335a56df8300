"""Quantities with their unit in the text (`2Gi`, `500m`, `30s`, `20/s`, `70%`), as integers and back.

One unit each inside the program: bytes, millicores, seconds, requests per minute, percent.
"""

from __future__ import annotations

import re

BYTE_UNITS = {
    "Ki": 2**10,
    "Mi": 2**20,
    "Gi": 2**30,
    "Ti": 2**40,
    "kB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
}
SECOND_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "y": 31_536_000}
RATE_UNITS = {"s": 60, "min": 1}
LARGEST = 10**18

_NUMBER_UNIT = re.compile(r"([0-9]{1,15})([A-Za-z]+)", re.ASCII)
_CPU = re.compile(r"([0-9]{1,6})m|([0-9]{1,4})(?:\.([0-9]{1,3}))?", re.ASCII)


def parse_bytes(text: str) -> int:
    """`512Mi`, `6Gi`, `10MB` -> bytes. Raises ValueError naming the units."""
    return _with_unit(text, BYTE_UNITS, "an amount of memory or storage", "512Mi, 6Gi or 10MB")


def parse_seconds(text: str) -> int:
    """`30s`, `5m`, `24h`, `30d`, `2y` -> seconds. Raises ValueError naming the units."""
    return _with_unit(text, SECOND_UNITS, "a duration", "30s, 5m, 24h, 30d or 2y")


def parse_millicores(text: str) -> int:
    """`2`, `1.5`, `500m` -> thousandths of a core. Raises ValueError."""
    match = _CPU.fullmatch(text)
    if match is None:
        raise ValueError(f'{text!r} is not a number of CPU cores. Write "2", "1.5" or "500m"')
    milli, whole, part = match.groups()
    value = int(milli) if milli else int(whole) * 1000 + int((part or "0").ljust(3, "0"))
    if value == 0:
        raise ValueError("no CPU at all. Write at least 10m")
    return value


def parse_rate(text: str) -> int:
    """`20/s`, `30/min` -> requests per minute. Raises ValueError."""
    number, slash, unit = text.partition("/")
    if not slash or unit not in RATE_UNITS or not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise ValueError(f"{text!r} is not a rate. Write 20/s or 30/min")
    return int(number) * RATE_UNITS[unit]


def parse_percent(text: str) -> int:
    """`70%` -> 70. Raises ValueError."""
    number = text.removesuffix("%")
    if number == text or not (number.isascii() and number.isdigit()) or not 1 <= int(number[:4]) <= 100:
        raise ValueError(f"{text!r} is not a share from 1% to 100%. Write 70%")
    return int(number)


def _with_unit(text: str, units: dict[str, int], what: str, examples: str) -> int:
    match = _NUMBER_UNIT.fullmatch(text)
    if match is None or match[2] not in units:
        raise ValueError(f"{text!r} is not {what}. Write a whole number and a unit: {examples}")
    value = int(match[1]) * units[match[2]]
    if not 0 < value < LARGEST:
        raise ValueError(f"{text!r} is out of range. Write something like {examples}")
    return value


def binary_bytes(value: int) -> str:
    """Kubernetes and our own spelling: the largest binary unit that divides it (`6Gi`), else plain bytes."""
    for unit in ("Ti", "Gi", "Mi", "Ki"):
        if value % BYTE_UNITS[unit] == 0:
            return f"{value // BYTE_UNITS[unit]}{unit}"
    return str(value)


def written_bytes(value: int) -> str:
    """As a person writes it, in the larger of the binary and the decimal unit that divide it: `256Mi`, `10MB`."""
    units = sorted(BYTE_UNITS.items(), key=lambda unit: -unit[1])
    return next((f"{value // size}{unit}" for unit, size in units if value % size == 0), f"{value // 1000}kB")


def letter_bytes(value: int) -> str:
    """Docker's and nginx's spelling, where k, m and g are binary: `100m`, `6g`; plain bytes when none divides it.

    https://github.com/docker/go-units/blob/master/size.go, RAMInBytes
    """
    return _with_letter(value, 1024)


def log_bytes(value: int) -> str:
    """The spelling of Docker's log options, where k, m and g are decimal: 10 MB is `10m`; plain bytes otherwise.

    https://github.com/moby/moby/blob/master/daemon/logger/jsonfilelog/jsonfilelog.go, FromHumanSize
    """
    return _with_letter(value, 1000)


def _with_letter(value: int, base: int) -> str:
    for letter, power in (("g", 3), ("m", 2), ("k", 1)):
        if value % base**power == 0:
            return f"{value // base**power}{letter}"
    return str(value)


def cores(millicores: int) -> str:
    """Docker's spelling: `1.5`, `2`."""
    whole, part = divmod(millicores, 1000)
    return f"{whole}.{part:03d}".rstrip("0").rstrip(".") if part else str(whole)


def kubernetes_cpu(millicores: int) -> str:
    """Kubernetes' canonical spelling: `2`, `500m`."""
    return str(millicores // 1000) if millicores % 1000 == 0 else f"{millicores}m"


def duration(seconds: int) -> str:
    """The largest unit that divides it, for people: `24h`, `30d`, `90s`."""
    for unit in ("y", "d", "h", "m"):
        if seconds % SECOND_UNITS[unit] == 0:
            return f"{seconds // SECOND_UNITS[unit]}{unit}"
    return f"{seconds}s"
