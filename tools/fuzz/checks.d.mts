/** Throws where something that must hold for every text does not hold for this one. */
export function check(text: string): void;
