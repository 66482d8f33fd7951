/* A program to execute from a mount: prints its argument, waits as many seconds, exits with 42. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc > 1) {
    puts(argv[1]);
    fflush(stdout);
    sleep((unsigned)atoi(argv[1]));
  }
  return 42;
}
