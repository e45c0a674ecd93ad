// The Markdown of a release as a document of ProseMirror, and back.
//
// Each top-level block remembers the source it was read from: as long as nobody has touched it, that source is what is
// written. A block that this editor does not know, or could not write without loss, becomes a `raw` one, which is shown
// and kept as it stands.
import MarkdownIt from "markdown-it";
import { MarkdownParser, MarkdownSerializer, defaultMarkdownSerializer } from "prosemirror-markdown";
import { Schema, Fragment } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";

const isOwnPhoto = (src) => /^\/photos\/[^/\\\s]+\/[^/\\\s]+$/.test(src || "");
/** Where the server lets a link lead. */
export const isTarget = (href) => /^(https?:|mailto:|tel:)\S+$/i.test(href) || /^(#\S+|\/(?![/\\])\S*)$/.test(href);

const align = {
  default: null,
  getFromDOM: (cell) => cell.getAttribute("data-align") || null,
  setDOMAttr: (value, attrs) => { if (value) attrs["data-align"] = value; },
};
const picture = (node) => ["img", { src: node.attrs.src, alt: node.attrs.alt, title: node.attrs.title }];
const pictureAttrs = { src: {}, alt: { default: "" }, title: { default: null } };
const readPicture = (img) => ({ src: img.getAttribute("src"), alt: img.getAttribute("alt") || "", title: img.getAttribute("title") });

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      attrs: { level: { default: 2 } },
      content: "inline*",
      group: "block",
      defining: true,
      parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level } })),
      toDOM: (node) => [`h${node.attrs.level}`, 0],
    },
    blockquote: {
      content: "block+ speaker?",
      group: "block",
      defining: true,
      parseDOM: [{ tag: "blockquote" }],
      toDOM: () => ["blockquote", 0],
    },
    speaker: {
      content: "inline*",
      defining: true,
      isolating: true,
      parseDOM: [{ tag: "footer" }],
      toDOM: () => ["footer", { class: "speaker" }, 0],
    },
    bullet_list: {
      content: "list_item+",
      group: "block",
      attrs: { tight: { default: true } },
      parseDOM: [{ tag: "ul" }],
      toDOM: () => ["ul", 0],
    },
    ordered_list: {
      content: "list_item+",
      group: "block",
      attrs: { order: { default: 1 }, tight: { default: true } },
      parseDOM: [{ tag: "ol", getAttrs: (list) => ({ order: list.hasAttribute("start") ? Number(list.getAttribute("start")) : 1 }) }],
      toDOM: (node) => ["ol", node.attrs.order === 1 ? {} : { start: node.attrs.order }, 0],
    },
    list_item: { content: "paragraph block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    horizontal_rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    code_block: {
      content: "text*",
      group: "block",
      code: true,
      defining: true,
      marks: "",
      attrs: { params: { default: "" } },
      parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
      toDOM: () => ["pre", ["code", 0]],
    },
    figure: {
      attrs: pictureAttrs,
      group: "block",
      draggable: true,
      parseDOM: [{ tag: "figure", getAttrs: (figure) => (figure.querySelector("img") ? readPicture(figure.querySelector("img")) : false) }],
      toDOM: (node) => ["figure", picture(node), ["figcaption", node.attrs.title || ""]],
    },
    raw: {
      attrs: { source: {} },
      group: "block",
      atom: true,
      parseDOM: [{ tag: "div[data-source]", getAttrs: (box) => ({ source: box.getAttribute("data-source") }) }],
      toDOM: (node) => ["div", { class: "raw", "data-source": node.attrs.source }, ["code", node.attrs.source]],
    },
    ...tableNodes({ tableGroup: "block", cellContent: "paragraph", cellAttributes: { align } }),
    text: { group: "inline" },
    image: { inline: true, attrs: pictureAttrs, group: "inline", parseDOM: [{ tag: "img[src]", getAttrs: readPicture }], toDOM: picture },
    hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: {
    link: {
      attrs: { href: {}, title: { default: null } },
      inclusive: false,
      parseDOM: [{
        tag: "a[href]",
        getAttrs: (a) => (isTarget(a.getAttribute("href")) ? { href: a.getAttribute("href"), title: a.getAttribute("title") } : false),
      }],
      toDOM: (mark) => ["a", { href: mark.attrs.href, title: mark.attrs.title }, 0],
    },
    em: { parseDOM: [{ tag: "i" }, { tag: "em" }, { style: "font-style=italic" }], toDOM: () => ["em", 0] },
    strong: {
      parseDOM: [{ tag: "strong" }, { tag: "b", getAttrs: (b) => b.style.fontWeight !== "normal" && null }],
      toDOM: () => ["strong", 0],
    },
    strike: { parseDOM: [{ tag: "s" }, { tag: "del" }], toDOM: () => ["del", 0] },
    code: { code: true, parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
  },
});

