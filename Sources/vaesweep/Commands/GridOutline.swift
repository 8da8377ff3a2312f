import Sweep
import Tables

/// A sweep's grids in words: what varies, and what each rule leaves.
struct GridOutline {
  let grid: Grid

  /// One line for each grid, then what is left after each rule.
  var lines: [String] { grid.blocks.map(axes) + [counts] }

  private func axes(_ block: GridBlock) -> String {
    var parts = block.axes.map { "\($0.key) \($0.count)" }
    if let nested = block.nested {
      parts.append("\(nested.factor.rawValue) \(nested.levels) × \(nested.redraws) redraws")
    }
    parts += block.zips.map { "zip \($0.name) \($0.rows.count)" }
    var text = parts.joined(separator: " × ")
    for when in block.whens {
      let condition = when.condition.terms.map { "\($0.key) \(Self.written($0.values))" }
      let axes = when.axes.map { "\($0.key) \($0.count)" }
      text +=
        "; when \(condition.joined(separator: ", ")): \(axes.joined(separator: " × "))"
    }
    return (block.name.map { "grid \($0): " } ?? "axes: ") + text
  }

  private static func written(_ values: GridAxis.Values) -> String {
    switch values {
    case .list(let list): list.map(\.description).joined(separator: "|")
    case .seeds(let range): "\(range.lowerBound)..\(range.upperBound)"
    }
  }

  /// Only rules that the file has.
  private var counts: String {
    let steps = grid.steps
    var text = "grid \(steps.grid)"
    if grid.blocks.contains(where: { !$0.zips.isEmpty }) { text += ", zip \(steps.zip)" }
    if grid.blocks.contains(where: { !$0.whens.isEmpty }) { text += ", when \(steps.when)" }
    if grid.blocks.contains(where: { !$0.exclusions.isEmpty }) {
      text += ", exclude −\(steps.excluded) = \(steps.when - steps.excluded)"
    }
    if grid.blocks.contains(where: { !$0.includes.isEmpty }) {
      text += ", include +\(steps.included) = \(steps.when - steps.excluded + steps.included)"
    }
    if steps.duplicates > 0 { text += ", duplicates −\(steps.duplicates)" }
    return "positions: \(text); \(steps.points.of("different point"))"
  }

  /// The same for programs: the positions that are left after each rule, in their order.
  var table: Table {
    let steps = grid.steps
    var table = Table(columns: ["rule", .number("change"), .number("positions")])
    let rules = [
      ("grid", steps.grid, steps.grid), ("zip", steps.zip - steps.grid, steps.zip),
      ("when", steps.when - steps.zip, steps.when),
      ("exclude", -steps.excluded, steps.when - steps.excluded),
      ("include", steps.included, steps.when - steps.excluded + steps.included),
      ("duplicates", -steps.duplicates, steps.points),
    ]
    for (rule, change, positions) in rules {
      table.append([.text(rule), .integer(change), .integer(positions)])
    }
    table.caption = grid.blocks.map(axes)
    return table
  }
}
