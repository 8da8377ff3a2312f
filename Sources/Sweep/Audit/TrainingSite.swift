/// Where a result was made, or may be made: a host and its kind of CPU, as they say themselves.
package struct TrainingSite: Hashable, Sendable {
  package var host: String
  package var cpu: String

  package init(host: String, cpu: String) {
    self.host = host
    self.cpu = cpu
  }

  package init(_ receipt: Receipt) {
    self.init(host: receipt.host, cpu: receipt.cpu)
  }

  /// How much a result from here says about one from `origin`; the larger, the more.
  ///
  /// An error of a machine does not repeat on another host, and one of a kind of CPU not on another kind.
  /// A host's name may be shared, as by containers, so that another CPU under the same name counts too.
  package func independence(from origin: TrainingSite) -> Int {
    (host == origin.host ? 0 : 2) + (cpu == origin.cpu ? 0 : 1)
  }
}
