internal import GRDB
internal import Platform

extension StoreError {
  /// Puts what SQLite says into the words of this program.
  ///
  /// - Parameter errno: What the system said to SQLite, where it was the system that failed.
  static func from(_ error: any Error, _ action: String, _ path: String, _ errno: Errno? = nil)
    -> StoreError
  {
    switch error {
    case let error as StoreError: error
    case let error as DatabaseError: from(error, action, path, errno)
    default: StoreError(.unreliable, action, path, "\(error)")
    }
  }

  /// A call to the system that failed.
  ///
  /// - Parameter place: The file that it failed on.
  static func system(_ errno: Errno, _ action: String, _ path: String, at place: String)
    -> StoreError
  {
    let words = ErrorWords(errno, at: place)
    let kind: Kind =
      switch errno.kind {
      case .missing, .exists, .denied, .nameTooLong: .folder
      case .noRoom: .diskFull
      case .fileTooLarge, .tooManyFiles, .wouldBlock, .other: .unreliable
      }
    if errno.kind == .noRoom, action == "write to" {
      return StoreError(kind, action, path, "\(words.problem); make room, and the sweep goes on")
    }
    return StoreError(kind, action, path, words.problem + (words.advice.map { "; \($0)" } ?? ""))
  }

  private static func from(
    _ error: DatabaseError, _ action: String, _ path: String, _ errno: Errno?
  ) -> StoreError {
    // SQLite quotes the text of a damaged schema, line breaks and all.
    let first = error.message?.split(separator: "\n").first.map(String.init)
    let said = first ?? "SQLite error \(error.extendedResultCode.rawValue)"
    if let errno, let failure = from(errno, of: error, action, path) { return failure }
    switch error.resultCode {
    case .SQLITE_NOTADB:
      return notSQLite(action, path)
    case .SQLITE_CORRUPT:
      return damaged(action, path, said)
    case .SQLITE_FULL:
      let next = action == "write to" ? "and the sweep goes on" : "and start again"
      return StoreError(.diskFull, action, path, "the disk is full; make room, \(next)")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return StoreError(
        .busy, action, path, "another program has kept it locked; end that program")
    case .SQLITE_CONSTRAINT:
      return StoreError(.refused, action, path, "its tables refuse a value (\(said))")
    case .SQLITE_READONLY
    where error.extendedResultCode == .SQLITE_READONLY_DBMOVED:
      return moved(action, path)
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      return StoreError(
        .folder, action, path, "it may not be written to; change its permissions")
    case .SQLITE_CANTOPEN:
      return StoreError(
        .folder, action, path,
        "the file or its journal cannot be opened; check the permissions of its folder")
    default:
      return StoreError(
        .unreliable, action, path,
        "\(said) (SQLite \(error.extendedResultCode.rawValue)); check the disk, then start again")
    }
  }

  /// The system's failure behind SQLite's, where it tells more than SQLite does.
  private static func from(
    _ errno: Errno, of error: DatabaseError, _ action: String, _ path: String
  ) -> StoreError? {
    guard [.SQLITE_CANTOPEN, .SQLITE_IOERR].contains(error.resultCode) else { return nil }
    switch errno.kind {
    case .noRoom, .fileTooLarge, .tooManyFiles, .nameTooLong:
      let failure = system(errno, action, path, at: path)
      // A sync that failed may succeed falsely when it is repeated.
      let isSync = [.SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC].contains(error.extendedResultCode)
      return isSync ? StoreError(.unreliable, failure) : failure
    case .missing, .exists, .denied, .wouldBlock, .other: return nil
    }
  }

  static func moved(_ action: String, _ path: String) -> StoreError {
    StoreError(
      .replaced, action, path,
      "the file was deleted or moved away under the running sweep, and its results went with it; put it "
        + "back, if it can be, and start again")
  }

  static func notSQLite(_ action: String, _ path: String) -> StoreError {
    StoreError(
      .notAStore, action, path, "it is not an SQLite file; choose another name for the store")
  }

  static func newer(_ action: String, _ path: String, _ what: String) -> StoreError {
    StoreError(
      .newer, action, path, "it was written by a newer vaesweep (\(what)); update vaesweep")
  }

  static func damaged(_ action: String, _ path: String, _ what: String) -> StoreError {
    StoreError(.damaged, action, path, "the file is damaged (\(what)); restore it from a copy")
  }
}
