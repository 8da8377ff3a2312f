import ZeroMQ

/// Reads an endpoint option.
enum EndpointOption {
  static func parse(_ text: String, option: String) throws(CommandError) -> Endpoint {
    let endpoint: Endpoint
    do {
      endpoint = try Endpoint(parsing: text)
    } catch {
      throw .badInput("\(option): \(error)")
    }
    if case .inproc = endpoint.address {
      throw .badInput("\(option): inproc:// reaches no other process: use tcp:// or ipc://")
    }
    return endpoint
  }

  /// An endpoint at which a coordinator is reached from other hosts.
  ///
  /// - Parameters:
  ///   - readers: Who reaches it, as the complaint calls them.
  ///   - port: Of the address that the complaint gives as an example.
  static func parseReachable(
    _ text: String, option: String, by readers: String, port: Int = 5757
  ) throws(CommandError) -> Endpoint {
    let endpoint = try parse(text, option: option)
    guard endpoint.port != nil, !endpoint.isEveryInterface else {
      throw .badInput(
        "\(option) \(text): \(readers) need an address and a port: tcp://HOST:\(port)")
    }
    return endpoint
  }
}
