import type { Fault } from './fault.js';

const LIBRARY = '/usr/lib64/libssl.so.1.0.2k';

/** The loader says which OpenSSL the node has, so that TLS 1.0 is not all that it can speak: then policy may forbid it. */
export const oldTls: Fault = {
  name: 'old-tls',
  title: 'TLS 1.0 is on, and the OpenSSL of the host has newer versions',
  plant(tree) {
    tree.file(LIBRARY, '');
    tree.link('/usr/lib64/libssl.so.10', 'libssl.so.1.0.2k');
    const ldd = "#!/bin/sh\necho '\tlibssl.so.10 => /usr/lib64/libssl.so.10 (0x00007f)'\n";
    tree.file('/usr/bin/ldd', ldd, { mode: 0o755 });
  },
};
