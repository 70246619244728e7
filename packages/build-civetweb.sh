#!/bin/sh
# Fetches the source of CivetWeb, which CMake compiles into the product (webui/CMakeLists.txt).
#
# Debian's packaged library has no IPv6 and its TLS crashes, so we compile Debian's own *source
# package* ourselves: fetched by apt from the machine's own Debian mirror, checked against the
# hashes below, unpacked once into the user's cache, never committed.  Does nothing, and needs
# neither network nor root, when the source is already there.
#   usage: packages/build-civetweb.sh          prints the folder of the source
set -eu

version=1.15+dfsg-4
orig=civetweb_1.15+dfsg.orig.tar.xz
orig_sha256=ec372e9737bc820118bbb735f46a07d41f795814ca0f38bc6e67048e7a460f33
debian=civetweb_1.15+dfsg-4.debian.tar.xz
debian_sha256=2fe67d05a15be93764398275372f41f6228b17497b23d04f149482ffde7b3fb8

cache=${XDG_CACHE_HOME:-$HOME/.cache}/sporvakt
source=$cache/civetweb-$version

fail() { printf 'build-civetweb.sh: %s\n' "$*" >&2; exit 1; }

if [ -e "$source/src/civetweb.c" ]; then
  printf '%s\n' "$source"
  exit 0
fi
for tool in apt-get dpkg-source sha256sum; do
  command -v "$tool" >/dev/null || fail "needs $tool (Debian packages apt, dpkg-dev, coreutils)"
done

mkdir -p "$cache"
work=$(mktemp -d "$cache/civetweb.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
mkdir -p "$work/parts" "$work/lists/partial" "$work/cache/archives/partial" "$work/download"

# The machine's own sources, asked for source packages instead of binary ones.
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -e "$list" ] || continue
  sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$list" >"$work/parts/$(basename "$list")"
done
for list in /etc/apt/sources.list.d/*.sources; do
  [ -e "$list" ] || continue
  sed 's/^Types:.*/Types: deb-src/' "$list" >"$work/parts/$(basename "$list")"
done

private_apt() {
  apt-get -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/parts" \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
    -o APT::Sandbox::User="$(id -un)" "$@"
}
# A source of somebody else may have no source packages: what counts is whether ours comes.
private_apt update >"$work/log" 2>&1 || true
download() { cd "$work/download" && private_apt source --download-only "civetweb=$version"; }
(download) >>"$work/log" 2>&1 || {
  cat "$work/log" >&2
  fail "apt did not give bookworm's source package civetweb $version; does /etc/apt name a mirror?"
}
(cd "$work/download" && printf '%s  %s\n' "$orig_sha256" "$orig" "$debian_sha256" "$debian" |
  sha256sum --check --quiet) ||
  fail "the source package is not the one whose hashes are pinned here; look before you change them"
dpkg-source --extract "$work/download/civetweb_$version.dsc" "$work/source" >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  fail "dpkg-source could not unpack the source package"
}
# Two of us at once: the first to rename wins, and both have the same source.
mv -T "$work/source" "$source" 2>/dev/null || [ -e "$source/src/civetweb.c" ] ||
  fail "cannot write $source"
printf '%s\n' "$source"
