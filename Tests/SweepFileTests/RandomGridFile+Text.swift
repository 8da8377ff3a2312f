import Sweep
import VAE

extension RandomGridFile {
  /// The file as a user would write it.
  var yaml: String {
    var text = "name: x\n"
    if !train.isEmpty {
      let pairs = train.map { "\($0.key.rawValue): \($0.value)" }.sorted()
      text += "train: {\(pairs.joined(separator: ", "))}\n"
    }
    if blocks.count == 1, blocks[0].name == nil {
      return text + Self.text(blocks[0], margin: "")
    }
    text += "grids:\n"
    for block in blocks {
      text += "  - name: \(block.name ?? "")\n" + Self.text(block, margin: "    ")
    }
    return text
  }

  private static func text(_ block: GridBlock, margin: String) -> String {
    var lines = ["grid: {\(text(block.axes))}"]
    if !block.zips.isEmpty {
      lines.append("zip:")
      for zip in block.zips {
        lines.append("  \(zip.name):")
        for row in zip.rows {
          let cells = row.map { "\($0.key): \(text($0.value))" }.sorted()
          lines.append("    - {\(cells.joined(separator: ", "))}")
        }
      }
    }
    if !block.whens.isEmpty {
      lines.append("when:")
      for when in block.whens {
        lines.append("  - {if: {\(text(when.condition))}, grid: {\(text(when.axes))}}")
      }
    }
    if !block.exclusions.isEmpty {
      lines.append("exclude:")
      for match in block.exclusions { lines.append("  - {\(text(match))}") }
    }
    if !block.includes.isEmpty {
      lines.append("include:")
      for axes in block.includes { lines.append("  - {\(text(axes))}") }
    }
    return lines.map { margin + $0 + "\n" }.joined()
  }

  private static func text(_ axes: [GridAxis]) -> String {
    axes.map { "\($0.key): \(text($0.values))" }.joined(separator: ", ")
  }

  private static func text(_ match: GridMatch) -> String {
    match.terms.map { "\($0.key): \(text($0.values))" }.joined(separator: ", ")
  }

  private static func text(_ values: GridAxis.Values) -> String {
    switch values {
    case .list(let list): "[\(list.map(text).joined(separator: ", "))]"
    case .seeds(let range): "\(range.lowerBound)..\(range.upperBound)"
    }
  }

  private static func text(_ value: GridValue) -> String { value.description }
}
