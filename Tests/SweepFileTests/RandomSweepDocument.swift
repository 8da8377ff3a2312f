import Sweep
import SweepFile
import TestSupport

/// A sweep file drawn at random as a tree, with claims, looks, pictures and all else that a file may hold,
/// and ways to change it at one place.
struct RandomSweepDocument {
  private(set) var root: JSONValue
  private var random: SeededGenerator

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed &+ 77)
    let isGrid = seed % 2 == 0
    root =
      isGrid
      ? try SweepFile.document(yaml: RandomGridFile(seed: seed).yaml, file: "x.yaml") : .null
    if !isGrid { root = study() }
    if one(in: 3) { add("x-own", .object([JSONValue.Member("any", 1)])) }
    if one(in: 3) {
      add("dataset", pick(["mnist", "fashion-mnist", "digits", "digits:2000:500", "./data"]))
    }
    if one(in: 3) { add("pictures", pictures()) }
    if one(in: 3) { add("measures", measures()) }
  }

  private mutating func one(in chances: Int) -> Bool {
    Int.random(in: 0..<chances, using: &random) == 0
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private mutating func add(_ name: String, _ value: JSONValue) {
    root = .object((root.members ?? []) + [JSONValue.Member(name, value)])
  }

  private mutating func pictures() -> JSONValue {
    pick([
      "all", .null, ["codes", "samples"], .array([]), ["kinds": "all", "seeds": 2],
      ["kinds": ["reconstructions"], "seeds": "all"],
    ])
  }

  private mutating func measures() -> JSONValue {
    pick([
      .null, ["likelihood"], .array([]), ["likelihood": .null],
      ["likelihood": ["draws": 5, "images": 100]], ["likelihood": ["draws": 1_000_000]],
      .object([]),
    ])
  }

  /// A file whose grid is simple and that asks for much.
  private mutating func study() -> JSONValue {
    let nets: JSONValue = ["784-3-2", "784-5-3-2"]
    let isNested = one(in: 4)
    // What claims name of it beside the axis.
    let limit: (axis: JSONValue, named: JSONValue) = pick([
      (.array([.string("none"), 100]), .string("none")), (.null, .string("none")), (50, 50),
    ])
    var grid = [
      JSONValue.Member("architecture", nets),
      JSONValue.Member("sampling", [true, false]),
      JSONValue.Member(
        "learning_rate",
        pick([
          ["linspace": .array([.number(0.001), .number(0.1), 3])],
          ["logspace": .array([.number(1e-4), .number(1e-2), 5])], .number(0.001),
        ])),
      JSONValue.Member("limit", limit.axis),
    ]
    if !isNested {
      grid.append(JSONValue.Member("seed", pick(["0..9", .array([0, "2..9"])])))
    }
    var members = [JSONValue.Member("name", pick(["study", "a.b_c-1"]))]
    members.append(JSONValue.Member("grid", .object(grid)))
    if isNested {
      members.append(
        JSONValue.Member(
          "variance", ["factor": pick(["init_seed", "order_seed"]), "levels": 3, "redraws": 2]))
    } else if one(in: 2) {
      members.append(JSONValue.Member("looks", looks()))
    }
    if one(in: 2) {
      members.append(
        JSONValue.Member("exclude", [["sampling": false, "architecture": "784-3-2"]]))
    }
    if one(in: 2) { members.append(JSONValue.Member("claims", claims(limit.named))) }
    return .object(members)
  }

  private mutating func looks() -> JSONValue {
    let at = JSONValue.Member("at", pick([.array([2, 4, 8]), 5]))
    let aim = pick(["half_width", "sd_half_width", "collapse_half_width"])
    var looks = [at, JSONValue.Member(aim, .number(0.25))]
    if aim == "half_width" { looks.append(JSONValue.Member("metric", "test_total")) }
    return .object(looks)
  }

  private mutating func claims(_ limit: JSONValue) -> JSONValue {
    let word = limit.text ?? limit.compact
    let a: JSONValue = pick([
      .string("784-3-2,sampling=true,learning_rate=0.001,limit=\(word)"),
      ["architecture": "784-3-2", "sampling": true, "limit": limit],
    ])
    let b: JSONValue = pick([
      .string("784-5-3-2,sampling=true,learning_rate=0.001,limit=\(word)"),
      ["architecture": "784-5-3-2", "sampling": true, "limit": limit],
    ])
    return [
      [
        "id": pick([1, "A1"]), "claim": "the deeper is worse", "test": "mean_difference",
        "metric": "test_total", "a": b, "b": a, "expect": ["above": 0],
      ],
      [
        "id": 3, "claim": "at more than half of the seeds", "test": "paired_share",
        "metric": "generation_coverage",
        "a": ["architecture": "784-5-3-2", "sampling": true, "limit": limit],
        "b": ["architecture": "784-5-3-2", "sampling": false, "limit": limit],
        "expect": ["above": .number(0.5)],
      ],
      [
        "id": 2, "claim": "some collapse", "test": "collapse_share", "threshold": .number(0.01),
        "parts": [
          ["of": a, "expect": ["within": .array([.number(0.1), .number(0.9)])]],
          ["of": b, "expect": ["below": .number(0.5)]],
        ],
      ],
    ]
  }
}

