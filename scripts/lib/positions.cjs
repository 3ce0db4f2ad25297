// SPDX-License-Identifier: Apache-2.0
// Stands in for vscode-languageserver-types in the bundles: dockerfile-ast needs these two constructors of it, and the
// package cannot be tree-shaken (28 kB). test/unit/scripts/positions.test.ts holds both against each other.
const MAX = 2147483647;
const isNumber = (value) => typeof value === 'number' && value >= 0 && value <= MAX;
const isPosition = (value) =>
  typeof value === 'object' && value !== null && isNumber(value.line) && isNumber(value.character);

const Position = {
  create: (line, character) => ({
    line: line === Number.MAX_VALUE ? MAX : line,
    character: character === Number.MAX_VALUE ? MAX : character,
  }),
};

const Range = {
  create(one, two, three, four) {
    if (isNumber(one) && isNumber(two) && isNumber(three) && isNumber(four))
      return { start: Position.create(one, two), end: Position.create(three, four) };
    if (isPosition(one) && isPosition(two)) return { start: one, end: two };
    throw new Error(`Range#create called with invalid arguments[${one}, ${two}, ${three}, ${four}]`);
  },
};

module.exports = { Position, Range };
