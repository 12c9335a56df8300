#!/usr/bin/env bash
# The load balancer in front of the service: certificate, redirect to HTTPS, and Cloud Armor, which counts over all
# instances. What exists is adjusted.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

DOMAINS=search.example.com
FAMILIES=IPV4
CERTIFICATE=ai-search-tls-dda4b88a
CLIENT_ADDRESS='X-Client-Address:{client_ip_address}'
LIMITED='request.path.matches('"'"'^(/query)(/|$)'"'"')'
LIMIT_COUNT=40
LIMIT_SECONDS=60
LIMIT_KEY=IP
LIMIT_HEADER=''

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need gcloud

# Cloud Armor. Rules are looked at in the order of their numbers.
if ! there gcloud compute security-policies describe "$SERVICE"; then
  gcloud compute security-policies create "$SERVICE" --description="Who may ask $SERVICE, and how often"
fi

rule() {
  local number=$1 verb=create
  shift
  if there gcloud compute security-policies rules describe "$number" --security-policy="$SERVICE"; then
    verb=update
  fi
  gcloud compute security-policies rules "$verb" "$number" --security-policy="$SERVICE" "$@"
}

no_rule() {
  if there gcloud compute security-policies rules describe "$1" --security-policy="$SERVICE"; then
    gcloud compute security-policies rules delete "$1" --security-policy="$SERVICE"
  fi
}

key=(--enforce-on-key="$LIMIT_KEY")
if [[ -n $LIMIT_HEADER ]]; then
  key+=(--enforce-on-key-name="$LIMIT_HEADER")
fi
rule 1000 --expression="$LIMITED" --action=throttle --rate-limit-threshold-count="$LIMIT_COUNT" \
  --rate-limit-threshold-interval-sec="$LIMIT_SECONDS" --conform-action=allow --exceed-action=deny-429 "${key[@]}"

no_rule 2000
no_rule 2001
no_rule 2002
rule 2147483647 --action=allow

if ! there gcloud compute network-endpoint-groups describe "$SERVICE" --region="$REGION"; then
  gcloud compute network-endpoint-groups create "$SERVICE" --region="$REGION" \
    --network-endpoint-type=serverless --cloud-run-service="$SERVICE"
fi
if ! there gcloud compute backend-services describe "$SERVICE" --global; then
  gcloud compute backend-services create "$SERVICE" --global --load-balancing-scheme=EXTERNAL_MANAGED
  gcloud compute backend-services add-backend "$SERVICE" --global --network-endpoint-group="$SERVICE" \
    --network-endpoint-group-region="$REGION"
fi
# nginx believes this header, since only the load balancer can reach it.
gcloud compute backend-services update "$SERVICE" --global --security-policy="$SERVICE" \
  --custom-request-header="$CLIENT_ADDRESS" --enable-logging --logging-sample-rate=1

if ! there gcloud compute url-maps describe "$SERVICE" --global; then
  gcloud compute url-maps create "$SERVICE" --global --default-service="$SERVICE"
fi
gcloud compute url-maps import "$SERVICE-redirect" --global --source=redirect.yaml --quiet

if ! there gcloud compute ssl-policies describe "$SERVICE" --global; then
  gcloud compute ssl-policies create "$SERVICE" --global --profile=MODERN --min-tls-version=1.2
fi
# Google issues and renews it, as soon as the domains' addresses are the ones below.
if ! there gcloud compute ssl-certificates describe "$CERTIFICATE" --global; then
  gcloud compute ssl-certificates create "$CERTIFICATE" --global --domains="${DOMAINS// /,}"
fi

if there gcloud compute target-https-proxies describe "$SERVICE" --global; then
  gcloud compute target-https-proxies update "$SERVICE" --global --ssl-certificates="$CERTIFICATE" --ssl-policy="$SERVICE"
else
  gcloud compute target-https-proxies create "$SERVICE" --global --url-map="$SERVICE" \
    --ssl-certificates="$CERTIFICATE" --ssl-policy="$SERVICE"
fi
if ! there gcloud compute target-http-proxies describe "$SERVICE" --global; then
  gcloud compute target-http-proxies create "$SERVICE" --global --url-map="$SERVICE-redirect"
fi

read -r -a families <<<"$FAMILIES"
for family in "${families[@]}"; do
  address=$SERVICE-${family,,}
  if ! there gcloud compute addresses describe "$address" --global; then
    gcloud compute addresses create "$address" --global --ip-version="$family" --network-tier=PREMIUM
  fi
  for port in 80 443; do
    proxy=(--target-http-proxy="$SERVICE")
    if ((port == 443)); then
      proxy=(--target-https-proxy="$SERVICE")
    fi
    if ! there gcloud compute forwarding-rules describe "$address-$port" --global; then
      gcloud compute forwarding-rules create "$address-$port" --global --load-balancing-scheme=EXTERNAL_MANAGED \
        --network-tier=PREMIUM --address="$address" --ports="$port" "${proxy[@]}"
    fi
  done
  number=$(gcloud compute addresses describe "$address" --global --format='value(address)')
  say "$DOMAINS: point to $number ($family)"
done
