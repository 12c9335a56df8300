#!/bin/sh
# Asks Let's Encrypt for the certificate when it is due, and writes it into the Secret that the edge reads.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
# Runs in the certbot image as any user. Keeps nothing: the Secret itself says whether there is something to do.
set -eu

SERVER=https://acme-v02.api.letsencrypt.org/directory
EMAIL=ops@example.com
DOMAINS=search.example.com
SECRET=ai-search-tls
NAMESPACE=release-namespace
PORT=8080

work=${ACME_WORK:-/tmp/acme}
mkdir -p "$work"
export HOME="$work"

# Authorities of the corporate network, beside those of the image.
if [ -r /etc/aisearch/ca-bundle.pem ]; then
  cat /etc/ssl/certs/ca-certificates.crt /etc/aisearch/ca-bundle.pem >"$work/authorities.pem"
  export REQUESTS_CA_BUNDLE="$work/authorities.pem"
fi

# secret due: exit 0 when the certificate in the Secret must be replaced, 1 when it is fine.
# secret publish: writes the new certificate into the Secret.
secret() {
  DOMAINS=$DOMAINS SECRET=$SECRET NAMESPACE=$NAMESPACE LIVE=$work/config/live/edge python3 - "$1" <<'PYTHON'
import base64
import datetime
import json
import os
import pathlib
import ssl
import sys
import urllib.error
import urllib.request

from cryptography import x509

account = pathlib.Path(os.environ.get("ACME_ACCOUNT", "/var/run/secrets/kubernetes.io/serviceaccount"))
api = os.environ.get("ACME_API", "https://kubernetes.default.svc")
secrets = f"{api}/api/v1/namespaces/{os.environ['NAMESPACE']}/secrets"
name = os.environ["SECRET"]


def ask(method, url, body=None):
    request = urllib.request.Request(url, method=method, data=body and json.dumps(body).encode())
    request.add_header("Authorization", f"Bearer {(account / 'token').read_text()}")
    request.add_header("Content-Type", "application/apply-patch+yaml")
    # Straight to the API server, past any proxy.
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=account / "ca.crt")),
    )
    with opener.open(request, timeout=30) as answer:
        return json.load(answer)


def due():
    try:
        text = ask("GET", f"{secrets}/{name}")["data"]["tls.crt"]
        certificate = x509.load_pem_x509_certificate(base64.b64decode(text))
    except (urllib.error.HTTPError, KeyError, ValueError) as problem:
        if isinstance(problem, urllib.error.HTTPError) and problem.code != 404:
            raise
        print("no certificate yet")
        return True
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    if set(names.get_values_for_type(x509.DNSName)) != set(os.environ["DOMAINS"].split()):
        print("the certificate is for other names")
        return True
    # A share of its life, not a number of days: lifetimes are getting shorter.
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    left = end - datetime.datetime.now(datetime.timezone.utc)
    print(f"the certificate is good for {left.days} more days")
    return left < (end - begin) / 3


def publish():
    live = pathlib.Path(os.environ["LIVE"])
    files = {"tls.crt": live / "fullchain.pem", "tls.key": live / "privkey.pem"}
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name},
        "type": "kubernetes.io/tls",
        "data": {key: base64.b64encode(file.read_bytes()).decode() for key, file in files.items()},
    }
    ask("PATCH", f"{secrets}/{name}?fieldManager=certificate&force=true", body)
    print(f"wrote Secret {name}")


if sys.argv[1] == "publish":
    publish()
else:
    sys.exit(0 if due() else 3)
PYTHON
}

status=0
secret due || status=$?
if [ "$status" -eq 3 ]; then
  exit 0
elif [ "$status" -ne 0 ]; then
  exit "$status"
fi

set --
for domain in $DOMAINS; do
  set -- "$@" --domain "$domain"
done
certbot certonly --non-interactive --agree-tos --email "$EMAIL" --server "$SERVER" \
  --standalone --http-01-port "$PORT" --key-type ecdsa --cert-name edge \
  --config-dir "$work/config" --work-dir "$work/work" --logs-dir "$work/logs" "$@"
secret publish
