/** What Momentum's own validate_config says. It prints nothing when the configuration is bad. */
export interface ConfigValidationFact {
  readonly answer: 'valid' | 'silent' | 'no-configuration' | 'other' | 'not-run';
  /** Why it was not run, or what it printed (masked, first lines). */
  readonly detail: string;
}
