# Puts a built Strata where it works without the checkout, and takes it away again. Sourced by sh.
# Wants: strata_home, JAVA_HOME. Heeds: PREFIX (default /usr/local), SBINDIR (default /sbin, where
# mount(8) looks for helpers), DESTDIR (put in front of both).

PREFIX=${PREFIX:-/usr/local}
SBINDIR=${SBINDIR:-/sbin}
DESTDIR=${DESTDIR:-}
strata_helpers='mount.fuse.strata mount.strata'

strata_install() {
  case $PREFIX$SBINDIR in
    /*) ;;
    *) echo "strata: PREFIX and SBINDIR: give absolute paths" >&2; return 1 ;;
  esac
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
  ) || {
    rm -rf "$install_new"
    echo "strata: could not be installed under ${DESTDIR:+$DESTDIR }$PREFIX and $SBINDIR;" \
      "run as root, or set PREFIX and SBINDIR, or DESTDIR" >&2
    return 1
  }
  rm -rf "$install_old"
}

# Removes what strata_install made, and nothing that is another's.
strata_uninstall() {
  uninstall_status=0
  for helper in $strata_helpers; do
    strata_unlink "$DESTDIR$SBINDIR/$helper" "$PREFIX/lib/strata/scripts/mount.strata" ||
      uninstall_status=1
  done
  strata_unlink "$DESTDIR$PREFIX/bin/strata" ../lib/strata/scripts/strata || uninstall_status=1
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
