import Sweep
import Testing

@Suite("The root hash over all results")
struct RootHashTests {
  private func digest(_ digits: String, repeated: Bool = false) throws -> Digest {
    let hex =
      repeated
      ? String(repeating: digits, count: 64)
      : String(repeating: "0", count: 64 - digits.count) + digits
    return try #require(Digest(hex: hex))
  }

  private func results() throws -> [(PointKey, Digest)] {
    [
      (PointKey(try digest("1")), try digest("7")),
      (PointKey(try digest("ab")), try digest("e", repeated: true)),
      (PointKey(try digest("f", repeated: true)), try digest("9")),
    ]
  }

  /// The values are those of Python's hashlib over the lines.
  @Test("is the SHA-256 of one line for each result")
  func lines() throws {
    var hash = RootHash()
    #expect(
      hash.value.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    for (key, digest) in try results() { #expect(hash.add(key, resultDigest: digest) == true) }
    #expect(hash.count == 3)
    #expect(
      hash.value.hex == "5b643c4f299f6d15f2953caee2792696bda943b4f40507c307ae056a07b166d4")
  }

  @Test("takes no key that stands before or at the last one")
  func order() throws {
    let results = try results()
    var hash = RootHash()
    hash.add(results[1].0, resultDigest: results[1].1)
    let before = hash.value
    #expect(hash.add(results[0].0, resultDigest: results[0].1) == false)
    #expect(hash.add(results[1].0, resultDigest: results[2].1) == false)
    #expect(hash.value == before && hash.count == 1)
  }
}
