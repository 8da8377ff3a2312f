internal import GRDB

extension StoreError {
  /// Puts what SQLite says into the words of this program.
  static func from(_ error: any Error, _ action: String, _ path: String) -> StoreError {
    switch error {
    case let error as StoreError: error
    case let error as DatabaseError: from(error, action, path)
    default: StoreError(.unreliable, action, path, "\(error)")
    }
  }

  private static func from(_ error: DatabaseError, _ action: String, _ path: String) -> StoreError {
    // SQLite quotes the text of a damaged schema, line breaks and all.
    let first = error.message?.split(separator: "\n").first.map(String.init)
    let said = first ?? "SQLite error \(error.extendedResultCode.rawValue)"
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
      return StoreError(
        .unreliable, action, path,
        "the file was deleted or moved away under the running sweep; put it back, if it can be")
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

  static func notSQLite(_ action: String, _ path: String) -> StoreError {
    StoreError(
      .notAStore, action, path, "it is not an SQLite file; choose another name for the store")
  }

  static func damaged(_ action: String, _ path: String, _ what: String) -> StoreError {
    StoreError(.damaged, action, path, "the file is damaged (\(what)); restore it from a copy")
  }
}
