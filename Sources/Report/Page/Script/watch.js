"use strict";
// Notes what goes wrong on the page, for the self test, and what the other scripts share.
const faults = [];
addEventListener("error", event => faults.push(String(event.message)));
addEventListener("unhandledrejection", event => faults.push(String(event.reason)));
addEventListener("securitypolicyviolation",
  event => faults.push("blocked " + event.violatedDirective + " " + event.blockedURI));
const every = (selector, from) => Array.from((from || document).querySelectorAll(selector));
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