// ---- reading ----

// As the server reads it: CommonMark with tables and strikethrough, no links out of thin air.
const markdown = new MarkdownIt("commonmark", { html: true }).enable(["table", "strikethrough"]);

const DASH = /^(—|–|--|―)[ \u00a0\u202f]+/;

const token = (type, tag, nesting, more) => Object.assign(new (markdown.core.State.prototype.Token)(type, tag, nesting), more);

/** Turns what the parser tells into what the schema knows. */
function adapt(tokens) {
  let out = [];
  let quotes = 0;
  for (let i = 0; i < tokens.length; i += 1) {
    const here = tokens[i];
    if (/^(thead|tbody)_/.test(here.type)) continue;
    if (here.type === "inline") {
      const inside = adaptInline(here);
      const [before, after] = [tokens[i - 1], tokens[i + 1]];
      if (/^t[hd]_open$/.test(before.type)) {
        out.push(token("paragraph_open", "p", 1), inside, token("paragraph_close", "p", -1));
        continue;
      }
      const [only] = inside.children;
      const isFigure = before.type === "paragraph_open" && inside.children.length === 1 && only.type === "image" && isOwnPhoto(only.attrGet("src"));
      if (isFigure && tokens[i - 2]?.type !== "list_item_open") {
        out.pop();
        out.push(token("figure", "figure", 0, { attrs: [...only.attrs.filter(([name]) => name !== "alt"), ["alt", only.content]], content: only.content }));
        i += 1;
        continue;
      }
      const isLast = quotes === 1 && after.type === "paragraph_close" && tokens[i + 2]?.type === "blockquote_close" && before.type === "paragraph_open";
      if (isLast && splitSpeaker(out, inside)) {
        i += 1;
        continue;
      }
      out.push(inside);
      continue;
    }
    if (here.type === "blockquote_open") quotes += 1;
    if (here.type === "blockquote_close") quotes -= 1;
    out.push(here);
  }
  return out;
}

function adaptInline(inline) {
  const children = inline.children.map((child) =>
    (child.type === "html_inline" && /^<br\b/i.test(child.content) ? token("hardbreak", "br", 0) : child));
  return Object.assign(token("inline", "", 0), { children, content: inline.content });
}

/** The last line of a quote names its speaker when it begins with a dash. */
function splitSpeaker(out, inline) {
  const { children } = inline;
  let at = children.length - 1;
  while (at >= 0 && !/^(soft|hard)break$/.test(children[at].type)) at -= 1;
  const first = children[at + 1];
  const hasMore = at > 0 || out.at(-2)?.type !== "blockquote_open";
  if (!hasMore || first?.type !== "text" || !DASH.test(first.content)) return false;
  const name = Object.assign(token("text", "", 0), { content: first.content.replace(DASH, "") });
  const speaker = Object.assign(token("inline", "", 0), { children: [name, ...children.slice(at + 2)] });
  if (at > 0) out.push(Object.assign(token("inline", "", 0), { children: children.slice(0, at) }), token("paragraph_close", "p", -1));
  else out.pop();
  out.push(token("speaker_open", "footer", 1), speaker, token("speaker_close", "footer", -1));
  return true;
}

function isTight(tokens, i) {
  while (++i < tokens.length) if (tokens[i].type !== "list_item_open") return Boolean(tokens[i].hidden);
  return false;
}
const ofPicture = (found) => ({ src: found.attrGet("src"), alt: found.content || "", title: found.attrGet("title") || null });
const ofCell = (cell) => ({ align: /text-align:\s*(\w+)/.exec(cell.attrGet("style") || "")?.[1] || null });

const parser = new MarkdownParser(schema, { parse: adapt }, {
  blockquote: { block: "blockquote" },
  speaker: { block: "speaker" },
  paragraph: { block: "paragraph" },
  list_item: { block: "list_item" },
  bullet_list: { block: "bullet_list", getAttrs: (_, all, i) => ({ tight: isTight(all, i) }) },
  ordered_list: { block: "ordered_list", getAttrs: (list, all, i) => ({ order: Number(list.attrGet("start") ?? 1), tight: isTight(all, i) }) },
  heading: { block: "heading", getAttrs: (heading) => ({ level: Number(heading.tag.slice(1)) }) },
  code_block: { block: "code_block", noCloseToken: true },
  fence: { block: "code_block", getAttrs: (fence) => ({ params: fence.info || "" }), noCloseToken: true },
  hr: { node: "horizontal_rule" },
  figure: { node: "figure", getAttrs: ofPicture },
  image: { node: "image", getAttrs: ofPicture },
  hardbreak: { node: "hard_break" },
  table: { block: "table" },
  tr: { block: "table_row" },
  th: { block: "table_header", getAttrs: ofCell },
  td: { block: "table_cell", getAttrs: ofCell },
  em: { mark: "em" },
  strong: { mark: "strong" },
  s: { mark: "strike" },
  link: { mark: "link", getAttrs: (link) => ({ href: link.attrGet("href"), title: link.attrGet("title") || null }) },
  code_inline: { mark: "code", noCloseToken: true },
});

