/// What went wrong with a dataset: one line that says what was being done, to which file, what is
/// wrong with it and what to do about it.
package struct DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: Equatable, Sendable {
    /// Nothing is there: a file, a folder, or all four files of a dataset.
    case missing
    case unreadable
    case truncated
    case wrongMagic
    /// The images are not 28 × 28, or there are none.
    case wrongDimensions
    case countsDiffer
    case trailingBytes
    case labelOutOfRange
    case corruptGzip
    /// A header announces more than `IDXHeader.maximumCount` items.
    case tooLarge
    case digestMismatch
    case diskFull
    case unwritable
    /// A chunk that does not continue what was received, or that exceeds the announced size.
    case unexpectedChunk
    /// The download failed.
    case unavailable
    case invalidName
  }

  package let kind: Kind
  package let description: String
  /// What is wrong, alone.
  let problem: String

  /// - Parameters:
  ///   - action: What was being done, with the file or folder it was done to.
  ///   - problem: What is wrong.
  ///   - advice: What the user can do about it.
  package init(_ kind: Kind, _ action: String, problem: String, advice: String) {
    self.kind = kind
    self.problem = problem
    description = "\(action): \(problem); \(advice)"
  }
}
