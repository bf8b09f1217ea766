// The page from top to bottom.
import { ChartPlace } from './charts/chart';
import { pnlHistogramChart } from './charts/pnl_histogram';
import { returnsByHourChart } from './charts/returns_by_hour';
import { returnsByWeekdayChart } from './charts/returns_by_weekday';
import { measuredStages, stageTimeChart } from './charts/stage_time';
import type { MeanReturns, ReportData } from './contract';
import { card, empty, h } from './dom';
import { plural } from './format';
import { refusalsCard, signalsCard } from './sections/decisions';
import { dataCard } from './sections/findings';
import { configCard, machineCard } from './sections/machine';
import { haltedBanner, masthead, partialBanner } from './sections/masthead';
import { metricsCard } from './sections/metrics';
import { modelCard } from './sections/model';
import { timeCharts } from './sections/time_charts';
import { tradesCard } from './sections/trade_list';

export interface Page {
  elements: HTMLElement[];
  places: ChartPlace[];
  joined: () => void;
}

export function buildPage(data: ReportData): Page {
  const time = timeCharts(data);
  const places = [...time.places];
  const place = (chart: ChartPlace): HTMLElement => {
    places.push(chart);
    return chart.element;
  };
  const stageTime = measuredStages(data.summary.timing).length > 0 ? place(new ChartPlace(stageTimeChart(data.summary.timing))) : null;
  const banners = [partialBanner(data.summary), haltedBanner(data.halted ?? [])].filter((banner) => banner !== null);
  const main = h('main', { id: 'main', tabindex: -1 },
    time.element,
    metricsCard(data.metric_table),
    time.rolling,
    h('div', { class: 'pair' },
      hasDayBars(data) ? card('returns-by-hour', 'Returns by hour', null, empty('Bars of a day or more have no hour.'))
        : returnsCard('returns-by-hour', 'Returns by hour', 'hour', data.returns_by_hour, () => place(new ChartPlace(returnsByHourChart(data.returns_by_hour)))),
      returnsCard('returns-by-weekday', 'Returns by weekday', 'day', data.returns_by_weekday, () => place(new ChartPlace(returnsByWeekdayChart(data.returns_by_weekday))))),
    h('div', { class: 'pair' }, pnlCard(data, place), h('div', { class: 'stack' }, signalsCard(data.summary, data.trades), refusalsCard(data.summary))),
    tradesCard(data.trades, data.candles),
    h('div', { class: 'pair' }, machineCard(data.summary, stageTime), dataCard(data.summary)),
    modelCard(data.summary),
    configCard(data.config_toml));
  return { elements: [masthead(data), ...banners, main, footer(data)], places, joined: time.joined };
}

function pnlCard({ pnl_histogram: histogram }: ReportData, place: (chart: ChartPlace) => HTMLElement): HTMLElement {
  const trips = histogram.counts.reduce((sum, count) => sum + count, 0);
  return card('pnl', 'Profit and loss of round trips', trips > 0 ? `${plural(trips, 'round trip')}, after fees` : null,
    trips > 0 ? place(new ChartPlace(pnlHistogramChart(histogram))) : empty('No round trip was completed.'));
}

const dayNs = 86_400e9;

const hasDayBars = ({ summary }: ReportData): boolean => {
  const instruments = summary.data.instruments ?? [];
  return instruments.length > 0 && instruments.every((instrument) => instrument.bar_interval_ns >= dayNs);
};

const returnsCard = (id: string, title: string, slot: string, returns: MeanReturns, chart: () => HTMLElement): HTMLElement =>
  card(id, title, `mean per bar in basis points, by the ${slot} (UTC) it ends in`,
    returns.mean.some((mean) => mean !== null && mean !== 0) ? chart() : empty('Equity never moved.'));

const footer = ({ summary }: ReportData): HTMLElement =>
  h('footer', {}, `Written by ${summary.version}. Simulated results; past prices say nothing certain about future ones.`);
