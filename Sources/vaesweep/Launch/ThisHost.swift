import Platform
import ZeroMQ

/// How other hosts may reach this one, bound to every interface.
struct ThisHost {
  /// An address, the likeliest; the host's name where it has none.
  let address: String
  /// Its other addresses, each with its interface.
  let others: [String]

  init() {
    let found = InterfaceAddress.reachable()
    address = found.first.map { "\($0)" } ?? HostName.current
    others = found.dropFirst().map { "\($0) (\($0.interface))" }
  }
}
