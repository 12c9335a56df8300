"""The process that sends: reads a plan as JSON from standard input, prints `sending`, and at the end the record.

SIGTERM stops it. `traffic` (in traffic.py) starts it.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys

from tests.e2e.load.answers import Place
from tests.e2e.load.sending import Plan, Sender


async def main() -> None:
    told = json.load(sys.stdin)
    sender = Sender(Plan(**told | {"place": Place(*told["place"])}))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, sender.stop)
    print("sending", flush=True)
    print((await sender.run()).dumped())


if __name__ == "__main__":
    asyncio.run(main())