const html = (tokens) => markdown.renderer.render(tokens, markdown.options, {}).replace(/\s+/g, " ").replace(/> | </g, (m) => m.trim());

/** The nodes of one top-level block, or nothing when they could not stand for it. */
function known(tokens, source) {
  // A single tilde strikes out on the server only.
  if (/(^|[^~\\])~(?!~)/.test(source.replace(/`[^`]*`/g, "").replace(/^~{3,}/gm, ""))) return null;
  try {
    const doc = parser.parse(tokens);
    doc.check();
    const again = markdown.parse(serialise(doc), {});
    return html(adapt(again)) === html(adapt(tokens)) ? doc.content : null;
  } catch {
    return null;
  }
}

/** Markdown into a document, and the source of each of its top-level nodes. */
export function parse(text) {
  const lines = text.split("\n");
  const tokens = markdown.parse(text, {});
  const nodes = [];
  const sources = new WeakMap();
  const raw = (source) => {
    if (!source.trim()) return;
    const node = schema.node("raw", { source: source.replace(/^\n+|\s+$/g, "") });
    sources.set(node, node.attrs.source);
    nodes.push(node);
  };
  let line = 0;
  for (let from = 0, to; from < tokens.length; from = to) {
    to = from + 1;
    for (let depth = tokens[from].nesting; depth > 0; to += 1) depth += tokens[to].nesting;
    const [begin, end] = tokens[from].map;
    // What stands between the blocks is told by no token: where the links by reference lead.
    raw(lines.slice(line, begin).join("\n"));
    line = Math.max(line, end);
    const source = lines.slice(begin, end).join("\n").replace(/\s+$/, "");
    const found = known(tokens.slice(from, to), source);
    if (!found) {
      raw(source);
    } else {
      found.forEach((node) => nodes.push(node));
      if (found.childCount === 1) sources.set(nodes.at(-1), source);
    }
  }
  raw(lines.slice(line).join("\n"));
  return { doc: schema.node("doc", null, nodes.length ? nodes : [schema.node("paragraph")]), sources };
}

// ---- writing ----

const { nodes: basic, marks: basicMarks } = defaultMarkdownSerializer;
const isMark = (character) => /[\p{P}\p{S}]/u.test(character);
const isWord = (character) => Boolean(character) && !/\s/.test(character) && !isMark(character);

/** Emphasis that ends in punctuation before a letter would not be seen as such: the punctuation stands outside of it. */
function tidyMarks(parent) {
  const names = ["em", "strong", "strike"];
  const out = [];
  parent.forEach((node, _, i) => {
    const own = node.marks.filter((mark) => names.includes(mark.type.name));
    const beside = (other, mark, at) => (other?.isText && !mark.isInSet(other.marks) ? other.text.at(at) : "");
    const [before, after] = [i ? parent.child(i - 1) : null, parent.maybeChild(i + 1)];
    let text = node.text || "";
    const off = (piece) => node.type.schema.text(piece, node.marks.filter((mark) => !own.includes(mark)));
    const tail = own.some((mark) => isWord(beside(after, mark, 0))) ? /[\p{P}\p{S}]+$/u.exec(text)?.[0] ?? "" : "";
    text = text.slice(0, text.length - tail.length);
    const lead = own.some((mark) => isWord(beside(before, mark, -1))) ? /^[\p{P}\p{S}]+/u.exec(text)?.[0] ?? "" : "";
    text = text.slice(lead.length);
    if (!lead && !tail) {
      out.push(node);
      return;
    }
    if (lead) out.push(off(lead));
    if (text) out.push(node.withText(text));
    if (tail) out.push(off(tail));
  });
  return parent.copy(Fragment.from(out));
}

const address = (url) => (/[\s()<>]/.test(url) ? `<${url.replace(/[<>\n]/g, encodeURIComponent)}>` : url);
const titled = (title) => (title ? ` "${title.replace(/["\\]/g, "\\$&").replace(/\s+/g, " ")}"` : "");
const writePicture = (state, node) =>
  state.write(`![${state.esc(node.attrs.alt.replace(/\s+/g, " "))}](${address(node.attrs.src)}${titled(node.attrs.title)})`);

/** How many neighbours of the same kind stand before: lists that follow each other need different signs. */
function turn(state, node, parent, index) {
  let count = parent.type.name === "doc" ? state.options.turn || 0 : 0;
  while (index > 0 && parent.child(--index).type === node.type) count += 1;
  return count % 2;
}

const isOneLine = (parent) => parent.type.name === "heading" || parent.type.name === "speaker";

