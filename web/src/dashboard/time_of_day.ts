// "14:03:27", in UTC as everything here.
export const timeOfDay = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
