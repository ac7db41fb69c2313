/* The floor of everything that inspects a tree: each entry's status once, as fts(3) reads it, and nothing else. */
#include <fts.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/stat.h>

int main(int argc, char **argv) {
  char *roots[] = {argv[1], NULL};
  FTS *tree = argc == 2 ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
  if (!tree) return 2;
  unsigned long seen = 0, modes = 0;
  for (FTSENT *entry; (entry = fts_read(tree));) {
    if (entry->fts_info == FTS_DP) continue;
    modes += entry->fts_statp->st_mode;
    seen += 1;
  }
  printf("%lu %lu\n", seen, modes);
  return fts_close(tree);
}
