"use strict";
// Loaded before the Agents Playground (node --require). It has no settings for these two.

// 1. It listens on every network of the machine, and whoever reaches it speaks as the person of the window.
const net = require("node:net");
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (first, ...rest) {
  return typeof first === "number" ? listen.call(this, first, "127.0.0.1", ...rest) : listen.call(this, first, ...rest);
};

// 2. It outlives a starter that was killed. The starter holds our standard input open; that ends with it.
process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
process.stdin.resume();