// MARK: - Changes

extension RandomSweepDocument {
  /// A place in the tree: keys and positions from the root on.
  typealias Path = [String]

  /// Every place but the root and what stands under the user's own keys.
  var places: [(path: Path, value: JSONValue)] {
    func below(_ value: JSONValue, _ path: Path) -> [(Path, JSONValue)] {
      var found: [(Path, JSONValue)] = []
      for (name, child) in value.children where !name.hasPrefix("x-") {
        found.append((path + [name], child))
        found += below(child, path + [name])
      }
      return found
    }
    return below(root, []).map { (path: $0.0, value: $0.1) }
  }

  /// The file with another value at one place; nil takes the place itself away.
  func changed(_ path: Path, to value: JSONValue?, as name: String? = nil) -> JSONValue {
    root.changed(path[...], to: value, as: name)
  }
}

extension JSONValue {
  fileprivate var children: [(String, JSONValue)] {
    switch self {
    case .array(let elements): elements.enumerated().map { ("\($0.offset)", $0.element) }
    case .object(let members): members.map { ($0.name, $0.value) }
    case .null, .bool, .int, .number, .string: []
    }
  }

  fileprivate func changed(_ path: ArraySlice<String>, to value: JSONValue?, as name: String?)
    -> JSONValue
  {
    guard let step = path.first else { return value ?? .null }
    let rest = path.dropFirst()
    func next(_ old: String, _ child: JSONValue) -> (String, JSONValue)? {
      guard old == step else { return (old, child) }
      guard rest.isEmpty else { return (old, child.changed(rest, to: value, as: name)) }
      return value.map { (name ?? old, $0) }
    }
    let changed = children.compactMap { next($0.0, $0.1) }
    if case .array = self { return .array(changed.map(\.1)) }
    return .object(changed.map { JSONValue.Member($0.0, $0.1) })
  }

  /// The value as a user writes it in YAML: text without quotation marks where it needs none.
  var yaml: String {
    guard case .object(let members) = self else { return flow + "\n" }
    return members.map { "\($0.name): \($0.value.flow)\n" }.joined()
  }

  private var flow: String {
    switch self {
    case .null, .bool, .int, .number: compact
    case .string(let text): text.isPlainYAML ? text : compact
    case .array(let elements): "[\(elements.map(\.flow).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.map { "\($0.name): \($0.value.flow)" }.joined(separator: ", "))}"
    }
  }
}

extension String {
  fileprivate var isPlainYAML: Bool {
    if ["true", "false", "null"].contains(self) { return false }
    return wholeMatch(of: /[A-Za-z.][A-Za-z0-9_.\/:-]*|[0-9]+\.\.[0-9]+|[0-9]+(-[0-9]+)+/) != nil
  }
}
