package import ResultStore
package import Wire
package import ZeroMQ

/// How a coordinator is started.
package struct CoordinatorOptions: Sendable {
  /// The dataset's cache file, which is handed to workers that lack it.
  package var datasetFile: String

  package init(datasetFile: String) {
    self.datasetFile = datasetFile
  }
}

/// How a coordinator ended.
package struct CoordinatorEnding: Sendable {
  /// Every point has an outcome or is failed.
  package let isComplete: Bool
  package let failures: Int
  package let cancelled: Int
  /// The orders that cancelled them, as they were typed.
  package let cancellations: [String]
  package let status: StatusReply
  /// Why it gave up, where it did: its only host fails every point.
  package let trouble: String?
  /// Who has given it another sweep to go on with, and waits to hear that it does.
  package var extensionAsker: PeerID?
}

/// What ends a coordinator before its sweep does.
package enum CoordinatorError: Error, Sendable, CustomStringConvertible {
  case network(ZeroMQError)
  case store(StoreError)

  /// What the user is to do next; what was committed is safe unless the store itself was lost.
  package var advice: String? {
    switch self {
    case .store(let error) where !error.isContentSafe: nil
    case .network, .store: "what is committed is safe: start again on the same store to go on"
    }
  }

  package var description: String {
    switch self {
    case .network(let error): "\(error)"
    case .store(let error): "\(error)"
    }
  }
}
