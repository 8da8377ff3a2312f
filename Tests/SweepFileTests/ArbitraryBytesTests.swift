import SweepFile
import TestSupport
import Testing

/// Mutations of a sound file: each must give a definition or one line, and never trap.
@Suite("Arbitrary bytes")
struct ArbitraryBytesTests {
  private static let seed = """
    # "c" 'd' *x &y
    name: x
    dataset: "./d\\u00e9"
    grid:
      hidden: &h [[256], 256-32]
      latent_dim: [2, 4]
      sampling: [true, false]
      seed: [0..9, 20]
      limit: [none, 100]
    exclude:
      - {sampling: false, seed: 20}
    train: {epochs: 5, learning_rate: 1e-3, kl_weight: !!float 1, "loss": |
      bce}
    """

  private static let pieces = [
    "*h", "&h", "---\n", "...", "!!", "? ", ": ", "- ", "[", "]", "{", "}", "|", ">", "\"", "'",
    "<<: *h", "%YAML 1.1\n", "\u{0}", "\u{feff}", "\n", "\t", "0..", "9999999999999999999", "~",
    "\\xff", "\u{2028}", "!<tag:x>", "e9", "-",
  ]

  @Test("give a definition or a line", arguments: 0..<8)
  func mutations(stream: UInt64) {
    var random = SeededGenerator(seed: stream)
    for _ in 0..<400 {
      var bytes = Array(Self.seed.utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
          let piece = Self.pieces.randomElement(using: &random) ?? ""
          bytes.insert(contentsOf: piece.utf8, at: place)
        case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
        case 2: bytes.removeSubrange(place..<min(place + 5, bytes.count))
        default: bytes.append(contentsOf: bytes[place...].prefix(40))
        }
      }
      check(bytes)
    }
  }

  @Test(
    "that nest deeply or repeat much are refused",
    arguments: [
      String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
      String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
      String(repeating: "a", count: 1_000_000), String(repeating: "&a ", count: 10_000),
      (0..<9).map { "a\($0): &a\($0) [\(String(repeating: "*a\($0 - 1),", count: 9))]\n" }.joined(),
    ])
  func bombs(text: String) { check(Array(text.utf8), mustFail: true) }

  private func check(_ bytes: [UInt8], mustFail: Bool = false) {
    do {
      _ = try SweepFile.parse(bytes: bytes, file: "x.yaml")
      #expect(!mustFail)
    } catch {
      #expect(!error.description.contains { $0.isNewline })
    }
  }
}
