"""For each rule: a config that it refuses and one that it accepts, one setting apart, over a small sound config."""

from tests.checks.cases import availability, capacity, contract, data, security, state, time, waivers
from tests.checks.cases.sound import SOUND, Case

__all__ = ["CASES", "SOUND", "Case"]

CASES = (
    *capacity.CASES,
    *state.CASES,
    *time.CASES,
    *availability.CASES,
    *security.CASES,
    *contract.CASES,
    *data.CASES,
    *waivers.CASES,
)
