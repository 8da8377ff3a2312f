/// Why a frame could not be written or read; its description is one line.
package enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The other side speaks another version of the protocol. It deserves a refusal, not silence.
  case version(theirs: Int, ours: Int)
  /// A frame above `Frame.largest`.
  case oversize(bytes: Int)
  /// Not a frame of this protocol at all.
  case malformed(String)
  /// A message that this channel does not have, or not in this version.
  case unknownMessage
  /// A well-formed frame with a value that no program of ours would send.
  case invalid(field: String, reason: String)

  package var description: String {
    switch self {
    case .version(let theirs, let ours):
      "the other side speaks protocol version \(theirs) and this one \(ours): "
        + "run the same vaesweep on every host"
    case .oversize(let bytes):
      "a frame of \(bytes) bytes is above the limit of \(Frame.largest)"
    case .malformed(let reason): "not a vaesweep frame: \(reason)"
    case .unknownMessage:
      "not a vaesweep frame: it holds no message that this version knows"
    case .invalid(let field, let reason): "a frame's \(field) \(reason)"
    }
  }
}
