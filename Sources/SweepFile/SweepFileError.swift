/// A sweep file that cannot be used: where, and what to do about it, in one line.
package struct SweepFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as it was named.
  package let file: String
  /// The line the fault stands on, counted from 1; nil where it concerns the whole file.
  package let line: Int?
  package let message: String

  package init(file: String, line: Int?, message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  package var description: String { "\(place): \(message)" }

  /// The same as a line that stops nothing.
  var warning: String { "\(place): warning: \(message)" }

  private var place: String { line.map { "\(file):\($0)" } ?? file }
}

extension String {
  /// Fit to stand in a one-line message: control characters escaped, at most 60 characters.
  var quotable: String {
    var text = ""
    for (count, scalar) in unicodeScalars.enumerated() {
      if count == 60 { return text + "…" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        text += scalar.escaped(asASCII: true)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
