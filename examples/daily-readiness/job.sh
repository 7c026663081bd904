#!/bin/sh
# Ends with 0 where every group could be switched, 2 where one could not, and 1 where Terraform could not tell.
set -eu
terraform apply -refresh-only -auto-approve -input=false -no-color
problems=$(terraform output -raw problems)
if [ -n "$problems" ]; then
  echo "$problems" >&2
  exit 2
fi
