"""Traffic for engine tests: a fixed number of requests a second, whatever happens to them, and a record of each.

    place = Place("198.51.100.1", 443, "search.example.com", ca=chain)
    with traffic(place, prefix=machine.namespace.prefix, sources=addresses) as running:
        running.wait_for(3_000)
        ...
    print(running.record.summary())
    assert not running.record.lost

It is an open loop: a request is sent when it is due, not when the one before is answered, and its time counts from when
it was due. A failure is a failure: nothing is tried again. Each request has a connection of its own unless `reuse` is
set: a server may close an idle connection at any moment, and then a request on it is lost, as a browser's POST is. It
runs in a process of its own, so that neither side's work delays the other, in whatever network `prefix` enters.
"""
