import { posix } from 'node:path';
import type { FileReader } from '../../ports/files.js';
import { conditionHolds, Modules } from './conditions.js';
import { Definitions, type Resolved } from './definitions.js';
import type { ApacheConfig, ApacheDirective, ApacheUnknown } from './directives.js';
import { includedPaths } from './includes.js';
import { bearingOf, CONDITIONS, HOST_DIRECTIVES, REQUEST_SECTIONS } from './known-directives.js';
import { type ConfigLine, configLines, nextWord, wordsOf } from './lines.js';
import {
  EXPANDED_LENGTH_MAX,
  expanded,
  MACRO_DEPTH_MAX,
  MACRO_USES_MAX,
  type Macro,
  MacroBody,
  macroHead,
} from './macros.js';
import { type Section, Sections } from './sections.js';
import { type At, type Source, sectionName, withoutSlashesAtEnd } from './sources.js';

/** Apache's own AP_MAX_INCLUDE_DEPTH is 128; Momentum's files include once. */
export const INCLUDE_DEPTH_MAX = 16;
export const INCLUDED_FILES_MAX = 256;
export const LINES_MAX = 250_000;
export const UNKNOWNS_MAX = 256;
const FILE_BYTES_MAX = 4 * 1024 * 1024;
const TEXT_LENGTH_MAX = 200;

const PATHS: ReadonlySet<string> = new Set([
  'sslcertificatefile',
  'sslcertificatekeyfile',
  'sslcertificatechainfile',
]);

/** Reads a configuration line by line, with a stack of sources and one of sections in the place of Apache's recursion. */
export class ConfigReader implements ApacheConfig {
  readonly directives: ApacheDirective[] = [];
  readonly unread: { path: string; problem: string }[] = [];
  readonly unknowns: ApacheUnknown[] = [];
  runsPrograms = false;
  readonly filesRead: string[] = [];
  /** A directive of mod_ssl certainly takes effect. */
  hasTls = false;
  readonly #definitions: Definitions;
  readonly #modules: Modules;
  readonly #macros = new Map<string, Macro>();
  readonly #sections = new Sections();
  readonly #sources: Source[] = [];
  #macroBody: { readonly macro: Omit<Macro, 'body'>; readonly body: MacroBody } | null = null;
  /** Null: not known. */
  #serverRoot: string | null = null;
  #filesAsked = 0;
  #linesTaken = 0;
  #macroUses = 0;
  #expandedLength = 0;

  constructor(
    private readonly files: FileReader,
    main: string,
    environment: ReadonlyMap<string, string>,
    compiledIn: ReadonlySet<string>,
  ) {
    this.#definitions = new Definitions(environment);
    this.#modules = new Modules(compiledIn);
    this.#push({ file: main, includeDepth: 0, macros: [], usedAt: null, isOptional: false });
  }

  get loadsTls(): boolean {
    return this.#modules.names().has('ssl');
  }

  readAll(): void {
    for (let source = this.#sources.at(-1); source; source = this.#sources.at(-1)) {
      source.lines ??= this.#linesOf(source);
      // A folder: what is in it comes first.
      if (this.#sources.at(-1) !== source) continue;
      const line = source.lines[source.next];
      source.next += 1;
      if (!line) this.#end(source);
      else if (this.#linesTaken >= LINES_MAX) {
        this.#unknown({ file: source.file, line: line.line, text: '' }, `more than ${LINES_MAX} lines`);
        return;
      } else {
        this.#linesTaken += 1;
        this.#takeLine(line, { file: source.file, line: source.usedAt ?? line.line, text: line.text });
      }
    }
  }

  #push(
    source: Omit<Source, 'lines' | 'next' | 'sectionsBefore'>,
    lines: readonly ConfigLine[] | null = null,
  ) {
    this.#sources.push({ ...source, lines, next: 0, sectionsBefore: this.#sections.depth });
  }