const nodes = {
  ...basic,
  paragraph(state, node) {
    state.renderInline(tidyMarks(node));
    state.closeBlock(node);
  },
  heading(state, node) {
    state.write(`${"#".repeat(node.attrs.level)} `);
    state.renderInline(tidyMarks(node), false);
    state.out = state.out.replace(/ (#+)$/, " \\$1");
    state.closeBlock(node);
  },
  speaker(state, node) {
    if (!node.textContent.trim()) return;
    state.write("— ");
    state.renderInline(tidyMarks(node), false);
    state.closeBlock(node);
  },
  bullet_list(state, node, parent, index) {
    const sign = turn(state, node, parent, index) ? "* " : "- ";
    state.closed = state.closed && Object.create(state.closed, { type: { value: null } });
    state.renderList(node, "  ", () => sign);
  },
  ordered_list(state, node, parent, index) {
    const sign = turn(state, node, parent, index) ? ")" : ".";
    const { order } = node.attrs;
    const width = String(order + node.childCount - 1).length + 2;
    state.closed = state.closed && Object.create(state.closed, { type: { value: null } });
    state.renderList(node, " ".repeat(width), (i) => `${order + i}${sign} `.padEnd(width));
  },
  text(state, node, parent, index) {
    const before = index ? parent.child(index - 1) : null;
    const isStart = !isOneLine(parent) && (!before || before.type.name === "hard_break");
    let { text } = node;
    if (isStart) {
      text = text.replace(/^[ \t]+/, "");
      const list = /^(\d{1,9})([.)])(?=\s|$)/.exec(text);
      const sign = /^(=+|\+)(?=\s|$)/.exec(text);
      if (list) state.write(`${list[1]}\\${list[2]}`);
      else if (sign) state.write(`\\${sign[1]}`);
      text = text.slice((list || sign || [""])[0].length);
      state.atBlockStart = !list && !sign;
    }
    state.text(text, !state.inAutolink);
  },
  image: writePicture,
  figure(state, node) {
    writePicture(state, node);
    state.closeBlock(node);
  },
  raw(state, node) {
    state.text(node.attrs.source, false);
    state.closeBlock(node);
  },
  hard_break(state, node, parent, index) {
    let last = true;
    for (let i = index + 1; i < parent.childCount; i += 1) last &&= parent.child(i).type === node.type;
    if (!last) state.write(state.options.inCell || isOneLine(parent) ? "<br>" : "\\\n");
  },
  table(state, node) {
    const rows = [];
    node.forEach((row) => {
      const cells = [];
      row.forEach((cell) => cells.push(cellText(cell)));
      rows.push(cells);
    });
    const columns = Math.max(...rows.map((row) => row.length));
    const signs = [];
    for (let i = 0; i < columns; i += 1) {
      signs.push({ left: ":---", right: "---:", center: ":---:" }[node.firstChild.maybeChild(i)?.attrs.align] || "---");
    }
    const write = (row) => {
      state.write(`| ${Array.from({ length: columns }, (_, i) => row[i] ?? "").join(" | ")} |`);
      state.out += "\n";
    };
    write(rows[0]);
    write(signs);
    rows.slice(1).forEach(write);
    state.closeBlock(node);
  },
};

const marks = {
  ...basicMarks,
  strike: { open: "~~", close: "~~", mixable: true, expelEnclosingWhitespace: true },
  link: {
    open: "[",
    close: (_, mark) => `](${address(mark.attrs.href)}${titled(mark.attrs.title)})`,
    mixable: true,
  },
};

const options = { escapeExtraCharacters: /<(?=[A-Za-z/!?])|&(?=#?\w+;)/g, strict: true };
const serializer = new MarkdownSerializer(nodes, marks, options);

function cellText(cell) {
  const text = serializer.serialize(schema.node("doc", null, [cell.firstChild]), { inCell: true });
  return text.trim().replace(/\|/g, "\\|").replace(/\n/g, " ");
}

const serialise = (doc, more) => serializer.serialize(doc, more).replace(/\s+$/, "");

/** A document into Markdown; what was not touched is written as it was read. */
export function write(doc, sources = new WeakMap()) {
  const parts = [];
  doc.forEach((node) => {
    let text = sources.get(node);
    if (text === undefined) {
      const alone = schema.node("doc", null, [node]);
      text = serialise(alone);
      // Two lists with the same sign would be one.
      const sign = (line) => /^(?:([-*+])|\d+([.)]))(?=\s|$)/.exec(line);
      const [mine, last] = [sign(text), sign(parts.at(-1) ?? "")];
      if (mine && last && mine[1] === last[1] && mine[2] === last[2]) text = serialise(alone, { turn: 1 });
    }
    if (text.trim()) parts.push(text);
  });
  return parts.join("\n\n");
}
