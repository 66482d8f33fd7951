command -v rsync > /dev/null || skip "rsync is not installed"
rsync -aHAX "$LOWER/" copy/
again=$(rsync -aHAXi --checksum "$LOWER/" copy/)
[ -z "$again" ] || fail "the second run still wants: $again"
echo new > copy/dir/new
rm copy/dir/1
rsync -aHAX --delete copy/ "$LOWER/"
[ -e "$LOWER/dir/new" ] && [ ! -e "$LOWER/dir/1" ] || fail "the way back did not work"
