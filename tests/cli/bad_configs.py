"""Configs with one thing wrong each: what is written, where the finding points, what it says and what it proposes."""

from __future__ import annotations

from typing import NamedTuple


class Bad(NamedTuple):
    """`change` replaces the line of the same key in the smallest config (folders.MINIMAL) or becomes line 7."""

    id: str
    change: str
    place: str
    message: str
    fix: str


KEYS = [
    Bad("at the top", "nmae: x", "7:1", "nmae: unknown key.", "Did you mean name?"),
    Bad("nothing near", "zzz: x", "7:1", "zzz: unknown key.", "Known keys: version, edition, name,"),
    Bad("one level down", "app: {memmory: 6Gi}", "7:7", "app.memmory: unknown key.", "Did you mean memory?"),
    Bad("two levels down", "database: {pool: {sise: 20}}", "7:19", "database.pool.sise: unknown key.", "mean size?"),
    Bad("the name inside the program", "tls: {source: files}", "7:7", "tls.source: unknown key.", "Known keys: from,"),
    Bad(
        "in an item of a list",
        "scheduling: {tolerations: [{key: a}, {key: b, vlaue: c}]}",
        "7:47",
        "scheduling.tolerations[1].vlaue: unknown key.",
        "Did you mean value?",
    ),
    Bad(
        "in a target",
        "targets: {k8s: {namespce: x}}",
        "6:17",
        "targets.k8s.namespce: unknown",
        "Did you mean namespace?",
    ),
    Bad(
        "three levels into a target",
        "targets: {k8s: {gateway: {namespace: a, name: b, sektion: c}}}",
        "6:50",
        "targets.k8s.gateway.sektion: unknown key.",
        "Did you mean section?",
    ),
    Bad(
        "no such target",
        "targets: {dockr: {}}",
        "6:11",
        "targets.dockr: unknown key.",
        "Known keys: compose, k8s, helm, ",
    ),
    Bad(
        "in an override",
        "targets: {compose: {override: {scaling: {mim: 2}}}}",
        "6:42",
        "targets.compose.override.scaling.mim: unknown key.",
        "Did you mean min?",
    ),
    Bad(
        "quoted in the path",
        'logs: {"max files": 3}',
        "7:8",
        'logs["max files"]: unknown key.',
        "Did you mean max_files?",
    ),
    Bad("another program's word", "services: {app: {}}", "7:1", "services: unknown key.", "Did you mean secrets?"),
]

# A value of the wrong kind, and blocks, lists and nulls in each other's place.
TYPES = [
    Bad("list for a text", "name: [a]", "3:7", "name: not a text.", "Write name: ai-search."),
    Bad("block for a text", "name: {a: b}", "3:7", "name: not a text.", "Write name: ai-search."),
    Bad("nothing for a text", "name:", "3:6", "name: empty.", "Write name: ai-search."),
    Bad("null for a text", "name: null", "3:7", "name: null.", "Write name: ai-search."),
    Bad("text for a list", "domains: a.example.com", "4:10", "domains: not a list.", "[search.example.com]."),
    Bad("empty list", "domains: []", "4:10", "domains: empty.", "Write domains: [search.example.com]."),
    Bad("block for a list", "secrets: {names: {A: b}}", "7:18", "secrets.names: not a list.", "[DASHSCOPE_API_KEY]."),
    Bad(
        "command as one text",
        "app: {migrate: python -m alembic}",
        "7:16",
        "app.migrate: not a list.",
        'Write migrate: [python, "-m", alembic, upgrade, head].',
    ),
    Bad(
        "reference for a block",
        "image: ghcr.io/example/ai-search:1.4.2",
        "5:8",
        "image: not a block of keys and values.",
        "Write image: {repository: ghcr.io/example/ai-search, tag: 1.4.2}.",
    ),
    Bad("null for a block", "uploads: null", "7:10", "uploads: null.", "Write uploads: {storage: 20Gi}."),
    Bad("nothing for a block", "targets:", "6:9", "targets: empty.", "Write targets: {compose: {}}."),
    Bad("list for a block", "targets: [compose]", "6:10", "targets: not a block", "Write targets: {compose: {}}."),
    Bad("list for an open map", "labels: [team]", "7:9", "labels: not a block", "Write labels: {team: search}."),
    Bad(
        "text for an item that is a block",
        "app: {volumes: [corpus]}",
        "7:17",
        "app.volumes[0]: not a block",
        "Write {name: corpus, mount: /app/corpus}.",
    ),
    Bad("list for shorthand", "app: {memory: [6Gi]}", "7:15", "app.memory: not a block", "Write memory: 6Gi."),
    Bad("text for a number", "logs: {max_files: five}", "7:19", "logs.max_files: not a whole number.", "max_files: 5."),
    Bad(
        "number in quotes", 'database: {version: "18"}', "7:21", "a text in quotes, not a number.", "Write 18, without"
    ),
    Bad("fraction for a whole number", "database: {version: 18.1}", "7:21", "not a whole number.", "version: 18."),
    Bad("boolean for a number", "scaling: {min: true}", "7:16", "scaling.min: not a whole number.", "Write min: 3."),
    Bad("number for a boolean", "network: {ipv6: 1}", "7:17", "network.ipv6: not true or false.", "without quotes."),
    Bad("text for a boolean", 'cache: {tls: "yes"}', "7:14", "cache.tls: not true or false.", "Write true or false"),
    Bad("text for version", 'version: "1"', "1:10", "version: a text, not a number.", "Write version: 1."),
    Bad("override is no block", "targets: {compose: {override: 5}}", "6:31", "override: not a block", "{min: 2}}"),
]

