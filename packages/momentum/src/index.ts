/** The ecelerity.conf language: lossless parsing, effective values with the line that decides, edits of single spans. */
export {
  formatScope,
  type ScopeStep,
  scopeType,
  textOf,
  type Value,
  type WrittenScopeType,
} from './ast/scopes.js';
export { maskSecrets, type SecretSpan, secretSpans } from './ast/secrets.js';
export { type Change, type Comparison, compare } from './compare/compare.js';
export { reload } from './edit/outcome.js';
export { renameScope } from './edit/rename.js';
export type { EditedFile, EditResult } from './edit/result.js';
export { addScope, removeScope } from './edit/scope.js';
export { setOption, unsetOption } from './edit/set-option.js';
export { type EditedWith, type OptionsSet, setOptions, type WantedOption } from './edit/set-options.js';
export {
  type Candidate,
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type Origin,
} from './evaluate/evaluate.js';
export {
  allSettings,
  type DatasourceUri,
  datasourceUris,
  hasModule,
  type NamedScope,
  type NamedSetting,
  scopesNamed,
  settingsNamed,
} from './evaluate/lookup.js';
export { type OwnSetting, ownSettings } from './evaluate/own-settings.js';
export { type TlsOptions, type TlsScope, tlsScopes } from './evaluate/tls.js';
export {
  DECIDING_OPTION,
  type EffectiveTls,
  effectiveTls,
  type TlsRuntime,
} from './evaluate/tls-effective.js';
export type { Config, ConfigFile, UnreadFile } from './files/config.js';
export { type LoadOptions, loadConfig, SEARCH_PATH } from './files/load.js';
export type { Loader, ReadAnswer } from './files/loader.js';
export { type LayoutEdit, type LayoutOptions, type LayoutRule, layoutEdits } from './format/format.js';
export type { DatedDefault, OptionInfo, OptionType } from './options/info.js';
export { knownScopes, nearestOptions, nearestScopes } from './options/nearest.js';
export type { ScopeType } from './options/scopes.js';
export { defaultOf, optionExists, optionInfo } from './options/table.js';
export { type Parsed, parse } from './syntax/parse.js';
export type { Dialect } from './syntax/report.js';
export { print, type Tree } from './syntax/tree.js';
export { decodeBytes, type Encoding, encodeText } from './text/bytes.js';
export type { Diagnostic } from './text/diagnostic.js';
export { applyEdits, type TextEdit } from './text/edit.js';
export type { Position, Span } from './text/span.js';
export { parseBoolean } from './values/boolean.js';
export { type Cidr, contains, parseCidr } from './values/cidr.js';
export { type CipherList, type Offered, parseCipherList } from './values/cipher-list.js';
export { parseGnutlsPriority } from './values/gnutls-priority.js';
export { type LibraryAnswer, libraryOffers, type TlsLibrary } from './values/library-protocols.js';
export { notARelease, RELEASE_LINES } from './values/release.js';
export {
  type Allowed,
  PROTOCOL_VERSIONS,
  type ProtocolList,
  type ProtocolVersion,
  parseTlsProtocols,
  TLS_VERSIONS,
  type TlsVersion,
} from './values/tls-protocols.js';
export { compareVersions } from './values/version.js';
