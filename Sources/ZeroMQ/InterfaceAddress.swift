internal import Glibc

/// An address of one of this machine's network interfaces that are up.
package struct InterfaceAddress: Hashable, Sendable, CustomStringConvertible {
  package let interface: String
  /// Always `ipv4` or `ipv6`, the latter with its scope where it is link-local.
  package let host: Endpoint.Host
  package let isLoopback: Bool
  /// Whether it serves on its own link only: 169.254.x and fe80::.
  package let isLinkLocal: Bool

  /// As it stands in an endpoint: an IPv6 address in brackets.
  package var description: String { "\(host)" }

  private var isIPv4: Bool { if case .ipv4 = host { true } else { false } }

  /// Those of all interfaces, as the system lists them; empty where it tells nothing.
  package static func all() -> [InterfaceAddress] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var found: [InterfaceAddress] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ifa_next
      let flags = Int32(bitPattern: entry.ifa_flags)
      guard flags & Int32(IFF_UP) != 0, let address = entry.ifa_addr, let host = host(of: address)
      else { continue }
      found.append(
        InterfaceAddress(
          interface: String(cString: entry.ifa_name), host: host,
          isLoopback: flags & Int32(IFF_LOOPBACK) != 0))
    }
    return found
  }

  private init(interface: String, host: Endpoint.Host, isLoopback: Bool) {
    self.interface = interface
    self.host = host
    self.isLoopback = isLoopback
    isLinkLocal =
      switch host {
      case .ipv4(let text): text.hasPrefix("169.254.")
      case .ipv6(let text): text.lowercased().hasPrefix("fe80:")
      case .any, .named: false
      }
  }

  /// Whether loopback is up; nobody knows on a system that lists no interfaces.
  static var hasLoopback: Bool {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return true }
    freeifaddrs(list)
    return all().contains(where: \.isLoopback)
  }

  /// The address to bind for an interface: its IPv4 address where it has one, else an IPv6 address
  /// that other links reach, else any; nil where there is no such interface, or it has none.
  static func toBind(_ interface: String) -> InterfaceAddress? {
    let own = all().filter { $0.interface == interface }
    return own.first(where: \.isIPv4) ?? own.first { !$0.isLinkLocal } ?? own.first
  }

  /// The addresses by which other hosts may reach this one, the likeliest first: the one that packets
  /// to the default route bear, then IPv4 before IPv6.
  ///
  /// Nothing is sent: the system is only asked which way a packet would take.
  package static func reachable() -> [InterfaceAddress] {
    let all = all().filter { !$0.isLoopback && !$0.isLinkLocal }
    let sorted = all.filter(\.isIPv4) + all.filter { !$0.isIPv4 }
    // Addresses set aside for documentation, which are on no network.
    let routed = [
      source(AF_INET, to: "192.0.2.1"), source(AF_INET6, to: "2001:db8::1"),
    ].compactMap { $0 }
    let first = routed.lazy.compactMap { host in sorted.first { $0.host == host } }.first
    return (first.map { [$0] } ?? []) + sorted.filter { $0 != first }
  }

  /// The address that a packet to `destination` would bear; nil where there is no route.
  private static func source(_ family: Int32, to destination: String) -> Endpoint.Host? {
    var hints = addrinfo()
    hints.ai_family = family
    hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(destination, "9", &hints, &found) == 0, let target = found else { return nil }
    defer { freeaddrinfo(found) }
    let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // Connecting a datagram socket chooses a route and sends nothing.
    guard Glibc.connect(descriptor, target.pointee.ai_addr, target.pointee.ai_addrlen) == 0 else {
      return nil
    }
    var own = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &own) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        getsockname(descriptor, address, &size) == 0 ? host(of: address) : nil
      }
    }
  }

  private static func host(of address: UnsafeMutablePointer<sockaddr>) -> Endpoint.Host? {
    let size: Int
    switch Int32(address.pointee.sa_family) {
    case AF_INET: size = MemoryLayout<sockaddr_in>.size
    case AF_INET6: size = MemoryLayout<sockaddr_in6>.size
    default: return nil
    }
    var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    guard
      getnameinfo(
        address, socklen_t(size), &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0
    else { return nil }
    let text = String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return Int32(address.pointee.sa_family) == AF_INET ? .ipv4(text) : .ipv6(text)
  }
}
