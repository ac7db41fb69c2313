/** For the notes of a plan that changes modes below conf (Manual, executable.eccfg). */
export const NO_MODES_KEPT =
  'Subversion keeps no modes: a later eccfg pull makes the files of conf anew, under the umask of whoever runs it';
