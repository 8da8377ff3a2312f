/// Where something stands: a line of a file, or a word of the command line.
struct Place: Hashable, Sendable, CustomStringConvertible {
  /// The file, or the option, as it was named.
  let source: String
  /// Counted from 1; nil where it concerns the whole of it.
  let line: Int?

  var description: String { line.map { "\(source):\($0)" } ?? source }
}

/// A fault and where it is.
struct Fault: Error, Hashable {
  var place: Place?
  var message: String

  init(_ place: Place?, _ message: String) {
    self.place = place
    self.message = message
  }

  func error(in file: String) -> SweepFileError {
    SweepFileError(file: place?.source ?? file, line: place?.line, message: message)
  }
}
