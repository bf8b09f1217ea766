// The page with data in it, as web/report_template.cpp does it.
import { readFileSync } from 'node:fs';

const marker = '@HFTSIM_REPORT_DATA@';

export function renderReport(templatePath, data) {
  const json = JSON.stringify(data).replace(/</g, '\\u003c');
  return readFileSync(templatePath, 'utf8').replace(marker, () => json);
}
