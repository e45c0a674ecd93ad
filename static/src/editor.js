// The visual editor of the desk. The text area stays the field of the form and holds Markdown; what is done here is
// written into it at once, so that saving, the copy in this browser and the warning before leaving know nothing of it.
import {
  baseKeymap, chainCommands, createParagraphNear, exitCode, liftEmptyBlock, newlineInCode, setBlockType, splitBlockAs,
  toggleMark, wrapIn,
} from "prosemirror-commands";
import { gapCursor } from "prosemirror-gapcursor";
import { closeHistory, history, redo, undo } from "prosemirror-history";
import { inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { Fragment, Slice } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, NodeSelection, Plugin, Selection, TextSelection } from "prosemirror-state";
import {
  addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, tableEditing,
} from "prosemirror-tables";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { pictureDialog, linkDialog } from "./dialogs.js";
import { parse, schema, write } from "./markdown.js";
import { toolbar } from "./toolbar.js";

const { nodes, marks } = schema;
const MODE = "pressroom:editor";

// ---- what the buttons and keys do ----

/** The innermost node of a type around the selection, with its position. */
function around(state, ...types) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if (types.includes($from.node(depth).type)) return { node: $from.node(depth), pos: $from.before(depth), depth };
  }
  return null;
}

const isHeading = (level) => (state) => {
  const found = around(state, nodes.heading);
  // Whatever levels a text uses, its highest is that of the intertitles.
  return Boolean(found) && (level === 2 ? found.node.attrs.level <= 2 : found.node.attrs.level > 2);
};
const heading = (level) => (state, dispatch) =>
  (isHeading(level)(state) ? setBlockType(nodes.paragraph) : setBlockType(nodes.heading, { level }))(state, dispatch);

const isMarked = (mark) => (state) => {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(mark.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, mark);
};

/** Puts the blocks at the selection into a list, changes the kind of the list they are in, or takes them out. */
const list = (type) => (state, dispatch) => {
  const found = around(state, nodes.bullet_list, nodes.ordered_list);
  if (!found) return wrapInList(type)(state, dispatch);
  if (found.node.type === type) return liftListItem(nodes.list_item)(state, dispatch);
  if (dispatch) dispatch(state.tr.setNodeMarkup(found.pos, type, { tight: found.node.attrs.tight }));
  return true;
};

const quote = (state, dispatch) => {
  const found = around(state, nodes.blockquote);
  if (found) {
    if (dispatch) {
      const inside = [];
      found.node.forEach((node) => {
        if (node.type !== nodes.speaker) inside.push(node);
        else if (node.content.size) inside.push(nodes.paragraph.create(null, Fragment.from(schema.text("— ")).append(node.content)));
      });
      const tr = state.tr.replaceWith(found.pos, found.pos + found.node.nodeSize, inside);
      dispatch(tr.setSelection(Selection.near(tr.doc.resolve(Math.min(state.selection.from - 1, tr.doc.content.size)))).scrollIntoView());
    }
    return true;
  }
  return wrapIn(nodes.blockquote)(state, dispatch && ((tr) => {
    // Who said it is asked for at once; a line left empty is not written.
    const $from = tr.selection.$from;
    for (let depth = $from.depth; depth > 0; depth -= 1) {
      if ($from.node(depth).type === nodes.blockquote) {
        tr.insert($from.end(depth), nodes.speaker.create());
        break;
      }
    }
    dispatch(tr);
  }));
};

const table = (state, dispatch) => {
  if (isInTable(state)) return false;
  if (dispatch) {
    const row = (cell) => nodes.table_row.create(null, [0, 1, 2].map(() => cell.createAndFill()));
    const made = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
    const tr = state.tr.replaceSelectionWith(made);
    const at = tr.mapping.map(state.selection.from, -1);
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(at + 1), 1)).scrollIntoView());
  }
  return true;
};

const hardBreak = chainCommands(exitCode, (state, dispatch) => {
  if (dispatch) dispatch(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

// The usual choice of what comes next would be a second speaker.
const newBlock = splitBlockAs((node, isAtEnd) => (isAtEnd && !node.type.spec.code ? { type: nodes.paragraph } : null));

/** Enter on the empty last line of a quote leads to its speaker, and from there behind the quote. */
const leaveQuote = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty) return false;
  const at = $from.depth - 1;
  if ($from.parent.type === nodes.speaker) {
    if (dispatch) {
      const after = $from.after(at);
      const tr = state.tr.insert(after, nodes.paragraph.create());
      dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
    }
    return true;
  }
  const isLastLine = at > 0 && $from.node(at).type === nodes.blockquote && !$from.parent.content.size
    && $from.node(at).maybeChild($from.index(at) + 1)?.type === nodes.speaker && $from.index(at) > 0;
  if (!isLastLine) return false;
  if (dispatch) {
    const tr = state.tr.delete($from.before(), $from.after());
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve($from.before()), 1)).scrollIntoView());
  }
  return true;
};

