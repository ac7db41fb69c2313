/** What `work` comes to, or what `late` gives when that takes longer than `ms`. The work itself is not ended. */
export async function inTime<T, L>(work: Promise<T>, ms: number, late: () => L): Promise<T | L> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lateness = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late()), ms);
  });
  return Promise.race([work, lateness]).finally(() => clearTimeout(timer));
}
