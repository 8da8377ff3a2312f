import ZeroMQ

/// Reads an endpoint option, and keeps plain text off networks unless it was asked for.
enum EndpointOption {
  static func parse(_ text: String, insecure: Bool, option: String) throws(CommandError) -> Endpoint
  {
    let endpoint: Endpoint
    do {
      endpoint = try Endpoint(parsing: text)
    } catch {
      throw .badInput("\(option): \(error)")
    }
    if case .inproc = endpoint.address {
      throw .badInput("\(option): inproc:// reaches no other process: use tcp:// or ipc://")
    }
    guard endpoint.isLoopback || insecure else {
      throw .badInput(
        "\(option) \(text): beyond loopback nothing is encrypted and every peer is let in yet; "
          + "say --insecure on both sides if this network is yours alone")
    }
    return endpoint
  }
}