# What YAML 1.1 and 1.2 read differently, or as something that nobody meant.
TAG = "image: {{repository: a/b, tag: {}}}"
TRAPS = [
    Bad("no", "name: no", "3:7", "name: no reads as the boolean false in YAML 1.1.", 'Write "no" for the text'),
    Bad("on", "edge: {brotli: on}", "7:16", "on reads as the boolean true in YAML 1.1.", "true for the boolean."),
    Bad("0644", "name: 0644", "3:7", "0644 reads as the number 420 in YAML 1.1, 644 in", 'Write "0644" for the text'),
    Bad("1.10", TAG.format("1.10"), "5:31", "1.10 reads as the number 1.1.", 'Write "1.10".'),
    Bad("14", TAG.format("14"), "5:31", "image.tag: 14 reads as the number 14.", 'Write "14".'),
    Bad("1e3", TAG.format("1e3"), "5:31", "1e3 reads as the number 1000 in YAML 1.2", 'Write "1e3"'),
    Bad("22:22", "database: {port: 22:22}", "7:18", "22:22 reads as the number 1342 in YAML 1.1", 'Write "22:22"'),
    Bad("date", "name: 2026-11-24", "3:7", "2026-11-24 reads as a date in YAML 1.1.", 'Write "2026-11-24".'),
    Bad("edition without quotes", "edition: 2026.11", "2:10", "2026.11 reads as the number", 'Write "2026.11".'),
    Bad("version without quotes", "targets: {k8s: {version: 1.37}}", "6:26", "1.37 reads as the", 'Write "1.37".'),
    Bad("label", "labels: {team: 42}", "7:16", "labels.team: 42 reads as the number 42.", 'Write "42".'),
    Bad("boolean label", "labels: {a: true}", "7:13", "true reads as the truth value true.", 'Write "true".'),
    Bad("not finite", "database: {version: .inf}", "7:21", ".inf is not a finite number.", "Write a number"),
    Bad(
        "huge",
        f"scaling: {{max: {'9' * 5000}}}",
        "7:16",
        "has 5000 digits; a number has at most 18.",
        "in double quotes.",
    ),
    Bad("cron without quotes", "backup: {schedule: * * * * *}", "7:20", "would be an alias", "in double quotes."),
]

RANGES = [
    Bad("too few", "scaling: {min: 0}", "7:16", "scaling.min: less than 1.", "Write at least 1."),
    Bad("too many", "scaling: {max: 9999}", "7:16", "scaling.max: more than 1000.", "Write at most 1000."),
    Bad("no such port", "database: {port: 99999}", "7:18", "database.port: more than 65535.", "Write at most 65535."),
    Bad("negative", "load: {streams: -1}", "7:17", "load.streams: less than 0.", "Write at least 0."),
    Bad("ended version", "database: {version: 13}", "7:21", "database.version: less than 14.", "Write at least 14."),
    Bad("workers", "app: {workers: 0}", "7:16", "neither auto nor a whole number from 1 to 128.", "Write auto."),
    Bad("version of the file", "version: 2", "1:10", "version: not 1.", "Write version: 1."),
    Bad("edition", 'edition: "2027.01"', "2:10", 'edition: not "2026.11", the only', 'Write edition: "2026.11".'),
    Bad("preset", "preset: huge", "7:9", "preset: not one of small, medium, large.", "Write preset: medium."),
    Bad("capitals", "logs: {level: debug}", "7:15", "logs.level: not one of DEBUG, INFO", "Did you mean DEBUG?"),
    Bad("dash", "edge: {balance: round_robin}", "7:17", "edge.balance: not one of", "Did you mean round-robin?"),
    Bad("in a list", "targets: {k8s: {has: [cert-manger]}}", "6:23", "targets.k8s.has[0]: not one", "cert-manager?"),
    Bad(
        "old cluster", 'targets: {k8s: {version: "1.30"}}', "6:26", 'not one of "1.35", "1.36"', 'Did you mean "1.37"?'
    ),
    Bad("too long", f"name: {'a' * 41}", "3:7", "name: longer than 40 characters.", "Shorten it."),
]

