#!/usr/bin/env bash
# Builds vitals.js from vitals.src.js. Only needed after a change: the result is kept in the tree, so no build of Fairlead needs npm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-audit --no-fund --prefix "$work" web-vitals@5.3.0 esbuild@0.28.2
cp "$here/vitals.src.js" "$work/"
(cd "$work" && node_modules/.bin/esbuild vitals.src.js --bundle --minify --format=iife --target=es2020 --legal-comments=none \
    --banner:js='/* Fairlead vitals; includes web-vitals 5.3.0, (c) Google LLC, Apache-2.0 */' --outfile="$here/vitals.js")
