// A configuration's tree of many files, as a site that keeps its customers' files beside it has one.
import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES_PER_FOLDER = 25;
const CONF = 'opt/msys/ecelerity/etc/conf/default';

/** Makes `fileCount` files below the node's configuration, owned as the rest of it; gives the paths of the files. */
export function fillConfiguration(nodeDir, fileCount) {
  const owner = statSync(join(nodeDir, CONF, 'ecelerity.conf'));
  const paths = [];
  const own = (path) => process.getuid() === 0 && chownSync(path, owner.uid, owner.gid);
  const folderOf = (path) => {
    mkdirSync(path, { recursive: true });
    own(path);
  };
  for (let folder = 0; paths.length < fileCount; folder += 1) {
    const outer = join(nodeDir, CONF, 'customers', `d${folder % 40}`);
    folderOf(join(nodeDir, CONF, 'customers'));
    folderOf(outer);
    folderOf(join(outer, `e${folder}`));
    for (let i = 0; i < FILES_PER_FOLDER && paths.length < fileCount; i += 1) {
      const path = join(outer, `e${folder}`, `f${i}.conf`);
      writeFileSync(path, 'Option = value\n', { mode: 0o640 });
      own(path);
      paths.push(path);
    }
  }
  return paths;
}
