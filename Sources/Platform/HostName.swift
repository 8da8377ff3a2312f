internal import Glibc

/// What this host calls itself.
package enum HostName {
  /// Never empty: a host without a name is `localhost`.
  package static var current: String {
    var buffer = [CChar](repeating: 0, count: 256)
    let status = gethostname(&buffer, buffer.count - 1)
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let name = String(decoding: bytes, as: UTF8.self)
    let isBlank = name.allSatisfy(\.isWhitespace)
    return status != 0 || isBlank ? "localhost" : name
  }
}