QUANTITIES = [
    Bad("memory without unit", "app: {memory: 6}", "7:15", "app.memory: 6 has no unit.", "512Mi, 6Gi or 10MB."),
    Bad("small letters", "app: {memory: 6gb}", "7:15", "app.memory: '6gb' is not an amount", "512Mi, 6Gi or 10MB."),
    Bad(
        "one letter",
        "app: {upload_limit: 100M}",
        "7:21",
        "'100M' is not an amount of memory",
        "a whole number and a unit",
    ),
    Bad("fraction", "uploads: {storage: 1.5Gi}", "7:20", "'1.5Gi' is not an amount", "a whole number and a unit"),
    Bad("negative amount", "cache: {memory: -1Gi}", "7:17", "'-1Gi' is not an amount", "a whole number and a unit"),
    Bad("no memory", "cache: {memory: 0Gi}", "7:17", "'0Gi' is out of range.", "512Mi, 6Gi or 10MB."),
    Bad("more than exists", "cache: {memory: 999999999Ti}", "7:17", "is out of range.", "512Mi, 6Gi or 10MB."),
    Bad("time without unit", "cache: {ttl: 3600}", "7:14", "cache.ttl: 3600 has no unit.", "30s, 5m, 24h, 30d or 2y."),
    Bad(
        "time in words", "app: {startup: 1 minute}", "7:16", "'1 minute' is not a duration.", "30s, 5m, 24h, 30d or 2y."
    ),
    Bad("rate without unit", "load: {peak_requests: 20}", "7:23", "20 has no unit.", "Write it as 20/s or 30/min."),
    Bad("rate an hour", "load: {peak_requests: 20/h}", "7:23", "'20/h' is not a rate.", "Write 20/s or 30/min."),
    Bad("share without %", "scaling: {cpu: 70}", "7:16", "scaling.cpu: 70 has no unit.", "Write it as 70%."),
    Bad("share above all", "scaling: {cpu: 170%}", "7:16", "'170%' is not a share from 1% to 100%.", "Write 70%."),
    Bad("cores in words", "app: {cpu: 2 cores}", "7:12", "'2 cores' is not a number of CPU cores.", '"1.5" or "500m".'),
    Bad("no core", "app: {cpu: 0}", "7:12", "app.cpu: no CPU at all.", "Write at least 10m."),
]

