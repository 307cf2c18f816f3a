// Colours and line numbers in the SQL box. Tab moves on to the next field; Ctrl-Enter runs the query.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("textarea#sql-editor");
  if (!box || typeof CodeMirror === "undefined") {
    return;
  }
  const label = document.querySelector('label[for="sql-editor"]');
  const editor = CodeMirror.fromTextArea(box, {
    lineNumbers: true,
    lineWrapping: true,
    mode: "text/x-sql",
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": () => box.form.requestSubmit() },
  });
  if (label) {
    editor.getInputField().setAttribute("aria-label", label.textContent.trim());
    label.addEventListener("click", () => editor.focus());
  }
});
