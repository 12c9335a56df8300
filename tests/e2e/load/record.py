"""What became of each request."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple


class Outcome(NamedTuple):
    """One request. Times are seconds; `at` is when it was due, since the epoch."""

    at: float
    kind: str
    source: str
    """The client's own address; empty: the system's choice."""
    seconds: float
    """From when it was due to the end of its answer, or to a stream's first token; for a lost one, to its loss."""
    lost: str
    """Why it is lost; empty: it is not."""
    longest_gap: float
    """The longest silence between two tokens; 0 for what is no stream."""
    late: float
    """How much later than due it was sent: this side's own fault."""
    connected: bool
    """Whether a connection was made for it, instead of using one again."""
    said: str
    """What the answer shows of itself: the version, or the id of what was written."""


@dataclass(frozen=True)
class Record:
    """All requests in the order in which they were due."""

    outcomes: list[Outcome]

    @property
    def sent(self) -> int:
        """How many there were."""
        return len(self.outcomes)

    @property
    def lost(self) -> list[Outcome]:
        """Those without a whole answer, or with another status than they should have."""
        return [outcome for outcome in self.outcomes if outcome.lost]

    @property
    def late(self) -> float:
        """The most that this side was behind its plan: where it is large, times say little about the other side."""
        return max((outcome.late for outcome in self.outcomes), default=0.0)

    @property
    def longest_gap(self) -> float:
        """The longest silence within a stream."""
        return max((outcome.longest_gap for outcome in self.outcomes), default=0.0)

    @property
    def versions(self) -> Counter[str]:
        """How often each version of the app said that it is healthy."""
        return Counter(outcome.said for outcome in self.outcomes if outcome.kind == "health" and outcome.said)

    @property
    def written(self) -> list[int]:
        """The ids of the documents that the app has acknowledged."""
        return [int(outcome.said) for outcome in self.outcomes if outcome.kind == "write" and outcome.said]

    def of(self, *kinds: str) -> Record:
        """Those of some kinds."""
        return Record([outcome for outcome in self.outcomes if outcome.kind in kinds])

    def between(self, start: float, end: float) -> Record:
        """Those that were due then, in seconds since the epoch."""
        return Record([outcome for outcome in self.outcomes if start <= outcome.at < end])

    def slower_than(self, seconds: float) -> list[Outcome]:
        """Those that took longer, lost or not."""
        return [outcome for outcome in self.outcomes if outcome.seconds > seconds]

    def percentile(self, share: float) -> float:
        """The time that this share (0 to 1) of the answered requests took at most; 0 when none was answered."""
        times = sorted(outcome.seconds for outcome in self.outcomes if not outcome.lost)
        return times[max(0, math.ceil(share * len(times)) - 1)] if times else 0.0

    def summary(self) -> str:
        """The figures in one line, and under it each reason for a loss with its number."""
        kinds = ", ".join(f"{number} {kind}" for kind, number in Counter(one.kind for one in self.outcomes).items())
        reasons = Counter(outcome.lost for outcome in self.lost).most_common()
        line = (
            f"{self.sent} sent ({kinds}), {len(self.lost)} lost; p50 {self.percentile(0.5) * 1000:.0f} ms, "
            f"p99 {self.percentile(0.99) * 1000:.0f} ms, slowest {self.percentile(1) * 1000:.0f} ms; "
            f"longest gap in a stream {self.longest_gap * 1000:.0f} ms; sent at most {self.late * 1000:.0f} ms late"
        )
        return "\n".join([line, *(f"  lost {number}: {reason}" for reason, number in reasons)])

    def dumped(self) -> str:
        """As text, for another process."""
        return json.dumps(self.outcomes)


def loaded(text: str) -> Record:
    """What `dumped` wrote."""
    return Record([Outcome(*fields) for fields in json.loads(text)])