IDENTIFIERS = [
    Bad("name in capitals", "name: AI-Search", "3:7", "name: not a name of small letters", "Write ai-search."),
    Bad(
        "domain with scheme",
        "domains: [https://a.example.com/x]",
        "4:11",
        "without scheme, port",
        "Write a.example.com.",
    ),
    Bad(
        "domain in capitals",
        "domains: [A.Example.com]",
        "4:11",
        "domains[0]: not a domain name",
        "Write a.example.com.",
    ),
    Bad("domain with port", 'domains: ["a.example.com:443"]', "4:11", "without scheme, port or path", "a.example.com."),
    Bad(
        "address for a domain",
        "domains: [10.0.0.1]",
        "4:11",
        "domains[0]: not a domain name",
        "like search.example.com.",
    ),
    Bad(
        "empty label", "domains: [a..example.com]", "4:11", "domains[0]: not a domain name", "like search.example.com."
    ),
    Bad("wildcard", 'domains: ["*.example.com"]', "4:11", "domains[0]: not a domain name", "like search.example.com."),
    Bad(
        "umlaut",
        "domains: [b\u00fccher.example]",
        "4:11",
        "character 2 is U+00FC, LATIN SMALL LETTER U WITH DIAERESIS.",
        "Write xn--bcher-kva.example.",
    ),
    Bad(
        "look-alike letter",
        "name: \u0430i-search",
        "3:7",
        "character 1 is U+0430, CYRILLIC SMALL LETTER A.",
        "Write something like ai-search.",
    ),
    Bad(
        "look-alike in a domain",
        "domains: [s\u0435arch.example.com]",
        "4:11",
        "character 2 is U+0435, CYRILLIC SMALL LETTER IE.",
        "Write something like search.example.com.",
    ),
    Bad(
        "line break in quotes",
        'edge: {csp: "default-src\\nX: y"}',
        "7:13",
        "edge.csp: not one line of printable ASCII: character 12 is U+000A, a line break.",
        "Write something like",
    ),
    Bad(
        "tag latest",
        "image: {repository: a/b, tag: latest}",
        "5:31",
        "latest moves under you",
        'an exact tag: "1.4.2".',
    ),
    Bad("other image latest", 'cache: {image: "a/b:latest"}', "7:16", "cache.image: latest moves", "an exact tag"),
    Bad("image without tag", "edge: {image: a/b}", "7:15", "edge.image: no tag, which means latest.", "nginx:1.30."),
    Bad("tag in the name", 'image: {repository: "a/b:1", tag: "1"}', "5:21", "without tag or digest.", "Write a/b."),
    Bad("digest", "image: {repository: a/b, digest: sha256:abc}", "5:34", "image.digest: not a digest", "sha256:0123"),
    Bad("neither", "image: {repository: a/b}", "5:8", "neither tag nor digest says which", 'Add tag: "1.4.2".'),
    Bad("no repository", 'image: {tag: "1"}', "5:1", "image.repository: missing.", "Write repository: ghcr.io"),
    Bad(
        "image in capitals",
        'image: {repository: A/B, tag: "1"}',
        "5:21",
        "image.repository: not an image",
        "Write a/b.",
    ),
    Bad("header", 'api_keys: {header: "X Key"}', "7:20", "not an HTTP header's name.", "something like X-API-Key."),
    Bad("variable", "app: {env: {log-level: x}}", "7:13", "app.env.log-level: not an environment", "like LOG_FILE."),
    Bad("origin", "app: {cors_origins: [a.example.com]}", "7:22", "not an origin", "Write https://a.example.com."),
    Bad("path", "app: {streaming_paths: [chat]}", "7:25", "not a URL path", "Write /chat."),
    Bad("climbing path", "app: {streaming_paths: [/a/../b]}", "7:25", ". and .. may not be parts", "without them."),
    Bad("network", "trusted_proxies: [10.0.0.1/8]", "7:19", "an address inside 10.0.0.0/8.", "Write 10.0.0.0/8, or"),
    Bad("no network", "trusted_proxies: [10.0.0.0/33]", "7:19", "not an IP address or network.", "like 10.0.0.0/8."),
    Bad("email", "tls: {from: letsencrypt, email: ops}", "7:33", "not an email address.", "like ops@example.com."),
    Bad("absolute file", "database: {ca: /etc/ca.pem}", "7:16", "database.ca: not ", "something like ./db-ca.pem."),
    Bad("namespace", "targets: {k8s: {namespace: a.b}}", "6:28", "not a DNS label", "Write a-b."),
    Bad("age recipient", "backup: {encrypt_to: [age1abc]}", "7:23", "not an age recipient", "age1qqq"),
    Bad("bucket", 'backup: {to: "https://bucket"}', "7:14", "not a bucket (s3:// or gs://)", "s3://example-backups"),
]

CRON = [
    Bad(
        "hour 25",
        'backup: {schedule: "0 25 * * *"}',
        "7:20",
        "backup.schedule: hour 25 is past 23.",
        '"0 2 * * *" (UTC).',
    ),
    Bad("minute 60", 'backup: {schedule: "60 2 * * *"}', "7:20", "minute 60 is past 59.", '"0 2 * * *" (UTC).'),
    Bad("day 0", 'backup: {schedule: "0 2 0 * *"}', "7:20", "day 0 is before 1.", '"0 2 * * *" (UTC).'),
    Bad(
        "four fields", 'backup: {schedule: "0 2 * *"}', "7:20", "4 fields where a schedule has 5", '"0 2 * * *" (UTC).'
    ),
    Bad(
        "a word",
        'backup: {schedule: "@daily"}',
        "7:20",
        "where a schedule has 5: minute hour day",
        '"0 2 * * *" (UTC).',
    ),
    Bad("weekday in letters", 'backup: {schedule: "0 2 * * mon"}', "7:20", "weekday 'mon' is not a number", "(UTC)."),
    Bad("every zero minutes", 'backup: {schedule: "*/0 * * * *"}', "7:20", "step '0' is not a number from 1", "(UTC)."),
    Bad("backwards", 'backup: {schedule: "0 5-2 * * *"}', "7:20", "hour range 5-2 runs backwards.", "(UTC)."),
]

