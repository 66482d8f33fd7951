# Puts a built Strata where it works without the checkout, and takes it away again. Sourced by sh.
# Wants: strata_home, JAVA_HOME. Heeds: PREFIX (default /usr/local), SBINDIR (default /sbin, where
# mount(8) looks for helpers), UNITDIR (default PREFIX/lib/systemd/system), PORTAGE_MODULES (default
# where each Python's Portage looks for sync modules), DESTDIR (put in front of all).

PREFIX=${PREFIX:-/usr/local}
SBINDIR=${SBINDIR:-/sbin}
DESTDIR=${DESTDIR:-}
UNITDIR=${UNITDIR:-$PREFIX/lib/systemd/system}
strata_helpers='mount.fuse.strata mount.strata'

strata_portage_modules() {
  if [ -n "${PORTAGE_MODULES:-}" ]; then
    echo "$PORTAGE_MODULES"
  else
    for modules in /usr/lib/python3*/site-packages/portage/sync/modules; do
      if [ -d "$DESTDIR$modules" ]; then echo "$modules"; fi
    done
  fi
}

strata_install() {
  for install_path in "$PREFIX" "$SBINDIR" "$UNITDIR"; do
    case $install_path in
      /*) ;;
      *) echo "strata: PREFIX, SBINDIR and UNITDIR: give absolute paths" >&2; return 1 ;;
    esac
  done
  install_lib=$DESTDIR$PREFIX/lib
  install_new=$install_lib/.strata.new.$$
  install_old=$install_lib/.strata.old.$$
  (
    umask 022
    set -e
    mkdir -p "$install_new/scripts/lib" "$install_new/target" "$DESTDIR$PREFIX/bin" "$DESTDIR$SBINDIR"
    cd "$strata_home"
    cp scripts/strata scripts/mount.strata "$install_new/scripts/"
    cp scripts/lib/*.sh "$install_new/scripts/lib/"
    mkdir -p "$install_new/src/main"
    cp -R src/main/portage src/main/systemd "$install_new/src/main/"
    # With their times: the class archives know their jar by them.
    if [ target/program/strata.jar -nt target/strata.jar ]; then
      cp -pR target/program "$install_new/target/"
    else
      . scripts/lib/build.sh
      strata_assemble "$install_new/target/program" # Maven was run by hand, and knows no archives
    fi
    : > "$install_new/target/program/built"
    chmod -R u=rwX,go=rX "$install_new"
    # What runs from the old place keeps its files open; nobody finds half of the new.
    if [ -e "$install_lib/strata" ]; then mv "$install_lib/strata" "$install_old"; fi
    mv "$install_new" "$install_lib/strata"
    ln -sfn ../lib/strata/scripts/strata "$DESTDIR$PREFIX/bin/strata"
    for helper in $strata_helpers; do
      ln -sfn "$PREFIX/lib/strata/scripts/mount.strata" "$DESTDIR$SBINDIR/$helper"
    done
    mkdir -p "$DESTDIR$UNITDIR"
    for unit in src/main/systemd/*; do
      sed "s|@PREFIX@|$PREFIX|g" "$unit" > "$DESTDIR$UNITDIR/${unit##*/}"
    done
    strata_portage_modules | while read -r modules; do
      mkdir -p "$DESTDIR$modules"
      strata_link_module "$DESTDIR$modules/squashdelta"
    done
  ) || {
    rm -rf "$install_new"
    echo "strata: could not be installed under ${DESTDIR:+$DESTDIR }$PREFIX and $SBINDIR;" \
      "run as root, or set PREFIX and SBINDIR, or DESTDIR" >&2
    return 1
  }
  rm -rf "$install_old"
}

strata_link_module() { # LINK
  strata_unlink "$1" "$PREFIX/lib/strata/src/main/portage"
  if [ -e "$1" ] || [ -L "$1" ]; then
    echo "strata: $1 is another program's: left as it is; remove that to let Portage use Strata" >&2
  else
    ln -s "$PREFIX/lib/strata/src/main/portage" "$1"
  fi
}

# Removes what strata_install made, and nothing that is another's.
strata_uninstall() {
  uninstall_status=0
  for helper in $strata_helpers; do
    strata_unlink "$DESTDIR$SBINDIR/$helper" "$PREFIX/lib/strata/scripts/mount.strata" ||
      uninstall_status=1
  done
  strata_unlink "$DESTDIR$PREFIX/bin/strata" ../lib/strata/scripts/strata || uninstall_status=1
  for unit in "$strata_home"/src/main/systemd/*; do
    rm -f "$DESTDIR$UNITDIR/${unit##*/}" || uninstall_status=1
  done
  for modules in $(strata_portage_modules); do
    strata_unlink "$DESTDIR$modules/squashdelta" "$PREFIX/lib/strata/src/main/portage" ||
      uninstall_status=1
  done
  if [ -f "$DESTDIR$PREFIX/lib/strata/target/program/strata.jar" ]; then
    rm -rf "$DESTDIR$PREFIX/lib/strata" || uninstall_status=1
  fi
  return "$uninstall_status"
}

strata_unlink() { # LINK TARGET
  if [ -L "$1" ] && [ "$(readlink "$1")" = "$2" ]; then
    rm -f "$1"
  fi
}
