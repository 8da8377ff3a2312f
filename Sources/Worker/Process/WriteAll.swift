internal import Glibc

/// Writes all of `bytes`, again after EINTR.
///
/// SIGPIPE must be ignored.
///
/// - Returns: The error that stopped it, EPIPE where nobody reads any more; nil where all is written.
package func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Int32? {
  var rest = Array(bytes)[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    let code = errno
    if written < 0, code == EINTR { continue }
    guard written > 0 else { return written < 0 ? code : EIO }
    rest = rest.dropFirst(written)
  }
  return nil
}
