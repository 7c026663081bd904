#!/bin/sh
# Ends with 0 where every check of the configuration holds, 2 where one fails, and 1 where Terraform could not tell.
set -eu
terraform plan -refresh-only -input=false -no-color -out=drift.tfplan > plan.log || { cat plan.log >&2; exit 1; }
terraform show -json drift.tfplan > plan.json
if grep -q '"status":"\(fail\|error\|unknown\)"' plan.json; then
  cat plan.log >&2
  exit 2
fi
