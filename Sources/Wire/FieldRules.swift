internal import Sweep
internal import VAE

/// Checks between what a frame can hold and what the rooms above accept.
///
/// Bounds are far above anything our programs send and far below anything that could hurt.
enum FieldRules {
  /// Slots, cores, credit, attempts held.
  static let maxOfAnything = 1 << 20
  static let maxEpochs = Configuration.maxEpochs
  /// Bytes of a line for a person, or of a path.
  static let longestText = 4096
  /// Bytes of a host, a version, a CPU, a name.
  static let longestName = 512

  static func digest(_ hex: String, _ field: String) throws(WireError) -> Digest {
    guard let digest = Digest(hex: hex) else {
      throw .invalid(field: field, reason: "is not a SHA-256 in lower-case hexadecimal")
    }
    return digest
  }

  /// A name that may be printed and stored: not empty, no control characters.
  static func name(_ text: String, _ field: String) throws(WireError) -> String {
    guard !text.isEmpty else { throw .invalid(field: field, reason: "is empty") }
    return try line(text, field, longest: longestName)
  }

  /// One line for a person: what a hostile peer wrote must not steer a terminal.
  static func line(_ text: String, _ field: String, longest: Int = longestText)
    throws(WireError) -> String
  {
    guard text.utf8.count <= longest else {
      throw .invalid(field: field, reason: "is longer than \(longest) bytes")
    }
    guard isPlain(text) || !text.unicodeScalars.contains(where: \.isControl) else {
      throw .invalid(field: field, reason: "contains control characters")
    }
    return text
  }

  /// Printable ASCII alone, as nearly all texts are: seen at once.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20..<0x7f).contains($0) }
  }

  /// `text` as `line` accepts it: control characters become spaces, and a long one is cut.
  static func clean(_ text: String, longest: Int = longestText) -> String {
    if text.utf8.count <= longest, isPlain(text) { return text }
    var cleaned = String.UnicodeScalarView()
    var bytes = 0
    for scalar in text.unicodeScalars {
      let kept = scalar.isControl ? " " : scalar
      bytes += UTF8.width(kept)
      guard bytes <= longest else { break }
      cleaned.append(kept)
    }
    return String(cleaned)
  }

  static func cleanName(_ text: String) -> String { clean(text, longest: longestName) }

  /// A number that was sent unsigned, within `range`.
  static func count(
    _ value: some UnsignedInteger, _ field: String, in range: ClosedRange<Int> = 0...Int.max
  ) throws(WireError) -> Int {
    guard let count = Int(exactly: value), range.contains(count) else {
      throw .invalid(field: field, reason: "is \(value), out of range")
    }
    return count
  }

  static func small(_ value: Int, _ field: String) throws(WireError) -> UInt32 {
    guard let small = UInt32(exactly: value) else {
      throw .invalid(field: field, reason: "is \(value), out of range")
    }
    return small
  }

  static func large(_ value: Int, _ field: String) throws(WireError) -> UInt64 {
    guard let large = UInt64(exactly: value) else {
      throw .invalid(field: field, reason: "is \(value), out of range")
    }
    return large
  }

  /// The longest time that a peer may state: ten years.
  private static let longest = Duration.seconds(315_360_000)

  static func milliseconds(_ value: UInt64, _ field: String) throws(WireError) -> Duration {
    let duration = Duration.milliseconds(Int64(clamping: value))
    guard duration <= longest else {
      throw .invalid(field: field, reason: "is \(value) ms, out of range")
    }
    return duration
  }

  static func milliseconds(_ duration: Duration, _ field: String) throws(WireError) -> UInt64 {
    guard duration >= .zero, duration <= longest else {
      throw .invalid(field: field, reason: "is \(duration), out of range")
    }
    return UInt64(duration / Duration.milliseconds(1))
  }

  /// A path on this host: any characters but NUL.
  static func path(_ text: String, _ field: String) throws(WireError) -> String {
    guard text.utf8.count <= longestText, !text.utf8.contains(0) else {
      throw .invalid(field: field, reason: "is not a path")
    }
    return text
  }

  static func few(_ count: Int, _ field: String, atMost most: Int) throws(WireError) {
    guard count <= most else {
      throw .invalid(field: field, reason: "has \(count) entries, more than \(most)")
    }
  }
}

extension UTF8 {
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { scalar.utf8.count }
}

extension Unicode.Scalar {
  /// C0, DEL and C1 controls, and the marks that reverse the direction of writing.
  fileprivate var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
