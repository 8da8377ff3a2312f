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
  /// its content.
  package var json: JSONValue {
    let nested: [JSONValue.Member] =
      grid.nested.map { nested in
        let design: JSONValue = [
          "factor": .string(nested.factor.rawValue), "levels": .int(nested.levels),
          "redraws": .int(nested.redraws),
        ]
        return [JSONValue.Member("variance", design)]
      } ?? []
    guard case .object(let members) = common else { return .null }
    return .object(members + nested)
  }

  private var common: JSONValue {
    [
      "name": .string(name),
      "dataset": NamedDatasets.contains(dataset) ? .string(dataset) : .null,
      "grid": .array((grid.configurationAxes + grid.seedAxes).map(\.json)),
      "train": .object(
        TrainKey.allCases.compactMap { key in
          grid.train[key].map { JSONValue.Member(key.rawValue, JSONValue($0)) }
        }),
      "exclude": .array(
        grid.exclusions.map { exclusion in
          .object(
            exclusion.map { JSONValue.Member($0.key.description, $0.value.json) }
              .sorted { $0.name < $1.name })
        }),
    ]
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
