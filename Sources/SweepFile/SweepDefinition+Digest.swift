package import Sweep
import VAE

extension SweepDefinition {
  /// The SHA-256 of what was asked for, equal for two files that ask for the same in other words
  /// (comments, quotes, `1` for `1.0`, a list for a range).
  ///
  /// Pictures are left out: they change nothing that is trained, and may be asked for later.
  /// Taken over the canonical JSON of `json`. The order of axes and values counts, as it decides
  /// the order of the points.
  package var definitionDigest: Digest { Digest(of: json.canonical) }

  /// The definition as JSON.
  ///
  /// A dataset folder is null here: its path differs between hosts, and the dataset digest names
  /// its content. A file with one plain grid has the members that it has always had.
  package var json: JSONValue {
    let head: [JSONValue.Member] = [
      JSONValue.Member("name", .string(name)),
      JSONValue.Member("dataset", NamedDatasets.contains(dataset) ? .string(dataset) : .null),
      JSONValue.Member(
        "train",
        .object(
          TrainKey.allCases.compactMap { key in
            grid.train[key].map { JSONValue.Member(key.rawValue, JSONValue($0)) }
          })),
    ]
    if grid.blocks.count == 1, let only = grid.blocks.first, only.name == nil {
      return .object(head + only.members)
    }
    return .object(
      head + [JSONValue.Member("grids", .array(grid.blocks.map { .object($0.members) }))])
  }
}

extension GridBlock {
  fileprivate var members: [JSONValue.Member] {
    let ordered = axes.filter { !$0.key.isSeed } + axes.filter(\.key.isSeed)
    var members = [
      JSONValue.Member("grid", .array(ordered.map(\.json))),
      JSONValue.Member("exclude", .array(excluded)),
    ]
    if let name { members.append(JSONValue.Member("name", .string(name))) }
    if !zips.isEmpty { members.append(JSONValue.Member("zip", .array(zips.map(\.json)))) }
    if !whens.isEmpty { members.append(JSONValue.Member("when", .array(whens.map(\.json)))) }
    if !includes.isEmpty {
      let added = includes.map { JSONValue.array($0.map(\.json)) }
      members.append(JSONValue.Member("include", .array(added)))
    }
    if let nested {
      members.append(
        JSONValue.Member(
          "variance",
          [
            "factor": .string(nested.factor.rawValue), "levels": .int(nested.levels),
            "redraws": .int(nested.redraws),
          ]))
    }
    return members
  }

  /// Every combination of an exclusion's values by itself, as definitions were first digested; where
  /// there are more than were accepted then, the exclusions as they are.
  private var excluded: [JSONValue] {
    let most = 1000
    let combinations = exclusions.reduce(0) { sum, match in
      match.terms.reduce(1) { product, term in
        let (next, overflow) = product.multipliedReportingOverflow(by: term.axis.count)
        return overflow || next > most ? most + 1 : next
      } + sum
    }
    guard combinations <= most else {
      return exclusions.map { match in .array(match.terms.map { $0.axis.json }) }
    }
    return exclusions.flatMap { match in
      var combinations: [[JSONValue.Member]] = [[]]
      for term in match.terms {
        combinations = combinations.flatMap { combination in
          term.values.all.map { value in
            combination + [JSONValue.Member(term.key.description, value.json)]
          }
        }
      }
      return combinations.map { members in JSONValue.object(members.sorted { $0.name < $1.name }) }
    }
  }
}

extension GridZip {
  fileprivate var json: JSONValue {
    ["name": .string(name), "rows": .array(rows.map { GridBlock.json(ofRow: $0) })]
  }
}

extension GridBlock {
  fileprivate static func json(ofRow row: [GridKey: GridValue]) -> JSONValue {
    .object(
      row.map { JSONValue.Member($0.key.description, $0.value.json) }
        .sorted { $0.name < $1.name })
  }
}

extension GridWhen {
  fileprivate var json: JSONValue {
    [
      "if": .array(condition.terms.map { $0.axis.json }), "grid": .array(axes.map(\.json)),
    ]
  }
}

extension GridMatch.Term {
  fileprivate var axis: GridAxis { GridAxis(key: key, values: values) }
}

extension GridAxis.Values {
  fileprivate var all: [GridValue] {
    switch self {
    case .list(let values): values
    case .seeds(let range): range.map(GridValue.seed)
    }
  }
}

extension GridAxis {
  fileprivate var json: JSONValue {
    let values: JSONValue =
      switch values {
      case .list(let list): .array(list.map(\.json))
      case .seeds(let range):
        ["first": .int(Int(range.lowerBound)), "last": .int(Int(range.upperBound))]
      }
    return ["key": .string(key.description), "values": values]
  }
}

extension GridValue {
  fileprivate var json: JSONValue {
    switch self {
    case .architecture(let value): .string(value.description)
    case .hidden(let widths): .array(widths.map(JSONValue.int))
    case .latentDim(let value): .int(value)
    case .seed(let value): .int(Int(value))
    case .parameter(let value): JSONValue(value)
    }
  }
}
