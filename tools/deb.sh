#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# deb.sh BUILD: makes BUILD/everystep_VERSION_ARCH.deb of what BUILD, which was
# configured with --prefix=/usr, installs. The same tree and the same
# SOURCE_DATE_EPOCH give the same package.
set -euo pipefail

build=$1
arch=$(dpkg --print-architecture)
version=$(meson introspect --projectinfo "$build" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["version"])')
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/root
doc=$root/usr/share/doc/everystep

umask 022
DESTDIR=$root meson install -C "$build" --no-rebuild --strip \
    --quiet --tags runtime
install -D -m 644 tools/everystep.service \
    "$root/lib/systemd/system/everystep.service"
install -D -m 644 tools/everystep.socket \
    "$root/lib/systemd/system/everystep.socket"
install -D -m 644 LICENSE "$doc/copyright"
install -m 644 LICENSES/AGPL-3.0-or-later.txt README.md "$doc"
python3 tools/components.py "$build" >"$doc/components.cdx.json"
gzip -9n <CHANGELOG.md >"$doc/changelog.gz"

# dpkg-shlibdeps reads a source package's control file, so it gets one.
mkdir "$stage/debian" "$root/DEBIAN"
printf 'Source: everystep\n\nPackage: everystep\nArchitecture: any\n' \
    >"$stage/debian/control"
depends=$(cd "$stage" && dpkg-shlibdeps -O root/usr/bin/* |
    sed -n 's/^shlibs:Depends=//p')
# What the programs read when they run: the letters of the pictures.
run=$(sed -n 's/^run  *\([^ ]*\).*/\1/p' tools/packages | paste -sd, |
    sed 's/,/, /g')

cat >"$root/DEBIAN/control" <<EOF
Package: everystep
Version: $version
Architecture: $arch
Maintainer: The Everystep contributors
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends, $run
Section: web
Priority: optional
Description: virtual runs for a cause, self-hosted
 People anywhere join by a link, record or upload a run, and every accepted
 step adds to one collective distance. One server holds the pages, the
 receipts with their reasons, the leaderboards and the live total.
EOF
dpkg-deb --root-owner-group --build "$root" \
    "$build/everystep_${version}_$arch.deb"
cp "$doc/components.cdx.json" "$build/everystep_${version}_$arch.cdx.json"
