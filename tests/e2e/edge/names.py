"""A name server for one name, whose addresses a test may change."""

from __future__ import annotations

import socket
import threading
from typing import Self


class Names:
    """Answers every A question over UDP with `addresses`, for one second."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.questions = 0

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            question, client = self._socket.recvfrom(512)
            if not question:
                return
            self.questions += 1
            self._socket.sendto(self._answer(question), client)

    def _answer(self, question: bytes) -> bytes:
        """RFC 1035, section 4.1: the question comes back, then one record for each address."""
        end = question.index(b"\0", 12) + 5
        count = len(self.addresses)
        head = question[:2] + b"\x81\x80\0\x01" + count.to_bytes(2, "big") + b"\0\0\0\0"
        record = b"\xc0\x0c\0\x01\0\x01\0\0\0\x01\0\x04"
        return head + question[12:end] + b"".join(record + socket.inet_aton(address) for address in self.addresses)
