import Crypto

/// One SHA-256 over all results of a store or a sweep: the same whatever order, host or number of
/// restarts made them.
///
/// It is the digest of one line for each point that has an outcome, in the order of the keys: the key, a
/// space, the result digest, a line feed, in ASCII. So
/// `vaesweep export STORE --format jsonl | jq -r '.key + " " + .result_digest' | sort | sha256sum` gives it
/// too.
package struct RootHash: Sendable {
  private var hash = SHA256()
  private var last: PointKey?
  /// Points so far.
  package private(set) var count = 0

  package init() {}

  /// Adds the next point; the keys must come in ascending order.
  ///
  /// - Returns: Whether the key stands behind those before it; one that does not is not added.
  @discardableResult
  package mutating func add(_ key: PointKey, resultDigest: Digest) -> Bool {
    if let last, !(last < key) { return false }
    last = key
    count += 1
    hash.update(data: Array("\(key) \(resultDigest.hex)\n".utf8))
    return true
  }

  /// The root hash of what was added so far.
  package var value: Digest { Digest(hash.finalize()) }
}
