#!/usr/bin/env bash
# Installs what hftsim needs on Debian 12: packages, DuckDB, the web page's packages. Says nothing and takes
# less than half a second where nothing is missing.
#
#   tools/setup.sh           what it takes to build and run
#   tools/setup.sh --tests   and to test: chromium, clang, clang-format, pandas, torch for Python, ws for node
#
# Environment: DUCKDB_ROOT (use that DuckDB instead), HFTSIM_DUCKDB_DIR (put it there instead).
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  ca-certificates ccache cmake flatbuffers-compiler g++ git ninja-build
  libbenchmark-dev libboost-dev libcli11-dev libconcurrentqueue-dev libeigen3-dev libflatbuffers-dev libfmt-dev
  libgmock-dev libgtest-dev libisal-dev libmimalloc-dev libopenblas0-pthread libsimdjson-dev libspdlog-dev
  libssl-dev libtomlplusplus-dev libtorch-dev libxxhash-dev libzip-dev libzstd-dev nlohmann-json3-dev pkg-config
  prometheus-cpp-dev zlib1g-dev
)
test_packages=(chromium clang clang-format libclang-rt-14-dev fonts-dejavu-core python3 python3-pandas python3-torch)

# One DuckDB version from two npm packages: the header is in the one, the library in the other.
header_package=duckdb@1.4.4
header_sha512=hEJJ5hyVF0VLj3dmOLpsWrQR0b3d4Ykqtygm6iUXjHJDDnSqg/USKxcb5qvNrOhFYPgktayU6dXCtgPqcmmpog==
library_package=@duckdb/node-bindings-linux-x64@1.4.4-r.3
library_sha512=Z59zpUIcZilHBmcZpmwfFwi6/OAnKlVQCE9/NGgZCFSqYeb+3ij5HQy26hp10GIiv3HxUQGId8HVs92x2jvckQ==
duckdb_dir=${HFTSIM_DUCKDB_DIR:-third_party/duckdb}

fail() {
  echo "setup.sh: $*" >&2
  exit 1
}

node_major() {
  node --version 2>/dev/null | sed -E 's/^v([0-9]+)\..*/\1/' || true
}

add_node_unless_there() {
  local major
  major=$(node_major)
  ((${major:-0} >= 18)) || packages+=(nodejs)
  command -v npm >/dev/null || packages+=(npm)
}

missing_packages() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/^installed //p' || true)
  comm -23 <(printf '%s\n' "${packages[@]}" | sort -u) <(sort -u <<<"$installed")
}

install_packages() {
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "not root and no sudo: install these as root: $*"
    as_root=(sudo)
  fi
  echo "setup.sh: installing $*"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null
}

# fetch PACKAGE SHA512-BASE64 FILE: the npm package as FILE, or nothing where its bytes are not the pinned ones.
fetch() {
  local folder hex
  folder=$(dirname "$3")
  (cd "$folder" && npm pack --silent "$1" >"$folder/name") || fail "cannot fetch $1 from the npm registry"
  mv "$folder/$(tail -n 1 "$folder/name")" "$3"
  hex=$(base64 -d <<<"$2" | od -An -v -tx1 | tr -d ' \n')
  sha512sum --status -c <<<"$hex  $3" || fail "$1 does not have the pinned sha512: got $(sha512sum <"$3")"
}

# place FROM TO: leaves TO alone where it has these bytes already, so that nothing is built anew.
place() {
  cmp -s "$1" "$2" || install -m 644 -D "$1" "$2"
}

install_duckdb() {
  local stamp=$duckdb_dir/installed wanted="$header_package $header_sha512 $library_package $library_sha512"
  if [[ -f $stamp && $(<"$stamp") == "$wanted" && -f $duckdb_dir/include/duckdb.h &&
    -f $duckdb_dir/lib/libduckdb.so ]]; then return; fi
  [[ $(uname -m) == x86_64 ]] || fail "no DuckDB for $(uname -m) here: install one and set DUCKDB_ROOT to it"
  echo "setup.sh: fetching DuckDB into $duckdb_dir"
  local tmp
  tmp=$(mktemp -d)
  trap 'rm -rf "'"$tmp"'"' EXIT
  fetch "$header_package" "$header_sha512" "$tmp/header.tgz"
  fetch "$library_package" "$library_sha512" "$tmp/library.tgz"
  tar -xzf "$tmp/header.tgz" -C "$tmp" package/LICENSE package/src/duckdb/src/include/duckdb.h
  tar -xzf "$tmp/library.tgz" -C "$tmp" package/libduckdb.so
  place "$tmp/package/src/duckdb/src/include/duckdb.h" "$duckdb_dir/include/duckdb.h"
  place "$tmp/package/libduckdb.so" "$duckdb_dir/lib/libduckdb.so"
  place "$tmp/package/LICENSE" "$duckdb_dir/LICENSE"
  echo "$wanted" >"$stamp"
}

# install_npm_packages FOLDER WHOSE: what its package-lock.json says, unless it is there.
install_npm_packages() {
  [[ -f $1/package-lock.json ]] || return 0
  [[ $1/package-lock.json -nt $1/node_modules/.package-lock.json ]] || return 0
  echo "setup.sh: installing $2 packages"
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
}

main() {
  case "${1:-}" in
    "") ;;
    --tests) packages+=("${test_packages[@]}") ;;
    *) fail "unknown argument $1 (there is --tests)" ;;
  esac
  add_node_unless_there
  local missing
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
  local major
  major=$(node_major)
  ((${major:-0} >= 18)) || fail "node is ${major:-absent}, expected version 18 or later"
  [[ -n ${DUCKDB_ROOT:-} ]] || install_duckdb
  install_npm_packages web "the web page's"
  [[ ${1:-} != --tests ]] || install_npm_packages tests/exchange "the exchange's client's"
}

main "$@"
