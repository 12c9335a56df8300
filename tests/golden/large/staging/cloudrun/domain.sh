#!/usr/bin/env bash
# The load balancer in front of the service: certificate, redirect to HTTPS, and Cloud Armor, which counts over all
# instances. What exists is adjusted.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

DOMAINS=staging.search.example.com
FAMILIES=IPV4
CERTIFICATE=ai-search-staging-tls-6bd69ed0
CLIENT_ADDRESS='X-Client-Address:{client_ip_address}'
# Networks of the CDN, ten a rule.
ONLY_FROM='173.245.48.0/20,103.21.244.0/22,103.22.200.0/22,103.31.4.0/22,141.101.64.0/18,108.162.192.0/18,190.93.240.0/20,188.114.96.0/20,197.234.240.0/22,198.41.128.0/17 162.158.0.0/15,104.16.0.0/13,104.24.0.0/14,172.64.0.0/13,131.0.72.0/22,2400:cb00::/32,2606:4700::/32,2803:f800::/32,2405:b500::/32,2405:8100::/32 2a06:98c0::/29,2c0f:f248::/32'

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

no_rule 1000

# Only the CDN: who came past it could claim to be anybody.
number=2000
read -r -a networks <<<"$ONLY_FROM"
for ranges in "${networks[@]}"; do
  rule "$number" --src-ip-ranges="$ranges" --action=allow
  number=$((number + 1))
done
rule 2147483647 --action=deny-403

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