  /** A file must close what it opens; a macro need not. */
  #end(source: Source): void {
    this.#sources.pop();
    if (source.usedAt !== null) return;
    const at = { file: source.file, line: 0, text: '' };
    if (this.#macroBody && this.#sources.length === 0) this.#unknown(at, 'a macro is not closed');
    if (this.#sections.depth <= source.sectionsBefore) return;
    this.#unknown(at, `<${this.#sections.top?.name ?? ''}> is not closed`);
    this.#sections.closeTo(source.sectionsBefore);
  }

  /** Counts files and folders alike: a folder with a link to itself would otherwise have no end. */
  #linesOf(source: Source): readonly ConfigLine[] {
    source.sectionsBefore = this.#sections.depth;
    this.#filesAsked += 1;
    if (source.includeDepth > INCLUDE_DEPTH_MAX || this.#filesAsked > INCLUDED_FILES_MAX) {
      this.#notRead(source.file, 'too-many');
      return [];
    }
    const stat = this.files.stat(source.file);
    if (stat.ok && stat.value.kind === 'directory' && source.includeDepth > 0) {
      this.#pushAll([...this.#namesIn(source.file)], source);
      return [];
    }
    const content = this.files.read(source.file, { bytesMax: FILE_BYTES_MAX });
    if (content.ok) {
      this.filesRead.push(source.file);
      return configLines(content.value.toString('utf8'));
    }
    if (!(content.problem === 'missing' && source.isOptional)) this.#notRead(source.file, content.problem);
    return [];
  }

