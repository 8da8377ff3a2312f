/// Why the store could not be opened, read or written; its description is one line.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What to do about it, for a program.
  package enum Kind: Hashable, Sendable {
    /// There is no such file, or no sweep has started on it yet.
    case missing
    /// Not an SQLite file.
    case notAStore
    /// An SQLite file of another program.
    case foreign
    /// Written by a version that knows more than this one.
    case newer
    /// Written by a version that knows less: it lacks results that this one reads.
    case older
    /// Its folder is missing, or not to be written to.
    case folder
    /// On a network or FUSE file system, where locks and fsync promise too little.
    case networkFilesystem
    /// Reached by more than one name, of which SQLite knows only one.
    case linked
    /// Deleted, moved away or overwritten while a sweep ran on it: what was stored may be gone.
    case replaced
    /// Another coordinator holds it.
    case inUse
    /// It holds results of another dataset, trainer version, BLAS core or fingerprint.
    case otherTerms
    /// The disk is full; nothing of the batch is stored. It may be tried again.
    case diskFull
    /// Another program has locked the file for too long. It may be tried again.
    case busy
    /// Reading or writing failed; only a store opened anew can be trusted.
    case unreliable
    /// The file is truncated or its contents contradict themselves.
    case damaged
    /// A value that the tables refuse: a mistake of the caller's.
    case refused
  }

  package let kind: Kind
  package let description: String

  /// "cannot ‹action› the store ‹path›: ‹reason›", with what to do at the end of the reason.
  init(_ kind: Kind, _ action: String, _ path: String, _ reason: String) {
    self.kind = kind
    description = "cannot \(action) the store \(path): \(reason)"
  }

  /// The same words, to be taken as another kind.
  init(_ kind: Kind, _ error: StoreError) {
    self.kind = kind
    description = error.description
  }

  /// Whether everything that was committed is still in the file.
  package var isContentSafe: Bool {
    switch kind {
    case .missing, .notAStore, .foreign, .newer, .older, .replaced, .damaged: false
    case .folder, .networkFilesystem, .linked, .inUse, .otherTerms, .diskFull, .busy, .unreliable,
      .refused:
      true
    }
  }

  /// Whether the same operation may succeed later on the same open store.
  package var mayBeTriedAgain: Bool { kind == .diskFull || kind == .busy }
}
