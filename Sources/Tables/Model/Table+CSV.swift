import Sweep

extension Table {
  /// The columns' names, then one line per row.
  var csv: String {
    CSV.line(columns.map(\.name)) + rows.map { CSV.line($0.map(\.csv)) }.joined()
  }
}

extension Cell {
  /// Numbers in full; a list or an object as JSON text, for `json.loads`.
  var csv: String {
    switch self {
    case .empty: ""
    case .text(let text): text
    case .value(.string(let text), _): text
    case .value(.null, _): ""
    default: json.compact
    }
  }
}

/// Comma-separated values, quoted as RFC 4180 has it; lines end as Unix tools and pandas end them.
enum CSV {
  static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    let marks: Set<Unicode.Scalar> = ["\"", ",", "\n", "\r"]
    guard field.unicodeScalars.contains(where: marks.contains) else { return field }
    return "\"\(field.replacing("\"", with: "\"\""))\""
  }
}
