#!/usr/bin/env bash
# Loads a page of <img> tags from the served local cloud in headless Chromium: every image must have its natural width.
set -euo pipefail
cd "$(dirname "$0")/.."

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 || true
  chromium=$(command -v chromium || true)
fi
if [ -z "$chromium" ]; then
  echo "skipped the browser test: there is no Chromium and it cannot be installed here"
  exit 0
fi
CHROMIUM="$chromium" node scripts/browser.mjs
