# Sourced by run.sh and test.sh: says in one line which tool is missing.

fail() {
  echo "$(basename "$0"): $1" >&2
  exit 1
}

require_tools() {
  command -v dotnet >/dev/null || fail "dotnet is missing: install the .NET SDK 10"
  dotnet --list-sdks | grep -q '^10\.' || fail "the .NET SDK 10 is missing; installed: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ' -)"
  command -v node >/dev/null || fail "node is missing: install Node.js 18 or newer"
  command -v npm >/dev/null || fail "npm is missing: install it with Node.js"
}