  #namesIn(folder: string): readonly string[] {
    const names = this.files.list(folder);
    if (!names.ok) this.#notRead(folder, names.problem);
    // The one beyond the bound is told of as such when it is to be read.
    return names.ok ? names.value.slice(0, INCLUDED_FILES_MAX + 1).map((name) => `${folder}/${name}`) : [];
  }

  #pushAll(paths: readonly string[], from: Source, isOptional = from.isOptional): void {
    // The ended source stays below its files until they are read: their sections are counted from here.
    for (const file of paths.toReversed())
      this.#push({ ...from, file, includeDepth: from.includeDepth + 1, usedAt: null, isOptional });
  }

  #notRead(path: string, problem: string): void {
    if (this.unread.length < INCLUDED_FILES_MAX) this.unread.push({ path, problem });
    this.#unknown({ file: path, line: 0, text: '' }, `${path} could not be read (${problem})`);
  }

  #unknown(at: At, why: string): void {
    const vhost = this.#sections.vhost;
    if (this.unknowns.length < UNKNOWNS_MAX)
      this.unknowns.push({
        file: at.file,
        line: at.line,
        text: at.text.slice(0, TEXT_LENGTH_MAX),
        why,
        vhost,
      });
  }

  #takeLine(line: ConfigLine, at: At): void {
    const section = this.#sections.top;
    if (this.#macroBody) {
      if (this.#macroBody.body.take(line)) this.#endMacro();
    } else if (section?.mode === 'no') this.#passOver(line.text, section, at);
    else if (line.text.startsWith('</')) this.#close(line.text, at);
    else {
      if (line.isDisputed) this.#unknown(at, 'whether this line goes on depends on the version of httpd');
      this.#take(line.text, at);
    }
  }

  /** Apache looks for the end of what it passes over by sections alone. */
  #passOver(text: string, section: Section, at: At): void {
    if (!text.startsWith('<')) return;
    if (section.isOpaque && !text.toLowerCase().startsWith(`</${section.name}>`)) return;
    if (text.startsWith('</')) this.#close(text, at);
    else this.#sections.open({ ...section, name: sectionName(nextWord(text).word) });
  }

  #close(text: string, at: At): void {
    const name = text
      .slice(2)
      .replace(/\s*>\s*$/, '')
      .toLowerCase();
    const floor = this.#sources.findLast((source) => source.usedAt === null)?.sectionsBefore ?? 0;
    const isOpen = this.#sections.depth > floor && this.#sections.top?.name === name;
    if (!isOpen) this.#unknown({ ...at, text: `</${name.slice(0, 64)}>` }, 'it closes what is not open');
    else {
      const closed = this.#sections.top;
      this.#sections.close();
      if (!text.endsWith('>')) this.#unknown(at, `</${closed?.name ?? ''} is not closed`);
    }
  }

  #take(text: string, at: At): void {
    const first = nextWord(text);
    const head = this.#definitions.resolve(first.word);
    const rest = text.slice(first.next);
    if (head.doubt !== null) this.#unknown({ ...at, text: first.word }, head.doubt);
    else if (head.text.startsWith('<')) this.#open(head.text, rest, text, at);
    else this.#directive(head.text.toLowerCase(), rest, at);
  }

  #open(head: string, rest: string, text: string, at: At): void {
    const name = sectionName(head);
    const tail = head.endsWith('>') ? '>' : rest;
    const around = this.#sections.top;
    const inherited = { vhost: this.#sections.vhost, isOpaque: false, isRequest: around?.isRequest ?? false };
    const mode = around?.mode ?? 'yes';
    if (CONDITIONS.has(name)) {
      const answer = conditionHolds(name, tail, {
        files: this.files,
        definitions: this.#definitions,
        modules: this.#modules,
        absolute: (path) => this.#absolute(path),
      });
      const inside = answer.holds === 'no' ? 'no' : answer.holds === 'maybe' ? 'maybe' : mode;
      const doubt = answer.holds === 'maybe' ? answer.why : (around?.doubt ?? '');
      this.#sections.open({ ...inherited, name, mode: inside, doubt });
    } else if (name === 'macro') this.#openMacro(tail, at);
    else if (name === 'virtualhost') this.#openVhost(tail, at);
    else if (REQUEST_SECTIONS.has(name))
      this.#sections.open({ ...inherited, name, mode, doubt: around?.doubt ?? '', isRequest: true });
    else {
      this.#unknown({ ...at, text: `<${name.slice(0, 64)}>` }, 'this section is not known');
      if (text.endsWith('>'))
        this.#sections.open({ ...inherited, name, mode: 'no', doubt: '', isOpaque: true });
    }
  }

  #openVhost(rest: string, at: At): void {
    const around = this.#sections.top;
    const end = rest.lastIndexOf('>');
    const argument = this.#definitions.resolve(end < 0 ? rest : rest.slice(0, end));
    const address = wordsOf(argument.text).join(' ');
    const isMisplaced = this.#sections.vhost !== null || around?.isRequest === true;
    const fault =
      end < 0 || rest.slice(end + 1).trim() !== '' || address === '' || isMisplaced
        ? 'Apache does not take a virtual host so'
        : argument.doubt;
    const why = fault ?? (around?.mode === 'maybe' ? around.doubt : null);
    if (why !== null) this.#unknown(at, why);
    const vhost = { file: at.file, line: at.line, address };
    const mode = why === null ? 'yes' : 'maybe';
    const doubt = why ?? '';
    this.#sections.open({ name: 'virtualhost', mode, doubt, vhost, isOpaque: false, isRequest: false });
    if (mode === 'yes') this.#tell('<virtualhost>', wordsOf(argument.text), at);
  }

  get #isCertain(): boolean {
    return this.#sections.top?.mode !== 'maybe';
  }

  #tell(name: string, args: readonly string[], at: At): void {
    const isOfMacro = this.#sources.at(-1)?.usedAt !== null;
    const vhost = this.#sections.vhost;
    this.directives.push({ name, args, file: at.file, line: at.line, vhost, isOfMacro });
  }

  #directive(name: string, rest: string, at: At): void {
    if (/(^|\s)["']?(\||exec:)/.test(rest.slice(0, 4096))) this.runsPrograms = true;
    if (HOST_DIRECTIVES.has(name)) this.#hostDirective(name, rest, at);
    else if (name === 'use') this.#use(rest, at);
    else if (name === 'undefmacro') this.#undefineMacro(rest);
    else if (bearingOf(name) === 'understood') this.#steer(name, this.#words(rest), at);
    // Its arguments may hold a secret: only its name is told.
    else if (bearingOf(name) === 'unknown')
      this.#unknown({ ...at, text: name.slice(0, 64) }, 'this directive is not known');
  }

  #words(rest: string): Resolved[] {
    return wordsOf(rest).map((word) => this.#definitions.resolve(word));
  }

  #hostDirective(name: string, rest: string, at: At): void {
    const words = this.#words(rest);
    const section = this.#sections.top;
    const most = name === 'listen' ? 2 : 1;
    const why =
      words.find(({ doubt }) => doubt !== null)?.doubt ??
      (section?.isRequest ? 'Apache takes it for a server only, not inside of this section' : null) ??
      (words.length < 1 || words.length > most ? 'Apache does not take it so' : null) ??
      (section?.mode === 'maybe' ? section.doubt : null);
    const args = words.map(({ text }) => (PATHS.has(name) ? this.#absolute(text) : text));
    if (why !== null) this.#unknown(at, why);
    else if (args.includes(null))
      this.#unknown(at, 'the ServerRoot that its path is relative to is not known');
    else {
      if (name.startsWith('ssl')) this.hasTls = true;
      const known = args.filter((arg) => arg !== null);
      this.#tell(name, known, at);
    }
  }

  #steer(name: string, words: readonly Resolved[], at: At): void {
    const [first, second] = words;
    const isCertain = this.#isCertain;
    if (name === 'include' || name === 'includeoptional') {
      this.#include(words, name === 'includeoptional', at);
    } else if (!first || words.length > 2) this.#unknown(at, 'Apache does not take it so');
    else if (name === 'serverroot')
      this.#serverRoot = isCertain && first.doubt === null ? withoutSlashesAtEnd(first.text) : null;
    else if (first.doubt !== null) this.#unknown(at, first.doubt);
    else if (name === 'define') this.#definitions.define(first.text, second ?? null, isCertain);
    else if (name === 'undefine') this.#definitions.undefine(first.text, isCertain);
    else if (name === 'loadmodule') this.#modules.load(first.text, isCertain);
  }

  #include(words: readonly Resolved[], isOptional: boolean, at: At): void {
    const [argument] = words;
    const source = this.#sources.at(-1);
    if (!argument || !source || words.length > 1) return this.#unknown(at, 'Apache does not take it so');
    if (argument.doubt !== null) return this.#unknown(at, argument.doubt);
    const path = this.#absolute(argument.text);
    if (path === null) return this.#unknown(at, 'the ServerRoot that its path is relative to is not known');
    const { paths, unread } = includedPaths(this.files, path, INCLUDED_FILES_MAX);
    for (const one of unread) this.#notRead(one.path, one.problem);
    this.#pushAll(paths, source, isOptional);
  }

  #openMacro(rest: string, at: At): void {
    const resolved = this.#definitions.resolve(rest);
    const head = resolved.doubt === null ? macroHead(resolved.text) : null;
    if (!head) this.#unknown(at, resolved.doubt ?? 'Apache does not take a macro so');
    const isDoubtful = head === null || !this.#isCertain;
    const macro = { name: head?.name ?? '', parameters: head?.parameters ?? [], file: at.file, isDoubtful };
    this.#macroBody = { macro, body: new MacroBody() };
  }

  #endMacro(): void {
    if (!this.#macroBody) return;
    const { macro, body } = this.#macroBody;
    this.#macroBody = null;
    this.#macros.set(macro.name, { ...macro, body: body.lines });
  }

  #undefineMacro(rest: string): void {
    const name = nextWord(rest).word.toLowerCase();
    const macro = this.#macros.get(name);
    if (this.#isCertain) this.#macros.delete(name);
    else if (macro) this.#macros.set(name, { ...macro, isDoubtful: true });
  }

  /** The lines of a macro take the place of the line that uses it. */
  #use(rest: string, at: At): void {
    const words = this.#words(rest);
    const name = words[0]?.text.toLowerCase() ?? '';
    const macro = this.#macros.get(name);
    const source = this.#sources.at(-1);
    const args = words.slice(1).map(({ text }) => text);
    const fault =
      words.find(({ doubt }) => doubt !== null)?.doubt ?? this.#useFault(name, args.length, macro, source);
    if (fault !== null || !macro || !source) return this.#unknown(at, fault ?? 'there is no such macro');
    this.#macroUses += 1;
    const lines = expanded(macro, args, EXPANDED_LENGTH_MAX - this.#expandedLength);
    if (!lines) return this.#unknown(at, `macros make more than ${EXPANDED_LENGTH_MAX} letters`);
    this.#expandedLength += lines.length;
    this.#push({ ...source, macros: [...source.macros, name], usedAt: at.line }, lines.lines);
  }

  #useFault(
    name: string,
    count: number,
    macro: Macro | undefined,
    source: Source | undefined,
  ): string | null {
    if (!macro) return 'no macro of this name was read';
    if (macro.isDoubtful) return 'which macro of this name there is is not known';
    if (macro.parameters.length !== count) return `the macro takes ${macro.parameters.length} arguments`;
    if (source?.macros.includes(name)) return 'the macro uses itself';
    if ((source?.macros.length ?? 0) >= MACRO_DEPTH_MAX)
      return `macros use macros more than ${MACRO_DEPTH_MAX} deep`;
    return this.#macroUses >= MACRO_USES_MAX ? `macros are used more than ${MACRO_USES_MAX} times` : null;
  }

  #absolute(path: string): string | null {
    if (path.startsWith('/')) return posix.normalize(path);
    return this.#serverRoot === null || path === '' ? null : posix.normalize(`${this.#serverRoot}/${path}`);
  }
}
