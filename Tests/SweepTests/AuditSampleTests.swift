import Sweep
import Testing

@Suite("The sample of an audit")
struct AuditSampleTests {
  private let keys = (0..<500).map { PointKey(Digest(of: "point \($0)")) }

  @Test("is the same for whoever has the keys and the seed, in whatever order they come")
  func deterministic() {
    let sample = AuditSample(size: .percent(2), seed: 3)
    let chosen = sample.choose(from: keys)
    #expect(chosen.count == 10)
    #expect(chosen == chosen.sorted())
    #expect(sample.choose(from: keys.reversed()) == chosen)
    #expect(AuditSample(size: .percent(2), seed: 4).choose(from: keys) != chosen)
  }

  @Test("of a larger size holds the smaller ones")
  func nested() {
    let small = Set(AuditSample(size: .count(5), seed: 0).choose(from: keys))
    let large = Set(AuditSample(size: .percent(20), seed: 0).choose(from: keys))
    #expect(small.count == 5 && large.count == 100)
    #expect(small.isSubset(of: large))
  }

  @Test("is read as a share or a number, and a share is rounded up")
  func sizes() {
    #expect(SampleSize("2%") == .percent(2))
    #expect(SampleSize("0.5%") == .percent(0.5))
    #expect(SampleSize("7") == .count(7))
    for text in ["", "%", "101%", "-1%", "nan%", "-3", "2.5", "two"] {
      #expect(SampleSize(text) == nil, "\(text)")
    }
    #expect(SampleSize.percent(2).count(of: 3) == 1)
    #expect(SampleSize.percent(0).count(of: 3) == 0)
    #expect(SampleSize.percent(100).count(of: 3) == 3)
    #expect(SampleSize.count(9).count(of: 3) == 3)
    #expect(SampleSize.percent(2).description == "2%")
  }
}
