/// What went wrong with a dataset: one line that says what was being done, to which file, what is
/// wrong with it and what to do about it.
package struct DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: Equatable, Sendable {
    /// Nothing is there: a file, a folder, or all four files of a dataset.
    case missing
    case unreadable
    case truncated
    case wrongMagic
    /// The images are too large, of more than one channel or of unequal sizes, or there are none.
    case wrongDimensions
    case countsDiffer
    case trailingBytes
    case corruptGzip
    /// A header announces more items or bytes than `IDXHeader` accepts.
    case tooLarge
    case digestMismatch
    /// Another published dataset lies where one was looked for.
    case otherDataset
    case diskFull
    case unwritable
    /// A chunk that does not continue what was received, or that exceeds the announced size.
    case unexpectedChunk
    /// The download failed: no source gave what its checksum says.
    case unavailable
    /// Several datasets lie in one folder, and none is named.
    case ambiguous
    case invalidName
    /// The program that downloads is missing.
    case noProgram
  }

  package let kind: Kind
  /// What was being done, to what.
  let action: String
  /// What is wrong, alone.
  let problem: String
  let advice: String

  package var description: String { "\(action): \(problem); \(advice)" }

  /// - Parameters:
  ///   - action: What was being done, with the file or folder it was done to.
  ///   - problem: What is wrong.
  ///   - advice: What the user can do about it.
  package init(_ kind: Kind, _ action: String, problem: String, advice: String) {
    self.kind = kind
    self.action = action
    self.problem = problem
    self.advice = advice
  }
}
