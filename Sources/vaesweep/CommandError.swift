import Dataset
import ResultStore
import Worker

/// The exit statuses: what a script may tell apart.
enum ExitStatus: Int32 {
  case error = 1
  case badInput = 2
  case failedPoints = 3
  case interrupted = 130
}

/// What ends a command early: an exit status and one line for standard error.
struct CommandError: Error, CustomStringConvertible {
  let status: ExitStatus
  let message: String?

  var description: String { message ?? "exit status \(status.rawValue)" }

  init(_ status: ExitStatus, _ message: String?) {
    self.status = status
    self.message = message
  }

  static func badInput(_ message: some CustomStringConvertible) -> CommandError {
    CommandError(.badInput, message.description)
  }

  static func failure(_ message: some CustomStringConvertible) -> CommandError {
    CommandError(.error, message.description)
  }
}

extension CommandError {
  /// Bad input, unless it is the machine that failed.
  static func of(_ error: StoreError) -> CommandError {
    switch error.kind {
    case .diskFull, .busy, .unreliable, .refused, .replaced: .failure(error)
    case .missing, .notAStore, .foreign, .newer, .older, .folder, .networkFilesystem, .linked,
      .inUse,
      .otherTerms, .damaged:
      .badInput(error)
    }
  }

  /// Bad input, unless it is the machine or the network that failed.
  static func of(_ error: DatasetError) -> CommandError {
    switch error.kind {
    case .diskFull, .unwritable, .unavailable, .unexpectedChunk, .noProgram: .failure(error)
    case .missing, .unreadable, .truncated, .wrongMagic, .wrongDimensions, .countsDiffer,
      .trailingBytes, .corruptGzip, .tooLarge, .digestMismatch, .otherDataset, .invalidName,
      .ambiguous:
      .badInput(error)
    }
  }

  /// Bad input, unless it is the machine that failed.
  static func of(_ error: TrainingError) -> CommandError {
    switch error {
    case .point(let reason): .badInput(reason)
    case .host(let reason): .failure(reason)
    }
  }
}
