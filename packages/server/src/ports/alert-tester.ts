/** How one test of a target went. `detail` says what to look at when it failed. */
export interface TestResult {
  readonly ok: boolean;
  readonly status: number | null;
  readonly ms: number;
  readonly detail: string;
}

export interface AlertTester {
  /** Sends a signed `target.test`; the secret is opened for the moment of signing. */
  test(target: {
    readonly id: string;
    readonly url: string;
    readonly secretSealed: string;
  }): Promise<TestResult>;
}
