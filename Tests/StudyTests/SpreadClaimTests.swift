import Study
import Sweep
import Testing
import VAE

@Suite("A claim on spreads is judged")
struct SpreadClaimTests {
  @Test("by their ratio, and one on collapse by its share")
  func spreads() throws {
    var bench = try ClaimBench()
    bench.add(bench.deep, 50, mean: 100, scale: 3, collapsed: 20)
    bench.add(bench.flat, 50, mean: 100, scale: 1)
    let totals = [bench.side(bench.deep, 50), bench.side(bench.flat, 50)]
    #expect(try bench.verdict(.sdRatio, totals, ClaimBounds(above: 1)) == .borneOut)
    #expect(try bench.verdict(.sdRatio, totals, ClaimBounds(above: 2.9)) == .notDecided)
    #expect(try bench.verdict(.sdRatio, totals.reversed(), ClaimBounds(above: 1)) == .contradicted)
    let both = [bench.side(bench.deep, 50, nil), bench.side(bench.flat, 50, nil)]
    #expect(try bench.verdict(.collapseShare, [both[0]], ClaimBounds(above: 0.05)) == .borneOut)
    #expect(try bench.verdict(.collapseShare, [both[1]], ClaimBounds(above: 0.1)) == .contradicted)
    #expect(try bench.verdict(.collapseShare, [both[0]], ClaimBounds(above: 0.4)) == .notDecided)
    let share = ClaimPart(
      test: .collapseShare, sides: [both[1]], bounds: ClaimBounds(above: 0.1))
    // P(none of 50 at 0.1) = 0.9⁵⁰ = 0.00515, twice for two sides.
    #expect(
      bench.judged([share]).claims[0].parts[0].finding?.beside
        == ["0 of 50 runs", "exact binomial p against 0.1 = 0.01031, not adjusted"])
    #expect(try bench.verdict(.collapseShareDifference, both, ClaimBounds(above: 0)) == .borneOut)
    #expect(try bench.verdict(.collapseShareDifference, both, ClaimBounds(above: 0.1)) == .borneOut)
    #expect(
      try bench.verdict(.collapseShareDifference, both, ClaimBounds(below: 0.1)) == .contradicted)
    #expect(try bench.verdict(.collapseCountDifference, both, ClaimBounds(above: 0)) == .borneOut)
    #expect(try bench.verdict(.collapseCount, [both[0]], ClaimBounds(above: 2)) == .contradicted)
    // Not one run of the fifty collapsed: no spread, and no doubt either.
    #expect(try bench.verdict(.collapseCount, [both[1]], ClaimBounds(below: 1)) == .borneOut)
  }

  @Test("with the ratio beside that is left without one run of each side")
  func outermost() throws {
    var bench = try ClaimBench()
    bench.add(bench.deep, 19, mean: 100, scale: 1)
    bench.add(bench.deep, 1, mean: 170, collapsed: 1, from: 19)
    bench.add(bench.flat, 20, mean: 100, scale: 1)
    let part = ClaimPart(
      test: .sdRatio, sides: [bench.side(bench.deep, 20), bench.side(bench.flat, 20)],
      bounds: ClaimBounds(above: 1))
    let notes = bench.judged([part]).claims[0].parts[0].finding?.notes ?? []
    #expect(notes.contains { $0.hasPrefix("784-256-32-8-4: rare mode: sd unstable") })
    #expect(notes.contains { $0.hasPrefix("within numbers of collapsed latents the ratio is ") })
    #expect(
      notes.contains(
        "784-256-32-8-4 collapsed latents: 0 in 19 of 20, 95.0 % [76.4, 99.1]; "
          + "1 in 1 of 20, 5.0 % [0.9, 23.6]"))
    #expect(
      notes.contains { $0.hasPrefix("without the outermost run of each side the ratio is 1.") })
    #expect(notes.contains { $0.hasPrefix("p is the larger of two: centred on the means ") })
    // Where no run stands out the ratio without it stands beside all the same.
    var plain = try ClaimBench()
    plain.add(plain.deep, 20, mean: 100, scale: 3)
    plain.add(plain.flat, 20, mean: 100, scale: 1)
    let quiet = plain.judged([part]).claims[0].parts[0].finding?.notes ?? []
    #expect(quiet.count == 2)
    #expect(quiet.first == "without the outermost run of each side the ratio is 3.00")
  }

  @Test(
    "with a note of how p came about that tells the p that is shown",
    arguments: [
      (ClaimBounds(above: 1), nil), (ClaimBounds(below: 1), nil),
      (ClaimBounds(above: 0.4), "0.4"), (ClaimBounds(above: 2.5), "2.5"),
      (ClaimBounds(below: 5), "5"), (ClaimBounds(within: 0.4, 5), "0.4"),
    ] as [(ClaimBounds?, String?)])
  func ratioNote(bounds: ClaimBounds?, against: String?) throws {
    var bench = try ClaimBench()
    bench.add(bench.deep, 20, mean: 100, scale: 1.3)
    bench.add(bench.flat, 20, mean: 100, scale: 1)
    let part = ClaimPart(
      test: .sdRatio, sides: [bench.side(bench.deep, 20), bench.side(bench.flat, 20)],
      bounds: try #require(bounds))
    let judged = bench.judged([part]).claims[0].parts[0]
    let notes = (judged.finding?.notes ?? []).filter { $0.hasPrefix("p is ") }
    #expect(notes.count == 1)
    let note = try #require(notes.first)
    let start = against.map { "p is against a ratio of \($0), the largest of three: " }
    #expect(note.hasPrefix(start ?? "p is the larger of two: centred on the means "))
    let found = note.matches(of: /(means|medians|jackknife) ([0-9]\.[0-9]+)/).compactMap {
      Double($0.2)
    }
    #expect(found.count == (against == nil ? 2 : 3))
    let p = try #require(judged.pValue)
    #expect(abs((found.max() ?? 0) - p) < 1e-5, "\(note): \(p)")
  }

  @Test("without a note of a p that is not shown")
  func withheldNote() throws {
    var bench = try ClaimBench()
    bench.evidence = ClaimEvidence(failed: [] as [Point], stopped: [bench.deep])
    bench.add(bench.deep, 20, mean: 100, scale: 1.3)
    bench.add(bench.flat, 20, mean: 100, scale: 1)
    let sides = [bench.side(bench.deep, 20), bench.side(bench.flat, 20)]
    // Of the last there is no test: every ratio is above 0.
    let cases: [(sides: [ClaimPart.Side], bound: Double, p: Double?)] = [
      (sides, 1, nil), (sides, 0.4, nil), (sides.reversed(), 1, nil), ([sides[1], sides[1]], 0, 0),
    ]
    for (sides, bound, p) in cases {
      let part = ClaimPart(test: .sdRatio, sides: sides, bounds: ClaimBounds(above: bound))
      let judged = bench.judged([part]).claims[0].parts[0]
      #expect(judged.pValue == p)
      #expect(judged.finding?.notes.contains { $0.hasPrefix("p is ") } == false)
    }
  }
}
