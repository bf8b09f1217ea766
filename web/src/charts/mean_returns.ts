// Mean return per bar by a part of the calendar; shared by hour and weekday.
import type { MeanReturns } from '../contract';
import { integer, notAvailable, significant } from '../format';
import type { ChartDefinition } from './chart';
import { axisText, categoryAxis, ownGrid, signedBar, tipTable, tooltip, valueAxis } from './style';

const basisPoints = 1e4;

export const meanReturnsChart = (id: string, what: string, names: string[], returns: MeanReturns): ChartDefinition => ({
  id,
  summary: `Mean return per bar by ${what}`,
  height: 220,
  option: (view) => ({
    tooltip: tooltip(view, {
      axisPointer: { type: 'shadow' },
      formatter: (items: { dataIndex: number }[]) => tip(names, returns, items[0]?.dataIndex ?? 0),
    }),
    grid: ownGrid(12),
    xAxis: categoryAxis(view, names, { axisLine: { onZero: false, lineStyle: { color: view.theme.line } } }),
    yAxis: valueAxis(view, { splitNumber: 4, axisLabel: axisText(view, (value) => significant(value, 3)) }),
    series: [{
      name: `Mean return by ${what}`, type: 'bar', barCategoryGap: '18%', barMaxWidth: 44,
      data: returns.mean.map((mean) => signedBar(mean === null ? null : mean * basisPoints, view)),
    }],
  }),
});

function tip(names: string[], { mean, count }: MeanReturns, i: number): string {
  const value = mean[i] ?? null;
  const bps = value === null ? notAvailable : `${significant(value * basisPoints, 4)} bps`;
  return tipTable(names[i] ?? '', [['Mean return per bar', bps], ['Bars', integer(count[i])]]);
}
