command -v git > /dev/null || skip "git is not installed"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null HOME=$PWD
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
git init -q one
cp -r "$LOWER/dir" one/dir
git -C one add .
git -C one commit -qm first
git clone -q one two
git -C two checkout -qb branch
sed -i 's/$/!/' two/dir/*[0-9]
git -C two commit -qam second
git -C two gc -q
git -C two fsck --strict > /dev/null 2>&1
git -C one pull -q ../two branch
[ "$(cat one/dir/7)" = '7!' ] || fail "one/dir/7 holds $(cat one/dir/7)"
[ -z "$(git -C one status --porcelain)" ] || fail "$(git -C one status --porcelain)"