/** Backspace in an empty line for the speaker takes it away. */
const dropSpeaker = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== nodes.speaker || $from.parentOffset > 0) return false;
  if ($from.parent.content.size) return true;
  if (dispatch) {
    const tr = state.tr.delete($from.before(), $from.after());
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve($from.before()), -1)));
  }
  return true;
};

const rules = inputRules({
  rules: [
    textblockTypeInputRule(/^(#{2,4})\s$/, nodes.heading, (match) => ({ level: match[1].length })),
    wrappingInputRule(/^\s*[-*]\s$/, nodes.bullet_list),
    wrappingInputRule(/^(\d{1,2})[.)]\s$/, nodes.ordered_list, (match) => ({ order: Number(match[1]), tight: true }),
      (match, node) => node.childCount + node.attrs.order === Number(match[1])),
    wrappingInputRule(/^>\s$/, nodes.blockquote),
  ],
});

// ---- one text area ----

class Editor {
  constructor(area, words) {
    this.area = area;
    this.words = words;
    const isWriting = document.activeElement === area;
    this.label = document.querySelector(`label[for="${area.id}"]`);
    this.label.id ||= `${area.id}-label`;
    this.picker = area.form.querySelector("[data-picker]:not([data-single])");
    this.pastes = [];

    this.box = document.createElement("div");
    this.box.className = "visual";
    area.before(this.box);
    this.markdownTools = area.parentElement.querySelector(".md-tools");
    this.hint = document.getElementById(`${area.id}-hint`);
    this.view = new EditorView(this.box, {
      state: this.read(),
      attributes: {
        id: `${area.id}-visual`,
        class: "visual-text",
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": this.label.id,
        lang: area.lang,
        spellcheck: "true",
        ...(area.getAttribute("aria-invalid") ? { "aria-invalid": "true" } : {}),
      },
      dispatchTransaction: (tr) => this.dispatch(tr),
      handlePaste: (view, event) => this.paste(event),
      handleDOMEvents: {
        // A file that is dropped beside the place for photos would replace the page.
        drop: (view, event) => {
          if (event.dataTransfer.files.length) event.preventDefault();
          return false;
        },
      },
      nodeViews: { raw: (node) => this.rawView(node) },
    });
    this.tools = toolbar(this.view, this.actions(), words);
    this.box.prepend(this.tools.dom);
    this.switch = this.modeSwitch();
    this.box.before(this.switch);

    area.addEventListener("input", () => this.refresh());
    addEventListener("pageshow", () => this.refresh());
    this.label.addEventListener("click", () => { if (this.isVisual) this.view.focus(); });
    const focusArea = area.focus.bind(area);
    area.focus = () => (this.isVisual ? this.view.focus() : focusArea());
    let mode = "visual";
    try { mode = localStorage.getItem(MODE) || mode; } catch { /* then the usual one */ }
    this.show(mode !== "text");
    if (isWriting && this.isVisual) this.takeOver(area.selectionStart > 0);
  }

  /** Whoever was quicker than this script goes on writing. */
  takeOver(isAtEnd) {
    const { doc, tr } = this.view.state;
    this.view.dispatch(tr.setSelection(isAtEnd ? Selection.atEnd(doc) : Selection.atStart(doc)));
    this.view.focus();
  }

  read() {
    const { doc, sources } = parse(this.area.value);
    this.sources = sources;
    this.written = this.area.value;
    const { words } = this;
    return EditorState.create({
      doc,
      plugins: [
        rules,
        keymap({
          "Mod-z": undo, "Shift-Mod-z": redo, "Mod-y": redo,
          "Mod-b": toggleMark(marks.strong), "Mod-i": toggleMark(marks.em),
          "Mod-k": () => (this.link(), true),
          "Mod-]": sinkListItem(nodes.list_item), "Mod-[": liftListItem(nodes.list_item),
          "Shift-Enter": hardBreak,
          Enter: chainCommands(leaveQuote, splitListItem(nodes.list_item), newlineInCode, createParagraphNear, liftEmptyBlock, newBlock),
          Backspace: dropSpeaker,
          Tab: goToNextCell(1), "Shift-Tab": goToNextCell(-1),
          "Alt-F10": () => (this.tools.focus(), true),
        }),
        keymap(baseKeymap),
        history(),
        gapCursor(),
        tableEditing(),
        new Plugin({
          props: {
            decorations(state) {
              const found = [];
              state.doc.descendants((node, pos) => {
                if (node.type === nodes.speaker && !node.content.size) {
                  found.push(Decoration.node(pos, pos + node.nodeSize, { "data-placeholder": words.speaker }));
                }
              });
              return DecorationSet.create(state.doc, found);
            },
          },
        }),
      ],
    });
  }

  dispatch(tr) {
    this.view.updateState(this.view.state.apply(tr));
    for (const paste of this.pastes) {
      paste.from = tr.mapping.map(paste.from, -1);
      paste.to = tr.mapping.map(paste.to, 1);
    }
    if (tr.docChanged) {
      this.written = write(this.view.state.doc, this.sources);
      this.area.value = this.written;
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.tools?.update();
  }

  /** Somebody else has written into the text area: a restored copy, a document that was pasted. */
  refresh() {
    if (this.area.value === this.written) return;
    this.view.updateState(this.read());
    this.tools.update();
  }

  // ---- text or visual ----

  modeSwitch() {
    const { words } = this;
    const group = document.createElement("div");
    group.className = "mode";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", `${words.view}: ${this.label.firstChild.textContent.trim()}`);
    for (const [mode, name] of [["visual", words.visual], ["text", words.text]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.dataset.mode = mode;
      button.addEventListener("click", () => {
        this.show(mode === "visual");
        try { localStorage.setItem(MODE, mode); } catch { /* asked again next time */ }
        this.area.focus();
      });
      group.append(button);
    }
    return group;
  }

  show(isVisual) {
    this.isVisual = isVisual;
    this.refresh();
    this.box.hidden = !isVisual;
    this.area.hidden = isVisual;
    if (this.markdownTools) this.markdownTools.hidden = isVisual;
    if (this.hint) this.hint.hidden = isVisual;
    for (const button of this.switch.children) {
      button.setAttribute("aria-pressed", String((button.dataset.mode === "visual") === isVisual));
    }
    this.tools.update();
  }

  rawView(node) {
    const dom = document.createElement("div");
    dom.className = "raw";
    const told = document.createElement("p");
    told.className = "hint";
    told.textContent = this.words.raw;
    const source = document.createElement("pre");
    source.textContent = node.attrs.source;
    dom.append(told, source);
    return { dom, stopEvent: () => false, ignoreMutation: () => true };
  }

  // ---- toolbar ----

  actions() {
    const { words } = this;
    const inQuote = (state) => Boolean(around(state, nodes.blockquote));
    const inList = (type) => (state) => around(state, nodes.bullet_list, nodes.ordered_list)?.node.type === type;
    const all = [
      { name: words.heading, run: heading(2), isOn: isHeading(2) },
      { name: words.subheading, run: heading(3), isOn: isHeading(3) },
      { sign: "B", kind: "strong", name: `${words.bold} (Ctrl+B)`, run: toggleMark(marks.strong), isOn: isMarked(marks.strong) },
      { sign: "I", kind: "em", name: `${words.italic} (Ctrl+I)`, run: toggleMark(marks.em), isOn: isMarked(marks.em) },
      { name: words.list, run: list(nodes.bullet_list), isOn: inList(nodes.bullet_list) },
      { name: words.numbers, run: list(nodes.ordered_list), isOn: inList(nodes.ordered_list) },
      { sign: "⇥", name: `${words.deeper} (Ctrl+])`, run: sinkListItem(nodes.list_item), isShown: (state) => Boolean(around(state, nodes.list_item)) },
      { sign: "⇤", name: `${words.higher} (Ctrl+[)`, run: liftListItem(nodes.list_item), isShown: (state) => Boolean(around(state, nodes.list_item)) },
      { name: words.quote, run: quote, isOn: inQuote },
      { name: words.link, title: `${words.link} (Ctrl+K)`, ask: () => this.link(), isOn: isMarked(marks.link) },
      { name: words.table, run: table, isOn: isInTable },
      { name: words.rowAdd, run: addRowAfter, isShown: isInTable },
      { name: words.columnAdd, run: addColumnAfter, isShown: isInTable },
      { name: words.rowDrop, run: deleteRow, isShown: isInTable },
      { name: words.columnDrop, run: deleteColumn, isShown: isInTable },
      { name: words.tableDrop, run: deleteTable, isShown: isInTable },
      { sign: "↶", name: `${words.undo} (Ctrl+Z)`, run: undo },
      { sign: "↷", name: `${words.redo} (Ctrl+Y)`, run: redo },
    ];
    if (this.picker) {
      const isPhoto = (state) => state.selection instanceof NodeSelection && state.selection.node.type === nodes.figure;
      all.splice(10, 0, { name: words.photo, ask: () => this.picture(), isOn: isPhoto });
    }
    return all;
  }

  async link() {
    const { state } = this.view;
    let { from, to } = state.selection;
    const { $from, empty } = state.selection;
    const old = marks.link.isInSet(empty ? $from.marks() : (state.doc.nodeAt(from)?.marks ?? []));
    if (old && empty) {
      // The whole of the link the caret stands in.
      const parent = $from.parent;
      let at = $from.start();
      let begin = null;
      parent.forEach((node) => {
        const has = old.isInSet(node.marks);
        if (has && begin === null) begin = at;
        if (!has && begin !== null && at <= from) begin = null;
        if (has && at <= from && from <= at + node.nodeSize) [from, to] = [begin, at + node.nodeSize];
        else if (has && begin === from) to = at + node.nodeSize;
        at += node.nodeSize;
      });
    }
    const href = await linkDialog(this.words, old?.attrs.href ?? "");
    this.view.focus();
    if (href === null) return;
    const tr = this.view.state.tr;
    if (from === to && href) {
      tr.replaceSelectionWith(schema.text(href.replace(/^(mailto|tel):/, ""), [marks.link.create({ href })]), false);
    } else {
      tr.removeMark(from, to, marks.link);
      if (href) tr.addMark(from, to, marks.link.create({ href }));
      // What is typed next goes on behind the words; a selection that stays would be overwritten by it.
      tr.setSelection(TextSelection.create(tr.doc, to));
    }
    this.view.dispatch(tr.scrollIntoView());
  }

  async picture() {
    const { selection } = this.view.state;
    const old = selection instanceof NodeSelection && selection.node.type === nodes.figure ? selection.node.attrs : null;
    const chosen = await pictureDialog(this.words, this.picker, old);
    this.view.focus();
    if (!chosen) return;
    const node = nodes.figure.create(chosen);
    const { tr } = this.view.state;
    if (old) {
      tr.setNodeMarkup(selection.from, null, chosen);
      tr.setSelection(NodeSelection.create(tr.doc, selection.from));
    } else {
      // Between the outermost blocks: nowhere else is a picture a figure.
      const { $from } = tr.selection;
      const block = $from.depth ? $from.node(1) : null;
      const isEmpty = block?.type === nodes.paragraph && !block.content.size;
      const at = !block ? $from.pos : isEmpty ? $from.before(1) : $from.after(1);
      if (isEmpty) tr.delete(at, $from.after(1));
      tr.insert(at, node);
      const after = at + node.nodeSize;
      if (after === tr.doc.content.size) tr.insert(after, nodes.paragraph.create());
      tr.setSelection(Selection.near(tr.doc.resolve(after), 1));
    }
    this.view.dispatch(tr.scrollIntoView());
  }

  // ---- pasting: the server makes Markdown of what other programs bring ----

  paste(event) {
    const { desk } = window;
    // What this very method has pasted as plain text.
    if (!event.clipboardData) return false;
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    if (!html || /data-pm-slice/.test(html) || !plain.trim()) return false;
    if (!desk.isRich(html)) {
      this.view.pasteText(plain);
      return true;
    }
    if (this.area.id === "body" && desk.isEmpty(this.area.form)) {
      // It may be a whole release: the form knows what to do with it.
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/html", html);
      clipboardData.setData("text/plain", plain);
      this.area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      return true;
    }
    const { from } = this.view.state.selection;
    this.view.pasteText(plain);
    const paste = { from, to: this.view.state.selection.to };
    const text = () => this.view.state.doc.textBetween(paste.from, paste.to, "\n", "\n");
    const before = text();
    this.pastes.push(paste);
    desk.convert(html, false).then(
      ({ markdown }) => {
        if (!markdown || text() !== before) return;
        const { content } = parse(markdown).doc;
        const open = (node) => (node.type === nodes.paragraph ? 1 : 0);
        const slice = new Slice(content, open(content.firstChild), open(content.lastChild));
        const tr = this.view.state.tr.replaceRange(paste.from, paste.to, slice).scrollIntoView();
        // Undo leads to the plain text first.
        this.view.dispatch(closeHistory(tr));
      },
      () => { /* the plain text stands there */ },
    ).finally(() => { this.pastes = this.pastes.filter((other) => other !== paste); });
    return true;
  }
}

for (const area of document.querySelectorAll("textarea[data-visual]")) {
  new Editor(area, JSON.parse(area.form.dataset.words));
}
