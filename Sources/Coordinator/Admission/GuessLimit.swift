internal import Glibc
package import ZeroMQ

/// Slows whoever tries keys at the door: of one address so many strange keys are looked at in a while,
/// and its further ones are refused unseen.
///
/// Nobody finds a secret of 256 bits at whatever rate; what this saves is the work and the log. It is
/// asked about strange keys alone. So whoever shares an address with workers may keep new ones from
/// being let in for as long as it goes on; it never keeps out those whose key is approved.
package struct GuessLimit: Sendable {
  package enum Verdict: Hashable, Sendable {
    case look
    /// - Parameter isNews: Whether it is the first of this address in this while.
    case refuse(isNews: Bool)
  }

  private struct Window: Sendable {
    let begin: ContinuousClock.Instant
    var keys: Set<CurvePublicKey> = []
    var isTold = false
  }

  /// Keys of one address that are looked at in each interval.
  package static let mostKeys = 64
  package static let interval = Duration.seconds(60)
  private static let maxAddresses = 1024

  private var windows: [String: Window] = [:]

  package init() {}

  /// Whether a key that is not approved is to be looked at.
  ///
  /// One that was looked at in this while is no further guess: it waits to be approved, or is an
  /// invitation that serves many.
  package mutating func judge(
    _ key: CurvePublicKey, from address: String, at now: ContinuousClock.Instant
  ) -> Verdict {
    let network = Self.network(of: address)
    if let begin = windows[network]?.begin, now - begin >= Self.interval {
      windows[network] = nil
    }
    if windows[network] == nil { makeRoom(at: now) }
    var window = windows[network] ?? Window(begin: now)
    // No copy of its keys may be alive when they grow.
    windows[network] = nil
    defer { windows[network] = window }
    if window.keys.contains(key) { return .look }
    guard window.keys.count < Self.mostKeys else {
      defer { window.isTold = true }
      return .refuse(isNews: !window.isTold)
    }
    window.keys.insert(key)
    return .look
  }

  /// Addresses that it remembers; bounded, whoever comes from wherever.
  package var size: Int { windows.count }

  private mutating func makeRoom(at now: ContinuousClock.Instant) {
    guard windows.count >= Self.maxAddresses else { return }
    windows = windows.filter { now - $0.value.begin < Self.interval }
    if windows.count >= Self.maxAddresses { windows.removeAll() }
  }

  /// What one owner is likely to have: an IPv4 address, the first 64 bits of an IPv6 address.
  private static func network(of address: String) -> String {
    var bytes = in6_addr()
    let digits = String(address.prefix { $0 != "%" })
    guard address.contains(":"), inet_pton(AF_INET6, digits, &bytes) == 1 else { return address }
    return withUnsafeBytes(of: bytes) { bytes in
      bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }
  }
}
