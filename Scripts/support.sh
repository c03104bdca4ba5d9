# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
#
# Functions the scripts share. Sourced, not run.

say() { printf '==> %s\n' "$*"; }

# Says what is wrong and what to do, and ends the script.
fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

# Runs a command with the rights to install packages.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        fail "Installing packages needs root or sudo, and neither is here." "Run as root: $*"
    fi
}

# Swift 6.3 or newer.
need_swift() {
    local advice="Install Swift 6.3 for this system from https://www.swift.org/install and put it on the PATH."
    command -v swift >/dev/null 2>&1 || fail "Swift is not installed, or not on the PATH." "$advice"
    local version major minor
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || fail "swift --version says nothing this script understands." "$advice"
    major=${version%%.*}
    minor=${version#*.}
    if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 3 ]; }; then
        fail "This is Swift $version; MegaBot needs 6.3 or newer." "$advice"
    fi
    say "Swift $version"
}

# Installs the Debian packages named, as far as they are missing.
need_packages() {
    local missing=() package
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "This is no Debian system; make sure these are installed under the names they have here: $*"
        return 0
    fi
    for package in "$@"; do
        if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed'; then
            missing+=("$package")
        fi
    done
    if [ ${#missing[@]} -eq 0 ]; then
        say "System packages: all there"
        return 0
    fi
    say "Installing system packages: ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq \
        || fail "apt-get update did not work." "Check the network and the package sources, then run this again."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" \
        || fail "apt-get could not install: ${missing[*]}" "Install them by hand, then run this again."
}

# What the library itself is built on and the sandbox runs with.
runtime_packages=(libsqlite3-dev libsodium-dev libcurl4-openssl-dev bubblewrap util-linux ca-certificates)