# Each value is fine, and together they are not (more in tests/model/test_consistency.py).
TOGETHER = [
    Bad(
        "no address", "tls: {from: letsencrypt}", "7:1", "tls.email: Let's Encrypt wants", "Add email: ops@example.com."
    ),
    Bad("no host", "database: {mode: external}", "7:1", "mode external needs a host.", "Write host: db.example.com."),
    Bad(
        "no store",
        "secrets: {store: aws}",
        "7:1",
        "secrets.external_store: store aws needs one.",
        "external_store: vault.",
    ),
    Bad("sqlite", "database: {engine: sqlite}", "7:20", "sqlite needs contract: local-state.", "Write postgresql, or"),
    Bad("twice", "secrets: {names: [A, A]}", "7:22", "secrets.names[1]: A is there twice.", "Remove one."),
    Bad("backwards", "scaling: {min: 5, max: 3}", "7:16", "5 is more than scaling.max (3).", "Write max: 5."),
    Bad("ours", "app: {env: {DATABASE_URL: x}}", "7:27", "is set from database.", "Change database instead."),
    Bad(
        "preset in an override",
        "targets: {compose: {override: {preset: large}}}",
        "6:32",
        "for one target.",
        "Move it out",
    ),
]

ENVIRONMENTS = [
    Bad("a target's name", "environments: {k8s: {}}", "7:16", "k8s is a target's name", "such as production."),
    Bad("capitals", "environments: {Prod: {}}", "7:16", "not a name of small letters", "such as staging."),
    Bad("list", "environments: [staging]", "7:1", "not a block of names", "Write environments: {staging:"),
    Bad("nothing", "environments: {dev: }", "7:16", "environments.dev: empty.", "Write dev: {preset: small}"),
    Bad("its own version", "environments: {dev: {version: 1}}", "7:22", "cannot differ between", "to the top level."),
    Bad(
        "unknown key", "environments: {dev: {domans: [x]}}", "7:22", "environments.dev.domans: unknown", "mean domains?"
    ),
    Bad(
        "deep", "environments: {dev: {app: {memory: 2}}}", "7:36", "environments.dev.app.memory: 2 has", "6Gi or 10MB."
    ),
]

# The key in each is found, and never repeated (more in tests/model/test_credentials.py).
SECRET = "sk-" + "a1B2" * 8
SECRETS = [
    Bad(
        "as a value",
        f"app: {{env: {{A: {SECRET}}}}}",
        "7:16",
        "app.env.A: looks like an API key",
        "under secrets.names.",
    ),
    Bad(
        "as a quantity", f"cache: {{ttl: {SECRET}}}", "7:14", "cache.ttl: looks like an API key", "under secrets.names."
    ),
    Bad("as a key", f"labels: {{{SECRET}: a}}", "7:10", "labels: a key here looks like an API key", "secrets.names."),
    Bad("as a key at the top", f"{SECRET}: a", "7:1", "a key here looks like an API key", "under secrets.names."),
    Bad("unread", f"{SECRET}: [", "7:38", "***: the bracket that opens here is never closed.", "Close it."),
    Bad(
        "password in a URL",
        'network: {proxy: {https: "http://user:hunter2@proxy.example.com:3128"}}',
        "7:26",
        "network.proxy.https: looks like a password in a URL",
        "under secrets.names.",
    ),
]

TABLES = {
    "unknown key": KEYS,
    "type": TYPES,
    "trap": TRAPS,
    "range": RANGES,
    "quantity": QUANTITIES,
    "identifier": IDENTIFIERS,
    "cron": CRON,
    "together": TOGETHER,
    "environment": ENVIRONMENTS,
    "secret": SECRETS,
}

# A target that is named and cannot carry the rest.
REFUSALS = [
    Bad(
        "claim on a server",
        "app: {volumes: [{name: a, mount: /x, claim: c}]}",
        "7:16",
        "app.volumes: compose: a has no host_path",
        "Add host_path:",
    ),
    Bad(
        "folder in a cluster",
        "targets: {k8s: {}}\nbackup: {to: /srv/backups}",
        "7:14",
        "backup.to: k8s: /srv/backups is a folder on a server",
        "Write s3://bucket or gs://bucket",
    ),
    Bad(
        "store that the cluster lacks",
        "targets: {k8s: {}}\nsecrets: {store: aws, external_store: x}",
        "7:18",
        "secrets.store: k8s: aws needs External Secrets",
        "Add external-secrets to targets.k8s.has",
    ),
]
