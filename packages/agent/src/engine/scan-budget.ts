import type { FileReader, FileResult } from '../ports/files.js';
import { FactUnavailable } from '../units/fact.js';

/** What one look at the node may cost. The configuration's owner decides how much there is to read. */
export interface ScanLimits {
  /** Bytes of content handed out; a file that is read twice counts twice, for it is worked on twice. */
  readonly bytesMax: number;
  /** Questions about paths, and names of folders. */
  readonly entriesMax: number;
  /** Milliseconds since the scan began, by the clock that is given: no work that never gives way to a timer goes on beyond it. */
  readonly msMax: number;
}

/** Many times what the largest node known needs; reading and parsing as much takes some seconds. */
export const SCAN_BYTES_MAX = 64 * 1024 * 1024;
export const SCAN_ENTRIES_MAX = 1_000_000;

/** Processor time costs as much to ask for as a file's status does. */
const CLOCK_ASKED_EVERY = 16;

/** A reader that counts. Over a limit every question throws FactUnavailable, whose reason controls tell. */
export function boundedFiles(reader: FileReader, limits: ScanLimits, nowMs: () => number): FileReader {
  const begunMs = nowMs();
  let bytes = 0;
  let entries = 0;
  let questions = 0;
  const over = (what: string): never => {
    throw new FactUnavailable(
      `looking was given up: ${what}. Somebody may have filled the folders that are inspected on purpose`,
    );
  };
  const ask = (path: string, count = 1): void => {
    entries += count;
    if (entries > limits.entriesMax) over(`more than ${limits.entriesMax} files and names, at ${path}`);
    questions += 1;
    if (questions % CLOCK_ASKED_EVERY === 1 && nowMs() - begunMs > limits.msMax)
      over(`it took longer than ${limits.msMax} ms, at ${path}`);
  };
  const took = <T>(path: string, result: FileResult<T>, size: (value: T) => number): FileResult<T> => {
    bytes += result.ok ? size(result.value) : 0;
    if (bytes > limits.bytesMax) over(`more than ${limits.bytesMax} bytes to read, at ${path}`);
    return result;
  };
  return {
    read: (path, options) => {
      ask(path);
      return took(path, reader.read(path, options), (content) => content.length);
    },
    capture: (path, options) => {
      ask(path);
      return took(path, reader.capture(path, options), ({ content }) => content.length);
    },
    list: (path) => {
      ask(path);
      const names = reader.list(path);
      if (names.ok) ask(path, names.value.length);
      return names;
    },
    stat: (path) => {
      ask(path);
      return reader.stat(path);
    },
    lstat: (path) => {
      ask(path);
      return reader.lstat(path);
    },
    readlink: (path) => {
      ask(path);
      return reader.readlink(path);
    },
    realpath: (path) => {
      ask(path);
      return reader.realpath(path);
    },
    acl: (path) => {
      ask(path);
      return reader.acl(path);
    },
    // The entries of a walk, which were counted.
    acls: (folder, names, signal) => reader.acls(folder, names, signal),
    // It counts its entries itself, and gives way.
    walk: (path, visitor, walkLimits) => reader.walk(path, visitor, walkLimits),
  };
}
