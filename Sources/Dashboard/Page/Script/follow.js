// Asks the coordinator again and again, also while it is away, and shows what it answers.
const longestWait = 10000;
const afterFailure = 2000;
// A large page is asked for half as often.
const isLarge = 60000;
const contact = { token: new URLSearchParams(location.search).get("token"), tag: null, answered: null, changed: null,
  isComplete: false, timer: null, isAsking: false };

// Nor in the history of the browser: from here on a cookie bears it.
if (contact.token !== null) history.replaceState(null, "", location.pathname + location.hash);

function notice(text, isBad) {
  const part = byId("contact");
  part.hidden = text === "";
  setText(part, text);
  part.classList.toggle("bad", isBad);
  document.body.classList.toggle("stale", isBad && contact.answered !== null);
}

function show(page) {
  showProgress(page.status);
  showFailures(page.failures);
  showSummary(page.summary);
  showCurves(page.curves);
  showHosts(page.timeline);
  showWorkers(page.workers);
  setText(byId("program"), page.program + ".");
  contact.isComplete = page.status.complete;
}

// Resolves to the milliseconds after which to ask again.
async function ask() {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), longestWait);
  try {
    const headers = {};
    if (contact.token) headers.Authorization = "Bearer " + contact.token;
    if (contact.tag) headers["If-None-Match"] = contact.tag;
    const response = await fetch("api/page", { headers, cache: "no-store", signal: stop.signal });
    const text = await response.text();
    return take(response, text);
  } catch (error) {
    if (error instanceof TypeError || error.name === "AbortError") noAnswer("");
    else {
      console.error(error);
      notice("This page cannot show what it was told: " + error.message, true);
    }
    return afterFailure;
  } finally {
    clearTimeout(timer);
  }
}

function take(response, text) {
  if (response.status === 401) {
    noAnswer("The coordinator wants its token: open the address with ?token= that it printed at its start.");
    return afterFailure;
  }
  if (response.status === 503) {
    contact.answered = new Date();
    notice("The coordinator is starting.", false);
    return 1000;
  }
  if (!response.ok && response.status !== 304) {
    noAnswer("It answered " + response.status + ".");
    return afterFailure;
  }
  const now = new Date();
  contact.answered = now;
  if (response.status === 304) {
    const isLate = contact.changed && now - contact.changed > longestWait;
    notice(isLate ? "Nothing new since " + clock(contact.changed) + ": the coordinator answers, but does not go on." : "", isLate);
    return 1000;
  }
  show(parse(text));
  contact.tag = response.headers.get("ETag");
  contact.changed = now;
  notice("", false);
  return text.length > isLarge ? 2000 : 1000;
}

// Characters that would turn the text around them, or do unseen things.
const steering = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
function parse(text) {
  try {
    return JSON.parse(text, (name, value) => typeof value === "string" ? value.replace(steering, "\ufffd") : value);
  } catch {
    // The connection ended early.
    throw new TypeError("no whole answer");
  }
}

function noAnswer(why) {
  const since = contact.answered === null ? "No answer yet" : "No answer since " + clock(contact.answered);
  const parts = [contact.isComplete ? "The sweep is complete and its coordinator has ended. " + since + "." : since + "."];
  if (why) parts.push(why);
  else if (!contact.isComplete) parts.push("The coordinator may have ended or be out of reach; it is asked again and again."
    + (contact.answered === null ? "" : " What stands here is of then."));
  notice(parts.join(" "), !contact.isComplete);
}

async function follow() {
  if (contact.isAsking) return;
  contact.isAsking = true;
  clearTimeout(contact.timer);
  const wait = await ask();
  contact.isAsking = false;
  // A page that nobody sees asks nothing.
  if (!document.hidden) contact.timer = setTimeout(follow, wait);
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) follow(); });
follow();
