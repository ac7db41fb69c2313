import type { Source } from './control.js';

const MANUAL_3 = 'https://github.com/SparkPost/momentum-documentation/blob/HEAD/docs/web-ref';

/** A page of the Momentum 3.x reference manual, by its name: `install.security`. */
export function manual3(page: string): Source {
  return { cite: `Momentum 3.x manual, ${page}`, url: `${MANUAL_3}/${page}.md` };
}
