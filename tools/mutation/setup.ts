import fc from 'fast-check';

// A property that holds is tried for a short while only: the tables find most mutants, and there are thousands of them.
fc.configureGlobal({ interruptAfterTimeLimit: 300, markInterruptAsFailure: false });
