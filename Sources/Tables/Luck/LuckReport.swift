package import Study
import Sweep
import VAE

/// How much is architecture and how much is luck, as `vaesweep luck` prints it.
///
/// `table` and `markdown`: the answer in words, then risks, pairs and budgets. `json`: one object per
/// set of comparable configurations. `csv`: a line per figure, with the number of its set.
package struct LuckReport {
  private let luck: [Luck]
  private let left: [ComparableSet.LeftOut]
  private let names: ConfigurationNaming

  package init(
    _ found: (luck: [Luck], left: [ComparableSet.LeftOut]), names: ConfigurationNaming
  ) {
    luck = found.luck
    left = found.left
    self.names = names
  }

  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    switch format {
    case .json:
      JSONValue.array(luck.map { LuckJSON(luck: $0, names: names).json }).pretty + "\n"
    case .csv: flat.render(.csv)
    case .table, .markdown:
      luck.map { whole($0, format, ansi: ansi) }.joined(separator: "\n")
        + (luck.isEmpty || left.isEmpty ? "" : "\n")
        + leftOut.map { format == .markdown ? "- \($0)\n" : "\($0)\n" }.joined()
    }
  }

  /// What is in no set: a line for each reason.
  package var leftOut: [String] {
    var reasons: [(words: String, names: [String])] = []
    for own in left {
      let name = names(own.configuration)
      if let place = reasons.firstIndex(where: { $0.words == own.reason }) {
        reasons[place].names.append(name)
      } else {
        reasons.append((own.reason, [name]))
      }
    }
    return reasons.map { "left out: \($0.names.joined(separator: "; ")): \($0.words)" }
  }

  private func whole(_ luck: Luck, _ format: OutputFormat, ansi: Bool) -> String {
    let sentences = LuckSentences(luck, names: names)
    let tables = LuckTables(luck, names: names)
    var text = sentences.about + "\n"
    if format == .markdown { text += "\n" }
    text += sentences.all.map { format == .markdown ? "- \($0)\n" : "\($0)\n" }.joined()
    for table in [tables.risk, tables.beats, tables.best] {
      text += "\n" + table.render(format, ansi: ansi)
    }
    return text
  }

  private var flat: Table {
    var table = Table(columns: [.number("set")] + LuckTables.flatColumns)
    for (place, own) in luck.enumerated() {
      for line in LuckTables(own, names: names).flat { table.append([.integer(place + 1)] + line) }
    }
    return table
  }
}
