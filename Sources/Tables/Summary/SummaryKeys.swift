package import Study
import Sweep
import VAE

/// Which keys of the configurations stand in columns, and what the others are.
///
/// A key that varies has a column; one that does not stands in the caption.
package struct SummaryKeys {
  /// A key with a column.
  struct Key {
    let name: String

    var column: Column { Column(name) }

    func cell(of summary: ConfigurationSummary) -> Cell {
      guard let member = summary.members.first(where: { $0.name == name }) else { return .empty }
      // No limit is a choice; a key that does not apply is none.
      if member.value == .null, TrainKey(rawValue: name)?.defaultValue == .null {
        return .value(.null, shown: "none")
      }
      return Cell(json: member.value)
    }
  }

  /// The keys that have columns, in the order in which users read them.
  let shown: [Key]
  /// The train keys that are the same everywhere; those at their defaults only by this word.
  package let constants: String
  /// What groups pool over.
  let pooled: String

  package init(_ summaries: [ConfigurationSummary]) {
    let grouped = summaries.contains(where: \.isGroup)
    var values: [String: Set<JSONValue>] = [:]
    var names: [String] = []
    for summary in summaries {
      for name in Self.order where summary.members.contains(where: { $0.name == name }) {
        if !names.contains(name) { names.append(name) }
      }
      for name in Self.order {
        let value = summary.members.first { $0.name == name }?.value ?? .null
        values[name, default: []].insert(value)
      }
    }
    names.sort { Self.place($0) < Self.place($1) }
    let always: Set<String> = grouped ? Set(names) : ["architecture", "sampling"]
    // The architecture names its halves.
    let never: Set<String> = grouped ? [] : ["hidden", "latent_dim"]
    shown = names.filter {
      !never.contains($0) && (always.contains($0) || (values[$0]?.count ?? 0) > 1)
    }.map(Key.init)
    let columns = Set(shown.map(\.name)).union(never)
    let constant = names.filter { !columns.contains($0) }.compactMap { name in
      values[name]?.first.map { (name: name, value: $0) }
    }
    let told = constant.filter {
      Self.alwaysTold.contains($0.name) || !Self.isDefault($0.name, $0.value)
    }
    let rest = told.count < constant.count ? ["others at their defaults"] : []
    constants = (told.map { "\($0.name) \(Cell(json: $0.value).shown())" } + rest)
      .joined(separator: ", ")
    pooled = Self.pooled(summaries)
  }

  private static func pooled(_ summaries: [ConfigurationSummary]) -> String {
    var values: [(name: String, values: [JSONValue])] = []
    for member in summaries.flatMap(\.pooledOver) {
      guard case .array(let found) = member.value else { continue }
      if let place = values.firstIndex(where: { $0.name == member.name }) {
        values[place].values += found.filter { !values[place].values.contains($0) }
      } else {
        values.append((member.name, found))
      }
    }
    guard !values.isEmpty else { return "" }
    let told = values.map { name, values in
      let shown = values.prefix(6).map { Cell(json: $0).shown() }
      return "\(name) (\(shown.joined(separator: ", "))\(values.count > 6 ? ", …" : ""))"
    }
    return "pooled over " + told.joined(separator: ", ")
  }

  private static var order: [String] { ConfigurationKey.all.map(\.description) }

  private static func place(_ name: String) -> Int { order.firstIndex(of: name) ?? order.count }

  /// Told even at their defaults: they say at a glance what was run.
  private static let alwaysTold: Set<String> = [
    "epochs", "batch_size", "optimizer", "learning_rate",
  ]

  private static func isDefault(_ name: String, _ value: JSONValue) -> Bool {
    TrainKey(rawValue: name).map { JSONValue($0.defaultValue) == value } ?? false
  }
}
