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
}
