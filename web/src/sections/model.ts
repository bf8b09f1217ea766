// Which models took part, what ran them, and how far what they said is a forecast.
import type { ModelMember, ModelUse, Summary } from '../contract';
import { card, h } from '../dom';
import { fixed, integer, percent, plural } from '../format';
import { fact } from './findings';

// Null: the run had no model.
export function modelCard({ model }: Summary): HTMLElement | null {
  if (!model) return null;
  const { members } = model;
  return card('model', members.length === 1 ? 'Model' : 'Models', plural(model.predictions, 'prediction'),
    learntFrom(model),
    ...members.map((member) => memberFacts(member, members.length > 1)),
    h('dl', { class: 'facts' },
      fact('Probabilities', `${fixed(model.lowest_prediction, 3)} to ${fixed(model.highest_prediction, 3)}`),
      fact('Inputs replaced, not finite', integer(model.replaced_inputs), 'model.replaced_inputs')));
}

function learntFrom({ predictions, predictions_in_training: training, predictions_in_validation: validation }: ModelUse): HTMLElement | null {
  if (training + validation === 0) return null;
  return h('p', { class: 'banner', id: 'no-forecast' },
    h('strong', {}, 'No forecast: '),
    `${integer(training)} of the predictions are on bars not after the model’s training, ${integer(validation)} on bars that chose its epoch (${percent((training + validation) / predictions, 1)} in all).`);
}

const memberFacts = (member: ModelMember, weighted: boolean): HTMLElement =>
  h('dl', { class: 'facts' },
    fact(member.architecture, h('code', {}, member.path)),
    fact('Run by', member.predictor),
    fact('Why', member.reason),
    fact('Window', `${plural(member.lookback, 'row')} of ${plural(member.features, 'feature')}, ${plural(member.horizon, 'bar')} ahead`),
    weighted ? fact('Weight', percent(member.weight, 1)) : null,
    fact('SHA-256', h('code', { title: member.sha256 }, `${member.sha256.slice(0, 16)}…`)));
