#!/usr/bin/env bash
# What is generated and committed is what the table says today.
set -euo pipefail
source=$1 build=$2
"$build/docs/fob_document" schema | diff - "$source/schemas/descriptor-1.schema.json" || {
  echo "run: build/dev/docs/fob_document schema > schemas/descriptor-1.schema.json"
  exit 1
}
"$build/docs/fob_catalogue" "$source/providers" | diff - "$source/docs/providers.md" || {
  echo "run: build/dev/docs/fob_catalogue providers > docs/providers.md"
  exit 1
}
"$build/docs/fob_document" template >"$build/template-acme.yaml"
mkdir -p "$build/template" && mv "$build/template-acme.yaml" "$build/template/acme.yaml"
"$build/bin/fob" lint "$build/template/acme.yaml"
