"""The open loop: each request is sent when it is due, in a task of its own."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.e2e.load.answers import Connection, Place, Wrong, asked, connected, pieces
from tests.e2e.load.kinds import MIX, Read, asking, read
from tests.e2e.load.record import Outcome, Record


@dataclass(frozen=True)
class Plan:
    """`rate` requests a second for `seconds`, kinds and sources taking turns; a request is lost after `patience`."""

    place: Place
    rate: float = 50.0
    seconds: float = 600.0
    mix: Sequence[str] = MIX
    sources: Sequence[str] = ("",)
    headers: Mapping[str, str] = field(default_factory=dict)
    reuse: bool = False
    patience: float = 30.0


class Sender:
    """Carries out a plan once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._context = plan.place.context()
        self._idle: defaultdict[str, list[Connection]] = defaultdict(list)
        self._enough = asyncio.Event()

    def stop(self) -> None:
        """Send nothing more; what is on its way is waited for."""
        self._enough.set()

    async def run(self) -> Record:
        """Until the time is over or it is stopped, and the last answer is there."""
        plan, start, sent = self._plan, time.monotonic(), []
        for number in itertools.count():
            round_, turn = divmod(number, len(plan.mix))
            # One source further in each round of the mix: else a source would always send the same kinds.
            kind, source = plan.mix[turn], plan.sources[(round_ + turn) % len(plan.sources)]
            due = start + number / plan.rate
            if due - start >= plan.seconds or await self._stopped_before(due):
                break
            sent.append(asyncio.create_task(self._one(number, kind, source, due)))
        outcomes = await asyncio.gather(*sent)
        await asyncio.gather(*(connection.close() for idle in self._idle.values() for connection in idle))
        return Record(list(outcomes))

    async def _stopped_before(self, due: float) -> bool:
        try:
            await asyncio.wait_for(self._enough.wait(), max(0.0, due - time.monotonic()))
        except TimeoutError:
            return False
        return True

    async def _one(self, number: int, kind: str, source: str, due: float) -> Outcome:
        began = time.monotonic()
        late = max(0.0, began - due)
        nothing = Outcome(time.time() - (began - due), kind, source, 0.0, "", 0.0, late, False, "")
        try:
            async with asyncio.timeout(self._plan.patience):
                connection, fresh = await self._connection(source)
                found = await self._asked(number, kind, source, connection)
        except (OSError, EOFError, asyncio.LimitOverrunError, Wrong, ValueError) as error:
            return nothing._replace(seconds=time.monotonic() - due, lost=why(error))
        seconds = (found.first or found.ended) - due
        return nothing._replace(seconds=seconds, longest_gap=found.longest_gap, connected=fresh, said=found.said)

    async def _asked(self, number: int, kind: str, source: str, connection: Connection) -> Read:
        plan, request = self._plan, asking(kind, number)
        whole = False
        try:
            headers = dict(plan.headers) if plan.reuse else {"Connection": "close"} | dict(plan.headers)
            head = await asked(connection, plan.place, request.method, request.target, request.content, headers)
            if head.status != request.status:
                raise Wrong(f"status {head.status}")
            found = await read(kind, pieces(connection, head))
            whole = plan.reuse and head.headers.get("connection") != "close"
        finally:
            if whole:
                self._idle[source].append(connection)
            else:
                await connection.close()
        return found

    async def _connection(self, source: str) -> tuple[Connection, bool]:
        """An idle one that is still open, as browsers look for it; else a new one, which is true."""
        while self._idle[source]:
            connection = self._idle[source].pop()
            if not connection.reader.at_eof():
                return connection, False
            await connection.close()
        return await connected(self._plan.place, self._context, source), True


def why(error: BaseException) -> str:
    """A reason that is the same for the same cause."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, asyncio.IncompleteReadError):
        return "the connection ended within an answer" if error.partial else "the connection ended without an answer"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or error}"
    if isinstance(error, ConnectionError):
        return type(error).__name__
    return str(error) or type(error).__name__
