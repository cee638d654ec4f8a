#!/usr/bin/env bash
# run-in-wine.sh SECONDS NAME=VALUE... -- PROGRAM [ARGUMENT...]: runs a Windows program with these variables, in the prefix WINEPREFIX,
# which it creates, and ends every process of the prefix. Ends with the program's code, or with 124 when the time is over.
# pwsh.exe needs a console, which `script` provides; the pipe to `cat` keeps the program's output free of escape sequences.
set -uo pipefail
seconds=$1; shift
while [ "$1" != -- ]; do export "$1"; shift; done
shift

# A prefix that was not finished, as of a run that was ended, is made again.
create() {
    case $WINEPREFIX in */artifacts/windows/prefixes/*) rm -rf "$WINEPREFIX" ;; esac # no other is ours
    # Without its version, it calls itself Windows 7.
    if mkdir -p "$WINEPREFIX" && timeout 180 wine wineboot --init > /dev/null 2>&1 &&
        timeout 60 wine reg add 'HKCU\Software\Wine' /v Version /d win10 /f > /dev/null 2>&1 && timeout 60 wineserver --wait; then
        # Documents, Desktop and others lead to this user's home: what a test installs for its user must stay in the prefix.
        for link in "$WINEPREFIX"/drive_c/users/*/*; do
            if [ -L "$link" ]; then rm "$link" && mkdir "$link"; fi
        done
        touch "$WINEPREFIX/finished"
    else
        timeout 30 wineserver --kill
        false
    fi
}
if [ ! -e "$WINEPREFIX/finished" ]; then
    create || create || { echo "Wine cannot create '$WINEPREFIX'."; exit 125; }
fi

# The disk, as drive Z, only while the program runs: tools that walk through artifacts/ would walk through the whole disk.
drive=$WINEPREFIX/dosdevices/z:
ln -sfn / "$drive"
trap 'rm -f "$drive"' EXIT

printf -v command '%q ' wine "$@"
SHELL=/bin/bash timeout --kill-after=10 "$seconds" \
    script --quiet --return --command "set -o pipefail; $command 2>&1 | cat" /dev/null < /dev/null 2>&1 |
    sed -u -e 's/\r//g' -e '/^wine: Read access denied for device/d' -e '/^Session terminated, killing shell/d'
code=${PIPESTATUS[0]}
timeout 30 wineserver --kill > /dev/null 2>&1
exit "$code"
