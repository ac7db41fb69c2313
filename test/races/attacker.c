#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Exchanges two names until it is told to end, or SWAPS times and waits. As the service's user: argv UID A B. */
static volatile sig_atomic_t over = 0;
static void end(int sig) { (void)sig; over = 1; }

int main(int argc, char **argv) {
  unsigned long swaps = 0;
  if (argc != 4) return 2;
  signal(SIGTERM, end);
  if (setgid(atoi(argv[1])) != 0 || setuid(atoi(argv[1])) != 0) return 3;
  puts("ready");
  fflush(stdout);
  while (!over) {
    if (syscall(SYS_renameat2, AT_FDCWD, argv[2], AT_FDCWD, argv[3], 2u) == 0) swaps++;
    if ((swaps & 15) == 0) usleep(20);
  }
  /* Even: everything has its own name again. */
  while ((swaps & 1) != 0)
    if (syscall(SYS_renameat2, AT_FDCWD, argv[2], AT_FDCWD, argv[3], 2u) == 0) swaps++;
  printf("%lu\n", swaps);
  return 0;
}
