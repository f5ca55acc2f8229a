// Runs in a page: notes when text appears, in seconds since 1970, and what held up the main thread.
({ root, text, ended }) => {
  // `Date.now` is the clock that the server's process has too.
  const now = () => Date.now() / 1000;
  const seen = { first: null, last: null, ended: null, longTasks: [] };
  const before = document.querySelectorAll(text).length;
  const target = document.querySelector(root);

  const isWords = (node) => !node.classList?.contains("pgw-caret");
  const within = (node, element) => element !== undefined && element.contains(node);
  const touches = (record, element) =>
    record.type === "characterData"
      ? within(record.target, element)
      : [...record.addedNodes, ...record.removedNodes].some(isWords) &&
        (within(record.target, element) || [...record.addedNodes].some((n) => n.contains(element)));

  // The first token is the mark of a heading, which markdown shows as one that is empty still.
  const isShown = (element) => element.textContent !== "" || [...element.children].some(isWords);

  const tasks = new PerformanceObserver((list) => {
    seen.longTasks.push(...list.getEntries().map((entry) => entry.duration / 1000));
  });
  tasks.observe({ type: "longtask" });

  let end;
  seen.whenEnded = new Promise((resolve) => {
    end = resolve;
  });
  const observer = new MutationObserver((records) => {
    // A page that shows one text for all answers has it from the start.
    const elements = document.querySelectorAll(text);
    const element = elements.length > before ? elements[before] : elements[before - 1];
    if (records.some((record) => touches(record, element)) && isShown(element)) {
      seen.last = now();
      seen.first ??= seen.last;
    }
    if (seen.first !== null && seen.ended === null && document.querySelector(ended)) {
      seen.ended = now();
      // What is done once the answer has ended belongs to it.
      setTimeout(end, 500);
    }
  });
  observer.observe(target, { subtree: true, childList: true, characterData: true, attributes: true });

  globalThis.benchResult = async () => {
    await seen.whenEnded;
    observer.disconnect();
    tasks.disconnect();
    const { first, last, ended, longTasks } = seen;
    return { first, last, ended, longTasks };
  };
}
