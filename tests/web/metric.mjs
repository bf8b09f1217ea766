// A metric's value in what /metrics answers; NaN where it is not there.
export const metricIn = (text, name) => Number(text.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
