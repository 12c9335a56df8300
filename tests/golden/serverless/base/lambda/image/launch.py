"""Starts the app in a function: fetches its secrets, joins the URLs that hold one, and becomes it.

Copied into the image as it is, so it needs nothing but Python. Secrets in a function's own settings could be read by
everybody who may look at the function.
"""

import datetime
import hashlib
import hmac
import json
import os
import sys
import urllib.parse
import urllib.request
from pathlib import Path

# All that a function can write to.
FOLDER = Path("/tmp/secrets")


def fetched(arn: str) -> str:
    """The value of a secret, asked for with the function's own credentials (Signature Version 4)."""
    host = f"secretsmanager.{os.environ['AWS_REGION']}.amazonaws.com"
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    body = json.dumps({"SecretId": arn})
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "host": host,
        "x-amz-date": now,
        "x-amz-security-token": os.environ["AWS_SESSION_TOKEN"],
        "x-amz-target": "secretsmanager.GetSecretValue",
    }
    headers["authorization"] = authorization(headers, body, now)
    request = urllib.request.Request(f"https://{host}/", body.encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["SecretString"])


def authorization(headers: "dict[str, str]", body: str, now: str) -> str:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"""
    scope = f"{now[:8]}/{os.environ['AWS_REGION']}/secretsmanager/aws4_request"
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body.encode()).hexdigest()}"
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    account = os.environ["AWS_ACCESS_KEY_ID"]
    return f"AWS4-HMAC-SHA256 Credential={account}/{scope}, SignedHeaders={names}, Signature={signature}"


def prepared(env: "dict[str, str]") -> "dict[str, str]":
    """The app's environment: secrets by name, URLs with the word SECRET filled in, as variables or as files."""
    env = dict(env)
    secrets = dict(pair.split("=", 1) for pair in env.pop("LAUNCH_SECRETS", "").split())
    found = {name: fetched(arn) for name, arn in secrets.items()}
    for name in env.pop("LAUNCH_URLS", "").split():
        secret = found[env.pop(f"LAUNCH_{name}")]
        found[name] = env.pop(name).replace("SECRET", urllib.parse.quote(secret, safe=""), 1)
    taken_as = env.pop("LAUNCH_SECRETS_AS", "env")
    if taken_as == "env":
        return env | found
    FOLDER.mkdir(0o700, exist_ok=True)
    for name, value in found.items():
        path = FOLDER / name
        path.touch(0o600)
        path.write_text(value)
        env[f"{name}_FILE"] = str(path)
    return env


if __name__ == "__main__":
    os.execvpe(sys.argv[1], sys.argv[1:], prepared(dict(os.environ)))
