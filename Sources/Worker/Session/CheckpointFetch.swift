package import Sweep
package import Wire

/// A checkpoint on its way from the coordinator.
package struct CheckpointFetch: Sendable {
  package let key: PointKey
  package let reference: CheckpointReference
  private var pull: BlobPull

  package init(_ reference: CheckpointReference, of key: PointKey, at now: Duration) {
    self.key = key
    self.reference = reference
    pull = BlobPull(digest: reference.digest, size: reference.size, at: now)
  }

  package mutating func request(_ effects: inout AgentEffects) {
    for request in pull.requests() { effects.send(.blobRequest(request)) }
  }

  /// - Returns: Whether `chunk` is the next piece.
  package mutating func receive(_ chunk: BlobChunk, at now: Duration) -> Bool {
    pull.receive(chunk, at: now)
  }

  /// Notes what has not come for a while.
  ///
  /// - Returns: Whether to go on waiting for it; else its point starts from the start.
  package mutating func continueTransfer(at now: Duration) -> Bool {
    pull.attend(at: now) != .givenUp
  }
}

// From the coordinator to trainers.
extension CheckpointExchange {
  /// The coordinator's checkpoint of a point, if it is farther than the local one and serves here.
  private func remote(_ point: HeldPoint, fingerprint: String?) -> CheckpointReference? {
    guard let remote = point.checkpoint, remote.fingerprint == fingerprint,
      remote.step > (local(point.key, fingerprint: fingerprint)?.reference.step ?? 0)
    else { return nil }
    return remote
  }

  /// Whether a point can be started: nothing is to be fetched for it first.
  package func isReady(_ point: HeldPoint, fingerprint: String?) -> Bool {
    folder == nil || remote(point, fingerprint: fingerprint) == nil
  }

  /// Fetches what the next waiting points need, one after the other.
  ///
  /// - Returns: The point whose checkpoint cannot be had, if any.
  package mutating func fetchNext(
    for waiting: ArraySlice<HeldPoint>, fingerprint: String?,
    at now: Duration, _ effects: inout AgentEffects
  ) -> PointKey? {
    if let fetch, !waiting.contains(where: { $0.key == fetch.key }) { self.fetch = nil }
    if let key = fetch?.key, fetch?.continueTransfer(at: now) == false {
      fetch = nil
      return key
    }
    if fetch == nil, folder != nil,
      let point = waiting.first(where: { remote($0, fingerprint: fingerprint) != nil }),
      let reference = remote(point, fingerprint: fingerprint)
    {
      fetch = CheckpointFetch(reference, of: point.key, at: now)
    }
    fetch?.request(&effects)
    return nil
  }

  package mutating func receive(_ chunk: BlobChunk, at now: Duration, _ effects: inout AgentEffects)
  {
    guard let fetch, self.fetch?.receive(chunk, at: now) == true else { return }
    effects.add(.storeCheckpoint(fetch.key, fetch.reference, chunk))
    self.fetch?.request(&effects)
  }

  /// The answer to the last piece: where the checkpoint is, or nil where it does not serve.
  ///
  /// - Returns: Whether it serves.
  package mutating func fetched(
    _ key: PointKey, _ checkpoint: LocalCheckpoint?, _ effects: inout AgentEffects
  ) -> Bool {
    if fetch?.key == key { fetch = nil }
    guard let checkpoint else { return false }
    replace(with: checkpoint, &effects)
    return true
  }
}
