import Sweep
package import Wire

/// What a worker needs to meet a coordinator's terms: the dataset, and a trainer's fingerprint.
package struct Preparation: Sendable {
  /// What new terms change.
  package enum Change: Hashable, Sendable {
    /// Nothing of what has been prepared: the worker is ready at once.
    case nothing
    /// Dataset or arithmetic: everything is prepared anew.
    case everything
  }

  /// The terms that are met or being met.
  package private(set) var terms: Terms?
  package private(set) var datasetPath: String?
  package private(set) var fingerprint: String?
  /// The dataset on its way from the coordinator.
  private var pull: BlobPull?

  package init() {}

  /// Takes terms to be met.
  package mutating func begin(_ new: Terms) -> Change {
    let old = terms
    terms = new
    if let old, old.blasCore == new.blasCore, old.datasetDigest == new.datasetDigest,
      datasetPath != nil, fingerprint != nil
    {
      return .nothing
    }
    fingerprint = nil
    datasetPath = nil
    pull = nil
    return .everything
  }

  /// The dataset has to come from the coordinator.
  package mutating func beginTransfer(at now: Duration, _ effects: inout AgentEffects) {
    guard let terms else { return }
    effects.log(
      "fetching dataset \(terms.datasetName) (\(terms.datasetBytes) bytes) from the coordinator")
    pull = BlobPull(digest: terms.datasetDigest, size: terms.datasetBytes, at: now)
    request(&effects)
  }

  package mutating func endTransfer() { pull = nil }

  /// - Returns: Whether the piece is of the dataset.
  package mutating func receive(_ chunk: BlobChunk, at now: Duration, _ effects: inout AgentEffects)
    -> Bool
  {
    guard pull?.digest == chunk.digest else { return false }
    guard pull?.receive(chunk, at: now) == true else { return true }
    effects.add(.store(chunk))
    request(&effects)
    return true
  }

  /// Asks again from the last byte taken when nothing has come for a while.
  ///
  /// - Parameter silence: How long nothing at all was heard of the coordinator.
  /// - Returns: Whether to go on: the coordinator has not fallen silent in the middle.
  package mutating func continueTransfer(
    silence: Duration, at now: Duration, _ effects: inout AgentEffects
  ) -> Bool {
    switch pull?.attend(at: now) {
    case .moving, nil: return true
    case .stuck where silence < BlobPull.patience * 3:
      request(&effects)
      return true
    case .stuck, .givenUp:
      effects.log("the coordinator fell silent in the middle of the dataset")
      pull = nil
      return false
    }
  }

  private mutating func request(_ effects: inout AgentEffects) {
    for request in pull?.requests() ?? [] { effects.send(.blobRequest(request)) }
  }

  package mutating func datasetArrived(_ path: String) {
    pull = nil
    datasetPath = path
  }

  /// What lies at its path may not be the dataset any more.
  package mutating func loseDataset() {
    datasetPath = nil
    pull = nil
  }

  /// Takes a trainer's fingerprint: the first one stands for all, since they are the same binary on the
  /// same CPU.
  ///
  /// - Returns: Whether it is the same as before, or the first.
  package mutating func adopt(_ new: String) -> Bool {
    if let fingerprint { return fingerprint == new }
    fingerprint = new
    return true
  }
}
