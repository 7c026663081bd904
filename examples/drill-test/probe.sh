#!/bin/sh
# Asks one server of the drill whether its service answers, for two minutes: it may still boot.
# Run Terraform where the VPC of the drill can be reached, or put in here what gets there.
exec curl --fail --silent --show-error --output /dev/null \
  --retry "${RETRIES:-24}" --retry-delay 5 --retry-all-errors --max-time 5 "http://$ADDRESS:$PORT/"
