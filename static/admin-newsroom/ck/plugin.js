// Buttons of the newsroom in the editor: [photo(n)] and [links()], each as its own paragraph.
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

  CKEDITOR.plugins.add("newsroom", {
    requires: "widget",
    init(editor) {
      const labels = editor.config.newsroomLabels || {};
      const icons = editor.config.newsroomIcons || {};
      editor.addCommand("newsroomPhoto", {
        exec(ed) {
          insertParagraph(ed, `[photo(${nextPhoto(ed.getData())})]`);
        },
      });
      editor.addCommand("newsroomLinks", {
        exec(ed) {
          insertParagraph(ed, "[links()]");
        },
      });
      editor.ui.addButton("NewsroomPhoto", {
        label: labels.photo,
        command: "newsroomPhoto",
        icon: icons.photo,
        toolbar: "insert",
      });
      editor.ui.addButton("NewsroomLinks", {
        label: labels.links,
        command: "newsroomLinks",
        icon: icons.links,
        toolbar: "insert",
      });
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
