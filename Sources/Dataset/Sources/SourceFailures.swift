/// What was wrong with the sources that were asked so far.
struct SourceFailures {
  private var all: [(source: String, error: DatasetError)] = []

  /// - Parameter source: A folder, or an address.
  mutating func append(_ source: String, _ error: DatasetError) { all.append((source, error)) }

  /// Each source and what is wrong with it, in the order in which they were asked.
  var problems: String {
    all.map { "\($0.source): \($0.error.problem)" }.joined(separator: "; ")
  }

  /// The only failure as it is, or all of them in one; nil where there is none.
  var error: DatasetError? {
    guard let first = all.first else { return nil }
    if all.count == 1 { return first.error }
    return DatasetError(
      first.error.kind, "looking for a dataset", problem: problems, advice: first.error.advice)
  }
}

extension DatasetError {
  /// Whether the source is at fault, so that another may do better; else this machine is.
  var isOfSource: Bool {
    switch kind {
    case .missing, .unreadable, .truncated, .wrongMagic, .wrongDimensions, .countsDiffer,
      .trailingBytes, .corruptGzip, .tooLarge, .digestMismatch, .otherDataset, .unavailable,
      .ambiguous:
      true
    case .diskFull, .unwritable, .unexpectedChunk, .invalidName, .noProgram: false
    }
  }
}
