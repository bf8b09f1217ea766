// A Vite plugin that puts scripts and styles into the page itself, so that the page is one file that opens
// from a disk without a network, and forbids it any other source.
import { readFileSync } from 'node:fs';

import type { OutputAsset, OutputBundle, OutputChunk } from 'rollup';
import type { Plugin } from 'vite';

// What the program replaces by the report's JSON; web/report_template.h looks for the same bytes.
export const dataMarker = '@HFTSIM_REPORT_DATA@';

const contentPolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; " +
  "base-uri 'none'; form-action 'none'";

// What these libraries' licences ask to go with their code.
const notices = ['echarts/NOTICE', 'zrender/LICENSE'];

const noticeComment = (): string =>
  `<!--\n${notices.map((file) => readFileSync(`node_modules/${file}`, 'utf8').trim()).join('\n\n').replace(/--/g, '- -')}\n-->`;

// A replacement given as a function: `$&` in minified code must stay as it is.
const put = (html: string, pattern: RegExp, text: string): string => {
  if (!pattern.test(html)) throw new Error(`the page has no ${pattern.source}`);
  return html.replace(pattern, () => text);
};

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function inlineInto(html: string, bundle: OutputBundle): string {
  let page = html;
  for (const file of Object.values(bundle)) {
    const name = escaped(file.fileName);
    if (file.type === 'chunk') {
      const code = (file as OutputChunk).code.trim().replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
      page = put(page, new RegExp(`<script[^>]*src="[^"]*${name}"[^>]*></script>`),
                 `<script type="module">${code}</script>`);
    } else if (file.fileName.endsWith('.css')) {
      page = put(page, new RegExp(`<link[^>]*href="[^"]*${name}"[^>]*>`),
                 `<style>${String((file as OutputAsset).source)}</style>`);
    }
  }
  page = put(page, /<html/, `${noticeComment()}\n<html`);
  if (!page.includes(dataMarker)) return page; // served: the server's headers say what it may load
  return put(page, /<head>/, `<head>\n    <meta http-equiv="Content-Security-Policy" content="${contentPolicy}">`);
}

function checkPage(name: string, html: string): void {
  const markers = html.split(dataMarker).length - 1;
  if (markers !== (name === 'report.html' ? 1 : 0)) throw new Error(`${name} must hold ${dataMarker} ${name === 'report.html' ? 'once' : 'nowhere'}; found ${markers}`);
  if (/<(?:script|img|iframe)[^>]*\ssrc=|<link[^>]*href="(?!data:)/.test(html)) throw new Error('the page still asks for another file');
}

export function oneFile(): Plugin {
  return {
    name: 'hftsim-one-file',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const pages = Object.values(bundle).filter((file) => file.fileName.endsWith('.html')) as OutputAsset[];
      for (const page of pages) {
        page.source = inlineInto(String(page.source), bundle);
        checkPage(page.fileName, page.source);
      }
      for (const name of Object.keys(bundle)) if (!name.endsWith('.html')) delete bundle[name];
    },
  };
}
