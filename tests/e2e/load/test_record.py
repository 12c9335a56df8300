"""The arithmetic of a record."""

from __future__ import annotations

from tests.e2e.load.record import Outcome, Record, loaded


def outcome(seconds: float, **more: object) -> Outcome:
    plain = Outcome(
        at=100.0, kind="get", source="", seconds=seconds, lost="", longest_gap=0.0, late=0.0, connected=True, said=""
    )
    return plain._replace(**more)  # type: ignore[arg-type]


HUNDRED = Record([outcome(number / 1000) for number in range(100, 0, -1)])


def test_percentiles_are_times_that_requests_really_took() -> None:
    assert [HUNDRED.percentile(share) for share in (0.0, 0.5, 0.99, 1.0)] == [0.001, 0.05, 0.099, 0.1]
    assert Record([outcome(3.0)]).percentile(0.5) == 3.0
    assert Record([]).percentile(0.99) == 0.0


def test_what_is_lost_is_no_latency_but_counts_as_slow() -> None:
    record = Record([outcome(1.0), outcome(30.0, lost="no answer in time"), outcome(0.1, lost="status 502")])
    assert (record.sent, len(record.lost), record.percentile(1.0)) == (3, 2, 1.0)
    assert [slow.lost for slow in record.slower_than(2)] == ["no answer in time"]
    assert "lost 1: status 502" in record.summary()


def test_parts_of_a_record() -> None:
    record = Record(
        [outcome(1, at=10.0), outcome(1, at=20.0, kind="write", said="7"), outcome(1, kind="health", said="2")]
    )
    assert record.between(10.0, 20.0).sent == 1
    assert record.of("write", "health").sent == 2
    assert record.written == [7]
    assert record.versions == {"2": 1}


def test_it_travels_as_text() -> None:
    assert loaded(HUNDRED.dumped()) == HUNDRED
