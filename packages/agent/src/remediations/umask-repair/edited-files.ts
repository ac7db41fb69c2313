import type { PlanContext } from '../../units/remediation.js';

type Files = PlanContext['look']['files'];

/** The node's files with some of them as they would be after an edit: texts byte by byte (latin1), by paths without links. */
export class EditedFiles {
  readonly texts = new Map<string, string>();

  constructor(private readonly files: Files) {}

  /** Null: it could not be read. */
  text(path: string): string | null {
    const edited = this.texts.get(this.real(path));
    if (edited !== undefined) return edited;
    const read = this.files.read(path);
    return read.ok ? read.value.toString('latin1') : null;
  }

  real(path: string): string {
    const real = this.files.realpath(path);
    return real.ok ? real.value.path : path;
  }

  /** What somebody would read who comes after the edit. Only names and contents differ: owners and modes stay. */
  reader(): Files {
    const names = (folder: string): string[] =>
      [...this.texts.keys()]
        .filter((path) => path.slice(0, path.lastIndexOf('/')) === folder)
        .map((path) => path.slice(folder.length + 1));
    return {
      ...this.files,
      read: (path, options) => {
        const edited = this.texts.get(this.real(path));
        return edited === undefined
          ? this.files.read(path, options)
          : { ok: true, value: Buffer.from(edited, 'latin1') };
      },
      list: (path) => {
        const listed = this.files.list(path);
        const made = names(path);
        if (made.length === 0) return listed;
        return { ok: true, value: [...new Set([...(listed.ok ? listed.value : []), ...made])].sort() };
      },
    };
  }
}
