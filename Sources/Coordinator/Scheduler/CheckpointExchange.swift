package import Sweep
package import VAE
package import Wire

/// The newest checkpoint of a point that is on record and on the disk.
package struct StoredCheckpoint: Hashable, Sendable {
  package let attempt: AttemptID
  package let reference: CheckpointReference

  package init(attempt: AttemptID, reference: CheckpointReference) {
    self.attempt = attempt
    self.reference = reference
  }
}

/// What a worker offers of an attempt that it holds.
package struct OfferedCheckpoint: Hashable, Sendable {
  package let attempt: AttemptID
  package let key: PointKey
  package let reference: CheckpointReference

  package init(attempt: AttemptID, key: PointKey, reference: CheckpointReference) {
    self.attempt = attempt
    self.key = key
    self.reference = reference
  }
}

/// Which checkpoint each point can be gone on from, and which are on their way to the disk.
///
/// A checkpoint never goes back: only one that is farther than the one on record is taken. A file goes
/// as soon as nothing refers to its bytes; where a function returns a digest, that file is to be deleted.
package struct CheckpointExchange: Sendable {
  /// What becomes of an offer.
  package enum Judgement: Hashable, Sendable {
    case wanted
    /// It is on record, under these very bytes or as one that is at least as far.
    case passed(isOnRecord: Bool)
    /// It is on its way already, or too much else is.
    case busy
  }

  /// Of positions that have no outcome.
  private var stored: [Int: StoredCheckpoint]
  /// On their way to the disk and on record.
  private var writing: Set<OfferedCheckpoint> = []

  package init(stored: [Int: StoredCheckpoint] = [:]) { self.stored = stored }

  /// Judges an offer for the position `index`.
  package func judge(_ offered: OfferedCheckpoint, at index: Int) -> Judgement {
    if let stored = stored[index], stored.reference.step >= offered.reference.step {
      return .passed(isOnRecord: stored.reference.digest == offered.reference.digest)
    }
    // What waits for the disk is bounded like what is under way.
    let waiting = writing.reduce(0) { $0 + $1.reference.size }
    return writing.contains(offered) || waiting >= BlobIntake.maxBytes ? .busy : .wanted
  }

  /// Steps that the newest checkpoint on record has behind it; 0 where there is none.
  package func reached(at index: Int) -> Int { stored[index]?.reference.step ?? 0 }

  /// All bytes of a checkpoint are here and go to the disk.
  package mutating func beginWriting(_ offered: OfferedCheckpoint) { writing.insert(offered) }

  /// Whether a checkpoint that is on the disk is farther than the one on record.
  package func isFarther(_ offered: OfferedCheckpoint, at index: Int) -> Bool {
    offered.reference.step > (stored[index]?.reference.step ?? 0)
  }

  /// A checkpoint is on record: from now on it is relied upon, and the one before it goes.
  package mutating func record(_ offered: OfferedCheckpoint, at index: Int) -> Digest? {
    writing.remove(offered)
    let old = stored.updateValue(
      StoredCheckpoint(attempt: offered.attempt, reference: offered.reference), forKey: index)
    return old.flatMap { unused($0.reference.digest) }
  }

  /// A checkpoint that was on its way is of no use.
  package mutating func discard(_ offered: OfferedCheckpoint) -> Digest? {
    writing.remove(offered)
    return unused(offered.reference.digest)
  }

  /// A position has its outcome: its checkpoint is of no use any more.
  package mutating func drop(at index: Int) -> Digest? {
    stored.removeValue(forKey: index).flatMap { unused($0.reference.digest) }
  }

  /// What a worker of this fingerprint can go on from.
  package func reference(at index: Int, fingerprint: String) -> CheckpointReference? {
    guard let stored = stored[index], stored.reference.fingerprint == fingerprint else {
      return nil
    }
    return stored.reference
  }

  /// The digest, unless the very same bytes are on record of another attempt, or on their way.
  private func unused(_ digest: Digest) -> Digest? {
    let isUsed =
      stored.values.contains { $0.reference.digest == digest }
      || writing.contains { $0.reference.digest == digest }
    return isUsed ? nil : digest
  }

  /// Bytes beyond which nothing is taken: more than the training of this net can leave behind.
  ///
  /// Whoever offers more would only keep the others waiting for room.
  ///
  /// Parameters with two moments each and their gradients, and artifacts beside them.
  package static func maxSize(of architecture: Architecture) -> Int {
    let widths = [architecture.input] + architecture.hidden + [architecture.latentDim]
    let products = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * ($1.1 + 1) }
    // Encoder and decoder, and means and variances of the latents.
    return 4 * 4 * 3 * products + (16 << 20)
  }
}
