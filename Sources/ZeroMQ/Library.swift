internal import CZeroMQ

/// The libzmq that this program runs with.
package enum Library {
  /// Such as `4.3.4`.
  package static var version: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    zmq_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }

  /// Whether it was built with CURVE, without which nothing can be encrypted.
  package static var hasCurve: Bool { zmq_has("curve") == 1 }
}
