// Runs in the page. Answers one line for each fault.
window.faults = async (look, heavy) => {
  const found = [];
  const name = (node) => {
    const words = (node.innerText || node.value || node.placeholder || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${node.tagName.toLowerCase()} class="${node.getAttribute("class") ?? ""}"> ${words}`;
  };

  const axeFinds = async (where, within) => {
    const only = look === "AtColors" ? { runOnly: ["color-contrast"] } : {};
    const result = await axe.run(where, { ...only, resultTypes: ["violations"], preload: false });
    for (const rule of result.violations) {
      for (const { target, html, any } of rule.nodes.slice(0, 4)) {
        const contrast = any[0]?.data?.contrastRatio;
        const why = contrast ? ` ${any[0].data.fgColor} on ${any[0].data.bgColor} is ${contrast}` : "";
        const where = target.join(" ").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…");
        found.push(`${rule.impact}: ${rule.id}${why} (${rule.help}) ${within}${where} ${html.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…").slice(0, 140)}`);
      }
    }
  };

  const edges = () => {
    // A phone's innerWidth grows with what is too wide for it.
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return;
    const widest = [...document.querySelectorAll("body *")].filter((node) => node.getBoundingClientRect().right > width + 0.5);
    found.push(`too wide: ${name(widest.at(-1) ?? document.body)}`);
  };

  // A key stands where its words are missing, an identifier where nobody gave it words.
  const words = () => {
    const english = document.documentElement.lang === "en";
    const kinds = /^(new|contacted|interested|enrolled|lost|reactivation|illness|personal|vacation|queued|running|done|failed|pending|approved|rejected|cancelled|urgent|high|normal|low|reached|busy|open|closed|active|paused)$/;
    const skip = "script, style, template, code, pre, kbd, textarea, .cm-editor, .mono, [translate=no]";
    const raw = (text, where) => {
      text = text.trim();
      if (/^[a-z]+[0-9]*(-[a-z0-9]+)+$/.test(text) || /\b[a-z]+(_[a-z]+)+\b/.test(text) || (!english && kinds.test(text)))
        found.push(`not words: ${where} ${text.slice(0, 80)}`);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const at = walker.currentNode.parentElement;
      if (!at.closest(skip)) raw(walker.currentNode.data, name(at).split(">")[0] + ">");
    }
    for (const attribute of ["aria-label", "title", "placeholder", "alt"])
      for (const at of document.querySelectorAll(`[${attribute}]`))
        if (!at.closest(skip)) raw(at.getAttribute(attribute), attribute);
  };

  edges();
  if (look === "AtWords") {
    words();
    return found;
  }
  for (const fold of document.querySelectorAll("details")) if (look === "AtColors") fold.open = true;
  await axeFinds(document, "");
  if (look === "Closely") {
    words();
    const headings = document.querySelectorAll("h1").length;
    if (headings !== 1) found.push(`${headings} first headings`);
    const bytes = performance.getEntriesByType("navigation")[0].decodedBodySize;
    if (bytes > heavy) found.push(`heavy: ${bytes} bytes`);
    for (const dialog of document.querySelectorAll("dialog:not([open])")) {
      if (["palette", "keys"].includes(dialog.id) && location.pathname !== "/") continue;
      dialog.showModal();
      await axeFinds(dialog, `dialog #${dialog.id.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…")}: `);
      edges();
      dialog.close();
    }
  }
  return found;
};
