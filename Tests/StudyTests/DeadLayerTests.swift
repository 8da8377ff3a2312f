import Study
import Sweep
import Testing
import VAE

@Suite("Dead units as a rival explanation of collapse")
struct DeadLayerTests {
  /// Twenty runs of 784-256-8-2, of which every third lost a latent.
  private func runs(
    wide: (Int) -> Int, narrow: (Int) -> Int, sampling: Bool = true
  ) throws -> ConfigurationRuns {
    let configuration = try OutcomeFixture.configuration(
      "784-256-8-2", [.sampling: .bool(sampling)])
    let runs = (0..<20).map { index in
      Run(
        OutcomeFixture.ok(
          configuration, seed: UInt32(index), total: 100, varMu: [index % 3 == 0 ? 0.001 : 1, 1],
          dead: [
            DeadUnits(layer: "encoder_1", count: wide(index)),
            DeadUnits(layer: "encoder_2", count: narrow(index)),
            DeadUnits(layer: "decoder_1", count: 1),
          ]))
    }
    return ConfigurationRuns(
      configuration: configuration, counts: PointCounts(planned: 20, ok: 20), runs: runs)
  }

  @Test("are told layer by layer, so that a wide one does not drown the narrow one")
  func layers() throws {
    // The wide layer varies by more than the narrow one has units, and has nothing to do with it.
    let all = try runs(wide: { 40 + 10 * ($0 % 5) }, narrow: { $0 % 3 == 0 ? 5 : 1 })
    let layers = all.deadLayers()
    #expect(layers.map(\.layer) == ["encoder_1", "encoder_2", "decoder_1"])
    #expect(layers.map(\.width) == [256, 8, 8])
    #expect(layers.map(\.mean) == [60, 2.4, 1])
    #expect(abs(layers[0].correlation?.rho ?? 1) < 0.3)
    #expect((layers[0].correlation?.pValue ?? 0) > 0.2)
    #expect(layers[1].correlation?.rho == 1)
    #expect((layers[1].correlation?.pValue ?? 1) < 0.001)
    // Where nothing varies there is nothing to go together.
    #expect(layers[2].correlation == nil)
    #expect(all.deadLayerWords == nil)
  }

  @Test("name the runs of which a whole layer is dead, with sampling or without")
  func whole() throws {
    let one = try runs(wide: { _ in 3 }, narrow: { $0 == 6 ? 8 : 7 })
    #expect(one.deadLayers()[1].dead == [Seeds(6)])
    #expect(one.deadLayerWords == "all 8 units of encoder_2 are dead in seed 6")
    let several = try runs(
      wide: { $0 == 4 ? 256 : 0 }, narrow: { $0 < 2 ? 8 : 0 }, sampling: false)
    #expect(
      several.deadLayerWords
        == "all 256 units of encoder_1 are dead in seed 4, all 8 units of encoder_2 are dead in "
        + "seeds 0, 1")
    #expect(several.deadLayers().allSatisfy { $0.correlation == nil })
    let many = try runs(wide: { _ in 0 }, narrow: { _ in 8 })
    #expect(
      many.deadLayerWords?.hasSuffix("in seeds 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 10 more") == true)
  }

  @Test("stand beside claims about collapse as a note, and change no verdict")
  func claims() throws {
    let configuration = try OutcomeFixture.configuration("784-256-8-2")
    func judged(_ dead: Int) -> JudgedPart {
      var evidence = ClaimEvidence(failed: [] as [Point])
      for seed in 0..<20 {
        evidence.add(
          OutcomeFixture.ok(
            configuration, seed: UInt32(seed), total: 100, varMu: [seed < 8 ? 0.001 : 1, 1],
            dead: [DeadUnits(layer: "encoder_2", count: seed == 7 ? dead : 0)]))
      }
      let side = ClaimPart.Side(
        configuration: configuration, metric: nil, seeds: SeedRanges([0...19]))
      let family = ClaimFamily([
        Claim(
          id: "3", words: "latents collapse",
          parts: [
            ClaimPart(test: .collapseShare, sides: [side], bounds: ClaimBounds(above: 0.05))
          ])
      ])
      return ClaimJudgement(
        registered: family, current: family, evidence: evidence,
        resampling: Resampling(replicates: 99, seed: 1)
      ).claims[0].parts[0]
    }
    let (whole, part) = (judged(8), judged(7))
    #expect(whole.verdict == .borneOut && part.verdict == .borneOut)
    #expect(whole.pValue == part.pValue)
    #expect(part.finding?.notes == [])
    #expect(part.finding?.beside.first == "8 of 20 runs")
    #expect(whole.finding?.beside == part.finding?.beside)
    #expect(
      whole.finding?.notes == ["784-256-8-2: all 8 units of encoder_2 are dead in seed 7"])
  }
}
