/**
 * The one table of errors. Types, HTTP statuses and the docs page derive from it. Codes are never reused.
 * `http` is the status a REST caller sees; `exit` is the status a command ends with; `retry` tells a program what to do.
 */
export const CAS_ERRORS = {
  CAS_INPUT_INVALID: { http: 400, exit: 2, retry: 'never', text: 'The input is not valid.' },
  CAS_QUERY_SYNTAX: {
    http: 400,
    exit: 2,
    retry: 'never',
    text: 'The search cannot be read: offset says where.',
  },
  CAS_AUTH_REQUIRED: { http: 401, exit: 4, retry: 'login', text: 'Sign in first.' },
  CAS_AUTH_FAILED: { http: 401, exit: 4, retry: 'login', text: 'The name or the password is wrong.' },
  CAS_AUTH_FORBIDDEN: { http: 403, exit: 4, retry: 'never', text: 'Your role does not permit this.' },
  CAS_SECOND_PERSON: {
    http: 403,
    exit: 4,
    retry: 'never',
    text: 'Plans for this group take two persons: another than the one who asked must approve.',
  },
  CAS_LAST_ADMIN: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'The last administrator who is enabled stays one: make another first.',
  },
  CAS_CSRF: {
    http: 403,
    exit: 4,
    retry: 'reload',
    text: 'The request did not carry the header that a browser form cannot send.',
  },
  CAS_NOT_FOUND: { http: 404, exit: 1, retry: 'never', text: 'There is no such thing.' },
  CAS_CONFLICT: {
    http: 409,
    exit: 1,
    retry: 'reload',
    text: 'It changed meanwhile, or its state does not permit this.',
  },
  CAS_TOO_MANY: { http: 429, exit: 1, retry: 'later', text: 'Too many requests.' },
  CAS_INTERNAL: {
    http: 500,
    exit: 1,
    retry: 'later',
    text: 'Castellan failed; the request id names the log line.',
  },
  CAS_UNAVAILABLE: {
    http: 503,
    exit: 7,
    retry: 'later',
    text: 'The server cannot be reached or is not ready.',
  },

  CAS_BESIDE_UNREACHABLE: {
    http: 0,
    exit: 7,
    retry: 'later',
    text: 'The node cannot be reached over ssh.',
  },
  CAS_BESIDE_DENIED: { http: 0, exit: 4, retry: 'never', text: 'The node does not accept the key.' },
  CAS_BESIDE_HOST_KEY: {
    http: 0,
    exit: 4,
    retry: 'never',
    text: "The node's host key is not the known one, or none is known.",
  },
  CAS_BESIDE_NO_PERL: {
    http: 0,
    exit: 1,
    retry: 'never',
    text: 'The node has no Perl that may be used.',
  },
  CAS_BESIDE_PROTOCOL: {
    http: 0,
    exit: 1,
    retry: 'never',
    text: 'The node does not answer as the far program of this release does.',
  },
  CAS_BESIDE_LOST: {
    http: 0,
    exit: 1,
    retry: 'later',
    text: 'The session with the node ended before its answers were there: nothing is known of it.',
  },

  CAS_TARGET_FAILED: { http: 0, exit: 1, retry: 'later', text: 'The target did not take the message.' },
  CAS_STORE_DAMAGED: {
    http: 503,
    exit: 1,
    retry: 'never',
    text: 'The database is damaged: stop the server and restore a backup.',
  },
  CAS_TOKEN_UNKNOWN: {
    http: 401,
    exit: 4,
    retry: 'never',
    text: 'The enrolment token is not known to this server.',
  },
  CAS_TOKEN_USED: { http: 401, exit: 4, retry: 'never', text: 'The enrolment token was used up.' },
  CAS_TOKEN_EXPIRED: { http: 401, exit: 4, retry: 'never', text: 'The enrolment token has expired.' },
  CAS_TOKEN_REVOKED: { http: 401, exit: 4, retry: 'never', text: 'The enrolment token was revoked.' },
  CAS_TOKEN_MALFORMED: {
    http: 400,
    exit: 2,
    retry: 'never',
    text: 'The enrolment token is not complete: copy it again.',
  },
  CAS_NODE_EXISTS: {
    http: 409,
    exit: 4,
    retry: 'never',
    text: 'There is a node of this name: a token of its group replaces it only with the key that it has.',
  },
  CAS_SIGNING_REFUSED: {
    http: 409,
    exit: 1,
    retry: 'replan',
    text: 'The server does not sign this certificate of a service.',
  },
  CAS_CSR_INVALID: {
    http: 400,
    exit: 2,
    retry: 'never',
    text: 'The certificate request is not valid or names another node.',
  },
  CAS_SERVER_NOT_TRUSTED: {
    http: 0,
    exit: 4,
    retry: 'never',
    text: "The server's certificate is not of the authority that the token names.",
  },
  CAS_CERT_UNKNOWN_CA: {
    http: 401,
    exit: 4,
    retry: 'never',
    text: 'The client certificate is not of this server.',
  },
  CAS_CERT_EXPIRED: {
    http: 401,
    exit: 4,
    retry: 'never',
    text: 'The client certificate has expired: the agent renews it by its key within the grace; after it, enrol the node again.',
  },
  CAS_CERT_REVOKED: { http: 401, exit: 4, retry: 'never', text: 'The client certificate was revoked.' },
  CAS_RENEWAL_REFUSED: {
    http: 401,
    exit: 4,
    retry: 'never',
    text: 'The certificate is not renewed: the request is not by the key of a node that is known here.',
  },
  CAS_CERT_MISSING: {
    http: 401,
    exit: 4,
    retry: 'never',
    text: 'The connection carries no client certificate.',
  },

  CAS_FRAME_TOO_LARGE: { http: 0, exit: 1, retry: 'never', text: 'A frame is larger than 1 MiB.' },
  CAS_FRAME_NOT_JSON: { http: 0, exit: 1, retry: 'never', text: 'A frame is not one JSON object.' },
  CAS_FRAME_INVALID: {
    http: 0,
    exit: 1,
    retry: 'never',
    text: 'A frame does not fit the schema of its type.',
  },
  CAS_MESSAGE_UNKNOWN: {
    http: 0,
    exit: 1,
    retry: 'never',
    text: 'A frame has a type that this end does not know.',
  },
  CAS_PROTOCOL_VERSION: { http: 0, exit: 1, retry: 'never', text: 'The two ends share no protocol version.' },

  CAS_NODE_OFFLINE: { http: 409, exit: 7, retry: 'later', text: 'The node is not connected.' },
  CAS_COMMAND_EXPIRED: {
    http: 409,
    exit: 1,
    retry: 'again',
    text: 'The command expired before the node carried it out.',
  },
  CAS_COMMAND_SIGNATURE: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'The signature of the command is not of the enrolled server, or it is for another node.',
  },
  CAS_COMMAND_REPLAYED: { http: 409, exit: 1, retry: 'never', text: 'The command was carried out before.' },
  CAS_COMMAND_NOT_ALLOWED: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: "The node's own allow-list does not permit this.",
  },
  CAS_AUDIT_ONLY: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'The node is audit-only: its own administrator forbids changes.',
  },

  CAS_CLOCK_SKEW: {
    http: 409,
    exit: 1,
    retry: 'later',
    text: 'The clocks of node and server differ by too much for a certificate to be made: set the wrong one right.',
  },
  CAS_PLAN_REFUSED: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'The remediation refuses: it would not be safe or would not help.',
  },
  CAS_PLAN_STALE: {
    http: 409,
    exit: 1,
    retry: 'replan',
    text: 'Something changed after the plan was made: plan again.',
  },
  CAS_PLAN_EMPTY: { http: 409, exit: 0, retry: 'never', text: 'There is nothing to change.' },
  CAS_PARAM_INVALID: {
    http: 400,
    exit: 2,
    retry: 'never',
    text: 'A parameter of the remediation is missing or not valid.',
  },
  CAS_REMEDIATION_UNKNOWN: { http: 404, exit: 2, retry: 'never', text: 'There is no such remediation.' },
  CAS_CONTROL_UNKNOWN: { http: 404, exit: 2, retry: 'never', text: 'There is no such control.' },
  CAS_AGENT_RUNNING: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'Another agent runs on this state folder.',
  },
  CAS_RUN_BUSY: { http: 409, exit: 1, retry: 'later', text: 'Another run is under way on this node.' },
  CAS_RUN_STEP_FAILED: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'A step failed; what was changed has been put back.',
  },
  CAS_RUN_NOT_VERIFIED: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'The change did not have its effect; it has been put back.',
  },
  CAS_RUN_ROLLBACK_FAILED: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'Putting back failed: a person must look at this node now.',
  },
  CAS_RUN_LOST: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'The run was begun and nothing more was heard of it: a person must look at this node now.',
  },
  CAS_RUN_FOREIGN_CHANGE: {
    http: 409,
    exit: 1,
    retry: 'never',
    text: 'Somebody else changed a file meanwhile; nothing more was touched.',
  },

  CAS_NO_MOMENTUM: { http: 0, exit: 1, retry: 'never', text: 'No Momentum was found on this host.' },
  CAS_NOT_ENROLLED: {
    http: 0,
    exit: 4,
    retry: 'never',
    text: 'This node is not enrolled: run castellan-agent enroll.',
  },
  CAS_CONFIG_INVALID: { http: 0, exit: 2, retry: 'never', text: 'The settings are not valid.' },
  CAS_STATE_UNUSABLE: { http: 0, exit: 1, retry: 'never', text: 'The state folder cannot be used.' },
  CAS_SPOOL_CORRUPT: {
    http: 0,
    exit: 1,
    retry: 'never',
    text: 'The spool has a damaged record; what follows it was kept.',
  },
} as const satisfies Record<string, ErrorRow>;

interface ErrorRow {
  readonly http: number;
  readonly exit: 0 | 1 | 2 | 3 | 4 | 7 | 130;
  readonly retry: 'never' | 'later' | 'again' | 'replan' | 'reload' | 'login';
  readonly text: string;
}

export type CasCode = keyof typeof CAS_ERRORS;
