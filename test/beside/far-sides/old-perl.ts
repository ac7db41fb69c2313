import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REAL } from './tool.js';

/** Modules that a Perl of this host has and 5.8.4 lacks (Module::CoreList). */
export const NOT_IN_5_8_4: readonly string[] = ['Digest/SHA.pm', 'JSON/PP.pm'];
/** It came with 5.7.3, and its `lstat` and `clock` long after: who needs none of it needs none of them. */
export const TIME_HIRES = 'Time/HiRes.pm';

/** A folder for `perl -I`, in which these modules are there to die. */
export function denyModules(folder: string, modules: readonly string[]): void {
  for (const module of modules) {
    mkdirSync(dirname(join(folder, module)), { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, module), 'die "this Perl has no such module";\n');
  }
}

/** perl588delta: chmod, chown and chdir take handles since 5.8.8. perlvar: `$]` and `$^V` tell which it is. */
const AS_5_8_4 = `package As584;
use strict;
# It asks for the version that it was built for.
use Config;
BEGIN {
    no strict 'refs';
    my ($number, $version) = (5.008004, v5.8.4);
    *{'main::]'} = \\$number;
    *{"main::\\x16"} = \\$version;
    my $named = sub { die "this Perl takes no handle\\n" if grep { ref $_ || ref \\$_ eq 'GLOB' } @_ };
    *CORE::GLOBAL::chmod = sub (@) { $named->(@_); return CORE::chmod(shift, @_) };
    *CORE::GLOBAL::chown = sub (@) { $named->(@_); return CORE::chown(shift, shift, @_) };
    *CORE::GLOBAL::chdir = sub (;$) { $named->(@_); return CORE::chdir($_[0]) };
}
`;

/** uname(2) of SunOS 5.10: the number of no system call is known there. */
const AS_SUNOS = `require POSIX;
{
    no warnings;
    *POSIX::uname = sub { return ('SunOS', 'mta1', '5.10', 'Generic_150400-64', 'sun4u') };
}
`;

/** A `perl` that is as that of Solaris 10, as far as this host's can be: the program `perl` and its folder. */
export function laySolarisPerl(program: string, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  denyModules(folder, [...NOT_IN_5_8_4, TIME_HIRES]);
  writeFileSync(join(folder, 'As584.pm'), `${AS_5_8_4}${AS_SUNOS}1;\n`);
  writeFileSync(program, `#!${REAL}/dash\nexec ${REAL}/perl -I${folder} -MAs584 "$@"\n`);
  chmodSync(program, 0o755);
}
