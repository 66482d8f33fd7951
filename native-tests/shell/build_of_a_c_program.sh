command -v cc > /dev/null || skip "no C compiler is installed"
cat > Makefile << 'END'
program: main.o part.o
	cc -o $@ $^
%.o: %.c
	cc -c -o $@ $<
END
echo 'int part(void); int main(void) { return part(); }' > main.c
echo 'int part(void) { return 7; }' > part.c
make -s -j2
status=0
./program || status=$?
[ "$status" = 7 ] || fail "the program exits with $status"
make -q || fail "make wants to build again"
