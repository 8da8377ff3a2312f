package import Study
import Sweep
import VAE

/// How much is architecture and how much is luck, as `vaesweep luck` prints it.
///
/// `table` and `markdown`: the answer in words, then risks, pairs and budgets. `json`: one object per
/// set of comparable configurations. `csv`: a line per figure, with the number of its set.
package struct LuckReport {
  private let found: LuckAnswer
  private let names: ConfigurationNaming

  package init(_ found: LuckAnswer, names: ConfigurationNaming) {
    self.found = found
    self.names = names
  }

  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    switch format {
    case .json:
      JSONValue.array(
        found.luck.map { LuckJSON($0, names: names).json }
          + found.alone.map { LuckJSON($0, names: names).json }
      ).pretty + "\n"
    case .csv: flat.render(.csv)
    case .table, .markdown:
      (found.luck.map { whole($0, format, ansi: ansi) } + found.alone.map { whole($0, format) })
        .joined(separator: "\n")
        + (found.luck.isEmpty && found.alone.isEmpty || found.left.isEmpty ? "" : "\n")
        + leftOut.map { format == .markdown ? "- \($0)\n" : "\($0)\n" }.joined()
    }
  }

  /// What is in no set: a line for each reason.
  package var leftOut: [String] {
    var reasons: [(words: String, names: [String])] = []
    for own in found.left {
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
    var text = words(sentences.about, sentences.all, format)
    for table in [tables.risk, tables.beats, tables.best] {
      text += "\n" + table.render(format, ansi: ansi)
    }
    return text
  }

  private func whole(_ luck: LoneLuck, _ format: OutputFormat) -> String {
    let sentences = LoneLuckSentences(luck, names: names)
    return words(sentences.about, sentences.all, format)
  }

  private func words(_ about: String, _ sentences: [String], _ format: OutputFormat) -> String {
    guard format == .markdown else {
      return ([about] + sentences).map { "\($0)\n" }.joined()
    }
    return "\(about)\n\n" + sentences.map { "- \($0)\n" }.joined()
  }

  private var flat: Table {
    var table = Table(columns: [.number("set")] + LuckTables.flatColumns)
    let sets =
      found.luck.map { LuckTables($0, names: names).flat }
      + found.alone.map { LuckTables.flat($0, names: names) }
    for (place, lines) in sets.enumerated() {
      for line in lines { table.append([.integer(place + 1)] + line) }
    }
    return table
  }
}
