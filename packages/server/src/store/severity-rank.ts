import { SEVERITIES } from '@castellan/shared/model/severity';

/** SQL that counts a severity's column from the worst (0) on. */
export const SEVERITY_RANK = (column: string): string =>
  `case ${column} ${SEVERITIES.map((severity, rank) => `when '${severity}' then ${rank}`).join(' ')} end`;
