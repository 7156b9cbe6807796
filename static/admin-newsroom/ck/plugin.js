// Buttons of the newsroom in the editor: shortcodes, each as its own paragraph; pull quotes and
// boxes of facts, which are elements with a class (core/html.py).
// A figure of the stored format stays one piece, so that a stray key does not take it apart.
(() => {
  "use strict";

  function insertParagraph(editor, text) {
    editor.focus();
    editor.fire("saveSnapshot");
    const range = editor.getSelection().getRanges()[0];
    const path = editor.elementPath(range ? range.startContainer : null);
    // The block at the top of the text: a shortcode works nowhere else.
    let top = null;
    if (path) {
      for (const element of path.elements) {
        if (element.equals(editor.editable())) break;
        top = element;
      }
    }
    const placed = new CKEDITOR.dom.element("p", editor.document);
    placed.setText(text);
    if (top) placed.insertAfter(top);
    else editor.editable().append(placed);
    const isEmpty = (node) =>
      node.getName() === "p" && !node.getText().replace(/[\s\u200b]/g, "") && !node.findOne("img");
    if (top && isEmpty(top)) top.remove();
    let next = placed.getNext();
    if (!next || next.type !== CKEDITOR.NODE_ELEMENT || next.getName() !== "p") {
      next = new CKEDITOR.dom.element("p", editor.document);
      next.appendBogus();
      next.insertAfter(placed);
    }
    const after = editor.createRange();
    after.moveToElementEditStart(next);
    after.select();
    editor.fire("saveSnapshot");
  }

  function nextPhoto(text) {
    const used = new Set(Array.from(text.matchAll(/\[photo\((\d+)\)\]/g), (m) => Number(m[1])));
    let n = 1;
    while (used.has(n)) n += 1;
    return n;
  }

  const within = (path, tag, name) =>
    path && path.contains((element) => element.is(tag) && element.hasClass(name));

  // A command's "refresh": the button is pressed while the caret is in such an element.
  function stateOf(tag, name) {
    return function refresh(editor, path) {
      this.setState(within(path, tag, name) ? CKEDITOR.TRISTATE_ON : CKEDITOR.TRISTATE_OFF);
    };
  }

  function togglePull(editor) {
    const quote = editor.elementPath().contains("blockquote");
    if (!quote || quote.hasClass("pull")) editor.execCommand("blockquote");
    editor.fire("saveSnapshot");
    const now = editor.elementPath().contains("blockquote");
    if (now && now !== quote) now.addClass("pull");
    else if (quote && !quote.hasClass("pull")) quote.addClass("pull");
    editor.fire("saveSnapshot");
  }

  function toggleInfo(editor) {
    editor.focus();
    editor.fire("saveSnapshot");
    const bookmarks = editor.getSelection().createBookmarks();
    const box = within(editor.elementPath(bookmarks[0].startNode), "aside", "info");
    if (box) box.remove(true);
    else wrap(editor, bookmarks[0]);
    editor.getSelection().selectBookmarks(bookmarks);
    editor.fire("saveSnapshot");
  }

  // The blocks at the top of the text from the first selected one to the last go into one box.
  function wrap(editor, { startNode, endNode }) {
    const root = editor.editable();
    const top = (node) => {
      let block = node;
      while (!block.getParent().equals(root)) block = block.getParent();
      return block;
    };
    const first = top(startNode);
    const last = endNode ? top(endNode) : first;
    const box = new CKEDITOR.dom.element("aside", editor.document);
    box.addClass("info");
    box.insertBefore(first);
    let block = first;
    while (block) {
      const next = block.equals(last) ? null : block.getNext();
      box.append(block);
      block = next;
    }
    if (box.getNext()) return;
    const after = new CKEDITOR.dom.element("p", editor.document);
    after.appendBogus();
    after.insertAfter(box);
  }

  CKEDITOR.plugins.add("newsroom", {
    requires: "widget",
    init(editor) {
      const labels = editor.config.newsroomLabels || {};
      const icons = editor.config.newsroomIcons || {};
      const questions = editor.config.newsroomQuestions || {};
      const addButton = (name, command) => {
        const title = name[0].toUpperCase() + name.slice(1);
        editor.addCommand(`newsroom${title}`, command);
        editor.ui.addButton(`Newsroom${title}`, {
          label: labels[name],
          command: `newsroom${title}`,
          icon: icons[name],
          toolbar: "insert",
        });
      };
      addButton("photo", {
        exec: (ed) => insertParagraph(ed, `[photo(${nextPhoto(ed.getData())})]`),
      });
      addButton("links", { exec: (ed) => insertParagraph(ed, "[links()]") });
      for (const name of ["gallery", "embed", "related"]) {
        addButton(name, {
          exec(ed) {
            const answer = window.prompt(questions[name], "");
            if (answer === null || (!answer.trim() && name !== "gallery")) return;
            insertParagraph(ed, `[${name}(${answer.replace(/[()[\]<>]/g, "").trim()})]`);
          },
        });
      }
      addButton("pull", { exec: togglePull, contextSensitive: true, refresh: stateOf("blockquote", "pull") });
      addButton("info", { exec: toggleInfo, contextSensitive: true, refresh: stateOf("aside", "info") });
      editor.widgets.add("newsroomFigure", {
        upcast: (element) => element.name === "figure" && "data-photo-id" in element.attributes,
        editables: { caption: { selector: "figcaption", allowedContent: "strong em a[!href]" } },
      });
      const theme = () => {
        if (!editor.document) return;
        const chosen = document.documentElement.dataset.theme;
        if (chosen === "light" || chosen === "dark") {
          editor.document.getDocumentElement().setAttribute("data-theme", chosen);
        } else {
          editor.document.getDocumentElement().removeAttribute("data-theme");
        }
      };
      editor.on("contentDom", theme);
      new MutationObserver(theme).observe(document.documentElement, {
        attributeFilter: ["data-theme"],
      });
    },
  });
})();
