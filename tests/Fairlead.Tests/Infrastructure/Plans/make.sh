#!/usr/bin/env bash
# Makes each folder's plan.json of its .tf files, with Terraform and the AWS provider; usage: make.sh [FOLDER]...
# Nothing is asked of a cloud: keys are dummies, what is there is said by a state file, and nothing is refreshed.
# TF_CLI_CONFIG_FILE may name a mirror of providers.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/provider.tf" <<'TF'
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
TF
(cd "$work" && terraform init -input=false >/dev/null)
[ $# -gt 0 ] || set -- */
for folder in "$@"; do
    folder=${folder%/}
    room="$work/room"
    rm -rf "$room" && cp -r "$folder" "$room" && cp -r "$work/.terraform" "$work/.terraform.lock.hcl" "$room"
    cp "$work/provider.tf" "$room/fairlead_provider.tf"
    (cd "$room" && { [ ! -d modules ] || terraform init -input=false >/dev/null; } &&
        terraform plan -input=false -refresh=false -out=plan >"$work/log" || { cat "$work/log"; echo "$folder: no plan" >&2; exit 1; }
        terraform show -json plan) | python3 -c '
import json, sys
plan = json.load(sys.stdin)
for name in ("timestamp", "prior_state", "errored", "applyable", "complete", "relevant_attributes"):
    plan.pop(name, None)
json.dump(plan, sys.stdout, separators=(",", ":"), sort_keys=True)
print()' > "$folder/plan.json"
    echo "$folder"
done
